import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readAddresses, writeAddresses } from "../../../src/deployments/addressesFile.ts";
import type { Deployment } from "../../../src/deployments/deployment.ts";
import { ParleyError } from "../../../src/errors.ts";

const address = (digit: string): string => `0x${digit.repeat(40)}`;

const DEPLOYMENT: Deployment = {
  settlement: {
    chainId: 1,
    contracts: {
      settlement: address("1"),
      serviceManager: address("2"),
      gateway: address("3"),
      bridge: address("4"),
      tableFactory: address("5"),
      gatewayDeployer: address("6"),
      strategy: address("7"),
      token: address("8"),
    },
  },
  rollups: [
    {
      name: "alpha",
      chainId: 10,
      memberId: `0x${"ab".repeat(32)}`,
      gateway: address("3"),
      bridge: address("4"),
      l1Bridge: address("9"),
      tableFactory: address("5"),
      gatewayDeployer: address("6"),
    },
  ],
};

async function refusal(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => "accepted",
    (error: unknown) => (error instanceof ParleyError ? error.code : String(error)),
  );
}

describe("Addresses file", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-addresses-"));
    file = path.join(folder, "addresses.json");
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("reads back what was written, and says that the chains were simulated", async () => {
    await writeAddresses(file, DEPLOYMENT);
    expect(await readAddresses(file)).to.deep.equal({ version: 1, simulated: true, ...DEPLOYMENT });
  });

  it("says nothing of a file that is not there", async () => {
    expect(await readAddresses(file)).to.equal(undefined);
  });

  it("makes the folders on the way, and leaves nothing else behind", async () => {
    const deep = path.join(folder, "a/b/addresses.json");
    await writeAddresses(deep, DEPLOYMENT);
    expect(await readdir(path.dirname(deep))).to.deep.equal(["addresses.json"]);
  });

  it("takes the place of an older one", async () => {
    await writeAddresses(file, DEPLOYMENT);
    await writeAddresses(file, { ...DEPLOYMENT, rollups: [] });
    expect((await readAddresses(file))?.rollups).to.deep.equal([]);
    expect(await readdir(folder)).to.deep.equal(["addresses.json"]);
  });

  for (const [what, content] of [
    ["no JSON", "{"],
    ["another program's JSON", '{"name":"hardhat-parley"}'],
    ["addresses of chains that are not simulated", JSON.stringify({ version: 1, simulated: false, ...DEPLOYMENT })],
    ["a later version's addresses", JSON.stringify({ version: 2, simulated: true, ...DEPLOYMENT })],
  ] as const) {
    it(`neither reads nor overwrites ${what}`, async () => {
      await writeFile(file, content);
      expect(await refusal(readAddresses(file))).to.equal("addresses/not-ours");
      expect(await refusal(writeAddresses(file, DEPLOYMENT))).to.equal("addresses/not-ours");
      expect(await readFile(file, "utf8")).to.equal(content);
    });
  }

  it("refuses a path that is a folder", async () => {
    await mkdir(file);
    expect(await refusal(writeAddresses(file, DEPLOYMENT))).to.equal("addresses/unreadable");
  });

  it("says so if the file cannot be written, and leaves nothing half written", async () => {
    const long = path.join(folder, `${"a".repeat(240)}.json`); // a name that has no room for a temporary one beside it
    expect(await refusal(writeAddresses(long, DEPLOYMENT))).to.equal("addresses/unwritable");
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("refuses a folder that is a file", async () => {
    await writeFile(file, "text");
    expect(await refusal(writeAddresses(path.join(file, "addresses.json"), DEPLOYMENT))).to.equal(
      "addresses/unreadable",
    );
    expect(await readdir(folder)).to.deep.equal(["addresses.json"]);
  });
});
