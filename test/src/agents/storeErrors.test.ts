import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { FileHeardStatements, FileSigningStore } from "../../../src/agents/index.ts";
import { storeError } from "../../../src/agents/storeErrors.ts";
import { ParleyError } from "../../../src/errors.ts";

describe("A store that cannot be where it is to be", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "parley-store-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const refusal = async (opening: Promise<unknown>): Promise<ParleyError> => {
    const error = await opening.then(
      () => expect.fail("it opens"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ParleyError)) throw error;
    return error;
  };

  for (const [name, open] of [
    ["an operator's", (file: string) => FileSigningStore.open(file)],
    ["a watcher's", (file: string) => FileHeardStatements.open(file)],
  ] as const) {
    it(`${name}: names the folder that is missing, and makes none`, async () => {
      const error = await refusal(open(path.join(folder, "unmounted", "store")));
      expect(error.code).to.equal("store/no-folder");
      expect(error.message).to.contain(path.join(folder, "unmounted"));
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it(`${name}: says what it may not write, and leaves no lock behind`, async () => {
      await writeFile(path.join(folder, "file"), "");
      expect((await refusal(open(path.join(folder, "file", "store")))).code).to.equal("store/not-writable");
      await mkdir(path.join(folder, "store"));
      const error = await refusal(open(path.join(folder, "store")));
      expect(error.code).to.equal("store/not-writable");
      expect(error.message).to.contain("EISDIR");
      expect(error.hint).to.contain(folder);
      expect((await readdir(folder)).sort()).to.deep.equal(["file", "store"]);
    });
  }

  it("other errors stay what they are", () => {
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    expect(storeError("store", full)).to.equal(full);
  });
});
