import { ZeroHash } from "ethers";

import { join } from "../../src/wire/bytes.ts";
import {
  checkConflict,
  decodeEquivocation,
  encodeEquivocation,
  Level,
  wordOf,
  type Checkpoint,
  type Equivocation,
  type LaneWord,
} from "../../src/wire/index.ts";
import { someCheckpoint } from "./checkpoint.ts";
import type { Build } from "./build.ts";
import { folded, pair } from "./equivocations.ts";
import { refused, refusedBytes } from "./refused.ts";

/** Evidence of quorums that contradict themselves. Siblings and certificates in it are any bytes. */
export const evidenceVectors = ((random) => {
  const final = someCheckpoint(random, Level.final);
  const fast = someCheckpoint(random, Level.fast);
  const wordAt = (count: bigint): LaneWord => wordOf(random.bytes(27), count);

  const conflicts: { name: string; evidence: Equivocation }[] = [
    {
      name: "two final words at one count",
      evidence: pair(random, final, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n) }),
    },
    {
      name: "two fast words of one block",
      evidence: pair(random, fast, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n) }),
    },
    {
      name: "at different times",
      evidence: pair(random, final, { laneWord: wordAt(7n), reachedBy: 1n }, { laneWord: wordAt(7n), reachedBy: 2n }),
    },
    { name: "two final words one message apart", evidence: folded(random, final, wordAt(300n), 1) },
    { name: "two final words 255 messages apart", evidence: folded(random, final, wordAt(0n), 255) },
  ];
  const good = folded(random, final, wordAt(300n), 3);
  const sameCount = pair(random, final, { laneWord: wordAt(9n) }, { laneWord: wordAt(9n) });
  const none = (name: string, evidence: Equivocation) =>
    refused(name, "wire/no-conflict", { evidence, bytes: encodeEquivocation(evidence) }, (input) =>
      checkConflict(input.evidence),
    );
  const withB = (evidence: Equivocation, b: Partial<Checkpoint>): Equivocation => ({
    ...evidence,
    b: { ...evidence.b, checkpoint: { ...evidence.b.checkpoint, ...b } },
  });
  const bytes = encodeEquivocation(good);
  const bad = refusedBytes(decodeEquivocation);
  return {
    conflicts: conflicts.map(({ name, evidence }) => {
      checkConflict(evidence);
      return { name, evidence, bytes: encodeEquivocation(evidence) };
    }),
    noConflicts: [
      none("one statement twice", { ...sameCount, b: sameCount.a }),
      none("another source", withB(sameCount, { source: random.hash() })),
      none("another destination", withB(sameCount, { destination: random.hash() })),
      none("fast against final", withB(sameCount, { level: Level.fast, blockHash: random.hash() })),
      none(
        "fast words of two blocks",
        pair(random, fast, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n), blockHash: random.hash() }),
      ),
      none("counts differ, no fold", pair(random, final, { laneWord: wordAt(7n) }, { laneWord: wordAt(8n) })),
      none("folds from the word of a", { ...good, from: good.a.checkpoint.laneWord }),
      none("folds from another count", { ...good, from: wordAt(299n) }),
      none("folds to another word", { ...good, messageHashes: random.hashes(3) }),
      none("folds too few messages", { ...good, messageHashes: good.messageHashes.slice(1) }),
      none("folds 256 messages", folded(random, final, wordAt(300n), 256)),
      none("a fold between fast words", folded(random, fast, wordAt(300n), 2)),
      none("the other way round", { ...good, a: good.b, b: good.a }),
    ],
    invalid: [
      bad("no bytes", "wire/abi", "0x"),
      bad("cut off", "wire/abi", bytes.slice(0, -64)),
      bad("a word behind", "wire/abi", join(bytes, ZeroHash)),
      bad("an offset of the outermost tuple that is not 32", "wire/abi", `0x${"00".repeat(31)}40${bytes.slice(66)}`),
    ],
  };
}) satisfies Build;
