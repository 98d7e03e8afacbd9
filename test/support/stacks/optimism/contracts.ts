/** The OP Stack's own contracts on two simulated chains, as their package brings them compiled, behind its own proxies. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Contract, id, Interface, toBeHex, zeroPadValue, ZeroAddress, ZeroHash } from "ethers";
import { z } from "zod";

import type { Hex } from "../../../../src/wire/index.ts";
import type { ConnectionLike } from "../connection.ts";

const COMPILED = z.object({
  abi: z.array(z.unknown()),
  bytecode: z.object({ object: z.string() }),
  deployedBytecode: z.object({ object: z.string() }),
});

/** Where an OP Stack chain has its own contracts, always. */
export const PREDEPLOYS = {
  messenger: "0x4200000000000000000000000000000000000007",
  l1Block: "0x4200000000000000000000000000000000000015",
  messagePasser: "0x4200000000000000000000000000000000000016",
} as const;

/** Seconds, as on OP Mainnet: a proof's age; after a game is resolved; for which a claim may be disputed. */
export const PROOF_MATURITY = 7n * 86_400n;
export const AIR_GAP = 302_400n;
export const GAME_CLOCK = 302_400n;

/** The type of the game that is played. */
export const GAME_TYPE = 0n;

/** How deposits are metered on OP Mainnet. */
const RESOURCES = {
  maxResourceLimit: 20_000_000n,
  elasticityMultiplier: 10n,
  baseFeeMaxChangeDenominator: 8n,
  minimumBaseFee: 1_000_000_000n,
  systemTxMaxGas: 1_000_000n,
  maximumBaseFee: 2n ** 128n - 1n,
};

/** Where EIP-1967 has a proxy's admin. */
const ADMIN_SLOT = toBeHex(BigInt(id("eip1967.proxy.admin")) - 1n, 32);

export interface ParentContracts {
  readonly superchainConfig: Contract;
  readonly portal: Contract;
  readonly messenger: Contract;
  readonly games: Contract;
}

export interface ChildContracts {
  readonly messenger: Contract;
  readonly messagePasser: Contract;
}

