/** What an operator may say about one lane, on branches of its source's chain. */
import { id, ZeroHash } from "ethers";

import type { SignedWord } from "../../../src/agents/index.ts";
import { fold, genesis, Level, type Checkpoint, type Hex, type LaneWord } from "../../../src/wire/index.ts";

export const LANE = { source: id("source"), destination: id("destination") };
const START = genesis(LANE.source, LANE.destination);

/** A branch of the source's chain: the messages on the lane, by their hashes. */
export type Branch = readonly Hex[];

export const branch = (name: string, length: number): Branch => Array.from({ length }, (_, i) => id(`${name} ${i}`));

/** A branch's words by their counts, as far as they were asked for. */
const words = new WeakMap<Branch, LaneWord[]>();

export function wordAt(messages: Branch, count: number): LaneWord {
  const known = words.get(messages) ?? [START];
  words.set(messages, known);
  for (const hash of messages.slice(known.length - 1, count)) known.push(fold(known.at(-1)!, [hash]));
  return known[Math.min(count, messages.length)]!;
}

export const foldOf =
  (messages: Branch) =>
  (count: bigint): LaneWord | undefined =>
    count <= BigInt(messages.length) ? wordAt(messages, Number(count)) : undefined;

export const final = (laneWord: LaneWord): Checkpoint => ({
  ...LANE,
  laneWord,
  reachedBy: 1n,
  level: Level.final,
  blockHash: ZeroHash,
});
export const fast = (laneWord: LaneWord, blockHash: Hex): Checkpoint => ({
  ...final(laneWord),
  level: Level.fast,
  blockHash,
});
export const signed = ({ source, destination, level, blockHash, laneWord }: Checkpoint): SignedWord => ({
  source,
  destination,
  level,
  blockHash,
  laneWord,
});
