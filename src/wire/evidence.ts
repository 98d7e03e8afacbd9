import { AbiCoder } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, type Hex } from "./bytes.ts";
import { toCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { strictAbi } from "./envelope.ts";
import { countOf, fold, laneWord, type LaneWord } from "./lane.ts";
import { Level } from "./levels.ts";
import {
  checkedListing,
  checkedStatement,
  LISTING_ABI,
  listingOf,
  STATEMENT_ABI,
  statementOf,
  type Listing,
  type ListingAbi,
  type Statement,
  type StatementAbi,
} from "./statement.ts";

/** Two statements that cannot both be true (docs/PROTOCOL.md, Evidence). */
export type Equivocation = {
  readonly a: Statement;
  readonly b: Statement;
  /** Where counts differ, the word of `a`'s count from which `b`'s is folded; else zero, and not looked at. */
  readonly from: LaneWord;
  /** The messages from `from` to `b`'s word, at most 255; none where counts are equal, and then not looked at. */
  readonly messageHashes: readonly Hex[];
};

/** That one operator signed both of two statements that conflict. Each certificate's indices are positions in its table. */
export type EquivocationEvidence = {
  readonly equivocation: Equivocation;
  /** Where the operator's key that signed `a` is listed. */
  readonly a: Listing;
  /** Where the operator's key that signed `b` is listed. */
  readonly b: Listing;
};

/** Messages that evidence folds at most. */
export const MAX_EVIDENCE_FOLD = 255;

const EQUIVOCATION = `tuple(${STATEMENT_ABI} a, ${STATEMENT_ABI} b, bytes32 from, bytes32[] messageHashes)`;
const EQUIVOCATION_EVIDENCE = `tuple(${EQUIVOCATION} equivocation, ${LISTING_ABI} a, ${LISTING_ABI} b)`;

/** The `evidence` of `revokeTable`. Throws as `toCheckpoint` does, and `wire/hex`, `wire/length`. */
export function encodeEquivocation(evidence: Equivocation): Hex {
  return AbiCoder.defaultAbiCoder().encode([EQUIVOCATION], [checkedEquivocation(evidence)]);
}

/**
 * The statements in the `evidence` of `revokeTable`; {@link checkConflict} says whether they conflict.
 * Throws `wire/abi`, `wire/hex`, and as `toCheckpoint` does.
 */
export function decodeEquivocation(bytes: string): Equivocation {
  return strictAbi(
    bytes,
    "evidence",
    (data) => {
      const [equivocation] = AbiCoder.defaultAbiCoder().decode([EQUIVOCATION], data) as unknown as [EquivocationAbi];
      return equivocationOf(equivocation);
    },
    encodeEquivocation,
  );
}

/** The `evidence` of the Slasher's `convict` of an equivocation. Throws as `toCheckpoint` does, and `wire/hex`, `wire/length`. */
export function encodeEquivocationEvidence({ equivocation, a, b }: EquivocationEvidence): Hex {
  return AbiCoder.defaultAbiCoder().encode(
    [EQUIVOCATION_EVIDENCE],
    [{ equivocation: checkedEquivocation(equivocation), a: checkedListing(a), b: checkedListing(b) }],
  );
}

/** What is in the `evidence` of the Slasher's `convict` of an equivocation. Throws `wire/abi`, `wire/hex`, and as `toCheckpoint` does. */
export function decodeEquivocationEvidence(bytes: string): EquivocationEvidence {
  return strictAbi(
    bytes,
    "evidence",
    (data) => {
      const [[equivocation, a, b]] = AbiCoder.defaultAbiCoder().decode([EQUIVOCATION_EVIDENCE], data) as unknown as [
        [equivocation: EquivocationAbi, a: ListingAbi, b: ListingAbi],
      ];
      return { equivocation: equivocationOf(equivocation), a: listingOf(a), b: listingOf(b) };
    },
    encodeEquivocationEvidence,
  );
}

/**
 * Checks that two statements conflict, certificates aside: they are of one lane, and either have one count, one block
 * hash and different words, or have different counts, are both final, and `from` leads past `a`'s word to `b`'s.
 * Throws `wire/no-conflict` saying what is missing.
 */
export function checkConflict({ a, b, from, messageHashes }: Equivocation): void {
  const [left, right] = [toCheckpoint(a.checkpoint), toCheckpoint(b.checkpoint)];
  if (left.source !== right.source || left.destination !== right.destination) throw noConflict("they are of two lanes");
  if (countOf(left.laneWord) === countOf(right.laneWord)) checkSameCount(left, right);
  else checkFold(left, right, from, messageHashes);
}

function checkSameCount(a: Checkpoint, b: Checkpoint): void {
  if (a.blockHash !== b.blockHash) throw noConflict(`their block hashes are ${a.blockHash} and ${b.blockHash}`);
  if (a.laneWord === b.laneWord) throw noConflict(`both have the word ${a.laneWord}`);
}

function checkFold(a: Checkpoint, b: Checkpoint, from: LaneWord, messageHashes: readonly Hex[]): void {
  if (a.level !== Level.final || b.level !== Level.final) throw noConflict("they are not both final");
  if (messageHashes.length > MAX_EVIDENCE_FOLD) {
    throw noConflict(`${messageHashes.length} messages are folded, at most ${MAX_EVIDENCE_FOLD} count`);
  }
  if (countOf(from) !== countOf(a.laneWord)) {
    throw noConflict(`the word to fold from has count ${countOf(from)} instead of ${countOf(a.laneWord)}`);
  }
  if (from === a.laneWord) throw noConflict(`the word to fold from is a's own, ${from}`);
  const folded = fold(from, messageHashes);
  if (folded !== b.laneWord) throw noConflict(`folding leads to ${folded} instead of ${b.laneWord}`);
}

// What ethers decodes: tuples as arrays.
type EquivocationAbi = [a: StatementAbi, b: StatementAbi, from: Hex, messageHashes: Hex[]];

const equivocationOf = ([a, b, from, messageHashes]: EquivocationAbi): Equivocation => ({
  a: statementOf(a),
  b: statementOf(b),
  from: laneWord(from),
  messageHashes: [...messageHashes],
});

function checkedEquivocation({ a, b, from, messageHashes }: Equivocation): Equivocation {
  return {
    a: checkedStatement(a),
    b: checkedStatement(b),
    from: laneWord(from),
    messageHashes: messageHashes.map((hash) => bytes32(hash, "message hash")),
  };
}

function noConflict(reason: string): ParleyError {
  return new ParleyError(
    "wire/no-conflict",
    `the statements do not conflict: ${reason}`,
    "Evidence needs two statements about one lane that cannot both be true; see docs/PROTOCOL.md, Evidence.",
  );
}
