/** Three rollups, and OpenZeppelin's cross-chain applications on them, deployed by the Ignition modules of deploy/examples. */
import { network } from "hardhat";
import type { IgnitionModule } from "@nomicfoundation/ignition-core";
import type { Contract } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { Links } from "../../deploy/examples/links.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";
import { type Fabric, type FabricMember, startFabric } from "../../src/testing/fabric.ts";
import { encodeInteroperableAddress, type Hex } from "../../src/wire/index.ts";
import { toFabricChain } from "../../tasks/simulatedChains.ts";

/** Rollups by name, and how many blocks make one of theirs final. */
export const ROLLUPS = [
  { name: "alpha", network: "parleyAlpha", chainId: 900_001, confirmations: 3 },
  { name: "beta", network: "parleyBeta", chainId: 900_002, confirmations: 2 },
  { name: "gamma", network: "parleyBeta", chainId: 900_003, confirmations: 2 },
] as const;

/** A rollup, and what tests deploy to it with. */
export interface Rollup {
  readonly member: FabricMember;
  readonly connection: NetworkConnection;
}

export interface TriangleWorld {
  readonly fabric: Fabric;
  readonly rollups: readonly [Rollup, Rollup, Rollup];
  close(): Promise<void>;
}

export async function startTriangle(): Promise<TriangleWorld> {
  const now = new Date();
  const connections: NetworkConnection[] = [];
  const open = async (name: string, at: string, chainId: number, initialDate: Date, confirmations: number) => {
    const connection = await network.create({ network: at, override: { initialDate, chainId } });
    connections.push(connection);
    return await toFabricChain(name, { network: at, finality: { confirmations }, maxSettleAge: undefined }, connection);
  };
  const l1 = await open("l1", "parleyL1", 900_000, genesisDate(now), 0);
  const chains = [];
  for (const { name, network: at, chainId, confirmations } of ROLLUPS) {
    chains.push(await open(name, at, chainId, now, confirmations));
  }
  const fabric = await startFabric({ l1, rollups: chains, operators: 4, quorumBps: 6_667 });
  const rollups = fabric.members.slice(1).map((member, place) => ({ member, connection: connections[place + 1]! }));
  return {
    fabric,
    rollups: rollups as unknown as TriangleWorld["rollups"],
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

/** Deploys a module to a rollup; what it makes, as contracts signed for by the first account. */
export async function deployTo(
  { connection, member }: Rollup,
  module: IgnitionModule,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, Contract>>> {
  const all = { gateway: member.contracts.gateway, ...parameters };
  const result: unknown = await connection.ignition.deploy(module, {
    parameters: { [module.id]: all } as never,
  });
  return result as Readonly<Record<string, Contract>>;
}

/** An application's end on a rollup. */
export interface End {
  readonly rollup: Rollup;
  readonly end: Contract;
  /** The token that moves by it; the end itself where that is its own bridge. */
  readonly token: Contract;
}

/** Links each end with the others. */
export async function linkAll(ends: readonly End[]): Promise<void> {
  for (const { rollup, end } of ends) {
    const others = ends.filter((other) => other.end !== end);
    const counterparts = others.map((other) => addressOn(other.rollup, other.end.target as string));
    await deployTo(rollup, Links, { end: end.target, counterparts });
  }
}

/** An account on a rollup, as ERC-7930 has it. */
export const addressOn = ({ member }: Rollup, address: string): Hex =>
  encodeInteroperableAddress({ chainId: member.chainId, address });
