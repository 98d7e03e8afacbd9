import { keccak256, toUtf8Bytes, hexlify } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, hexOfSize, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";

declare const laneWordBrand: unique symbol;

/** A lane's state, 32 bytes: `head 27 ‖ count 5` (docs/PROTOCOL.md, Lanes). Make one with {@link laneWord}. */
export type LaneWord = Hex & { readonly [laneWordBrand]: true };

/** Messages in a page. */
export const PAGE_SIZE = 256n;

/** The largest count: no message follows it. */
export const MAX_COUNT = maxUint(40);

/** A word that says nothing: no lane ever stands at it, and a slot that holds it is empty. */
export const ZERO_WORD: LaneWord = laneWord(`0x${"00".repeat(32)}`);

const TAG = hexlify(toUtf8Bytes("parley.lane.v1"));

/** Takes 32 bytes, for example from a contract, as a lane's word. Throws `wire/hex`, `wire/length`. */
export function laneWord(value: string): LaneWord {
  return bytes32(value, "lane word") as LaneWord;
}

/** The word of a head (27 bytes) and a count (at most 2^40 − 1). Throws `wire/hex`, `wire/length`, `wire/range`. */
export function wordOf(head: string, count: bigint): LaneWord {
  return laneWord(join(hexOfSize(head, 27, "head"), uint(count, 5, "count")));
}

/** The head of a word: 27 bytes. */
export const headOf = (word: LaneWord): Hex => word.slice(0, 2 + 2 * 27);

/** Messages sent on the lane so far: the nonce of the next one. */
export const countOf = (word: LaneWord): bigint => BigInt(`0x${word.slice(2 + 2 * 27)}`);

/** The word of a lane on which nothing was sent. `source` and `destination` are member ids. Throws `wire/hex`, `wire/length`. */
export function genesis(source: string, destination: string): LaneWord {
  const hash = keccak256(join(TAG, bytes32(source, "source"), bytes32(destination, "destination")));
  return wordOf(hash.slice(0, 2 + 2 * 27), 0n);
}

/**
 * The id of the message that is sent when the lane stands at `word`: ERC-7786's `sendId` and `receiveId`.
 * Throws `wire/hex`, `wire/length`.
 */
export function idOf(word: LaneWord, messageHash: string): Hex {
  return keccak256(join(word, bytes32(messageHash, "message hash")));
}

/**
 * The lane's word after one more message. Throws `wire/lane-full` if the lane holds 2^40 − 1 messages already,
 * and `wire/hex`, `wire/length`.
 */
export function next(word: LaneWord, messageHash: string): LaneWord {
  const count = countOf(word);
  if (count === MAX_COUNT) {
    throw new ParleyError(
      "wire/lane-full",
      `the lane at ${word} holds ${count} messages, as many as a lane can`,
      "Check the word: a lane of 2^40 − 1 messages takes no more, and a replacing Gateway opens a new one.",
    );
  }
  return wordAfter(word, idOf(word, messageHash));
}

/** The word of a lane that stood at `word` after the message with this id. Throws `wire/hex`, `wire/length`, `wire/range`. */
export const wordAfter = (word: LaneWord, id: Hex): LaneWord => wordOf(id.slice(0, 2 + 2 * 27), countOf(word) + 1n);

/** The lane's word after these messages, in order. Throws as {@link next} does. */
export function fold(from: LaneWord, messageHashes: Iterable<string>): LaneWord {
  let word = from;
  for (const hash of messageHashes) word = next(word, hash);
  return word;
}

/** The page that holds the message with this nonce. Throws `wire/range` if the nonce exceeds 2^40 − 1. */
export const pageOf = (nonce: bigint): bigint => inRange(nonce, 0n, MAX_COUNT, "nonce") / PAGE_SIZE;
