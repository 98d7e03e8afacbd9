import { ZeroHash } from "ethers";

import { join } from "../../src/wire/bytes.ts";
import {
  checkConflict,
  decodeEquivocationEvidence,
  encodeEquivocation,
  encodeEquivocationEvidence,
  Level,
  wordOf,
  type Equivocation,
  type EquivocationEvidence,
  type Hex,
  type LaneWord,
  type Listing,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { someCheckpoint } from "./checkpoint.ts";
import { folded, pair, state } from "./equivocations.ts";
import { refused, refusedBytes } from "./refused.ts";

// Where bytes of evidence lie (docs/PROTOCOL.md, Evidence).
const INDEX_OF_A = 96;
const OFFSET_OF_B = 224;
const STATEMENT_A = 320;
const REACHED_BY = STATEMENT_A + 96;
const LEVEL = STATEMENT_A + 128;
const SIBLINGS_OFFSET = STATEMENT_A + 192;
/** Of a statement with two siblings, where its certificate begins. */
const CERTIFICATE = STATEMENT_A + 384;

/** Evidence against one operator that signed two statements that conflict. Siblings and certificates in it are any bytes. */
export const equivocationVectors = ((random) => {
  const final = someCheckpoint(random, Level.final);
  const fast = someCheckpoint(random, Level.fast);
  const wordAt = (count: bigint): LaneWord => wordOf(random.bytes(27), count);
  const listing = (index: number): Listing => ({ tableId: random.hash(), index });
  const inOneTable = (equivocation: Equivocation, index: number): EquivocationEvidence => {
    const once = listing(index);
    return { equivocation, a: once, b: once };
  };
  const sameCount = (): Equivocation => pair(random, final, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n) });
  const sized = (siblings: number, certificate: number): Equivocation => {
    const { a, b, ...rest } = sameCount();
    const size = { siblings, certificate };
    return { ...rest, a: state(random, a.checkpoint, size), b: state(random, b.checkpoint, size) };
  };

  const conflicts: { name: string; evidence: EquivocationEvidence }[] = [
    { name: "two final words at one count, one table", evidence: inOneTable(sameCount(), 3) },
    {
      name: "two fast words of one block, one table",
      evidence: inOneTable(pair(random, fast, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n) }), 200),
    },
    {
      name: "two tables, the first and the last index",
      evidence: { equivocation: sameCount(), a: listing(0), b: listing(255) },
    },
    {
      name: "two final words one message apart, two tables",
      evidence: { equivocation: folded(random, final, wordAt(300n), 1), a: listing(5), b: listing(4) },
    },
    {
      name: "two final words 255 messages apart",
      evidence: inOneTable(folded(random, final, wordAt(0n), 255), 1),
    },
    { name: "trees of one leaf, certificates of one signature", evidence: inOneTable(sized(0, 65), 2) },
    { name: "certificates of 32 signatures, which end with a word", evidence: inOneTable(sized(7, 32 * 65), 31) },
  ];
  const good: EquivocationEvidence = {
    equivocation: folded(random, final, wordAt(300n), 3),
    a: listing(6),
    b: listing(7),
  };
  const none = (name: string, equivocation: Equivocation) => {
    const evidence = { ...good, equivocation };
    const bytes = encodeEquivocationEvidence(evidence);
    return refused(name, "wire/no-conflict", { evidence, bytes }, (input) =>
      checkConflict(input.evidence.equivocation),
    );
  };
  const { a, b } = good.equivocation;
  const bytes = encodeEquivocationEvidence(good);
  /** The same bytes, but these from `at` on. */
  const put = (at: number, these: string): Hex =>
    `0x${bytes.slice(2, 2 + 2 * at)}${these}${bytes.slice(2 + 2 * at + these.length)}`;
  const bad = refusedBytes(decodeEquivocationEvidence);
  return {
    conflicts: conflicts.map(({ name, evidence }) => {
      checkConflict(evidence.equivocation);
      return { name, evidence, bytes: encodeEquivocationEvidence(evidence) };
    }),
    noConflicts: [
      none("one statement twice", { ...sameCount(), a, b: a }),
      none(
        "fast words of two blocks",
        pair(random, fast, { laneWord: wordAt(7n) }, { laneWord: wordAt(7n), blockHash: random.hash() }),
      ),
      none("counts differ, no fold", pair(random, final, { laneWord: wordAt(7n) }, { laneWord: wordAt(8n) })),
      none("folds to another word", { ...good.equivocation, messageHashes: random.hashes(3) }),
      none("folds 256 messages", folded(random, final, wordAt(300n), 256)),
      none("the other way round", { ...good.equivocation, a: b, b: a }),
    ],
    invalid: [
      bad("no bytes", "wire/abi", "0x"),
      bad("cut off", "wire/abi", bytes.slice(0, -64)),
      bad("the evidence of revokeTable", "wire/abi", encodeEquivocation(good.equivocation)),
      bad("a time of more than 64 bits", "wire/abi", put(REACHED_BY + 23, "01")),
      bad("a level of more than 8 bits", "wire/abi", put(LEVEL + 30, "01")),
      bad("siblings far behind the end", "wire/abi", put(SIBLINGS_OFFSET + 24, "01")),
      bad("a word behind", "wire/abi", join(bytes, ZeroHash)),
      bad("an offset of the outermost tuple that is not 32", "wire/abi", put(31, "40")),
      bad("the first statement in the place of the second too", "wire/abi", put(OFFSET_OF_B, "80".padStart(64, "0"))),
      bad("no zero behind a certificate's last byte", "wire/abi", put(CERTIFICATE + 130, "01")),
    ],
    invalidListings: [bad("an index that no table has", "wire/abi", put(INDEX_OF_A + 30, "0100"))],
  };
}) satisfies Build;
