import {
  countOf,
  fold,
  wordOf,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
  type LaneWord,
  type Statement,
} from "../../src/wire/index.ts";
import type { Random } from "./random.ts";

/** The checkpoint with any siblings and certificate. */
export const state = (
  random: Random,
  checkpoint: Checkpoint,
  { siblings = 2, certificate = 130 }: { siblings?: number; certificate?: number } = {},
): Statement => ({
  checkpoint,
  siblings: random.hashes(siblings),
  certificate: random.bytes(certificate),
});

/** Two statements that differ from a checkpoint by so much, and no fold. */
export const pair = (
  random: Random,
  checkpoint: Checkpoint,
  a: Partial<Checkpoint>,
  b: Partial<Checkpoint>,
): Equivocation => ({
  a: state(random, { ...checkpoint, ...a }),
  b: state(random, { ...checkpoint, ...b }),
  from: ZERO_WORD,
  messageHashes: [],
});

/** A statement of another word than `from` at its count, and one of the word that many messages after `from`. */
export function folded(random: Random, checkpoint: Checkpoint, from: LaneWord, length: number): Equivocation {
  const messageHashes = random.hashes(length);
  return {
    ...pair(
      random,
      checkpoint,
      { laneWord: wordOf(random.bytes(27), countOf(from)) },
      { laneWord: fold(from, messageHashes) },
    ),
    from,
    messageHashes,
  };
}
