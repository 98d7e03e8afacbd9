import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { inspect } from "node:util";

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
    far: { type: "http", url: "http://127.0.0.1:1" },
    farther: { type: "http", url: "http://127.0.0.1:1" },
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
      const devnet = { stack: "devnet", parent: undefined, contracts: {} };
      const simulated = { finality: { confirmations: 0 }, maxSettleAge: 3 * 24 * 3_600 };
      expect(parley).to.deep.equal({
        settlement: { network: "parleyL1", ...simulated },
        rollups: [
          { name: "alpha", network: "parleyAlpha", ...devnet, ...simulated },
          { name: "beta", network: "parleyBeta", ...devnet, ...simulated },
        ],
        operators: 8,
        quorum: 6_667,
        keyType: "ecdsa",
        deployment: {},
        services: { operator: {}, relayer: {}, watcher: {} },
      });
      const chains = ["parleyL1", "parleyAlpha", "parleyBeta"].map((name) => networks[name]);
      expect(chains.map((chain) => chain?.type)).to.deep.equal(Array(3).fill("edr-simulated"));
      expect(chains.map((chain) => chain?.chainType)).to.deep.equal(["l1", "op", "generic"]);
      expect(new Set(chains.map((chain) => chain?.chainId)).size).to.equal(3);
    });

    it("takes what a network's own node calls final for final", async () => {
      const live = { type: "http", url: "http://127.0.0.1:1" } as const;
      const { parley } = await resolve({
        networks: { one: live, two: live },
        parley: {
          settlement: { network: "one" },
          rollups: { alpha: { network: "two", finality: { confirmations: 12 } }, beta: { network: "parleyBeta" } },
        },
      });
      expect([parley.settlement, ...parley.rollups].map(({ finality }) => finality)).to.deep.equal([
        "finalized",
        { confirmations: 12 },
        { confirmations: 0 },
      ]);
    });

    it("leaves open the stack of a rollup on a network, and how old its settled words may be", async () => {
      const live = { type: "http", url: "http://127.0.0.1:1" } as const;
      const contracts = { inbox: `0x${"12".repeat(20)}` };
      const { parley } = await resolve({
        networks: { one: live, two: live, three: live },
        parley: {
          settlement: { network: "one" },
          rollups: {
            alpha: { network: "two" },
            beta: { network: "three", stack: "arbitrum", contracts, maxSettleAge: 9 },
          },
        },
      });
      expect(
        parley.rollups.map(({ stack, contracts: named, maxSettleAge }) => [stack, named, maxSettleAge]),
      ).to.deep.equal([
        [undefined, {}, undefined],
        ["arbitrum", contracts, 9],
      ]);
    });

    it("keeps the parent of an L3, whether stacks are named or are to be found out", async () => {
      const live = { type: "http", url: "http://127.0.0.1:1" } as const;
      const { parley } = await resolve({
        networks: { one: live, two: live, three: live, four: live },
        parley: {
          settlement: { network: "one" },
          rollups: {
            open: { network: "four", parent: "base" },
            base: { network: "two", stack: "optimism" },
            game: { network: "three", stack: "arbitrum", parent: "base" },
          },
        },
      });
      expect(parley.rollups.map(({ name, parent }) => [name, parent])).to.deep.equal([
        ["open", "base"],
        ["base", undefined],
        ["game", "base"],
      ]);
    });

    it("keeps what is said of the deployment", async () => {
      const deployment = {
        owner: `0x${"ab".repeat(20)}`,
        strategies: [
          { address: `0x${"cd".repeat(20)}`, multiplier: 5n * 10n ** 17n },
          { address: `0x${"ef".repeat(20)}` },
        ],
        metadataURI: "ipfs://parley",
        weightFloor: 10n ** 21n,
        minWeight: 2n ** 88n - 1n,
        minOperators: 5,
        bond: 1n,
        tableAge: 3_600,
        minInterval: 0,
        memberNotice: 60,
        falsehoodNotice: 61,
      };
      const { parley } = await resolve({
        parley: { deployment, settlement: { network: "parleyL1", maxSettleAge: 7 } },
      });
      expect(parley.deployment).to.deep.equal(deployment);
      expect(parley.settlement.maxSettleAge).to.equal(7);
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
      const named = ["Gateway.sol", "settlement/Slasher.sol", "tables/EcdsaTableFactory.sol"].map(
        (file) => `hardhat-parley/contracts/${file}`,
      );
      const { solidity } = await resolve(
        { solidity: { version: "0.8.28", npmFilesToBuild: ["another/Contract.sol", ...named] } },
        elsewhere,
      );
      const ours = solidity.npmFilesToBuild.filter((file) => file !== "another/Contract.sol");
      expect(ours).to.deep.equal([
        ...named,
        "hardhat-parley/contracts/interfaces/IGateway.sol",
        "hardhat-parley/contracts/examples/Mailbox.sol",
      ]);
      for (const file of ours) {
        const source = path.join(projectConfig.paths.root, file.replace("hardhat-parley/", ""));
        expect(await readFile(source, "utf8"), file).to.contain("pragma solidity 0.8.37;");
      }
      for (const { compilers, overrides } of Object.values(solidity.profiles)) {
        expect(Object.keys(overrides)).to.have.members(ours);
        for (const { version, settings } of Object.values(overrides)) {
          expect(version).to.equal("0.8.37");
          expect(settings).to.deep.include({ viaIR: true, evmVersion: "prague" });
        }
        const withoutHash = ours.filter((file) =>
          JSON.stringify(overrides[file]?.settings).includes('"bytecodeHash":"none"'),
        );
        expect(withoutHash).to.deep.equal(named.filter((file) => !file.endsWith("Slasher.sol")));
        expect(compilers.map(({ version }) => version)).to.deep.equal(["0.8.28"]);
      }
    });

    it("are small where the Gateway's code is carried", async () => {
      const file = "hardhat-parley/contracts/bridges/zksync/EraGatewayDeployer.sol";
      const { solidity } = await resolve({ solidity: { version: "0.8.37", npmFilesToBuild: [file] } }, elsewhere);
      expect(solidity.profiles["default"]?.overrides[file]?.settings).to.deep.include({
        optimizer: { enabled: true, runs: 1 },
      });
    });

    it("are built with the project's own compiler where it has one of their version", async () => {
      const { solidity } = await resolve({ solidity: { version: "0.8.37", path: "/own/soljson.js" } }, elsewhere);
      const override = solidity.profiles["default"]?.overrides["hardhat-parley/contracts/interfaces/IGateway.sol"];
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

    for (const finality of [{ confirmations: -1 }, { confirmations: 1.5 }, { confirmations: 1_001 }, {}, "final", 1])
      it(`refuses the finality ${JSON.stringify(finality)}`, () =>
        expectRefused(
          { rollups: { alpha: { network: "one", finality } } },
          ".rollups.alpha.finality",
          "config/invalid-finality",
          "{ confirmations: n }",
        ));

    it("refuses that a simulated chain's node should say what is final", () =>
      expectRefused(
        { rollups: { alpha: { network: "one", finality: "finalized" } } },
        ".rollups.alpha.finality",
        "config/invalid-finality",
        "simulated",
      ));

    for (const [name, value, code] of [
      ["owner", "0x12", "config/invalid-address"],
      ["owner", `0x${"00".repeat(20)}`, "config/invalid-address"],
      ["strategies", [], "config/invalid-strategies"],
      ["strategies", [{ address: "0x12" }], "config/invalid-strategies"],
      ["strategies", [{ address: `0x${"ab".repeat(20)}`, multiplier: 0n }], "config/invalid-strategies"],
      [
        "strategies",
        [`0x${"ab".repeat(20)}`, `0x${"AB".repeat(20)}`].map((address) => ({ address })),
        "config/invalid-strategies",
      ],
      ["metadataURI", 5, "config/invalid"],
      ["weightFloor", 0n, "config/invalid-amount"],
      ["weightFloor", 1_000, "config/invalid-amount"],
      ["weightFloor", 2n ** 96n, "config/invalid-amount"],
      ["minWeight", 0n, "config/invalid-amount"],
      ["minWeight", 32, "config/invalid-amount"],
      ["minWeight", 2n ** 88n, "config/invalid-amount"],
      ["minOperators", 0, "config/invalid-operators"],
      ["minOperators", 257, "config/invalid-operators"],
      ["minOperators", 4n, "config/invalid-operators"],
      ["bond", 0n, "config/invalid-amount"],
      ["bond", "1", "config/invalid-amount"],
      ["tableAge", 0, "config/invalid-time"],
      ["tableAge", 1.5, "config/invalid-time"],
      ["minInterval", -1, "config/invalid-time"],
      ["memberNotice", 2 ** 32, "config/invalid-time"],
      ["falsehoodNotice", -1, "config/invalid-time"],
      ["salt", 1, "config/unknown-key"],
    ] as const)
      it(`refuses ${inspect(value, { breakLength: Infinity })} as the deployment's ${name}`, () =>
        expectRefused({ deployment: { [name]: value } }, `.deployment.${name}`, code));

    it("refuses no time at all for settling", () =>
      expectRefused(
        { settlement: { network: "one", maxSettleAge: 0 } },
        ".settlement.maxSettleAge",
        "config/invalid-time",
      ));

    for (const quorum of [6_666, 9_001, 7_000.5, "7000"])
      it(`refuses the quorum ${JSON.stringify(quorum)}`, () =>
        expectRefused({ quorum }, ".quorum", "config/invalid-quorum", "from 6667 to 9000"));

    for (const keyType of ["bls", "", 2])
      it(`refuses the key type ${JSON.stringify(keyType)}`, () =>
        expectRefused({ keyType }, ".keyType", "config/unknown-key-type", "ecdsa, bn254"));

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
        { rollups: { alpha: { network: "one", stack: "plasma" } } },
        ".rollups.alpha.stack",
        "config/unknown-stack",
        "'plasma'",
        "optimism, arbitrum, zksync, devnet",
      ));

    it("refuses a stack's own bridge where the chain is simulated", () =>
      expectRefused(
        { rollups: { alpha: { network: "one", stack: "optimism" } } },
        ".rollups.alpha.stack",
        "config/simulated-stack",
        "optimism",
      ));

    const refusesParent = (rollups: object, of: string, code: string, ...values: string[]): Promise<void> =>
      expectRefused({ rollups }, `.rollups.${of}.parent`, code, ...values);
    const onOne = { network: "one" };
    const onTwo = { network: "two" };

    it("refuses a parent that is no rollup of the fabric, and L1 for one", async () => {
      await refusesParent(
        { alpha: onOne, game: { ...onTwo, parent: "beta" } },
        "game",
        "config/unknown-parent",
        "alpha",
      );
      await refusesParent({ alpha: onOne, game: { ...onTwo, parent: "l1" } }, "game", "config/unknown-parent", "leave");
      await refusesParent({ game: { ...onOne, parent: 7 } }, "game", "config/invalid", "in quotes");
    });

    it("refuses parents that lead in a circle", async () => {
      await refusesParent({ game: { ...onOne, parent: "game" } }, "game", "config/parent-cycle", "game on game");
      const circle = { alpha: { ...onOne, parent: "beta" }, beta: { ...onTwo, parent: "alpha" } };
      await refusesParent(circle, "alpha", "config/parent-cycle", "alpha on beta on alpha");
      await refusesParent(circle, "beta", "config/parent-cycle", "beta on alpha on beta");
      const above = { ...circle, game: { network: "parleyAlpha", parent: "beta" } };
      await refusesParent(above, "game", "config/parent-cycle", "game on beta on alpha on beta");
    });

    it("refuses a parent that settles on a rollup itself, and says so of that one alone whose parent is missing", async () => {
      const far = { network: "far", stack: "optimism" };
      const between = { network: "farther", stack: "arbitrum", parent: "base" };
      const deep = { base: far, game: between, level: { ...onOne, parent: "game" } };
      await refusesParent(deep, "level", "config/parent-too-deep", '"game" settles on "base"');
      const lost = { game: between, level: { ...onOne, parent: "game" } };
      await refusesParent(lost, "game", "config/unknown-parent");
      await refusesParent(lost, "level", "config/parent-too-deep");
    });

    it("refuses stacks that no hop joins, as far as they are known: config/no-hop", async () => {
      const optimism = { network: "far", stack: "optimism" };
      const arbitrum = { network: "farther", stack: "arbitrum" };
      for (const [base, game] of [
        [optimism, { ...arbitrum, stack: "optimism" }],
        [{ ...optimism, stack: "arbitrum" }, arbitrum],
        [{ ...optimism, stack: "zksync" }, { network: "farther" }],
        [{ network: "far" }, { ...arbitrum, stack: "devnet" }],
        [onOne, onTwo],
      ]) {
        const code = "config/no-hop";
        await refusesParent(
          { base, game: { ...game, parent: "base" } },
          "game",
          code,
          'stack "optimism"',
          "on networks",
        );
      }
    });

    it("refuses a contract of another stack than the rollup's, and one that is no address", async () => {
      const alpha = { network: "one", stack: "arbitrum" };
      await expectRefused(
        { rollups: { alpha: { ...alpha, contracts: { bridgehub: `0x${"12".repeat(20)}` } } } },
        ".rollups.alpha.contracts.bridgehub",
        "config/foreign-contract",
        "`inbox`",
      );
      await expectRefused(
        { rollups: { alpha: { ...alpha, stack: "devnet", contracts: { inbox: `0x${"12".repeat(20)}` } } } },
        ".rollups.alpha.contracts.inbox",
        "config/foreign-contract",
      );
      await expectRefused(
        { rollups: { alpha: { ...alpha, contracts: { inbox: "0x12" } } } },
        ".rollups.alpha.contracts.inbox",
        "config/invalid-address",
      );
      await expectRefused(
        { rollups: { alpha: { ...alpha, contracts: { outbox: `0x${"12".repeat(20)}` } } } },
        ".rollups.alpha.contracts.outbox",
        "config/unknown-key",
      );
    });

    it("refuses a setting that there is not", () =>
      expectRefused(
        { rollups: { alpha: { network: "one", chain: 1 } } },
        ".rollups.alpha.chain",
        "config/unknown-key",
      ));

    it("refuses settings of a service that there are not, or that cannot be used, and says what can", async () => {
      await expectRefused({ watcher: { prot: 1 } }, ".watcher.prot", "config/unknown-key");
      await expectRefused({ watcher: { port: 65_536 } }, ".watcher.port", "config/invalid-setting", "from 0 to 65535");
      await expectRefused({ watcher: { logLevel: "loud" } }, ".watcher.logLevel", "config/invalid-setting", "debug");
      await expectRefused({ watcher: [] }, ".watcher", "config/invalid");
    });

    it("refuses a rollup without a network", () =>
      expectRefused({ rollups: { alpha: {} } }, ".rollups.alpha.network", "config/invalid", "`networks`"));

    it("refuses a value of another type", async () => {
      await expectRefused({ settlement: "one" }, ".settlement", "config/invalid");
      await expectRefused("yes", "", "config/invalid");
    });
  });
});
