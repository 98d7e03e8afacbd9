import { AbiCoder } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, inRange, maxUint, type Hex } from "./bytes.ts";
import { toCheckpoint } from "./checkpoint.ts";
import { strictAbi } from "./envelope.ts";
import { MAX_EVIDENCE_FOLD } from "./evidence.ts";
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

/** A statement that its source settles otherwise, and where that shows (docs/PROTOCOL.md, Evidence). */
export type Falsehood = {
  readonly statement: Statement;
  /** Count of the settled word that contradicts it. */
  readonly settledCount: bigint;
  /** Where words are folded: a word of the lower of both counts, not the one that was said, or settled, there; else zero. */
  readonly from: LaneWord;
  /** The messages from `from` to the word of the higher count; none where counts are equal, or the time contradicts. */
  readonly messageHashes: readonly Hex[];
};

/** That an operator signed such a statement; its certificate's indices are positions in the listing's table. */
export type FalsehoodEvidence = Falsehood & {
  /** Where the operator's key that signed it is listed. */
  readonly listing: Listing;
};

/** What a source settled of a lane, as far as evidence speaks of it. */
export type SettledFacts = {
  /** The settled word at the statement's count; undefined if none. */
  readonly atClaim: LaneWord | undefined;
  /** The settled word at `settledCount`; undefined if none. */
  readonly word: LaneWord | undefined;
  /** The latest time at which the lane's current word had `settledCount`; 0 if it is not settled that one had. */
  readonly currentTime: bigint;
};

const FALSEHOOD_EVIDENCE = `tuple(${STATEMENT_ABI} statement, ${LISTING_ABI} listing, uint40 settledCount, bytes32 from, bytes32[] messageHashes)`;

/** The `evidence` of the Slasher's `convict` of a falsehood or an unsettled word. Throws as `toCheckpoint` does, and `wire/range`, `wire/hex`, `wire/length`. */
export function encodeFalsehoodEvidence(evidence: FalsehoodEvidence): Hex {
  const { statement, listing, settledCount, from, messageHashes } = evidence;
  return AbiCoder.defaultAbiCoder().encode(
    [FALSEHOOD_EVIDENCE],
    [
      {
        statement: checkedStatement(statement),
        listing: checkedListing(listing),
        settledCount: inRange(settledCount, 0n, maxUint(40), "settled count"),
        from: laneWord(from),
        messageHashes: messageHashes.map((hash) => bytes32(hash, "message hash")),
      },
    ],
  );
}

/** What is in such `evidence`; {@link checkFalsehood} says whether it holds. Throws `wire/abi`, `wire/hex`, and as `toCheckpoint` does. */
export function decodeFalsehoodEvidence(bytes: string): FalsehoodEvidence {
  return strictAbi(
    bytes,
    "evidence",
    (data) => {
      const [[statement, listing, settledCount, from, messageHashes]] = AbiCoder.defaultAbiCoder().decode(
        [FALSEHOOD_EVIDENCE],
        data,
      ) as unknown as [
        [statement: StatementAbi, listing: ListingAbi, settledCount: bigint, from: Hex, messageHashes: Hex[]],
      ];
      return {
        statement: statementOf(statement),
        listing: listingOf(listing),
        settledCount,
        from: laneWord(from),
        messageHashes: [...messageHashes],
      };
    },
    encodeFalsehoodEvidence,
  );
}

/**
 * Checks that what is settled contradicts the statement, certificate aside: another word at its count, settled or found by a
 * fold from or to a settled word, unless the very word is settled at its count; or a current word with a smaller count at a
 * later time than `reachedBy`, unless the statement is fast and its word is settled after all.
 * Throws `wire/no-contradiction` saying what is missing.
 */
export function checkFalsehood({ statement, settledCount, from, messageHashes }: Falsehood, facts: SettledFacts): void {
  const { laneWord: said, reachedBy, level } = toCheckpoint(statement.checkpoint);
  const { atClaim, word: settled, currentTime } = facts;
  const count = countOf(said);
  if (settled === undefined) throw noContradiction(`no word is settled at count ${settledCount}`);
  if (settledCount < count && messageHashes.length === 0) {
    if (currentTime <= reachedBy) {
      throw noContradiction(
        currentTime === 0n
          ? `the word at count ${settledCount} is not settled as one that was current`
          : `the lane had ${settledCount} messages at ${currentTime}, not after ${reachedBy}`,
      );
    }
    if (level === Level.fast && atClaim === said) throw noContradiction(`${said} is settled after all`);
    return;
  }
  if (atClaim === said) throw noContradiction(`${said} is what is settled at count ${count}`);
  if (settledCount === count) return;
  if (messageHashes.length > MAX_EVIDENCE_FOLD) {
    throw noContradiction(`${messageHashes.length} messages are folded, at most ${MAX_EVIDENCE_FOLD} count`);
  }
  const [low, high] = settledCount < count ? [settled, said] : [said, settled];
  if (countOf(from) !== countOf(low)) {
    throw noContradiction(`the word to fold from has count ${countOf(from)} instead of ${countOf(low)}`);
  }
  if (from === low) throw noContradiction(`the word to fold from is the one that is not contradicted, ${from}`);
  const folded = fold(from, messageHashes);
  if (folded !== high) throw noContradiction(`folding leads to ${folded} instead of ${high}`);
}

function noContradiction(reason: string): ParleyError {
  return new ParleyError(
    "wire/no-contradiction",
    `what is settled does not contradict the statement: ${reason}`,
    "Evidence needs a settled word that cannot be true beside the statement; see docs/PROTOCOL.md, Evidence.",
  );
}
