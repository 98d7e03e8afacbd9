import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { config as projectConfig } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatConfig, HardhatUserConfig } from "hardhat/types/config";

import hardhatParley from "../../tasks/index.ts";

const SIMULATED = { type: "edr-simulated" } as const;

/** What a project's config comes to with the plugin. */
async function resolve(user: HardhatUserConfig, root = projectConfig.paths.root): Promise<HardhatConfig> {
  const hre = await createHardhatRuntimeEnvironment({ plugins: [hardhatParley], ...user }, {}, root);
  return hre.config;
}

/** Asserts that the config is refused, and that the refusal names the place, the code, and these values. */
async function expectRefused(parley: unknown, path: string, code: string, ...values: string[]): Promise<void> {
  const networks = {
    one: { ...SIMULATED, chainId: 1001 },
    two: { ...SIMULATED, chainId: 1002 },
    twin: { ...SIMULATED, chainId: 1002 },
  };
  const outcome = await resolve({ networks, parley } as HardhatUserConfig).then(
    () => "accepted",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
  expect(outcome).to.contain(`config.parley${path}:`).and.to.contain(`[${code}]`);
  for (const value of values) expect(outcome).to.contain(value);
}

describe("Config of the plugin", () => {
  describe("what is left out", () => {
    it("gives a project that configures nothing L1, an op and a generic rollup, and 8 operators", async () => {
      const { parley, networks } = await resolve({});
      expect(parley).to.deep.equal({
        settlement: { network: "parleyL1", finality: { confirmations: 0 } },
        rollups: [
          { name: "alpha", network: "parleyAlpha", stack: "devnet", finality: { confirmations: 0 } },
          { name: "beta", network: "parleyBeta", stack: "devnet", finality: { confirmations: 0 } },
        ],
        operators: 8,
        quorum: 6_667,
      });
      const chains = ["parleyL1", "parleyAlpha", "parleyBeta"].map((name) => networks[name]);
      expect(chains.map((chain) => chain?.type)).to.deep.equal(Array(3).fill("edr-simulated"));
      expect(chains.map((chain) => chain?.chainType)).to.deep.equal(["l1", "op", "generic"]);
      expect(new Set(chains.map((chain) => chain?.chainId)).size).to.equal(3);
    });

    it("leaves a network of the project that has an embedded one's name as it is", async () => {
      const { networks } = await resolve({ networks: { parleyAlpha: { ...SIMULATED, chainId: 77 } } });
      expect(networks["parleyAlpha"]?.chainId).to.equal(77);
      expect(networks["parleyBeta"]?.chainId).to.equal(900_002);
    });

    it("keeps what is said, and the order of the rollups", async () => {
      const { parley } = await resolve({
        networks: { one: { ...SIMULATED, chainId: 1001 } },
        parley: {
          rollups: {
            zeta: { network: "one", stack: "devnet", finality: { confirmations: 3 } },
            alpha: { network: "parleyAlpha" },
          },
          operators: 4,
          quorum: 9_000,
        },
      });
      expect(parley.rollups.map(({ name }) => name)).to.deep.equal(["zeta", "alpha"]);
      expect(parley.rollups[0]?.finality).to.deep.equal({ confirmations: 3 });
      expect(parley.settlement.network).to.equal("parleyL1");
      expect([parley.operators, parley.quorum]).to.deep.equal([4, 9_000]);
    });
  });

  describe("Parley's contracts", () => {
    let elsewhere: string;

    before(async () => {
      elsewhere = await mkdtemp(path.join(os.tmpdir(), "parley-project-"));
      await writeFile(path.join(elsewhere, "package.json"), '{"name":"somebody-else","type":"module"}');
    });

    after(() => rm(elsewhere, { recursive: true, force: true }));

    it("are built in somebody else's project with their own compiler and settings, whatever the project's are", async () => {
      const { solidity } = await resolve({ solidity: "0.8.28" }, elsewhere);
      expect(solidity.npmFilesToBuild).to.include("hardhat-parley/contracts/Gateway.sol");
      for (const file of solidity.npmFilesToBuild) {
        const source = path.join(projectConfig.paths.root, file.replace("hardhat-parley/", ""));
        expect(await readFile(source, "utf8"), file).to.contain("pragma solidity 0.8.37;");
        for (const { overrides } of Object.values(solidity.profiles)) {
          expect(overrides[file]?.version).to.equal("0.8.37");
          expect(overrides[file]?.settings).to.deep.include({ viaIR: true, evmVersion: "prague" });
        }
      }
      const { compilers } = solidity.profiles["default"]!;
      expect(compilers.map(({ version }) => version)).to.deep.equal(["0.8.28"]);
    });

    it("are built with the project's own compiler where it has one of their version", async () => {
      const { solidity } = await resolve({ solidity: { version: "0.8.37", path: "/own/soljson.js" } }, elsewhere);
      const override = solidity.profiles["default"]?.overrides["hardhat-parley/contracts/Gateway.sol"];
      expect(override?.path).to.equal("/own/soljson.js");
    });

    it("are left as they are in Parley's own repository", async () => {
      const { solidity } = await resolve({ solidity: "0.8.28" });
      expect(solidity.npmFilesToBuild).to.deep.equal([]);
      expect(solidity.profiles["default"]?.overrides).to.deep.equal({});
    });
  });

  describe("what is refused", () => {
    it("refuses an unknown network, and lists the known ones", () =>
      expectRefused(
        { rollups: { alpha: { network: "nowhere" } } },
        ".rollups.alpha.network",
        "config/unknown-network",
        '"nowhere"',
        "one",
        "parleyBeta",
      ));

    it("refuses an unknown network of L1", () =>
      expectRefused({ settlement: { network: "toString" } }, ".settlement.network", "config/unknown-network"));

    it("refuses two chains on one network", () =>
      expectRefused(
        { settlement: { network: "one" }, rollups: { alpha: { network: "one" } } },
        ".rollups.alpha.network",
        "config/duplicate-network",
        '"settlement"',
      ));

    it("refuses two chains with one chain id", () =>
      expectRefused(
        { rollups: { alpha: { network: "two" }, beta: { network: "twin" } } },
        ".rollups.beta.network",
        "config/duplicate-chain",
        "1002",
        '"alpha"',
      ));

    for (const finality of [
      { confirmations: -1 },
      { confirmations: 1.5 },
      { confirmations: 1_001 },
      {},
      "finalized",
      1,
    ])
      it(`refuses the finality ${JSON.stringify(finality)}`, () =>
        expectRefused(
          { rollups: { alpha: { network: "one", finality } } },
          ".rollups.alpha.finality",
          "config/invalid-finality",
          "{ confirmations: n }",
        ));

    for (const quorum of [6_666, 9_001, 7_000.5, "7000"])
      it(`refuses the quorum ${JSON.stringify(quorum)}`, () =>
        expectRefused({ quorum }, ".quorum", "config/invalid-quorum", "from 6667 to 9000"));

    for (const operators of [3, 257, "8"])
      it(`refuses ${JSON.stringify(operators)} operators`, () =>
        expectRefused({ operators }, ".operators", "config/invalid-operators", "from 4 to 256"));

    for (const name of ["l1", "Alpha", "1st", "", "a".repeat(33)])
      it(`refuses the rollup name "${name}"`, () =>
        expectRefused(
          { rollups: { [name]: { network: "one" } } },
          ".rollups" + (name === "" ? "." : `.${name}`),
          "config/invalid-name",
        ));

    it("refuses a fabric without rollups", () => expectRefused({ rollups: {} }, ".rollups", "config/no-rollups"));

    it("refuses more than 63 rollups", () => {
      const names = Array.from({ length: 64 }, (_, index) => `r${index}`);
      const rollups = Object.fromEntries(names.map((name) => [name, { network: name }]));
      return expectRefused({ rollups }, ".rollups", "config/too-many-rollups", "64", "63");
    });

    it("refuses a stack that it does not know, and lists those it does", () =>
      expectRefused(
        { rollups: { alpha: { network: "one", stack: "optimism" } } },
        ".rollups.alpha.stack",
        "config/unknown-stack",
        "'optimism'",
        "devnet",
      ));

    it("refuses a setting that there is not", () =>
      expectRefused(
        { rollups: { alpha: { network: "one", chain: 1 } } },
        ".rollups.alpha.chain",
        "config/unknown-key",
      ));

    it("refuses a rollup without a network", () =>
      expectRefused({ rollups: { alpha: {} } }, ".rollups.alpha.network", "config/invalid", "`networks`"));

    it("refuses a value of another type", async () => {
      await expectRefused({ settlement: "one" }, ".settlement", "config/invalid");
      await expectRefused("yes", "", "config/invalid");
    });
  });
});
