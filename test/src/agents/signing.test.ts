import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import fc from "fast-check";

import {
  FileSigningStore,
  MemorySigningStore,
  laneKey,
  planSignature,
  type SignedWord,
  type SigningHistory,
  type SigningStore,
} from "../../../src/agents/index.ts";
import { ParleyError } from "../../../src/errors.ts";
import {
  checkConflict,
  countOf,
  fold,
  genesis,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
  type Hex,
  type LaneWord,
} from "../../../src/wire/index.ts";
import { check, checkAsync } from "../../support/property.ts";

const LANE = { source: id("source"), destination: id("destination") };
const START = genesis(LANE.source, LANE.destination);

/** A branch of the source's chain: the messages on the lane, by their hashes. */
type Branch = readonly Hex[];

const branch = (name: string, length: number): Branch => Array.from({ length }, (_, i) => id(`${name} ${i}`));
const wordAt = (messages: Branch, count: number): LaneWord => fold(START, messages.slice(0, count));
const foldOf =
  (messages: Branch) =>
  (count: bigint): LaneWord | undefined =>
    count <= BigInt(messages.length) ? wordAt(messages, Number(count)) : undefined;

const final = (laneWord: LaneWord): Checkpoint => ({
  ...LANE,
  laneWord,
  reachedBy: 1n,
  level: Level.final,
  blockHash: ZeroHash,
});
const fast = (laneWord: LaneWord, blockHash: Hex): Checkpoint => ({
  ...final(laneWord),
  level: Level.fast,
  blockHash,
});
const signed = ({ source, destination, level, blockHash, laneWord }: Checkpoint): SignedWord => ({
  source,
  destination,
  level,
  blockHash,
  laneWord,
});

describe("R23: planSignature", () => {
  const own = branch("own", 300);
  const other = [...own.slice(0, 5), ...branch("other", 10)];

  it("signs a final word on the own fold, and the same again without writing it down twice", () => {
    const checkpoint = final(wordAt(own, 7));
    const record = signed(checkpoint);
    expect(planSignature([], checkpoint, foldOf(own))).to.deep.equal({ sign: true, record });
    expect(planSignature([record], checkpoint, foldOf(own))).to.deep.equal({ sign: true, record: undefined });
  });

  for (const [what, history, checkpoint, view, code] of [
    ["another final word at the same count", [final(wordAt(own, 7))], final(wordAt(other, 7)), other, "equivocation"],
    [
      "another fast word at the same block",
      [fast(wordAt(own, 7), id("b"))],
      fast(wordAt(other, 7), id("b")),
      other,
      "equivocation",
    ],
    ["a final word that is not on the own fold", [], final(wordAt(other, 7)), own, "off-fold"],
    ["a final word beyond the own fold", [], final(wordAt(own, 300)), own.slice(0, 299), "off-fold"],
    [
      "a later final word on a fold that misses a signed one",
      [final(wordAt(own, 7))],
      final(wordAt(other, 9)),
      other,
      "off-fold",
    ],
    [
      "an earlier final word on a fold that misses a signed one",
      [final(wordAt(own, 9))],
      final(wordAt(other, 7)),
      other,
      "off-fold",
    ],
    [
      "a final word on a fold that ends before a signed one",
      [final(wordAt(own, 9))],
      final(wordAt(own, 7)),
      own.slice(0, 8),
      "off-fold",
    ],
    [
      "a final word that misses one signed more than 255 messages ago",
      [final(wordAt(own, 6))],
      final(wordAt([...other, ...branch("more", 285)], 300)),
      [...other, ...branch("more", 285)],
      "off-fold",
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const plan = planSignature(history.map(signed), checkpoint, foldOf(view));
      expect(plan).to.include({ sign: false, code: `signing/${code}` });
    });
  }

  it("signs fast words of other blocks and counts whatever was signed at level fast", () => {
    const history = [signed(fast(wordAt(own, 7), id("b"))), signed(final(wordAt(own, 6)))];
    for (const checkpoint of [fast(wordAt(other, 7), id("c")), fast(wordAt(own, 8), id("b"))]) {
      expect(planSignature(history, checkpoint, foldOf(other))).to.include({ sign: true });
    }
  });
});

