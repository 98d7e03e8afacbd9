import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { FileHaltBook, haltsFileOf } from "../../../../src/agents/signing/fileHaltBook.ts";
import type { Halt } from "../../../../src/agents/signing/halts.ts";
import { ParleyError } from "../../../../src/errors.ts";
import { branch, LANE, wordAt } from "../statements.ts";

describe("FileHaltBook (R23)", () => {
  const HALT: Halt = {
    ...LANE,
    signed: wordAt(branch("own", 4), 4),
    seen: wordAt(branch("fork", 4), 4),
    since: "2026-01-01T00:00:00.000Z",
  };
  const OTHER: Halt = { ...HALT, source: LANE.destination, destination: LANE.source };
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-halts-"));
    file = haltsFileOf(path.join(folder, "signed.jsonl"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps halts and lifts over restarts, and writes only what is new", async () => {
    const steps: string[] = [];
    const book = await FileHaltBook.open(file, (step) => void steps.push(step));
    expect(book.all()).to.deep.equal([]);
    const once = ["operator:halt-planned", "operator:halt-durable"];
    await book.lift(LANE);
    expect(steps).to.deep.equal([]);
    await book.halt(HALT);
    await book.halt({ ...HALT, since: "2027-01-01T00:00:00.000Z" });
    expect(steps).to.deep.equal(once);
    await book.halt(OTHER);
    expect((await FileHaltBook.open(file)).all()).to.deep.equal([HALT, OTHER]);
    await book.lift(LANE);
    await book.lift(LANE);
    expect(steps).to.deep.equal([...once, ...once, ...once]);
    const again = await FileHaltBook.open(file);
    expect(again.all()).to.deep.equal([OTHER]);
    expect(again.of(LANE)).to.equal(undefined);
    expect(again.of(OTHER)).to.deep.equal(OTHER);
  });

  it("refuses a file that is not as it was written, names it, and leaves other errors as they are", async () => {
    const book = await FileHaltBook.open(file);
    await book.halt(HALT);
    const text = await readFile(file, "utf8");
    const refusalOf = async (): Promise<unknown> =>
      await FileHaltBook.open(file).then(
        () => expect.fail("nothing was refused"),
        (reason: unknown) => reason,
      );
    for (const wrong of [
      "",
      "{",
      text.replace(":1", ":2"),
      text.replace(HALT.since, "yesterday"),
      text.replace(HALT.source, "0x01"),
      text.replace(HALT.seen, "0x01"),
    ]) {
      expect(wrong).to.not.equal(text);
      await writeFile(file, wrong);
      const error = await refusalOf();
      if (!(error instanceof ParleyError)) throw error;
      expect(error.code).to.equal("signing/corrupt");
      expect(error.message).to.include(file);
      expect(error.hint).to.not.equal("");
      expect(error.cause).to.be.instanceOf(Error);
    }
    await rm(file);
    file = folder;
    expect(await refusalOf()).to.include({ code: "EISDIR" });
  });

  it("makes up with the next write for one that failed", async () => {
    let fails = true;
    const book = await FileHaltBook.open(file, () => {
      if (fails) throw new Error("no room");
    });
    const failed = await book.halt(HALT).then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    fails = false;
    await book.halt(OTHER);
    expect((await FileHaltBook.open(file)).all()).to.deep.equal([HALT, OTHER]);
  });
});
