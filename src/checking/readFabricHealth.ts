/** Reads what a fabric is judged by. Everything that `rollup:status` shows is in `status`. */
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { OperatorClient } from "../agents/operatorClient.ts";
import { DEALLOCATION_DELAY } from "../chain/eigenlayer.ts";
import { readBlock } from "../chain/blocks.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { readFabricStatus, type FabricStatus } from "../messages/fabricStatus.ts";
import { bridgeOf, type Journey, type StackTimes } from "../stacks/index.ts";
import type { Hex } from "../wire/index.ts";

/** A member as the registry on L1 has it. Times in seconds since 1970. */
export interface RegisteredMember {
  readonly id: Hex;
  /** Its name in the addresses file; its id if that does not name it. */
  readonly name: string;
  /** Zero if it is not registered. */
  readonly liveFrom: bigint;
  /** When another takes its place; zero if none does. */
  readonly retiredFrom: bigint;
  readonly isFaulted: boolean;
  /** Parts of 1e18 of an operator's stake that a falsehood about it costs. */
  readonly falsehoodWad: bigint;
  readonly stack: string;
  readonly times: StackTimes;
}

/** What L1 says. */
export interface Registry {
  /** L1's clock, seconds since 1970. */
  readonly now: bigint;
  /** Snapshot of the table that was taken last; zero if none was, or it was revoked. */
  readonly latestSnapshot: bigint;
  /** Tables up to this snapshot are revoked; zero if none is. */
  readonly revokedUntil: bigint;
  /** Seconds for which a table verifies certificates. */
  readonly tableAge: bigint;
  /** Blocks of L1 for which stake stays slashable. */
  readonly deallocationDelay: bigint;
  /** Those of the addresses file, in its order. */
  readonly members: readonly RegisteredMember[];
  /** Members that are live and that the addresses file does not name. */
  readonly others: readonly Hex[];
}

export interface FabricHealth {
  readonly status: FabricStatus;
  /** Undefined if L1 could not be read, which `status` tells. */
  readonly registry: Registry | undefined;
  /** What L1 sent to members and is not there yet, by the members' names; those whose chains could be read. */
  readonly descending: ReadonlyMap<string, readonly Journey[]>;
}

/** Reads a fabric. A chain that does not answer holds up nothing else. */
export async function readFabricHealth(
  fabric: ConnectedFabric,
  operators: readonly OperatorClient[],
): Promise<FabricHealth> {
  const status = await readFabricStatus(fabric, operators);
  const [l1, ...rollups] = status.members;
  if (l1?.problem !== undefined) return { status, registry: undefined, descending: new Map() };
  const readable = rollups.flatMap(({ member, problem }) => (problem === undefined ? [member] : []));
  const [registry, descending] = await Promise.all([
    readRegistry(fabric),
    Promise.all(readable.map(async (member) => [member.name, await bridgeOf(fabric, member).downward()] as const)),
  ]);
  return { status, registry, descending: new Map(descending) };
}

async function readRegistry(fabric: ConnectedFabric): Promise<Registry> {
  const { members, addresses } = fabric;
  const { provider } = members[0];
  const { contracts } = addresses.settlement;
  const manager = IServiceManager__factory.connect(contracts.serviceManager, provider);
  const settlement = ISettlement__factory.connect(contracts.settlement, provider);
  const [{ timestamp: now }, latest, revokedUntil, tableAge, live] = await Promise.all([
    readBlock(provider, "latest"),
    manager.latestTable(),
    manager.revokedUntil(),
    manager.TABLE_AGE(),
    settlement.liveMembers(),
  ]);
  const read = async (member: ConnectedMember): Promise<RegisteredMember> => {
    const [{ liveFrom, retiredFrom, isFaulted }, falsehoodWad] = await Promise.all([
      settlement.member(member.id),
      settlement.falsehoodWad(member.id, now),
    ]);
    const { stack, times } = bridgeOf(fabric, member);
    return { id: member.id, name: member.name, liveFrom, retiredFrom, isFaulted, falsehoodWad, stack, times };
  };
  return {
    now,
    latestSnapshot: latest.snapshot,
    revokedUntil,
    tableAge,
    deallocationDelay: DEALLOCATION_DELAY,
    members: await Promise.all(members.map(read)),
    others: live.ids.filter((id) => !members.some((member) => member.id === id)),
  };
}
