import { id, JsonRpcProvider } from "ethers";
import hre from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { ChainType, NetworkConnection, NetworkManager } from "hardhat/types/network";

import type { ForkSource } from "./sources.ts";

/** A fork of a node's chain. */
export interface Fork<T extends ChainType = ChainType> {
  readonly connection: NetworkConnection<T>;
  readonly chainId: number;
  /** Stops the fork, and the node if it was started for it. */
  readonly close: () => Promise<void>;
}

/** Accounts that nobody else uses: those of Hardhat are known to everyone, and have code and a past on mainnet. */
const ACCOUNTS = Array.from({ length: 8 }, (_, n) => ({
  privateKey: id(`parley.test.fork.account.${n}`),
  balance: 10n ** 21n,
}));

/** Forks a chain under its own chain id. Which chain type it has, says its id, unless it is said here. */
export async function openFork<T extends ChainType>(source: ForkSource, chainType?: T): Promise<Fork<T>> {
  try {
    return await open(source, chainType);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function open<T extends ChainType>(source: ForkSource, given?: T): Promise<Fork<T>> {
  const { url, blockNumber, close } = source;
  const chainId = await chainIdOf(url);
  const chainType = given ?? hre.config.chainDescriptors.get(BigInt(chainId))?.chainType ?? "generic";
  const network = await networkFor(chainType, chainId);
  const connection = await network.create({
    network: "default",
    chainType,
    override: {
      chainId,
      accounts: ACCOUNTS,
      forking: { url, ...(blockNumber === undefined ? {} : { blockNumber }) },
    },
  });
  // At the very head of a fork the chain's rules are those of the block that was forked; from the next one on they are ours.
  await connection.networkHelpers.mine(1);
  return {
    connection: connection as NetworkConnection<T>,
    chainId,
    close: async () => {
      await connection.close();
      await close();
    },
  };
}

/** By which rules a rollup's blocks before the fork are taken to be made. Nothing is executed in them. */
const RULES = { op: "isthmus", generic: "prague" } as const;

/** Hardhat forks no rollup whose hardforks it does not know, and it knows few. */
async function networkFor(chainType: ChainType, chainId: number): Promise<NetworkManager> {
  if (chainType === "l1") return hre.network;
  const rules = RULES[chainType === "op" ? "op" : "generic"];
  const descriptor = { name: `Chain ${chainId}`, chainType, hardforkHistory: { [rules]: { blockNumber: 0 } } };
  const config = { ...hre.userConfig, chainDescriptors: { [chainId]: descriptor } };
  return (await createHardhatRuntimeEnvironment(config, {}, hre.config.paths.root)).network;
}

async function chainIdOf(url: string): Promise<number> {
  const provider = new JsonRpcProvider(url);
  try {
    return Number((await provider.getNetwork()).chainId);
  } finally {
    provider.destroy();
  }
}
