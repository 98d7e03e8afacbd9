import { contractAt } from "../chain/contractAt.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { RelayedMember, SettlementAccess } from "../agents/relaying/types.ts";
import { KeyOwners } from "../agents/watching/keyOwners.ts";
import { readBlock } from "../chain/blocks.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { readerOf } from "../chain/readerOf.ts";
import { readTable } from "../chain/readTable.ts";
import { readTableInForce } from "../chain/readTableInForce.ts";
import { ParleyError } from "../errors.ts";
import { keyId, totalWeight, type Hex } from "../wire/index.ts";

/** An operator table with whom its keys belong to. Times in seconds since 1970. */
export interface ShownTable {
  readonly id: Hex;
  readonly snapshot: bigint;
  readonly expiry: bigint;
  /** Seconds since the snapshot, by the clock of the chain that shows it. */
  readonly age: bigint;
  readonly isExpired: boolean;
  readonly totalWeight: bigint;
  readonly weightFloor: bigint;
  readonly operators: readonly {
    /** Id of its signing key: an ECDSA key's address. */
    readonly key: string;
    /** Undefined if EigenLayer knows no operator of the key. */
    readonly operator: string | undefined;
    readonly weight: bigint;
  }[];
}

/** The table in force at a member; `problem` says why that could not be read. */
export interface MemberTable {
  readonly name: string;
  /** Undefined if none is in force. */
  readonly table: ShownTable | undefined;
  readonly problem: ParleyError | undefined;
}

export interface FabricTables {
  /** L1's clock. */
  readonly now: bigint;
  /** The table that was taken last; undefined if none was, or it was revoked. */
  readonly latest: ShownTable | undefined;
  /** Tables up to this snapshot are revoked; zero if none is. */
  readonly revokedUntil: bigint;
  readonly members: readonly MemberTable[];
}

/** Reads the tables of a fabric. Throws as L1's node does; a member's chain that cannot be read holds up no other. */
export async function readFabricTables(l1: SettlementAccess, members: readonly RelayedMember[]): Promise<FabricTables> {
  const provider = readerOf(l1.signer);
  const manager = contractAt(IServiceManager__factory, l1.serviceManager, provider);
  const [{ timestamp: now }, { tableId, snapshot }, revokedUntil, setId] = await Promise.all([
    readBlock(provider, "latest"),
    manager.latestTable(),
    manager.revokedUntil(),
    manager.OPERATOR_SET_ID(),
  ]);
  const owners = new KeyOwners(provider, { avs: l1.serviceManager, id: setId });
  const show = async (id: Hex, time: bigint): Promise<ShownTable> => {
    const table = await readTable({ ...l1, runner: provider }, id);
    const known = await owners.read(table.operators.map(({ key }) => key));
    return {
      id,
      snapshot: table.snapshot,
      expiry: table.expiry,
      // A rollup's clock may be behind L1's.
      age: time > table.snapshot ? time - table.snapshot : 0n,
      isExpired: time >= table.expiry,
      totalWeight: totalWeight(table),
      weightFloor: table.weightFloor,
      operators: table.operators.map(({ key, weight }) => {
        const id = keyId(key);
        return { key: id, weight, operator: known.get(id.toLowerCase()) };
      }),
    };
  };
  return {
    now,
    latest: snapshot === 0n ? undefined : await show(tableId, now),
    revokedUntil,
    members: await Promise.all(
      members.map(async (member): Promise<MemberTable> => {
        const { name } = member;
        try {
          const [{ id }, { timestamp }] = await Promise.all([
            readTableInForce(member),
            readBlock(member.provider, "latest"),
          ]);
          return { name, table: id === undefined ? undefined : await show(id, timestamp), problem: undefined };
        } catch (error) {
          return { name, table: undefined, problem: unreadable(name, error) };
        }
      }),
    ),
  };
}

const unreadable = (name: string, error: unknown): ParleyError =>
  error instanceof ParleyError
    ? error
    : new ParleyError(
        "table/unreadable",
        `The table of ${name} cannot be read: ${decodeCallError(error).text}`,
        `Look at the node of ${name}.`,
        { cause: error },
      );
