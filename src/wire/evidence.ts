import { AbiCoder } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, hex, type Hex } from "./bytes.ts";
import { toCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { strictAbi } from "./envelope.ts";
import { countOf, fold, laneWord, type LaneWord } from "./lane.ts";
import { Level, toLevel } from "./levels.ts";

/** A certified checkpoint: its way to a root, and the certificate over that root. */
export type Statement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  readonly certificate: Hex;
};

/** Two statements that cannot both be true (docs/PROTOCOL.md, Evidence). */
export type Equivocation = {
  readonly a: Statement;
  readonly b: Statement;
  /** Where counts differ, the word of `a`'s count from which `b`'s is folded; else zero, and not looked at. */
  readonly from: LaneWord;
  /** The messages from `from` to `b`'s word, at most 255; none where counts are equal, and then not looked at. */
  readonly messageHashes: readonly Hex[];
};

/** Where a table lists a key: its position among the table's operators. */
export type Listing = { readonly tableId: Hex; readonly index: number };

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

const CHECKPOINT =
  "tuple(bytes32 source, bytes32 destination, bytes32 laneWord, uint64 reachedBy, uint8 level, bytes32 blockHash)";
const STATEMENT = `tuple(${CHECKPOINT} checkpoint, bytes32[] siblings, bytes certificate)`;
const EQUIVOCATION = `tuple(${STATEMENT} a, ${STATEMENT} b, bytes32 from, bytes32[] messageHashes)`;

const LISTING = "tuple(bytes32 tableId, uint256 index)";
const EQUIVOCATION_EVIDENCE = `tuple(${EQUIVOCATION} equivocation, ${LISTING} a, ${LISTING} b)`;

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
type CheckpointAbi = [source: Hex, destination: Hex, word: Hex, reachedBy: bigint, level: bigint, blockHash: Hex];
type StatementAbi = [checkpoint: CheckpointAbi, siblings: Hex[], certificate: Hex];
type EquivocationAbi = [a: StatementAbi, b: StatementAbi, from: Hex, messageHashes: Hex[]];

type ListingAbi = [tableId: Hex, index: bigint];

const listingOf = ([tableId, index]: ListingAbi): Listing => ({ tableId, index: Number(index) });

const equivocationOf = ([a, b, from, messageHashes]: EquivocationAbi): Equivocation => ({
  a: statementOf(a),
  b: statementOf(b),
  from: laneWord(from),
  messageHashes: [...messageHashes],
});

function statementOf([checkpoint, siblings, certificate]: StatementAbi): Statement {
  const [source, destination, word, reachedBy, level, blockHash] = checkpoint;
  return {
    checkpoint: toCheckpoint({
      source,
      destination,
      laneWord: laneWord(word),
      reachedBy,
      level: toLevel(level, "level"),
      blockHash,
    }),
    siblings: [...siblings],
    certificate,
  };
}

function checkedStatement(statement: Statement): Statement {
  return {
    checkpoint: toCheckpoint(statement.checkpoint),
    siblings: statement.siblings.map((sibling) => bytes32(sibling, "sibling")),
    certificate: hex(statement.certificate, "certificate"),
  };
}

function checkedEquivocation({ a, b, from, messageHashes }: Equivocation): Equivocation {
  return {
    a: checkedStatement(a),
    b: checkedStatement(b),
    from: laneWord(from),
    messageHashes: messageHashes.map((hash) => bytes32(hash, "message hash")),
  };
}

const checkedListing = ({ tableId, index }: Listing): Listing => ({ tableId: bytes32(tableId, "table id"), index });

function noConflict(reason: string): ParleyError {
  return new ParleyError(
    "wire/no-conflict",
    `the statements do not conflict: ${reason}`,
    "Evidence needs two statements about one lane that cannot both be true; see docs/PROTOCOL.md, Evidence.",
  );
}
