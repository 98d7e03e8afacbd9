import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id } from "ethers";
import { z } from "zod";

import { FileSigningStore, type SignedWord } from "../../src/agents/index.ts";
import { FileHaltBook, haltsFileOf } from "../../src/agents/signing/fileHaltBook.ts";
import type { SigningIdentity } from "../../src/agents/signing/identity.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { branch, fast, final, LANE, signed, wordAt } from "../src/agents/statements.ts";
import { codeOf, runTask, type Run } from "./served.ts";

const address = (digit: string): string => `0x${digit.repeat(40)}`;
const KEY = "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4";
const IDENTITY: SigningIdentity = { settlementChainId: 1n, serviceManager: address("2"), keyId: KEY };

/** What scripts rely on. */
const Exported = z.strictObject({ file: z.string(), keyId: z.string(), words: z.number(), halted: z.number() });
const Imported = z.strictObject({ file: z.string(), keyId: z.string(), added: z.number(), known: z.number() });

const own = branch("own", 6);
const WORDS: SignedWord[] = [
  ...[1, 2, 4].map((count) => signed(final(wordAt(own, count)))),
  signed(fast(wordAt(own, 3), id("block"))),
];
const HALT = {
  ...{ ...LANE, signed: wordAt(own, 4), seen: wordAt(branch("fork", 4), 4) },
  since: "2026-01-01T00:00:00.000Z",
};

