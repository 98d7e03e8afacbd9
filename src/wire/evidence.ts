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

/** Messages that evidence folds at most. */
export const MAX_EVIDENCE_FOLD = 255;

const CHECKPOINT =
  "tuple(bytes32 source, bytes32 destination, bytes32 laneWord, uint64 reachedBy, uint8 level, bytes32 blockHash)";
const STATEMENT = `tuple(${CHECKPOINT} checkpoint, bytes32[] siblings, bytes certificate)`;
/** Its Solidity type, for the ABI coder. */
export const EQUIVOCATION = `tuple(${STATEMENT} a, ${STATEMENT} b, bytes32 from, bytes32[] messageHashes)`;

/** The `evidence` of `revokeTable`. Throws as `toCheckpoint` does, and `wire/hex`, `wire/length`. */
export function encodeEquivocation(evidence: Equivocation): Hex {
  return AbiCoder.defaultAbiCoder().encode([EQUIVOCATION], [checkedEquivocation(evidence)]);
}

/** Checks the fields of evidence, and writes them in their one form. Throws as {@link encodeEquivocation} does. */
export function checkedEquivocation(evidence: Equivocation): Equivocation {
  return {
    a: checkedStatement(evidence.a),
    b: checkedStatement(evidence.b),
    from: laneWord(evidence.from),
    messageHashes: evidence.messageHashes.map((hash) => bytes32(hash, "message hash")),
  };
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
export type EquivocationAbi = [a: StatementAbi, b: StatementAbi, from: Hex, messageHashes: Hex[]];

/** Evidence from what ethers decodes. Throws as `toCheckpoint` does. */
export function equivocationOf([a, b, from, messageHashes]: EquivocationAbi): Equivocation {
  return { a: statementOf(a), b: statementOf(b), from: laneWord(from), messageHashes: [...messageHashes] };
}

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

function noConflict(reason: string): ParleyError {
  return new ParleyError(
    "wire/no-conflict",
    `the statements do not conflict: ${reason}`,
    "Evidence needs two statements about one lane that cannot both be true; see docs/PROTOCOL.md, Evidence.",
  );
}
