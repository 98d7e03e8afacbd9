import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { FileSigningStore, MemoryHaltBook, MemorySigningStore, type SignedWord } from "../../../../src/agents/index.ts";
import { FileHaltBook, haltsFileOf } from "../../../../src/agents/signing/fileHaltBook.ts";
import { Level } from "../../../../src/wire/index.ts";
import { distorting, firstDeviation, IDENTITY, type Disk, type Vector } from "./signingVectors.ts";

const FILE = new URL("../../../vectors/signing/sequences.json", import.meta.url);

/** Mistakes that a store could make when it keeps a word. */
const MISTAKES: Record<string, (word: SignedWord) => SignedWord[]> = {
  "source and destination swapped (Lodestar #2869)": (word) => [
    { ...word, source: word.destination, destination: word.source },
  ],
  "the source in the destination's place": (word) => [{ ...word, destination: word.source }],
  "all lanes of a source as one": (word) => [{ ...word, destination: id("d") }],
  "all lanes to a destination as one": (word) => [{ ...word, source: id("s") }],
  "levels swapped": (word) => [{ ...word, level: word.level === Level.fast ? Level.final : Level.fast }],
  "fast words as final ones": (word) => [{ ...word, level: Level.final, blockHash: ZeroHash }],
  "every block as one": (word) => (word.level === Level.fast ? [{ ...word, blockHash: id("B1") }] : [word]),
  "no block": (word) => [{ ...word, blockHash: ZeroHash }],
  "no fast word": (word) => (word.level === Level.fast ? [] : [word]),
  "no final word": (word) => (word.level === Level.final ? [] : [word]),
  nothing: () => [],
};

describe("R23: what an operator signs after what it signed", () => {
  let vectors: readonly Vector[];
  let folder: string;
  const opened: FileSigningStore[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-signing-vectors-"));
    ({ vectors } = JSON.parse(await readFile(FILE, "utf8")) as { vectors: readonly Vector[] });
  });
  after(() => rm(folder, { recursive: true }));

  /** A store in a file, closed and opened again at each restart. */
  const diskOf = (file: string): Disk => ({
    open: async () => {
      await opened.pop()?.close();
      const store = await FileSigningStore.open(file, { identity: IDENTITY });
      opened.push(store);
      return { store, halts: await FileHaltBook.open(haltsFileOf(file)) };
    },
  });

  it("replays at least 40 sequences, with its store in a file, through every restart", async () => {
    expect(vectors.length).to.be.at.least(40);
    expect(new Set(vectors.map(({ name }) => name)).size).to.equal(vectors.length);
    const deviations: string[] = [];
    for (const [place, vector] of vectors.entries()) {
      const deviation = await firstDeviation(vector, diskOf(path.join(folder, `${place}.jsonl`)));
      if (deviation !== undefined) deviations.push(`${vector.name}: ${deviation}`);
    }
    expect(deviations).to.deep.equal([]);
    await opened.pop()?.close();
  });

  for (const [name, distort] of Object.entries(MISTAKES)) {
    it(`the sequences notice a store that keeps ${name}`, async () => {
      const deviations: string[] = [];
      for (const vector of vectors) {
        const process = { store: distorting(new MemorySigningStore(), distort), halts: new MemoryHaltBook() };
        const deviation = await firstDeviation(vector, { open: () => Promise.resolve(process) });
        if (deviation !== undefined) deviations.push(deviation);
        if (deviations.length > 0) break;
      }
      expect(deviations).to.have.length(1);
    });
  }
});
