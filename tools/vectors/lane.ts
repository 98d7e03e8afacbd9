import { fold, genesis, headOf, countOf, idOf, MAX_COUNT, next, wordOf } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refused } from "./refused.ts";

/** Lanes' words and messages' ids. */
export const laneVectors = ((random) => {
  const ends = [
    { source: random.hash(), destination: random.hash() },
    { source: `0x${"00".repeat(32)}`, destination: `0x${"ff".repeat(32)}` },
  ];
  const starts = [
    ...ends.map(({ source, destination }) => genesis(source, destination)),
    wordOf(random.bytes(27), 0n),
    wordOf(random.bytes(27), 254n),
    wordOf(random.bytes(27), 255n),
    wordOf(random.bytes(27), 256n),
    wordOf(random.bytes(27), MAX_COUNT - 1n),
  ];
  const steps = starts.map((word) => {
    const messageHash = random.hash();
    return {
      word,
      head: headOf(word),
      count: countOf(word),
      messageHash,
      id: idOf(word, messageHash),
      next: next(word, messageHash),
    };
  });
  const folds = [0, 1, 2, 7, 255].map((length) => {
    const from = wordOf(random.bytes(27), random.uint(39));
    const messageHashes = random.hashes(length);
    return { from, messageHashes, word: fold(from, messageHashes) };
  });
  return {
    genesis: ends.map(({ source, destination }) => ({ source, destination, word: genesis(source, destination) })),
    steps,
    folds,
    full: [
      refused(
        "a lane of 2^40 - 1 messages",
        "wire/lane-full",
        { word: wordOf(random.bytes(27), MAX_COUNT), messageHash: random.hash() },
        ({ word, messageHash }) => next(word, messageHash),
      ),
    ],
  };
}) satisfies Build;
