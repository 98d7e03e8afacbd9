import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/types/config";
import { z } from "zod";

import userConfig from "../../hardhat.config.ts";
import { readAddresses } from "../../src/deployments/addressesFile.ts";
import { DeploymentSchema } from "../../src/deployments/deployment.ts";
import { AS_USER, BUILT, HARDHAT, NOTHING_BUILT } from "../support/devnetProcess.ts";

/** What scripts rely on. */
const Result = DeploymentSchema.extend({
  messages: z.array(
    z.strictObject({
      id: z.string().regex(/^0x[0-9a-f]{64}$/),
      from: z.string(),
      to: z.string(),
      status: z.literal("delivered"),
      gas: z.strictObject({ send: z.number().int().positive(), deliver: z.number().int().positive() }),
    }),
  ),
});

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does, from the project's root. */
function run(project: readonly string[], ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [HARDHAT, ...project, "rollup:deploy", ...args], AS_USER, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("rollup:deploy", function () {
  this.timeout(120_000);

  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-deploy-task-"));
    file = path.join(folder, "addresses.json");
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe("on the embedded chains", () => {
    it("prints one JSON object with --json and nothing else, and writes the same addresses; run again, tells a person about them, without colours where there is no terminal", async () => {
      const { code, stdout, stderr } = await run(BUILT, "--json", "--addresses", file);
      expect(code, stderr).to.equal(0);
      expect(stdout.trimEnd()).to.not.contain("\n");
      const result = Result.parse(JSON.parse(stdout));
      const { settlement, rollups, messages } = result;

      expect([settlement.chainId, ...rollups.map(({ chainId }) => chainId)]).to.deep.equal([900_000, 900_001, 900_002]);
      expect(rollups.map(({ name }) => name)).to.deep.equal(["alpha", "beta"]);
      expect(messages.map(({ from, to }) => [from, to])).to.deep.equal([
        ["alpha", "beta"],
        ["beta", "alpha"],
      ]);
      expect(new Set(messages.map(({ id }) => id)).size).to.equal(2);
      const gateways = [settlement.contracts.gateway, ...rollups.map(({ gateway }) => gateway)];
      expect(new Set(gateways).size, "one Gateway address on every chain").to.equal(1);
      const bridges = [settlement.contracts.bridge, ...rollups.map(({ bridge }) => bridge)];
      expect(new Set(bridges).size, "one bridge address on every chain").to.equal(1);
      expect(new Set([...rollups.map(({ l1Bridge }) => l1Bridge), ...bridges]).size).to.equal(3);

      expect(await readAddresses(file)).to.deep.equal({ version: 1, chains: "ended", settlement, rollups });
      expect(await readdir(folder)).to.deep.equal(["addresses.json"]);

      const again = await run(NOTHING_BUILT, "--addresses", file);
      expect(again.code, again.stderr).to.equal(0);
      expect(await readAddresses(file)).to.deep.equal({ version: 1, chains: "ended", settlement, rollups });
      const addresses = [...Object.values(settlement.contracts), ...rollups.flatMap(({ l1Bridge }) => [l1Bridge])];
      for (const address of addresses) expect(again.stdout).to.contain(address);
      expect(again.stdout).to.match(/alpha +beta +delivered +[\d,]+ +[\d,]+ +0x[0-9a-f]{64}\n/);
      expect(again.stdout).to.match(/beta +alpha +delivered +[\d,]+ +[\d,]+ +0x[0-9a-f]{64}\n/);
      expect(again.stdout).to.match(/Took [\d.]+ s: /);
      expect(again.stdout).to.contain(file);
      expect(again.stdout).to.not.contain("\u001b");
    });

    it("touches no file of somebody else: exit code 1, the reason on stderr, nothing on stdout", async () => {
      await writeFile(file, "mine");
      const { code, stdout, stderr } = await run(BUILT, "--json", "--addresses", file);
      expect(code).to.equal(1);
      expect(stdout).to.equal("");
      expect(stderr).to.contain("[addresses/not-ours]").and.to.contain(file).and.to.contain("--addresses");
      expect(await readFile(file, "utf8")).to.equal("mine");
    });
  });

  describe("on configured chains", () => {
    /** Somebody else's project: it builds nothing, the package brings the contracts. */
    let project: string;

    before(async () => {
      project = await mkdtemp(path.join(os.tmpdir(), "parley-project-"));
      await writeFile(path.join(project, "package.json"), '{"name":"somebody-else","type":"module"}');
    });

    after(() => rm(project, { recursive: true, force: true }));

    /** Runs the task in the project with this config; answers what it printed, or the error's text. */
    async function attempt(user: HardhatUserConfig, options: object = {}): Promise<string> {
      const hre = await createHardhatRuntimeEnvironment({ ...userConfig, ...user }, {}, project);
      const printed: string[] = [];
      const { log } = console;
      console.log = (text: string) => void printed.push(text);
      try {
        await hre.tasks.getTask("rollup:deploy").run({ json: true, addresses: file, ...options });
        return printed.join("\n");
      } catch (error) {
        return error instanceof Error ? error.message : "";
      } finally {
        console.log = log;
      }
    }

    it("passes a message each way between neighbours, however many rollups there are", async () => {
      const outcome = await attempt({
        networks: { third: { type: "edr-simulated", chainId: 7 } },
        parley: {
          rollups: { beta: { network: "parleyBeta" }, alpha: { network: "parleyAlpha" }, gamma: { network: "third" } },
        },
      });
      const { rollups, messages } = Result.parse(JSON.parse(outcome));
      expect(rollups.map(({ chainId }) => chainId)).to.deep.equal([900_002, 900_001, 7]);
      const ways = messages.map(({ from, to }) => `${from} ${to}`);
      expect(ways).to.deep.equal(["beta alpha", "alpha beta", "alpha gamma", "gamma alpha"]);
    });

    it("passes them between L1 and the rollup if there is one rollup", async () => {
      const outcome = await attempt({ parley: { rollups: { solo: { network: "parleyAlpha" } } } });
      const { messages } = Result.parse(JSON.parse(outcome));
      expect(messages.map(({ from, to }) => `${from} ${to}`)).to.deep.equal(["l1 solo", "solo l1"]);
    });

    it("refuses networks of both kinds, before it does anything", async () => {
      const outcome = await attempt({
        networks: { live: { type: "http", url: "http://127.0.0.1:1" } },
        parley: { rollups: { alpha: { network: "parleyAlpha" }, beta: { network: "live" } } },
      });
      expect(outcome).to.contain("[deploy/mixed-networks]").and.to.contain("live").and.to.contain("parleyAlpha");
      expect(await readdir(folder)).to.deep.equal([]);
    });

    it("writes nothing if it fails halfway", async () => {
      const outcome = await attempt({
        networks: {
          stranger: {
            type: "edr-simulated",
            chainId: 5,
            accounts: [{ privateKey: `0x${"11".repeat(32)}`, balance: "1000000000000000000000" }],
          },
        },
        parley: { rollups: { alpha: { network: "parleyAlpha" }, beta: { network: "stranger" } } },
      });
      expect(outcome)
        .to.contain("[fabric/accounts-differ]")
        .and.to.contain("beta 0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
      expect(await readdir(folder)).to.deep.equal([]);
    });

    for (const options of [{ dryRun: true }, { safe: "batch.json" }])
      it(`knows no ${String(Object.keys(options)[0])} on simulated chains, which start empty`, async () => {
        expect(await attempt({}, options)).to.contain("[deploy/only-networks]");
        expect(await readdir(folder)).to.deep.equal([]);
      });

    it("refuses a network without accounts", async () => {
      const outcome = await attempt({
        networks: { poor: { type: "edr-simulated", chainId: 5, accounts: [] } },
        parley: { rollups: { alpha: { network: "poor" } } },
      });
      expect(outcome).to.contain("[deploy/no-account]").and.to.contain('"poor"');
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });
});
