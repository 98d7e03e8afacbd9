import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readAddresses, requireReplaceable, writeAddresses } from "../../../src/deployments/addressesFile.ts";
import type { Addresses } from "../../../src/deployments/addresses.ts";
import { ParleyError } from "../../../src/errors.ts";

const address = (digit: string): string => `0x${digit.repeat(40)}`;

const ON_MAINNET = { network: "mainnet", chainId: 1, confirmations: "finalized", startBlock: 20_000_000 } as const;

const ENDED = {
  version: 1,
  chains: "ended",
  settlement: {
    ...ON_MAINNET,
    memberId: `0x${"cd".repeat(32)}`,
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
      stack: "optimism",
      network: "optimism",
      chainId: 10,
      confirmations: 0,
      startBlock: 0,
      memberId: `0x${"ab".repeat(32)}`,
      gateway: address("3"),
      bridge: address("4"),
      l1Bridge: address("9"),
      tableFactory: address("5"),
      gatewayDeployer: address("6"),
    },
  ],
} satisfies Addresses;

const [ALPHA] = ENDED.rollups as [Addresses["rollups"][number]];
const L3 = { ...ALPHA, name: "game", chainId: 100, stack: "arbitrum", parent: "alpha", hop: address("d") } as const;

const NETWORKS: Addresses = { ...ENDED, rollups: [...ENDED.rollups, L3], chains: "networks" };

const DEVNET: Addresses = {
  ...ENDED,
  chains: "devnet",
  devnet: {
    pid: 4321,
    urls: { l1: "http://127.0.0.1:8545", alpha: "http://127.0.0.1:8546" },
    operators: [{ address: address("a"), url: "http://127.0.0.1:8547/operators/1" }],
    examples: { mailbox: address("b") },
  },
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

  for (const addresses of [ENDED, NETWORKS, DEVNET]) {
    it(`reads back what was written of chains that are: ${addresses.chains}`, async () => {
      await writeAddresses(file, addresses);
      expect(await readAddresses(file)).to.deep.equal(addresses);
    });
  }

  it("keeps what was deployed to networks from being replaced by simulated chains", async () => {
    await writeAddresses(file, NETWORKS);
    expect(await refusal(writeAddresses(file, ENDED))).to.equal("addresses/of-networks");
    expect(await refusal(requireReplaceable(file, "devnet"))).to.equal("addresses/of-networks");
    expect(await refusal(requireReplaceable(file, "networks"))).to.equal("accepted");
    expect(await readAddresses(file)).to.deep.equal(NETWORKS);
  });

  it("says nothing of a file that is not there", async () => {
    expect(await readAddresses(file)).to.equal(undefined);
  });

  it("makes the folders on the way, and leaves nothing else behind", async () => {
    const deep = path.join(folder, "a/b/addresses.json");
    await writeAddresses(deep, ENDED);
    expect(await readdir(path.dirname(deep))).to.deep.equal(["addresses.json"]);
  });

  it("takes the place of an older one", async () => {
    await writeAddresses(file, ENDED);
    await writeAddresses(file, { ...ENDED, rollups: [] });
    expect((await readAddresses(file))?.rollups).to.deep.equal([]);
    expect(await readdir(folder)).to.deep.equal(["addresses.json"]);
  });

  for (const [what, content] of [
    ["no JSON", "{"],
    ["another program's JSON", '{"name":"hardhat-parley"}'],
    ["addresses of chains of another kind", JSON.stringify({ ...ENDED, chains: "mars" })],
    ["a devnet's addresses without its URLs", JSON.stringify({ ...ENDED, chains: "devnet" })],
    ["a later version's addresses", JSON.stringify({ ...ENDED, version: 2 })],
  ] as const) {
    it(`neither reads nor overwrites ${what}`, async () => {
      await writeFile(file, content);
      expect(await refusal(readAddresses(file))).to.equal("addresses/not-ours");
      expect(await refusal(writeAddresses(file, ENDED))).to.equal("addresses/not-ours");
      expect(await readFile(file, "utf8")).to.equal(content);
    });
  }

  it("refuses a path that is a folder", async () => {
    await mkdir(file);
    expect(await refusal(writeAddresses(file, ENDED))).to.equal("addresses/unreadable");
  });

  it("says so if the file cannot be written, and leaves nothing half written", async () => {
    const long = path.join(folder, `${"a".repeat(240)}.json`); // a name that has no room for a temporary one beside it
    expect(await refusal(writeAddresses(long, ENDED))).to.equal("addresses/unwritable");
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("refuses a folder that is a file", async () => {
    await writeFile(file, "text");
    expect(await refusal(writeAddresses(path.join(file, "addresses.json"), ENDED))).to.equal("addresses/unreadable");
    expect(await readdir(folder)).to.deep.equal(["addresses.json"]);
  });
});
