import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { FileSigningStore, MemorySigningStore, type SignedWord } from "../../../../src/agents/index.ts";
import { exportStore, importIntoStore } from "../../../../src/agents/operating/storeFiles.ts";
import { FileHaltBook, haltsFileOf } from "../../../../src/agents/signing/fileHaltBook.ts";
import { formatInterchange, importRecord, parseInterchange } from "../../../../src/agents/signing/interchange.ts";
import { ParleyError } from "../../../../src/errors.ts";
import { checkAsync } from "../../../support/property.ts";
import { expectRefusal } from "../../../support/refusal.ts";
import { branch, fast, final, LANE, signed, wordAt } from "../statements.ts";
import { IDENTITY } from "./signingVectors.ts";

const OTHER = `0x${"0b".repeat(20)}`;
const own = branch("own", 6);
const WORDS: SignedWord[] = [
  ...[1, 2, 4].map((count) => signed(final(wordAt(own, count)))),
  signed(fast(wordAt(own, 3), id("block"))),
  { ...signed(final(wordAt(own, 1))), source: LANE.destination, destination: LANE.source },
];

describe("What an operator signed, taken elsewhere", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    const error: unknown = await promise.then(
      () => expect.fail("nothing was refused"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ParleyError)) throw error;
    return error.code;
  };
  const expectRejection = async (promise: Promise<unknown>, named: string): Promise<void> => {
    const error: unknown = await promise.then(
      () => expect.fail("nothing was refused"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ParleyError)) throw error;
    expect(error.message).to.include(named);
    expect(error.hint).to.include("operator:import");
  };
  const storeOf = async (file: string, words: readonly SignedWord[]): Promise<void> => {
    const store = await FileSigningStore.open(file, { identity: IDENTITY });
    await store.plan([], () => words);
    await store.close();
  };
  const wordsIn = async (file: string): Promise<SignedWord[]> => {
    const store = await FileSigningStore.open(file, { identity: IDENTITY });
    await store.close();
    return [...store.all()];
  };
  const sorted = (words: readonly SignedWord[]): string[] => words.map((word) => JSON.stringify(word)).sort();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-interchange-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("arrives whole, fields in their places, with the lanes on which it stopped", async () => {
    await storeOf(at("old"), WORDS);
    const halt = {
      ...LANE,
      signed: wordAt(own, 4),
      seen: wordAt(branch("fork", 4), 4),
      since: "2026-01-01T00:00:00.000Z",
    };
    await (await FileHaltBook.open(haltsFileOf(at("old")))).halt(halt);
    const { text, ...counts } = await exportStore(at("old"));
    expect(counts).to.deep.equal({ keyId: IDENTITY.keyId, words: 5, halted: 1 });
    expect(parseInterchange(text)).to.deep.equal({ identity: IDENTITY, words: WORDS, halted: [halt] });
    expect(await importIntoStore(at("new"), IDENTITY, text)).to.deep.equal({ added: 5, known: 0 });
    expect(await wordsIn(at("new"))).to.deep.equal(WORDS);
    expect((await FileHaltBook.open(haltsFileOf(at("new")))).all()).to.deep.equal([halt]);
  });

  it("is merged: nothing is forgotten, nothing is twice", async () => {
    await storeOf(at("old"), WORDS.slice(0, 3));
    await storeOf(at("new"), WORDS.slice(2));
    const { text } = await exportStore(at("old"));
    expect(await importIntoStore(at("new"), IDENTITY, text)).to.deep.equal({ added: 2, known: 1 });
    expect(await importIntoStore(at("new"), IDENTITY, text)).to.deep.equal({ added: 0, known: 3 });
    expect(sorted(await wordsIn(at("new")))).to.deep.equal(sorted(WORDS));
  });

  it("is merged in whatever order, however often, to the same", async () => {
    const parts = fc.array(fc.subarray(WORDS), { maxLength: 4 });
    await checkAsync(
      fc.asyncProperty(parts, async (lists) => {
        const store = new MemorySigningStore();
        for (const words of lists) await importRecord({ identity: IDENTITY, words, halted: [] }, IDENTITY, store);
        expect(sorted(store.all())).to.deep.equal([...new Set(lists.flatMap(sorted))].sort());
      }),
      50,
    );
  });

  it("is refused if it is of another key or another deployment, and so is a store", async () => {
    await storeOf(at("new"), []);
    for (const [change, code] of [
      [{ keyId: OTHER }, "signing/other-operator"],
      [{ serviceManager: OTHER }, "signing/other-domain"],
      [{ settlementChainId: 2n }, "signing/other-domain"],
    ] as const) {
      const other = { ...IDENTITY, ...change };
      const text = formatInterchange({ identity: other, words: WORDS, halted: [] });
      expect(await codeOf(importIntoStore(at("new"), IDENTITY, text))).to.equal(code);
      expect(await codeOf(FileSigningStore.open(at("new"), { identity: other }))).to.equal(code);
    }
    expect(await wordsIn(at("new"))).to.deep.equal([]);
  });

  it("is refused whole if anything in it is not as it should be", async () => {
    const text = formatInterchange({ identity: IDENTITY, words: WORDS, halted: [] });
    const changed = (change: (file: Record<string, unknown>) => void): string => {
      const file = JSON.parse(text) as Record<string, unknown>;
      change(file);
      return JSON.stringify(file);
    };
    for (const wrong of [
      "",
      "{",
      "[]",
      text.slice(0, -3),
      changed((file) => (file["version"] = 2)),
      changed((file) => (file["format"] = "other")),
      changed((file) => (file["more"] = 1)),
      changed((file) => delete file["keyId"]),
      changed((file) => (file["settlementChainId"] = "x1")),
      changed((file) => (file["settlementChainId"] = "1x")),
      changed((file) => (file["settlementChainId"] = "9".repeat(79))),
      ...["serviceManager", "keyId"].flatMap((name) =>
        [` ${OTHER}`, `${OTHER}00`, OTHER.slice(0, -2)].map((address) => changed((file) => (file[name] = address))),
      ),
      changed((file) => ((file["words"] as Record<string, unknown>[])[0]!["level"] = "settled")),
      changed((file) => ((file["words"] as Record<string, unknown>[])[0]!["blockHash"] = id("block"))),
      changed((file) => ((file["words"] as Record<string, unknown>[])[3]!["laneWord"] = "0x01")),
      changed((file) => delete (file["words"] as Record<string, unknown>[])[0]!["source"]),
    ]) {
      expectRefusal(() => parseInterchange(wrong), "signing/not-interchange");
    }
  });

  it("names its format, and takes chain ids of any length", () => {
    const identity = { ...IDENTITY, settlementChainId: 10n ** 77n };
    const text = formatInterchange({ identity, words: [], halted: [] });
    expect(JSON.parse(text)).to.include({
      format: "parley-signing-history",
      version: 1,
      settlementChainId: `1${"0".repeat(77)}`,
    });
    expect(parseInterchange(text).identity).to.deep.equal(identity);
    const error = expectRefusal(() => parseInterchange("{}"), "signing/not-interchange");
    expect(error.message).to.match(/^this is no record of what an operator signed: ./);
    expect(error.message.length).to.be.below(300);
    expect(error.cause).to.be.instanceOf(Error);
  });

  it("keeps stores of deployments on chains of any id", async () => {
    const identity = { ...IDENTITY, settlementChainId: 11_155_111n };
    await (await FileSigningStore.open(at("old"), { identity })).close();
    const again = await FileSigningStore.open(at("old"), { identity });
    expect(again.identity).to.deep.equal(identity);
    await again.close();
  });

  it("counts once what is twice in it", async () => {
    const store = new MemorySigningStore();
    const words = [WORDS[0]!, WORDS[0]!, WORDS[1]!];
    expect(await importRecord({ identity: IDENTITY, words, halted: [] }, IDENTITY, store)).to.deep.equal({
      added: 2,
      known: 1,
    });
    expect(store.all()).to.deep.equal(WORDS.slice(0, 2));
  });

  it("says whose it is and whose it should be", async () => {
    for (const [change, parts] of [
      [{ keyId: OTHER }, [OTHER, IDENTITY.keyId]],
      [{ serviceManager: OTHER }, [OTHER, IDENTITY.serviceManager, "chain 1"]],
    ] as const) {
      const record = { identity: { ...IDENTITY, ...change }, words: [], halted: [] };
      const error: unknown = await importRecord(record, IDENTITY, new MemorySigningStore()).then(
        () => expect.fail("nothing was refused"),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ParleyError)) throw error;
      for (const part of ["what is to be imported", ...parts]) expect(error.message).to.include(part);
      expect(error.hint).to.include("Name the file");
    }
  });

  it("is not to be had of a store that is not there, is open, or does not say whose it is", async () => {
    expect(await codeOf(exportStore(at("none")))).to.equal("signing/no-store");
    await (await FileSigningStore.open(at("old"))).close();
    expect(await codeOf(exportStore(at("old")))).to.equal("signing/no-identity");
    const running = await FileSigningStore.open(at("new"), { identity: IDENTITY });
    expect(await codeOf(exportStore(at("new")))).to.equal("signing/in-use");
    await running.close();
    const legacy = await FileSigningStore.open(at("legacy"));
    await legacy.plan([], () => WORDS);
    await legacy.close();
    expect(await codeOf(FileSigningStore.open(at("legacy"), { identity: IDENTITY }))).to.equal("signing/no-identity");
    await expectRejection(FileSigningStore.open(at("legacy"), { identity: IDENTITY }), at("legacy"));
  });

  it("a store's first line is as little changed unseen as any other", async () => {
    await storeOf(at("old"), WORDS);
    const text = await readFile(at("old"), "utf8");
    const [first = "", ...others] = text.split("\n");
    for (const wrong of [
      first.replace('"1"', '"2"'),
      first.replace('"1"', '"x1"'),
      first.replace('"1"', '"1 "'),
      first.replace("0x5e", "0x5f"),
      first.replace('"sum":"0x', '"sum":"0xa'),
    ]) {
      expect(wrong).to.not.equal(first);
      await writeFile(at("old"), [wrong, ...others].join("\n"));
      expect(await codeOf(FileSigningStore.open(at("old")))).to.equal("signing/corrupt");
    }
    await writeFile(at("old"), others.join("\n"));
    expect(await codeOf(FileSigningStore.open(at("old")))).to.equal("signing/corrupt");
  });
});
