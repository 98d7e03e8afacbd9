import "@nomicfoundation/hardhat-ethers";
import type { NetworkConfig } from "hardhat/types/config";
import type { NetworkConnection, NetworkManager } from "hardhat/types/network";

import { ParleyError } from "../src/errors.ts";
import { genesisDate } from "../src/testing/eigenlayer.ts";
import type { FabricChain } from "../src/testing/fabric.ts";
import { MAX_SETTLE_AGE } from "./config/resolve.ts";
import type { ChainConfig, ParleyConfig } from "./config/types.ts";

/** Fresh chains of the fabric, in this process. */
export interface SimulatedChains {
  readonly l1: FabricChain;
  readonly rollups: readonly FabricChain[];
  close(): Promise<void>;
}

/** Throws `deploy/not-simulated` if a network of the fabric is not simulated. */
export function requireSimulated(
  parley: { readonly settlement: ChainConfig; readonly rollups: readonly ChainConfig[] },
  networks: Readonly<Record<string, Pick<NetworkConfig, "type">>>,
): void {
  const others = [parley.settlement, ...parley.rollups]
    .map(({ network }) => network)
    .filter((network) => networks[network]?.type !== "edr-simulated");
  if (others.length === 0) return;
  throw new ParleyError(
    "deploy/not-simulated",
    `Not simulated: ${others.join(", ")}. This command starts its chains itself, all in one process.`,
    'Name networks of type "edr-simulated" under `parley`, or leave it out to use the embedded ones.',
  );
}

/** Starts the chains that the config names. */
export async function openChains(parley: ParleyConfig, network: NetworkManager): Promise<SimulatedChains> {
  const connections: NetworkConnection[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
  };
  const open = async (name: string, chain: ChainConfig, initialDate: Date): Promise<FabricChain> => {
    const connection = await network.create({ network: chain.network, override: { initialDate } });
    connections.push(connection);
    return toFabricChain(name, chain, connection);
  };
  try {
    const now = new Date();
    const l1 = await open("l1", parley.settlement, genesisDate(now));
    const rollups: FabricChain[] = [];
    for (const rollup of parley.rollups) rollups.push(await open(rollup.name, rollup, now));
    return { l1, rollups, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How many blocks make one final; the config's check knows no other finality of simulated chains. */
export function confirmationsOf({ finality }: Pick<ChainConfig, "finality">): number {
  return finality === "finalized" ? 0 : finality.confirmations;
}

/** A fresh chain as a fabric takes it. Throws `deploy/no-account`. */
export async function toFabricChain(
  name: string,
  chain: ChainConfig,
  connection: NetworkConnection,
): Promise<FabricChain> {
  const { ethers, provider } = connection;
  const [signer] = await ethers.getSigners();
  if (signer === undefined) {
    throw new ParleyError(
      "deploy/no-account",
      `Network "${chain.network}" has no account to deploy from.`,
      "Leave out its `accounts`, or give it one at least.",
    );
  }
  return {
    name,
    network: chain.network,
    chainId: (await ethers.provider.getNetwork()).chainId,
    confirmations: confirmationsOf(chain),
    maxSettleAge: BigInt(chain.maxSettleAge ?? MAX_SETTLE_AGE),
    provider,
    signer,
  };
}
