import { keccak256, ZeroAddress } from "ethers";

import { ParleyError } from "../errors.ts";
import { checkPublicKey } from "./bn254/keys.ts";
import { G1_LENGTH, G2_LENGTH } from "./bn254/points.ts";
import { aggregateG1Keys } from "./bn254/signatures.ts";
import { addressBytes, hex, hexOfSize, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";
import { keyId } from "./keyId.ts";
import { memberId, type MemberRef, type SettlementRef } from "./member.ts";
import { Reader } from "./reader.ts";

/** A member as a table lists it. */
export type TableMember = MemberRef & {
  /** Seconds since 1970: from this second on no certificate about this source counts. */
  readonly certifiableUntil: bigint;
  /** One byte; bit 0 is {@link FAULTED}, the others are ignored. */
  readonly flags: number;
};

/** An operator of a table. */
export type TableOperator = {
  /** Its signing key. ECDSA: the key's address, not zero. BN254: the key in G1, 64 bytes. */
  readonly key: string;
  /** 1 … 2^96 − 1, in the units of the operator set's weights (wei of stake). */
  readonly weight: bigint;
};

type TableBody = {
  /** Time of the snapshot, seconds since 1970; at most {@link MAX_SNAPSHOT}. */
  readonly snapshot: bigint;
  /** Seconds since 1970: from this second on the table verifies nothing. */
  readonly expiry: bigint;
  /** Not zero: a table of less total weight verifies nothing. */
  readonly weightFloor: bigint;
  /** 1 … 64, ascending by memberId. */
  readonly members: readonly TableMember[];
  /** 1 … 256, ascending by key; an operator's index is its position here. */
  readonly operators: readonly TableOperator[];
};

/** A table whose operators sign with ECDSA keys. */
export type EcdsaTable = TableBody & { readonly scheme: typeof SCHEME_ECDSA };

/** A table whose operators sign with BN254 keys. */
export type Bn254Table = TableBody & {
  readonly scheme: typeof SCHEME_BN254;
  /** All operators' key in G2, 128 bytes. */
  readonly aggregateKey: Hex;
};

/** An operator table, as the TABLE item carries it (docs/PROTOCOL.md, The bridge envelope). */
export type OperatorTable = EcdsaTable | Bn254Table;

/** The scheme of ECDSA certificates. */
export const SCHEME_ECDSA = 1;
/** The scheme of BN254 certificates. */
export const SCHEME_BN254 = 2;
/** What operators of a deployment sign with, all of them alike. */
export const KEY_TYPES = ["ecdsa", "bn254"] as const;
export type KeyType = (typeof KEY_TYPES)[number];
/** The scheme of certificates and tables by keys of a type. */
export const schemeOf = (keyType: KeyType): OperatorTable["scheme"] =>
  keyType === "bn254" ? SCHEME_BN254 : SCHEME_ECDSA;
/** The latest time of a snapshot: 2^40 − 1 seconds since 1970. */
export const MAX_SNAPSHOT = maxUint(40);
/** The bit of a member's flags that says: no certificate about it counts. */
export const FAULTED = 1;
/** Members in a table at most. */
export const MAX_MEMBERS = 64;
/** Operators in a table at most. */
export const MAX_OPERATORS = 256;

const TABLE = 1;

/**
 * The TABLE item, kind byte included. Members and operators are put into their order here.
 * Throws `wire/range` (any number, also of members and operators), `wire/zero` (weight floor, key, weight), `wire/order`
 * (a member or a key twice), `wire/address`; of BN254 keys `wire/key-mismatch` (aggregate key), and as `decodeG1` and `decodeG2` do.
 */
export function encodeTable(table: OperatorTable, at: SettlementRef): Hex {
  const sorted = sortedTable(table, at);
  return join(
    uint(BigInt(TABLE), 1, "kind"),
    uint(BigInt(sorted.scheme), 1, "scheme"),
    uint(sorted.snapshot, 8, "snapshot"),
    uint(sorted.expiry, 8, "expiry"),
    uint(sorted.weightFloor, 12, "weight floor"),
    uint(BigInt(sorted.members.length), 1, "number of members"),
    ...sorted.members.flatMap((member) => [
      uint(member.chainId, 8, "chain id"),
      addressBytes(member.gateway, "gateway"),
      uint(member.certifiableUntil, 8, "certifiableUntil"),
      uint(BigInt(member.flags), 1, "flags"),
    ]),
    ...(sorted.scheme === SCHEME_BN254 ? [sorted.aggregateKey] : []),
    ...sorted.operators.flatMap(({ key, weight }) => [keyBytes(sorted.scheme, key), uint(weight, 12, "weight")]),
  );
}

/** The table with its members and operators in the order of the wire. Throws as {@link encodeTable} does. */
export function sortedTable(table: OperatorTable, at: SettlementRef): OperatorTable {
  const bytesOf = ({ key }: TableOperator): Hex => keyBytes(table.scheme, key);
  const sorted = {
    ...table,
    members: [...table.members].sort((a, b) => compare(memberId(at, a), memberId(at, b))),
    operators: [...table.operators].sort((a, b) => compare(bytesOf(a), bytesOf(b))),
  };
  checkTable(sorted, at);
  return sorted;
}

/**
 * The table in a TABLE item, kind byte included. `at` is the Settlement that sent it.
 * Throws `wire/hex`, `wire/truncated`, `wire/kind`, `wire/unsupported` (scheme), `wire/range`, `wire/zero`, `wire/order`;
 * of BN254 keys `wire/key-mismatch` (aggregate key), and as `decodeG1` and `decodeG2` do.
 */
export function decodeTable(item: string, at: SettlementRef): OperatorTable {
  const reader = new Reader(item, "table item");
  const kind = reader.byte("kind");
  if (kind !== TABLE) {
    throw new ParleyError("wire/kind", `the item is of kind ${kind}, not 1 (TABLE)`, "Pass the item of a table.");
  }
  const scheme = reader.byte("scheme");
  if (scheme !== SCHEME_ECDSA && scheme !== SCHEME_BN254) {
    const hint = "This version knows the schemes 1 (ECDSA) and 2 (BN254).";
    throw new ParleyError("wire/unsupported", `a table has scheme ${scheme}`, hint);
  }
  const head = {
    snapshot: reader.uint(8, "snapshot"),
    expiry: reader.uint(8, "expiry"),
    weightFloor: reader.uint(12, "weight floor"),
  };
  const members = Array.from({ length: reader.byte("number of members") }, () => ({
    chainId: reader.uint(8, "chain id"),
    gateway: reader.address("gateway"),
    certifiableUntil: reader.uint(8, "certifiableUntil"),
    flags: reader.byte("flags"),
  }));
  const keys: Pick<EcdsaTable, "scheme"> | Pick<Bn254Table, "scheme" | "aggregateKey"> =
    scheme === SCHEME_BN254 ? { scheme, aggregateKey: reader.bytes(G2_LENGTH, "aggregate key") } : { scheme };
  const operators: TableOperator[] = [];
  while (reader.remaining > 0) {
    const key = scheme === SCHEME_BN254 ? reader.bytes(G1_LENGTH, "key") : reader.address("key");
    operators.push({ key, weight: reader.uint(12, "weight") });
  }
  const table: OperatorTable = { ...keys, ...head, members, operators };
  checkTable(table, at);
  return table;
}

/** The id of a table: the hash of its item, kind byte included. Throws `wire/hex`. */
export const tableId = (item: string): Hex => keccak256(hex(item, "table item"));

/** The ids of all operators' keys in lower case, by position. */
export function listedIds(table: OperatorTable): readonly string[] {
  const known = IDS.get(table);
  if (known !== undefined) return known;
  const ids = table.operators.map(({ key }) => keyId(key).toLowerCase());
  IDS.set(table, ids);
  return ids;
}

/** Hashes of keys, each table's once. */
const IDS = new WeakMap<OperatorTable, readonly string[]>();

/** The weight of all operators together. */
export const totalWeight = (table: OperatorTable): bigint =>
  table.operators.reduce((sum, { weight }) => sum + weight, 0n);

/** Whether certificates about this member are refused because its statements contradict one another. */
export const isFaulted = (member: TableMember): boolean => (member.flags & FAULTED) !== 0;

/** Whether `signed` of `total` weight is strictly more than `quorumBps` basis points of it. */
export const isQuorum = (signed: bigint, total: bigint, quorumBps: bigint): boolean =>
  signed * 10_000n > total * quorumBps;

function checkTable(table: OperatorTable, at: SettlementRef): void {
  inRange(BigInt(table.members.length), 1n, BigInt(MAX_MEMBERS), "number of members");
  inRange(BigInt(table.operators.length), 1n, BigInt(MAX_OPERATORS), "number of operators");
  inRange(table.snapshot, 0n, MAX_SNAPSHOT, "snapshot");
  if (table.weightFloor === 0n) throw zero("the weight floor");
  if (table.operators[0]?.key === ZeroAddress) throw zero("an operator's key");
  if (table.operators.some(({ weight }) => weight === 0n)) throw zero("an operator's weight");
  inRange(totalWeight(table), 0n, maxUint(96), "total weight");
  checkAscending(
    table.members.map((member) => memberId(at, member)),
    "members",
  );
  checkAscending(
    table.operators.map(({ key }) => keyBytes(table.scheme, key)),
    "operators",
  );
  if (table.scheme === SCHEME_BN254) {
    const g2 = hexOfSize(table.aggregateKey, G2_LENGTH, "aggregate key");
    checkPublicKey({ g1: aggregateG1Keys(table.operators.map(({ key }) => key)), g2 });
  }
}

const keyBytes = (scheme: OperatorTable["scheme"], key: string): Hex =>
  scheme === SCHEME_BN254 ? hexOfSize(key, G1_LENGTH, "key") : addressBytes(key, "key");

function checkAscending(keys: readonly Hex[], what: string): void {
  for (const [place, key] of keys.entries()) {
    const previous = keys[place - 1];
    if (previous !== undefined && key <= previous) {
      throw new ParleyError(
        "wire/order",
        `the ${what} of a table do not ascend strictly: ${key} follows ${previous}`,
        "List each once, in ascending order.",
      );
    }
  }
}

const compare = (a: Hex, b: Hex): number => (a < b ? -1 : a > b ? 1 : 0);

const zero = (what: string): ParleyError =>
  new ParleyError("wire/zero", `${what} of a table is zero`, "Give a value other than zero.");
