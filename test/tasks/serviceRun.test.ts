import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { type Signer, ZeroHash } from "ethers";
import type { HardhatUserConfig } from "hardhat/types/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { Client } from "pg";

import userConfig from "../../hardhat.config.ts";
import { HttpOperator } from "../../src/agents/index.ts";
import { announceEndpoint, readAnnouncement, type Announcement } from "../../src/agents/operating/endpoint.ts";
import type { EndpointStatus, OperatorStatus } from "../../src/agents/operating/operatorMonitor.ts";
import type { RelayerStatus } from "../../src/agents/relaying/relayerMonitor.ts";
import { readBlock } from "../../src/chain/blocks.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { readLaneTo } from "../../src/chain/readLaneTo.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { ParleyError } from "../../src/errors.ts";
import { writeKeystore } from "../../src/operators/keystore.ts";
import { relayedMembers } from "../../src/testing/fabricAgents.ts";
import { Bn254Key, certificateDigest, keyId, Level, signerOf } from "../../src/wire/index.ts";
import { emptyDatabase, missingPostgres } from "../support/postgres.ts";
import { freePort, startService, withEnvironment, type RunningService, type StartOptions } from "./runningService.ts";
import { codeOf, NOBODY, runTask, useServed, type Run } from "./served.ts";

const PASSWORD = "correct horse battery";
const BN254 = new Bn254Key(`0x00${"17".repeat(31)}`);

