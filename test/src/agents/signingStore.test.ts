import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { dataSlice, id, keccak256, toUtf8Bytes } from "ethers";
import fc from "fast-check";

import {
  FileSigningStore,
  MemorySigningStore,
  laneKey,
  type SignedWord,
  type SigningHistory,
  type SigningStore,
} from "../../../src/agents/index.ts";
import { ParleyError } from "../../../src/errors.ts";
import { checkAsync } from "../../support/property.ts";
import { branch, final, LANE, signed, wordAt } from "./statements.ts";

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
  /** What a person reads: where it is, and what to do. */
  const texts = async (promise: Promise<unknown>): Promise<ParleyError> => {
    const error: unknown = await promise.then(
      () => expect.fail("nothing was refused"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ParleyError)) throw error;
    expect(error.hint).to.match(/\.$/);
    return error;
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

  it("goes through its steps for what is new, and for nothing else", async () => {
    const steps: string[] = [];
    const store = await FileSigningStore.open(file, { onStep: (step) => void steps.push(step) });
    await store.plan([LANE], () => []);
    expect(steps).to.deep.equal([]);
    await store.plan([LANE], () => words);
    expect(steps).to.deep.equal(["operator:word-planned", "operator:word-written"]);
    expect(store.size).to.equal(words.length);
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

  it("says which line is not as it was written, and why", async () => {
    const [a, b] = (await written(...words)).split("\n") as [string, string];
    await writeFile(file, `${a}\n${b}\n${b}\n`);
    const { message, cause } = await texts(FileSigningStore.open(file));
    expect(message).to.match(
      /^line 3 of the signing store is not as it was written: its sum is 0x[0-9a-f]+ instead of/,
    );
    expect(cause).to.be.instanceOf(Error);
  });

  it("has a check sum of eight bytes in each line, which follows from all lines before it", async () => {
    const lines = (await written(words[0]!, words[0]!)).trimEnd().split("\n");
    const sums = lines.map((line) => (JSON.parse(line) as { sum: string }).sum);
    const { sum: _, ...fields } = JSON.parse(lines[0]!) as { sum: string };
    expect(sums[0]).to.equal(dataSlice(keccak256(toUtf8Bytes(`0x${JSON.stringify(fields)}`)), 0, 8));
    expect(sums[1]).to.equal(dataSlice(keccak256(toUtf8Bytes(`${sums[0]!}${JSON.stringify(fields)}`)), 0, 8));
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
    const error = await texts(store.plan([LANE], () => []));
    expect(error.message).to.include(file);
    expect(error.cause).to.be.instanceOf(Error);
    const again = await FileSigningStore.open(file);
    expect(await historyOf(again)).to.deep.equal([words[0]!]);
    await again.close();
  });
});
