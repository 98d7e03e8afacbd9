/** What operators of a settlement fabric sign, and the evidence against them. */
import { computeAddress, id, ZeroHash } from "ethers";

import {
  certificateDigest,
  checkpointTree,
  decodeTable,
  encodeCertificate,
  encodeEquivocation,
  encodeEquivocationEvidence,
  fold,
  genesis,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
  type Hex,
  type LaneWord,
  type OperatorTable,
  type Statement,
} from "../../../src/wire/index.ts";
import { MEMBER_NOTICE, MIN_INTERVAL, signingKey, type Fabric } from "./fabric.ts";

/** Kinds of convictions, and their degrees, by contracts/types/Conviction.sol. */
export const KIND = { equivocation: 0, falsehood: 1, unsettled: 2 } as const;
export const DEGREE = { none: 0n, lone: 1n, quorum: 2n } as const;

/** A table that was taken. */
export type Taken = { readonly id: Hex; readonly table: OperatorTable };

/** Makes the fabric's members live. */
export async function makeLive(fabric: Fabric): Promise<void> {
  await fabric.addMembers();
  await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
}

/** Takes a table, as soon as one may be taken. */
export async function takeTable(fabric: Fabric): Promise<Taken> {
  await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
  await fabric.manager.snapshot();
  return latestTable(fabric);
}

export async function latestTable({ l1, manager, settlement }: Fabric): Promise<Taken> {
  const [table] = await manager.latestTable();
  const at = { chainId: l1.chainId, settlement: await settlement.getAddress() };
  return { id: table, table: decodeTable(await manager.tableItem(table), at) };
}

export const keyOf = (n: number): string => computeAddress(signingKey(n).publicKey);

/** The n-th operator's position in a table. */
export function indexOf({ table }: Taken, n: number): number {
  const index = table.operators.findIndex(({ key }) => key === keyOf(n));
  if (index < 0) throw new Error(`operator ${n} is not in the table`);
  return index;
}

/** Two lanes' worth of words: what the source sent, and what it never sent. */
export const LANE = { source: id("a source"), destination: id("a destination") };
const START = genesis(LANE.source, LANE.destination);
export const messages = (name: string, length: number): Hex[] => Array.from({ length }, (_, i) => id(`${name} ${i}`));
export const wordAfter = (hashes: readonly Hex[]): LaneWord => fold(START, hashes);

/** A statement that the lane's word is this. */
export const final = (laneWord: LaneWord, changed: Partial<Checkpoint> = {}): Checkpoint => ({
  ...LANE,
  laneWord,
  reachedBy: 1n,
  level: Level.final,
  blockHash: ZeroHash,
  ...changed,
});
export const fast = (laneWord: LaneWord, blockHash: Hex = id("a block")): Checkpoint =>
  final(laneWord, { level: Level.fast, blockHash });

export const TRUE = final(wordAfter(messages("true", 3)));
export const FALSE = final(wordAfter(messages("false", 3)));

/** A checkpoint that operators signed, alone or in a tree with others; the certificate is for this table. */
export function signedBy(
  { l1, set }: Pick<Fabric, "l1" | "set">,
  taken: Taken,
  checkpoint: Checkpoint,
  signers: readonly number[],
  others: readonly Checkpoint[] = [],
): Statement {
  const tree = checkpointTree([checkpoint, ...others]);
  const digest = certificateDigest({ settlementChainId: l1.chainId, serviceManager: set.avs }, tree.root);
  const signatures = signers.map((n) => ({
    index: indexOf(taken, n),
    signature: signingKey(n).sign(digest).serialized,
  }));
  return { checkpoint, siblings: tree.siblings[0]!, certificate: encodeCertificate(signatures) };
}

/** Two statements of one count. */
export const sameCount = (a: Statement, b: Statement): Equivocation => ({ a, b, from: ZERO_WORD, messageHashes: [] });

/** The evidence against the n-th operator, listed in one table. */
export function evidenceAgainst(n: number, taken: Taken, equivocation: Equivocation): Hex {
  const listing = { tableId: taken.id, index: indexOf(taken, n) };
  return encodeEquivocationEvidence({ equivocation, a: listing, b: listing });
}

/** The evidence that these operators signed both `TRUE` and `FALSE`; against the n-th of them. */
export function equivocationOf(fabric: Fabric, taken: Taken, signers: readonly number[], n = signers[0]!): Hex {
  const equivocation = sameCount(signedBy(fabric, taken, TRUE, signers), signedBy(fabric, taken, FALSE, signers));
  return evidenceAgainst(n, taken, equivocation);
}

/** The same for `revokeTable`. */
export const conflictOf = (fabric: Fabric, taken: Taken, signers: readonly number[]): Hex =>
  encodeEquivocation(sameCount(signedBy(fabric, taken, TRUE, signers), signedBy(fabric, taken, FALSE, signers)));
