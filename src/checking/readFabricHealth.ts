/** Reads what a fabric is judged by. Everything that `rollup:status` shows is in `status`. */
import { contractAt } from "../chain/contractAt.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { OperatorClient } from "../agents/operatorClient.ts";
import { DEALLOCATION_DELAY } from "../chain/eigenlayer.ts";
import { readBlock } from "../chain/blocks.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { readFabricStatus, type FabricStatus, type ReadMemberStatus } from "../messages/fabricStatus.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { ParleyError } from "../errors.ts";
import { bridgeOf, type Journey, type Sought, type StackTimes } from "../stacks/index.ts";
import { type Purse, readPurse } from "./readFunding.ts";
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
  /** The table that was taken last. */
  readonly latestTable: Hex;
  /** Its snapshot; zero if none was, or it was revoked. */
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
  /** Members of whose bridges that could not be read, and why. */
  readonly bridgesUnread: ReadonlyMap<string, string>;
  /** What there is to pay with. */
  readonly purse: Purse;
}

/** Reads a fabric. A chain that does not answer holds up nothing else. */
export async function readFabricHealth(
  fabric: ConnectedFabric,
  operators: readonly OperatorClient[],
  account?: string,
): Promise<FabricHealth> {
  const status = await readFabricStatus(fabric, operators);
  const [l1, ...rollups] = status.members;
  const purse = { fundings: [], closed: [], unknown: new Map<string, string>() };
  const descending = new Map<string, readonly Journey[]>();
  const bridgesUnread = new Map<string, string>();
  if (l1 === undefined || l1.problem !== undefined) {
    return { status, registry: undefined, descending, bridgesUnread, purse };
  }
  const readable = rollups.filter((each): each is ReadMemberStatus => each.problem === undefined);
  const registry = await readRegistry(fabric);
  await Promise.all(
    readable.map(async ({ member, table }) => {
      try {
        const sought = soughtFor(registry, table?.snapshot ?? 0n);
        descending.set(member.name, await bridgeOf(fabric, member).downward(sought));
      } catch (error) {
        const reason = error instanceof ParleyError ? error.message : decodeCallError(error).text;
        bridgesUnread.set(member.name, reason);
      }
    }),
  );
  const members = [l1.member, ...readable.map(({ member }) => member)];
  return { status, registry, descending, bridgesUnread, purse: await readPurse(fabric, members, account) };
}

/** What of that which L1 sent a member still lacks, whose table in force has this snapshot: settled words never grow stale. */
const soughtFor = ({ latestTable, latestSnapshot, revokedUntil }: Registry, inForce: bigint): Sought => ({
  word: () => true,
  ...(latestSnapshot > inForce ? { table: (id: Hex) => id === latestTable } : {}),
  ...(revokedUntil >= inForce ? { revocation: (snapshot: bigint) => snapshot === revokedUntil } : {}),
});

async function readRegistry(fabric: ConnectedFabric): Promise<Registry> {
  const { members, addresses } = fabric;
  const { provider } = members[0];
  const { contracts } = addresses.settlement;
  const manager = contractAt(IServiceManager__factory, contracts.serviceManager, provider);
  const settlement = contractAt(ISettlement__factory, contracts.settlement, provider);
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
    latestTable: latest.tableId,
    latestSnapshot: latest.snapshot,
    revokedUntil,
    tableAge,
    deallocationDelay: DEALLOCATION_DELAY,
    members: await Promise.all(members.map(read)),
    others: live.ids.filter((id) => !members.some((member) => member.id === id)),
  };
}