/** What happens to an operator: its node changes branches, and relayers ask it to sign what the node shows or showed. */
type Happening =
  | { readonly kind: "reorg"; readonly keep: number; readonly add: number; readonly salt: number }
  | { readonly kind: "ask"; readonly level: typeof Level.fast | typeof Level.final; readonly back: number };

const happenings = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("reorg" as const),
      keep: fc.nat(300),
      add: fc.nat({ max: 4 }).chain((few) => fc.constantFrom(few, few, few, few * 70)),
      salt: fc.nat(1_000),
    }),
    fc.record({
      kind: fc.constant("ask" as const),
      level: fc.constantFrom(Level.fast, Level.final, Level.final),
      back: fc.nat(6),
    }),
  ),
  { minLength: 4, maxLength: 40 },
);

type Statement = { readonly checkpoint: Checkpoint; readonly messages: Branch };

/** Lets it happen to an operator that signs what `allows` allows; returns what it signed, and the branch it saw then. */
function live(events: readonly Happening[], allows: typeof planSignature): Statement[] {
  let messages: Branch = [];
  const statements: Statement[] = [];
  const history: SignedWord[] = [];
  for (const event of events) {
    if (event.kind === "reorg") {
      messages = [...messages.slice(0, event.keep), ...branch(`salt ${event.salt}`, event.add)];
      continue;
    }
    const count = Math.max(0, messages.length - event.back);
    if (count === 0) continue;
    const word = wordAt(messages, count);
    // A block's hash commits to all before it: one branch, one hash.
    const checkpoint = event.level === Level.final ? final(word) : fast(word, id(messages.join()));
    const plan = allows(history, checkpoint, foldOf(messages));
    if (!plan.sign) continue;
    if (plan.record !== undefined) history.push(plan.record);
    statements.push({ checkpoint, messages });
  }
  return statements;
}

/** Whether anyone could convict the signer of these two, knowing every branch that there was (contracts/types/Equivocation.sol). */
function canConvict(first: Statement, second: Statement): boolean {
  const [a, b] =
    countOf(first.checkpoint.laneWord) <= countOf(second.checkpoint.laneWord) ? [first, second] : [second, first];
  const [low, high] = [countOf(a.checkpoint.laneWord), countOf(b.checkpoint.laneWord)].map(Number) as [number, number];
  const statement = ({ checkpoint }: Statement): Equivocation["a"] => ({ checkpoint, siblings: [], certificate: "0x" });
  try {
    checkConflict({
      a: statement(a),
      b: statement(b),
      from: low === high ? ZERO_WORD : wordAt(b.messages, low),
      messageHashes: b.messages.slice(low, high),
    });
    return true;
  } catch (error) {
    if (error instanceof ParleyError && error.code === "wire/no-conflict") return false;
    throw error;
  }
}

const pairs = (statements: readonly Statement[]): [Statement, Statement][] =>
  statements.flatMap((first, place) =>
    statements.slice(place + 1).map((second): [Statement, Statement] => [first, second]),
  );