interface Compiled {
  readonly abi: Interface;
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** One of the stack's contracts, compiled. */
export function compiled(name: string): Compiled {
  const path = `@eth-optimism/contracts-bedrock/forge-artifacts/${name}.sol/${name}.json`;
  const file = createRequire(import.meta.url).resolve(path);
  const { abi, bytecode, deployedBytecode } = COMPILED.parse(JSON.parse(readFileSync(file, "utf8")));
  return {
    abi: new Interface(JSON.stringify(abi)),
    bytecode: bytecode.object,
    deployedBytecode: deployedBytecode.object,
  };
}

async function deployerOf({ ethers }: ConnectionLike): Promise<HardhatEthersSigner> {
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("The chain has no account.");
  return deployer;
}

async function deploy(chain: ConnectionLike, name: string, args: unknown[] = []): Promise<string> {
  const { abi, bytecode } = compiled(name);
  const factory = await chain.ethers.getContractFactory([...abi.fragments], bytecode, await deployerOf(chain));
  return (await factory.deploy(...args)).getAddress();
}

/** Deploys a contract behind a proxy; it is initialized later, since these contracts know each other. */
async function behindProxy(chain: ConnectionLike, name: string, args: unknown[] = []): Promise<Contract> {
  const deployer = await deployerOf(chain);
  const proxy = await deploy(chain, "Proxy", [deployer.address]);
  await upgrade(chain, proxy, await deploy(chain, name, args));
  return new Contract(proxy, compiled(name).abi, deployer);
}

/** Puts a proxy where the chain has it from its first block on, and a contract behind it. */
async function predeploy(chain: ConnectionLike, name: string, address: string): Promise<Contract> {
  const deployer = await deployerOf(chain);
  await chain.networkHelpers.setCode(address, compiled("Proxy").deployedBytecode);
  const admin = zeroPadValue(deployer.address, 32);
  await chain.ethers.provider.send("hardhat_setStorageAt", [address, ADMIN_SLOT, admin]);
  await upgrade(chain, address, await deploy(chain, name));
  return new Contract(address, compiled(name).abi, deployer);
}

async function upgrade(chain: ConnectionLike, proxy: string, implementation: string): Promise<void> {
  await call(new Contract(proxy, compiled("Proxy").abi, await deployerOf(chain)), "upgradeTo", implementation);
}

/** Sends a transaction to a contract. */
export async function call(contract: Contract, method: string, ...args: unknown[]): Promise<Hex> {
  const response = await contract.getFunction(method).send(...args);
  await response.wait();
  return response.hash;
}

/** Deploys the contracts of a new chain on its parent chain. */
export async function deployParent(chain: ConnectionLike): Promise<ParentContracts> {
  const { address: owner } = await deployerOf(chain);
  const superchainConfig = await behindProxy(chain, "SuperchainConfig");
  const systemConfig = await behindProxy(chain, "SystemConfig");
  const games = await behindProxy(chain, "DisputeGameFactory");
  const portal = await behindProxy(chain, "OptimismPortal2", [PROOF_MATURITY, AIR_GAP]);
  const messenger = await behindProxy(chain, "L1CrossDomainMessenger");
  await call(superchainConfig, "initialize", owner, false);
  const addresses = {
    l1CrossDomainMessenger: messenger,
    l1ERC721Bridge: ZeroAddress,
    l1StandardBridge: ZeroAddress,
    disputeGameFactory: games,
    optimismPortal: portal,
    optimismMintableERC20Factory: ZeroAddress,
    gasPayingToken: ZeroAddress,
  };
  const gasLimit = RESOURCES.maxResourceLimit + RESOURCES.systemTxMaxGas;
  const system = [owner, 0, 0, ZeroHash, gasLimit, owner, RESOURCES, ZeroAddress, addresses];
  await call(systemConfig, "initialize", ...system);
  await call(games, "initialize", owner);
  await call(portal, "initialize", games, systemConfig, superchainConfig, GAME_TYPE);
  await call(messenger, "initialize", superchainConfig, portal, systemConfig);
  await addGame(chain, games, superchainConfig);
  return { superchainConfig, portal, messenger, games };
}

/** The dispute game of OP Mainnet, without bonds. Nobody disputes here, so its machine is never asked. */
async function addGame(chain: ConnectionLike, games: Contract, superchainConfig: Contract): Promise<void> {
  const { address: owner } = await deployerOf(chain);
  const registry = await behindProxy(chain, "AnchorStateRegistry", [games]);
  const anchor = { root: id("the output that the chain began with"), l2BlockNumber: 0 };
  await call(registry, "initialize", [{ gameType: GAME_TYPE, outputRoot: anchor }]);
  const weth = await behindProxy(chain, "DelayedWETH", [PROOF_MATURITY]);
  await call(weth, "initialize", owner, superchainConfig);
  const depths = [73, 30] as const;
  const clocks = [10_800n, GAME_CLOCK] as const;
  const game = [GAME_TYPE, id("a machine"), ...depths, ...clocks, ZeroAddress, weth, registry, 10n];
  await call(games, "setImplementation", GAME_TYPE, await deploy(chain, "FaultDisputeGame", game));
}

/** Puts the chain's own contracts onto it. */
export async function placeChild(chain: ConnectionLike, parent: ParentContracts): Promise<ChildContracts> {
  await predeploy(chain, "L1Block", PREDEPLOYS.l1Block);
  const messagePasser = await predeploy(chain, "L2ToL1MessagePasser", PREDEPLOYS.messagePasser);
  const messenger = await predeploy(chain, "L2CrossDomainMessenger", PREDEPLOYS.messenger);
  await call(messenger, "initialize", parent.messenger);
  return { messenger, messagePasser };
}