describe("operator:export and operator:import", function () {
  this.timeout(60_000);

  let folder: string;
  let addresses: string;
  const at = (name: string): string => path.join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-signed-"));
    addresses = at("addresses.json");
    const contracts = {
      ...{ settlement: address("1"), serviceManager: IDENTITY.serviceManager, gateway: address("3") },
      ...{ bridge: address("4"), tableFactory: address("5"), gatewayDeployer: address("6") },
      ...{ strategy: address("7"), token: address("8") },
    };
    const l1 = { network: "mainnet", chainId: 1, confirmations: 0, startBlock: 1, memberId: id("l1"), contracts };
    await writeAddresses(addresses, { version: 1, chains: "ended", settlement: l1, rollups: [] });
  });
  afterEach(() => rm(folder, { recursive: true }));

  type Args = Readonly<Record<string, unknown>>;
  const exporting = (args: Args = {}): Promise<Run> =>
    runTask("operator:export", { file: at("export.json"), store: at("old"), ...args });
  const importing = (args: Args = {}): Promise<Run> =>
    runTask("operator:import", { file: at("export.json"), keyId: KEY, store: at("new"), addresses, ...args });

  async function keep(file: string, words: readonly SignedWord[], identity = IDENTITY): Promise<void> {
    const store = await FileSigningStore.open(at(file), { identity });
    await store.plan([], () => words);
    await store.close();
  }

  async function kept(file: string): Promise<string[]> {
    const store = await FileSigningStore.open(at(file), { identity: IDENTITY });
    await store.close();
    return store.all().map((word) => JSON.stringify(word));
  }

  it("take everything to a new machine, and the lanes on which it stopped", async () => {
    await keep("old", WORDS);
    await (await FileHaltBook.open(haltsFileOf(at("old")))).halt(HALT);
    const before = await readFile(at("old"), "utf8");
    const exported = await exporting();
    expect([exported.error, exported.exitCode]).to.deep.equal(["", 0]);
    expect(Exported.parse(exported.result)).to.deep.equal({ file: at("export.json"), keyId: KEY, words: 4, halted: 1 });
    expect((await stat(at("export.json"))).mode & 0o777).to.equal(0o600);
    expect(await readFile(at("old"), "utf8")).to.equal(before);

    const imported = await importing();
    expect([imported.error, imported.exitCode]).to.deep.equal(["", 0]);
    expect(Imported.parse(imported.result)).to.deep.equal({ file: at("export.json"), keyId: KEY, added: 4, known: 0 });
    expect(await kept("new")).to.deep.equal(await kept("old"));
    expect((await FileHaltBook.open(haltsFileOf(at("new")))).all()).to.deep.equal([HALT]);
  });

  it("forget nothing that is in the store, add nothing twice, and say so in words", async () => {
    await keep("old", WORDS.slice(0, 3));
    await keep("new", WORDS.slice(2));
    const exported = await exporting({ json: false });
    expect(exported.stdout).to.equal(`3 words that ${KEY} signed are in ${at("export.json")}.`);
    expect((await importing({ json: false })).stdout).to.equal("2 words were added; 1 were there already.");
    const both = await kept("new");
    expect(both).to.have.members(WORDS.map((word) => JSON.stringify(word)));
    expect((await importing()).result).to.include({ added: 0, known: 3 });
    expect(await kept("new")).to.deep.equal(both);
  });

  it("touch no file that is there, and make none where there is nothing to take", async () => {
    expect(codeOf(await exporting())).to.equal("signing/no-store");
    expect(await readdir(folder)).to.deep.equal(["addresses.json"]);
    await keep("old", WORDS);
    await writeFile(at("export.json"), "mine");
    const taken = await exporting();
    expect([codeOf(taken), taken.exitCode, taken.stdout]).to.deep.equal(["signing/unwritable", 1, ""]);
    expect(await readFile(at("export.json"), "utf8")).to.equal("mine");
    expect(codeOf(await exporting({ file: at("old") }))).to.equal("signing/unwritable");
    expect(codeOf(await exporting({ file: at("none/export.json") }))).to.equal("signing/unwritable");
    expect(await kept("old")).to.have.length(WORDS.length);
  });

  it("refuse another operator's file, another deployment's, and what is none, and make no store of it", async () => {
    const other = address("b");
    await keep("old", WORDS, { ...IDENTITY, keyId: other });
    await exporting();
    const foreign = await importing();
    expect([codeOf(foreign), foreign.exitCode, foreign.stdout]).to.deep.equal(["signing/other-operator", 1, ""]);
    expect(foreign.error).to.contain(other).and.to.contain(KEY);
    await keep("elsewhere", WORDS, { ...IDENTITY, settlementChainId: 2n });
    await exporting({ store: at("elsewhere"), file: at("elsewhere.json") });
    expect(codeOf(await importing({ file: at("elsewhere.json") }))).to.equal("signing/other-domain");
    expect(codeOf(await importing({ file: addresses }))).to.equal("signing/not-interchange");
    expect(codeOf(await importing({ file: at("none") }))).to.equal("signing/unreadable");
    expect(codeOf(await importing({ keyId: "me" }))).to.equal("signing/key-id");
    expect(codeOf(await importing({ addresses: at("none") }))).to.equal("addresses/none");
    expect(await readdir(folder)).to.not.include("new");

    await keep("new", WORDS.slice(0, 1));
    expect(codeOf(await importing({ keyId: other }))).to.equal("signing/other-operator");
    expect(await kept("new")).to.have.length(1);
  });

  it("know a key by its address however it is written", async () => {
    await keep("old", WORDS);
    await exporting();
    const { result } = await importing({ keyId: KEY.slice(2).toLowerCase() });
    expect(Imported.parse(result).keyId).to.equal(KEY);
    await exporting({ store: at("new"), file: at("again.json") });
    expect((await importing({ file: at("again.json"), store: at("newer") })).result).to.include({ added: 4 });
  });

  it("leave a store alone that an operator has open", async () => {
    await keep("old", WORDS);
    await exporting();
    const open = await FileSigningStore.open(at("old"));
    try {
      expect(codeOf(await exporting({ file: at("again.json") }))).to.equal("signing/in-use");
      expect(codeOf(await importing({ store: at("old") }))).to.equal("signing/in-use");
    } finally {
      await open.close();
    }
    expect(await readdir(folder)).to.not.include("again.json");
    expect((await exporting({ file: at("again.json") })).exitCode).to.equal(0);
  });

  it("take the store that the environment or the config names, where no flag does", async () => {
    await keep("old", WORDS);
    await keep("other", WORDS.slice(0, 1));
    const inConfig = { parley: { operator: { store: at("old") } } };
    const named = await runTask("operator:export", { file: at("1.json") }, inConfig);
    expect(named.result, named.error).to.include({ words: 4 });
    process.env["PARLEY_OPERATOR_STORE"] = at("other");
    try {
      expect((await runTask("operator:export", { file: at("2.json") }, inConfig)).result).to.include({ words: 1 });
      expect((await exporting({ file: at("3.json") })).result).to.include({ words: 4 });
    } finally {
      delete process.env["PARLEY_OPERATOR_STORE"];
    }
  });
});