describe("R23 over reorganisations", () => {
  it("no two statements of an operator that follows R23 conflict, whatever its node shows", () => {
    let signatures = 0;
    check(
      fc.property(happenings, (events) => {
        const statements = live(events, planSignature);
        signatures += statements.length;
        for (const [first, second] of pairs(statements)) expect(canConvict(first, second)).to.equal(false);
      }),
    );
    expect(signatures).to.be.greaterThan(200);
  });

  it("an operator that only looks at its node, or forgets what it signed, is convicted", () => {
    const forgets: typeof planSignature = (_, checkpoint, view) => planSignature([], checkpoint, view);
    const sample = fc.sample(happenings, { seed: 7786, numRuns: 200 });
    const convicted = sample.filter((events) =>
      pairs(live(events, forgets)).some(([first, second]) => canConvict(first, second)),
    );
    expect(convicted.length).to.be.greaterThan(10);
  });

  it("an operator that forgets all final words but those at the same count is convicted by a fold", () => {
    const onlySameCount: typeof planSignature = (history, checkpoint, view) =>
      planSignature(
        history.filter(({ laneWord }) => countOf(laneWord) === countOf(checkpoint.laneWord)),
        checkpoint,
        view,
      );
    const sample = fc.sample(happenings, { seed: 7786, numRuns: 200 });
    const convicted = sample.filter((events) =>
      pairs(live(events, onlySameCount)).some(([first, second]) => canConvict(first, second)),
    );
    expect(convicted.length).to.be.greaterThan(10);
  });
});

