import { ZeroHash } from "ethers";

import { join } from "../../src/wire/bytes.ts";
import {
  checkFalsehood,
  countOf,
  decodeFalsehoodEvidence,
  encodeFalsehoodEvidence,
  fold,
  Level,
  MAX_COUNT,
  wordOf,
  ZERO_WORD,
  type Checkpoint,
  type FalsehoodEvidence,
  type LaneWord,
  type SettledFacts,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { someCheckpoint } from "./checkpoint.ts";
import { refused, refusedBytes } from "./refused.ts";

/** Statements that their source settles otherwise, and what it settled. Siblings and certificates in them are any bytes. */
export const falsehoodVectors = ((random) => {
  type Case = { readonly evidence: FalsehoodEvidence; readonly facts: SettledFacts };
  const final = someCheckpoint(random, Level.final);
  const fast = someCheckpoint(random, Level.fast);
  const wordAt = (count: bigint): LaneWord => wordOf(random.bytes(27), count);
  const say = (checkpoint: Checkpoint, settledCount: bigint, facts: Partial<SettledFacts>): Case => ({
    evidence: {
      statement: { checkpoint, siblings: random.hashes(2), certificate: random.bytes(130) },
      listing: { tableId: random.hash(), index: 3 },
      settledCount,
      from: ZERO_WORD,
      messageHashes: [],
    },
    facts: { atClaim: undefined, word: undefined, currentTime: 0n, ...facts },
  });
  const direct = (checkpoint: Checkpoint): Case => {
    const word = wordAt(countOf(checkpoint.laneWord));
    return say(checkpoint, countOf(word), { atClaim: word, word });
  };
  /** A settled word that many messages after what was said, from another word. */
  const later = (count: bigint, length: number): Case => {
    const [from, messageHashes] = [wordAt(count), random.hashes(length)];
    const word = fold(from, messageHashes);
    const { evidence, facts } = say({ ...final, laneWord: wordAt(count) }, countOf(word), { word });
    return { evidence: { ...evidence, from, messageHashes }, facts };
  };
  /** A settled word that many messages before what was said, which came from another. */
  const earlier = (count: bigint, length: number): Case => {
    const [from, messageHashes] = [wordAt(count), random.hashes(length)];
    const { evidence, facts } = say({ ...final, laneWord: fold(from, messageHashes) }, count, { word: wordAt(count) });
    return { evidence: { ...evidence, from, messageHashes }, facts };
  };
  const byTime = (checkpoint: Checkpoint, after: bigint): Case => {
    const count = countOf(checkpoint.laneWord) - 1n;
    return say(checkpoint, count, { word: wordAt(count), currentTime: checkpoint.reachedBy + after });
  };
  const at7 = { laneWord: wordAt(7n), reachedBy: 1_000n };

  const contradictions: readonly (Case & { readonly name: string })[] = [
    { name: "another word is settled at the count", ...direct({ ...final, ...at7 }) },
    { name: "another word than a fast one is settled", ...direct({ ...fast, ...at7 }) },
    { name: "a settled word one message on", ...later(300n, 1) },
    { name: "a settled word 255 messages on", ...later(0n, 255) },
    { name: "a settled word one message before", ...earlier(300n, 1) },
    { name: "a settled word 255 messages before", ...earlier(1n, 255) },
    { name: "a smaller current count a second later", ...byTime({ ...final, ...at7 }, 1n) },
    { name: "a smaller current count a second later than a fast word", ...byTime({ ...fast, ...at7 }, 1n) },
    {
      name: "a count that is never reached",
      ...byTime({ ...final, laneWord: wordAt(MAX_COUNT), reachedBy: 1_000n }, 1n),
    },
    {
      name: "a final word that is settled, but was reached later than said",
      ...((one: Case): Case => ({ ...one, facts: { ...one.facts, atClaim: at7.laneWord } }))(
        byTime({ ...final, ...at7 }, 1n),
      ),
    },
  ];
  const none = (name: string, { evidence, facts }: Case) =>
    refused(name, "wire/no-contradiction", { evidence, facts, bytes: encodeFalsehoodEvidence(evidence) }, (input) =>
      checkFalsehood(input.evidence, input.facts),
    );
  const good = later(300n, 3);
  const old = earlier(300n, 3);
  const said = good.evidence.statement.checkpoint.laneWord;
  const change = (
    { evidence, facts }: Case,
    changed: Partial<FalsehoodEvidence>,
    seen: Partial<SettledFacts> = {},
  ): Case => ({
    evidence: { ...evidence, ...changed },
    facts: { ...facts, ...seen },
  });
  const bytes = encodeFalsehoodEvidence(good.evidence);
  const bad = refusedBytes(decodeFalsehoodEvidence);
  const noContradictions = [
    none("the very word is settled", say({ ...final, ...at7 }, 7n, { atClaim: at7.laneWord, word: at7.laneWord })),
    none("a fold past a word that is settled itself", change(good, {}, { atClaim: said })),
    none("a fold from the word that was said", change(good, { from: said })),
    none("a fold from the word that is settled", change(old, { from: old.facts.word ?? ZERO_WORD })),
    none("a fold from another count", change(good, { from: wordAt(299n) })),
    none("a fold to another word", change(good, { messageHashes: random.hashes(3) })),
    none("a fold of too few messages", change(good, { messageHashes: good.evidence.messageHashes.slice(1) })),
    none("a fold of 256 messages", later(300n, 256)),
    none("no messages to a later settled word", change(good, { messageHashes: [] })),
    none("a smaller current count in the same second", byTime({ ...final, ...at7 }, 0n)),
    none("a smaller count of an anchor", change(byTime({ ...final, ...at7 }, 1n), {}, { currentTime: 0n })),
    none(
      "a fast word that is settled after all",
      change(byTime({ ...fast, ...at7 }, 1n), {}, { atClaim: at7.laneWord }),
    ),
  ];
  // Nothing is settled at its count, which on L1 reads as zeros too.
  const zeros = later(0n, 2);
  const { statement } = zeros.evidence;
  const checkpoint = { ...statement.checkpoint, laneWord: ZERO_WORD };
  const noLanes = {
    name: "a word of zeros, which is no lane's",
    ...change(zeros, { statement: { ...statement, checkpoint } }),
  };
  return {
    contradictions: [...contradictions, noLanes].map(({ name, evidence, facts }) => {
      checkFalsehood(evidence, facts);
      return { name, evidence, facts, bytes: encodeFalsehoodEvidence(evidence) };
    }),
    noContradictions,
    invalid: [
      bad("no bytes", "wire/abi", "0x"),
      bad("cut off", "wire/abi", bytes.slice(0, -64)),
      bad("a word behind", "wire/abi", join(bytes, ZeroHash)),
      // The fourth word of the evidence, after the offset of the whole: `settledCount`.
      bad("a count of more than 40 bits", "wire/abi", `${bytes.slice(0, 258)}01${bytes.slice(260)}`),
    ],
  };
}) satisfies Build;