describe("Commands that run until they are told to end", function () {
  this.timeout(60_000);

  const world = useServed();
  /** Networks whose connections were closed. */
  const closed: string[] = [];
  const running: RunningService[] = [];
  let stores = 0;
  let store: string;
  let listeners: number;

  const at = (name: string): string => path.join(world.folder, name);

  before(async () => {
    await writeFile(at("password"), PASSWORD);
    await writeKeystore(at("key.json"), world.fabric.operators[0]!.key, PASSWORD, { scryptN: 2 });
    await writeKeystore(at("bn254.json"), BN254, PASSWORD, { scryptN: 2 });
    const { settlement, rollups, version } = world.addresses;
    await writeAddresses(at("networks.json"), {
      ...{ version, chains: "networks", settlement: { ...settlement, network: "servedL1" } },
      rollups: rollups.map((rollup) => ({ ...rollup, network: `served_${rollup.name}` })),
    });
  });
  beforeEach(() => {
    closed.length = 0;
    store = at(`signed-${++stores}.jsonl`);
    listeners = process.listenerCount("SIGTERM");
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.end();
    expect(process.listenerCount("SIGTERM")).to.equal(listeners);
  });

  const noting: HardhatPlugin = {
    id: "noting",
    hookHandlers: {
      network: () =>
        Promise.resolve({
          default: () =>
            Promise.resolve({
              closeConnection: async (context, connection, next) => {
                closed.push(connection.networkName);
                await next(context, connection);
              },
            }),
        }),
    },
  };

  /** A project that has the chains as networks, on which the first operator's account is known. */
  const project = (parley: NonNullable<HardhatUserConfig["parley"]> = {}): HardhatUserConfig => {
    const accounts = [(world.fabric.operators[0]!.account as Signer & { privateKey: string }).privateKey];
    return {
      plugins: [...(userConfig.plugins ?? []), noting],
      networks: {
        servedL1: { type: "http", url: world.urls["l1"]!, accounts },
        served_alpha: { type: "http", url: world.urls["alpha"]!, accounts },
        served_beta: { type: "http", url: world.urls["beta"]!, accounts },
      },
      parley,
    };
  };

  type Args = Readonly<Record<string, unknown>>;
  const operatorArgs = (): Args => ({
    ...{ addresses: at("networks.json"), key: at("key.json"), passwordFile: at("password"), store },
  });
  const start = async (task: string, options: StartOptions): Promise<RunningService> => {
    const service = await startService(task, options);
    running.push(service);
    return service;
  };
  const json = async (url: string, headers: Record<string, string> = {}): Promise<unknown> =>
    await (await fetch(url, { headers })).json();
  const until = async <Result>(look: () => Promise<Result | null>): Promise<Result> => {
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const endpointOf = (url: string, headers: Record<string, string> = {}): Promise<EndpointStatus> =>
    until(async () => ((await json(`${url}/status`, headers)) as OperatorStatus).endpoint);
  const isSilent = (port: number): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      () => false,
      () => true,
    );
  /** Removes a database, which its server refuses while anyone is connected to it. */
  const drop = async (databaseUrl: string): Promise<void> => {
    const [, server, name] = /^(.*)\/(.*)$/.exec(databaseUrl)!;
    const client = new Client({ connectionString: `${server!}/postgres` });
    await client.connect();
    await client.query(`DROP DATABASE ${name!}`).finally(() => client.end());
  };
  const registry = (): Parameters<typeof readAnnouncement>[1] => {
    const { fabric, l1 } = world;
    const { serviceManager } = fabric.contracts;
    return { serviceManager, provider: readerOf(l1.signer), startBlock: fabric.startBlock };
  };
  const announced = (): Promise<Announcement | undefined> =>
    readAnnouncement(world.fabric.operators[0]!.keyAddress, registry());
  const sentBy = (account: string): Promise<number> => readerOf(world.l1.signer).getTransactionCount(account);

  it("operator:run takes a flag before the environment, that before the config; SIGTERM ends it whole", async () => {
    const [flag, variable, config] = [await freePort(), await freePort(), await freePort()];
    const { url, end } = await start("operator:run", {
      port: flag,
      args: { ...operatorArgs(), port: String(flag) },
      environment: { PARLEY_OPERATOR_PORT: String(variable), PARLEY_OPERATOR_ENDPOINT: "http://127.0.0.1:9" },
      user: project({
        operator: { port: config, endpoint: "http://127.0.0.1:10", announce: true, tokens: ["hunter22"] },
      }),
    });
    expect([await isSilent(variable), await isSilent(config)]).to.deep.equal([true, true]);
    expect((await fetch(`${url}/status`)).status).to.equal(401);
    const { own, problem } = await endpointOf(url, { authorization: "Bearer hunter22" });
    expect(own).to.equal("http://127.0.0.1:9");
    expect(problem).to.contain("http://127.0.0.1:9 does not answer");

    const again = await runTask("operator:run", { ...operatorArgs(), port: "0", logLevel: "fatal" }, project());
    expect([codeOf(again), again.exitCode]).to.deep.equal(["signing/in-use", 1]);
    expect(closed.splice(0)).to.have.members(["servedL1", "served_alpha", "served_beta"]);
    expect(codeOf(await runTask("operator:export", { file: at("export.json"), store }))).to.equal("signing/in-use");

    const { error, exitCode, stdout } = await end();
    expect([error, exitCode, stdout]).to.deep.equal(["", 0, ""]);
    expect(closed).to.have.members(["servedL1", "served_alpha", "served_beta"]);
    expect(await isSilent(flag)).to.equal(true);
    expect((await readdir(world.folder)).filter((name) => name.endsWith(".lock"))).to.deep.equal([]);
  });

  it("operator:run announces its endpoint where it is told to and L1 announces another, and only then", async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const { address: operator, name } = world.fabric.operators[0]!;
    const options = {
      ...{ port, args: { ...operatorArgs(), port: String(port), endpoint } },
      user: project({ operator: { announce: false } }),
    };
    const before = await sentBy(operator);
    const warned = await start("operator:run", options);
    const { problem, ...known } = await endpointOf(warned.url);
    expect(known).to.deep.equal({ own: endpoint, announced: name });
    expect(problem).to.contain(name).and.to.contain("--announce");
    await warned.end();
    expect([await announced(), await sentBy(operator)]).to.deep.equal([{ operator, endpoint: name }, before]);

    for (const times of [1, 2]) {
      const told = await start("operator:run", { ...options, environment: { PARLEY_OPERATOR_ANNOUNCE: "true" } });
      expect(await endpointOf(told.url), String(times)).to.deep.equal({
        ...{ own: endpoint, announced: endpoint, problem: null },
      });
      await told.end();
      expect([await announced(), await sentBy(operator)]).to.deep.equal([{ operator, endpoint }, before + 1]);
    }
  });

  it("an endpoint is announced once its own key answers there, by the operator's own account", async () => {
    const [first, second] = world.fabric.operators;
    const [endpoint, others] = [world.operatorUrls[0]!, world.operatorUrls[1]!];
    const { serviceManager } = world.fabric.contracts;
    const refusal = async (to: string, signer = first!.account): Promise<ParleyError> => {
      const access = { keyId: first!.keyAddress, serviceManager, signer };
      try {
        await announceEndpoint({ operator: first!.address, endpoint: to }, access);
      } catch (error) {
        if (error instanceof ParleyError) return error;
        throw error;
      }
      return expect.fail("nothing was refused");
    };
    const before = await sentBy(first!.address);
    const other = await refusal(others);
    expect(other.code).to.equal("operator/other-endpoint");
    expect(other.message).to.contain(others).and.to.contain(second!.keyAddress).and.to.contain(first!.keyAddress);
    expect((await refusal(`${world.operatorUrls[0]!}9`)).code).to.equal("operator/bad-answer");
    expect((await refusal("http://127.0.0.1:9")).code).to.equal("operator/unreachable");
    expect((await refusal(endpoint, second!.account)).code).to.equal("operator/other-account");
    const long = await refusal(endpoint.replace("/operators", `${"/x/..".repeat(100)}/operators`));
    expect([long.code, long.message.includes("InvalidEndpoint")]).to.deep.equal(["operator/step-failed", true]);
    expect([(await announced())?.endpoint, await sentBy(first!.address)]).to.deep.equal([first!.name, before]);
  });

  it("nothing is announced of an operator that left the set", async () => {
    const { address: operator, name: endpoint } = world.fabric.operators[0]!;
    expect(await announced()).to.deep.equal({ operator, endpoint });
    const left = await runTask("operator:deregister", { addresses: at("networks.json"), yes: true }, project());
    expect(left.error).to.equal("");
    expect(await announced()).to.equal(undefined);
  });

  it("operator:run signs with a BN254 key, and says that no operator of the set has it", async () => {
    const [l1, , beta] = relayedMembers(world.fabric);
    await runTask("message:send", { addresses: world.file, from: "beta", to: "l1", text: "x" });
    const port = await freePort();
    const args = { ...operatorArgs(), addresses: world.file, key: at("bn254.json"), port: String(port) };
    const { url } = await start("operator:run", { port, args });
    expect((await endpointOf(url)).problem).to.contain("registered");
    const { address, members } = (await json(`${url}/status`)) as OperatorStatus;
    expect([address, members.length]).to.deep.equal([keyId(BN254.publicKey.g1), 3]);
    const { timestamp } = await readBlock(beta!.provider, "latest");
    const laneWord = await readLaneTo(beta!, l1!.chainId);
    const { root, signature } = await new HttpOperator({ address, url }).certify([
      {
        ...{ source: beta!.id, destination: l1!.id, laneWord, reachedBy: timestamp },
        level: Level.final,
        blockHash: ZeroHash,
      },
    ]);
    const { serviceManager } = world.fabric.contracts;
    const digest = certificateDigest({ settlementChainId: l1!.chainId, serviceManager }, root!);
    expect(signerOf(digest, signature!)).to.equal(keyId(BN254.publicKey.g1));
  });

  it("relayer:run delivers, with the account that the environment names before the config; SIGTERM ends it whole", async function () {
    const missing = missingPostgres();
    if (missing !== undefined) {
      // A database in a directory takes seconds to make.
      process.stderr.write(`      left out: ${missing}\n`);
      this.skip();
    }
    const [first, databaseUrl] = [await emptyDatabase(), await emptyDatabase()];
    const accounts = (await world.l1.provider.request({ method: "eth_accounts", params: [] })) as string[];
    const [port, config] = [await freePort(), await freePort()];
    const args = { addresses: world.file, port: String(port), databaseUrl, interval: "10", maxWait: "0" };
    const user = { parley: { relayer: { port: config, account: accounts[7]! } } };
    world.broken.set("eth_getTransactionCount", "the node is not well");
    const ill = await runTask("relayer:run", { ...args, databaseUrl: first, logLevel: "fatal" }, user);
    expect(ill.exitCode).to.equal(1);
    expect(ill.error).to.contain("the node is not well");
    await drop(first);
    world.broken.clear();

    const environment = { PARLEY_RELAYER_ACCOUNT: accounts[6]! };
    const { url, end } = await start("relayer:run", { port, args, user, environment });
    const [named, other] = [await sentBy(accounts[6]!), await sentBy(accounts[7]!)];
    await runTask("message:send", { addresses: world.file, from: "beta", to: "l1", text: "x" });
    await until(async () => (((await json(`${url}/status`)) as RelayerStatus).delivered === 1 ? true : null));
    expect([await sentBy(accounts[6]!), await sentBy(accounts[7]!)]).to.deep.equal([named + 1, other]);
    expect([(await fetch(`${url}/health`)).status, await isSilent(config)]).to.deep.equal([200, true]);
    const { error, exitCode, stdout } = await end();
    expect([error, exitCode, stdout, await isSilent(port)]).to.deep.equal(["", 0, "", true]);
    await drop(databaseUrl);
  });

  describe("name what is wrong with their settings, and where each is set:", () => {
    const refused = async (task: string, args: Args, code: string, ...words: string[]): Promise<void> => {
      const run: Run = await runTask(task, args, project());
      expect([codeOf(run), run.exitCode, run.stdout], run.error).to.deep.equal([code, 1, ""]);
      for (const word of words) expect(run.error).to.contain(word);
    };

    it("by flags", async () => {
      const [own, relayer] = [operatorArgs(), { addresses: at("networks.json") }];
      const places = ["--key", "PARLEY_OPERATOR_KEY", "`parley.operator.key`"];
      await refused("operator:run", { ...own, key: undefined }, "settings/missing", ...places);
      await refused("operator:run", { ...own, port: "65536" }, "settings/invalid", "--port is '65536'", "65535");
      await refused("operator:run", { ...own, nodes: '{"l1":[]}' }, "settings/invalid", "--nodes");
      await refused("relayer:run", { ...relayer, interval: "9" }, "settings/invalid", "--interval", "RELAYER_INTERVAL");
      await refused("relayer:run", { ...relayer, logLevel: "loud" }, "settings/invalid", "--log-level", "fatal");
      expect(closed).to.deep.equal([]);
      await refused("operator:run", { ...own, fastSources: "gamma" }, "member/unknown", "gamma", "alpha");
      await refused("operator:run", { ...own, nodes: '{"gamma":["http://a"]}' }, "nodes/unknown-member", "gamma");
      await refused("relayer:run", { ...relayer, account: NOBODY }, "account/unknown", NOBODY);
      expect(closed).to.have.length(9);
      await refused("relayer:run", { addresses: at("none.json") }, "addresses/none");
    });

    it("by the environment, where no flag stands before it", async () => {
      const own = operatorArgs();
      await withEnvironment({ PARLEY_OPERATOR_INTERVAL: "often", PARLEY_RELAYER_OPERATORS: "," }, async () => {
        await refused("operator:run", own, "settings/invalid", "PARLEY_OPERATOR_INTERVAL is 'often'");
        await refused(
          "relayer:run",
          { addresses: own["addresses"] },
          "settings/invalid",
          "PARLEY_RELAYER_OPERATORS is ','",
        );
        await refused("operator:run", { ...own, interval: "5", passwordFile: at("none") }, "keystore/password-file");
      });
    });
  });
});