describe("Signing stores", () => {
  let folder: string;
  let file: string;
  const words = [1, 2, 3].map((count) => signed(final(wordAt(branch("own", 3), count))));
  const historyOf = async (store: SigningStore): Promise<readonly SignedWord[] | undefined> => {
    let seen: SigningHistory = new Map();
    await store.plan([LANE], (history) => {
      seen = history;
      return [];
    });
    return seen.get(laneKey(LANE));
  };
  const refusal = async (promise: Promise<unknown>): Promise<string> => {
    const error: unknown = await promise.then(
      () => expect.fail("nothing was refused"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ParleyError)) throw error;
    return error.code;
  };
  const written = async (...kept: readonly SignedWord[]): Promise<string> => {
    const store = await FileSigningStore.open(file);
    for (const word of kept) await store.plan([LANE], () => [word]);
    await store.close();
    return await readFile(file, "utf8");
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-signing-"));
    file = path.join(folder, "signed.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [name, open] of [
    ["MemorySigningStore", () => Promise.resolve(new MemorySigningStore())],
    ["FileSigningStore", () => FileSigningStore.open(file)],
  ] as const) {
    describe(name, () => {
      let store: SigningStore;
      beforeEach(async () => {
        store = await open();
      });
      afterEach(async () => {
        if (store instanceof FileSigningStore) await store.close();
      });

      it("shows each lane what was planned on it, and nothing of other lanes", async () => {
        const other = { source: LANE.source, destination: id("another") };
        await store.plan([LANE], () => words);
        expect(await historyOf(store)).to.deep.equal(words);
        await store.plan([other, LANE], (history) => {
          expect(history.get(laneKey(other))).to.deep.equal([]);
          expect(history.get(laneKey(LANE))).to.deep.equal(words);
          return [];
        });
      });

      it("keeps nothing of a plan that throws", async () => {
        const failure = new Error("no");
        let caught: unknown;
        await store
          .plan([LANE], () => {
            throw failure;
          })
          .catch((error: unknown) => (caught = error));
        expect(caught).to.equal(failure);
        expect(await historyOf(store)).to.deep.equal([]);
      });

      it("plans requests that come at once one after the other, each with what the others planned", async () => {
        const lengths: number[] = [];
        await Promise.all(
          words.map((word) =>
            store.plan([LANE], (history) => {
              lengths.push(history.get(laneKey(LANE))!.length);
              return [word];
            }),
          ),
        );
        expect(lengths).to.deep.equal([0, 1, 2]);
        expect(await historyOf(store)).to.deep.equal(words);
      });
    });
  }

  it("a word is in the file before the plan resolves, also for a request that finds it planned by another", async () => {
    const store = await FileSigningStore.open(file);
    const first = store.plan([LANE], () => [words[0]!]);
    await store.plan([LANE], (history) => (history.get(laneKey(LANE))!.length === 1 ? [] : [words[0]!]));
    expect(await readFile(file, "utf8")).to.include(words[0]!.laneWord);
    await first;
    await store.close();
  });

  it("comes back with what was signed, also after many plans at once", async () => {
    const store = await FileSigningStore.open(file);
    await Promise.all(words.map((word) => store.plan([LANE], () => [word])));
    await store.close();
    const again = await FileSigningStore.open(file);
    expect(await historyOf(again)).to.deep.equal(words);
    await again.close();
  });

  it("after a kill in the middle of a write, comes back with every whole line, and goes on", async () => {
    const text = await written(...words.slice(0, 2));
    await checkAsync(
      fc.asyncProperty(fc.nat(text.length), async (length) => {
        await writeFile(file, text.slice(0, length));
        const store = await FileSigningStore.open(file);
        const whole = text.slice(0, length).split("\n").length - 1;
        expect(await historyOf(store)).to.deep.equal(words.slice(0, whole));
        await store.plan([LANE], () => [words[2]!]);
        await store.close();
        const again = await FileSigningStore.open(file);
        expect(await historyOf(again)).to.deep.equal([...words.slice(0, whole), words[2]!]);
        await again.close();
      }),
      60,
    );
  });

  it("refuses a file in which any byte of a whole line was changed", async () => {
    const text = await written(...words);
    await checkAsync(
      fc.asyncProperty(fc.nat(text.length - 2), fc.constantFrom("0", "f", " ", "}", '"', "\n"), async (at, letter) => {
        fc.pre(text[at] !== letter && text[at] !== "\n");
        await writeFile(file, `${text.slice(0, at)}${letter}${text.slice(at + 1)}`);
        expect(await refusal(FileSigningStore.open(file))).to.equal("signing/corrupt");
      }),
      60,
    );
  });

  it("refuses a file in which a line is missing, doubled, moved or added by hand", async () => {
    const [a, b, c] = (await written(...words)).split("\n") as [string, string, string];
    for (const lines of [
      [b, c],
      [a, c],
      [a, a, b, c],
      [b, a, c],
      [a, b, c, c],
      [a, b, c, ""],
      [a, "{}", b, c],
    ]) {
      await writeFile(file, lines.map((line) => `${line}\n`).join(""));
      expect(await refusal(FileSigningStore.open(file)), lines.join()).to.equal("signing/corrupt");
    }
  });

  it("refuses to be opened twice, in one process or in two, and takes over from a process that is gone", async () => {
    const store = await FileSigningStore.open(file);
    expect(await refusal(FileSigningStore.open(file))).to.equal("signing/in-use");
    await store.close();
    await writeFile(`${file}.lock`, String(process.ppid));
    expect(await refusal(FileSigningStore.open(file))).to.equal("signing/in-use");
    for (const gone of [2 ** 22 + 1, process.pid]) {
      await writeFile(`${file}.lock`, String(gone));
      await (await FileSigningStore.open(file)).close();
    }
  });

  it("leaves a file that it refuses as it is, and free to be opened once it is restored", async () => {
    const text = await written(...words);
    await writeFile(file, `${text}garbage\n`);
    expect(await refusal(FileSigningStore.open(file))).to.equal("signing/corrupt");
    expect(await readFile(file, "utf8")).to.equal(`${text}garbage\n`);
    await writeFile(file, text);
    await (await FileSigningStore.open(file)).close();
  });

  it("signs nothing any more once a write has failed", async () => {
    const store = await FileSigningStore.open(file);
    await store.plan([LANE], () => [words[0]!]);
    await store.close();
    expect(await refusal(store.plan([LANE], () => [words[1]!]))).to.equal("signing/not-durable");
    expect(await refusal(store.plan([LANE], () => []))).to.equal("signing/not-durable");
    const again = await FileSigningStore.open(file);
    expect(await historyOf(again)).to.deep.equal([words[0]!]);
    await again.close();
  });
});
