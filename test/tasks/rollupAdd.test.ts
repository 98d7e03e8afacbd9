import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { network } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { NetworkConnection } from "hardhat/types/network";

import userConfig from "../../hardhat.config.ts";
import { readAddresses } from "../../src/deployments/addressesFile.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import type { AddResult } from "../../tasks/output/addResult.ts";
import type { CheckResult } from "../../tasks/output/checkResult.ts";
import { RpcServer } from "../support/rpcServer.ts";

const CHAINS = { l1: 31_011, alpha: 31_012, beta: 31_013 } as const;
type Name = keyof typeof CHAINS;
const NAMES: readonly Name[] = ["l1", "alpha", "beta"];
const NOTICE = 3_600;

interface Ran<Result> {
  readonly result: Result;
  readonly stdout: string;
  readonly error: string;
  readonly exitCode: number | string | null | undefined;
}

describe("rollup:add", function () {
  this.timeout(60_000);

  let folder: string;
  let file: string;
  let chains: Record<Name, NetworkConnection>;
  let servers: Record<Name, RpcServer>;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-add-"));
    await writeFile(path.join(folder, "package.json"), '{"name":"somebody-else","type":"module"}');
    file = path.join(folder, "addresses.json");
    const open = (chainId: number): Promise<NetworkConnection> =>
      network.create({ network: "default", override: { chainId } });
    chains = { l1: await open(CHAINS.l1), alpha: await open(CHAINS.alpha), beta: await open(CHAINS.beta) };
    const serve = (name: Name): RpcServer => new RpcServer(chains[name].provider);
    servers = { l1: serve("l1"), alpha: serve("alpha"), beta: serve("beta") };
    for (const name of NAMES) await servers[name].start();
  });

  after(async () => {
    for (const name of NAMES) {
      servers[name].stop();
      await chains[name].close();
    }
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a command in a project that has configured these rollups; `gamma` is a chain that nobody can reach. */
  async function run<Result = AddResult>(
    task: string,
    args: Readonly<Record<string, unknown>>,
    rollups: readonly string[] = ["alpha", "beta", "gamma"],
    parents: Readonly<Record<string, string>> = {},
  ): Promise<Ran<Result>> {
    const parentOf = (name: string) => (parents[name] === undefined ? {} : { parent: parents[name] });
    const http = (url: string) => ({ type: "http" as const, url });
    const user = {
      ...userConfig,
      networks: {
        l1: http(servers.l1.url),
        alpha: http(servers.alpha.url),
        beta: http(servers.beta.url),
        gamma: http("http://127.0.0.1:9"),
      },
      parley: {
        settlement: { network: "l1" },
        rollups: Object.fromEntries(rollups.map((name) => [name, { network: name, ...parentOf(name) }])),
        operators: 4,
        deployment: { memberNotice: NOTICE },
      },
    };
    const hre = await createHardhatRuntimeEnvironment(user, {}, folder);
    const printed: string[] = [];
    const { log, error } = console;
    console.log = (text: string) => void printed.push(text);
    console.error = () => undefined;
    const before = process.exitCode;
    process.exitCode = undefined;
    let failure = "";
    let result: unknown;
    try {
      result = await hre.tasks.getTask(task).run({ json: true, addresses: file, ...args });
    } catch (caught) {
      failure = caught instanceof Error ? caught.message : String(caught);
    } finally {
      Object.assign(console, { log, error });
    }
    const { exitCode } = process;
    process.exitCode = before;
    return { result: result as Result, stdout: printed.join("\n"), error: failure, exitCode };
  }

  const add = (args: Readonly<Record<string, unknown>> = {}): Promise<Ran<AddResult>> =>
    run("rollup:add", { name: "beta", yes: true, ...args });
  const sentOf = ({ result }: Ran<AddResult>): string[] =>
    result.steps.filter(({ status }) => status === "sent").map(({ chain, id }) => `${chain} ${id}`);
  const heights = (): Promise<unknown[]> =>
    Promise.all(NAMES.map((name) => chains[name].provider.request({ method: "eth_blockNumber" })));
  const rollupsOfFile = async (): Promise<string[]> => (await readAddresses(file))!.rollups.map(({ name }) => name);
  const passNotice = async (): Promise<void> => {
    for (const name of NAMES) {
      await chains[name].provider.request({ method: "evm_increaseTime", params: [NOTICE] });
      await chains[name].provider.request({ method: "hardhat_mine", params: ["0x1"] });
    }
  };

  it("adds nothing where there is no fabric, and nothing that is not configured", async () => {
    expect((await add()).error).to.contain("[rollup/no-fabric]");
    const deployed = await run("rollup:deploy", { yes: true }, ["alpha"]);
    expect(deployed.error).to.equal("");
    await passNotice();
    expect((await run("rollup:deploy", { yes: true }, ["alpha"])).error).to.equal("");
    const before = await heights();
    expect((await add({ name: "delta" })).error)
      .to.contain("[rollup/not-configured]")
      .and.to.contain("delta");
    expect((await run("rollup:add", { name: "beta", yes: true }, ["beta"])).error)
      .to.contain("[rollup/not-configured]")
      .and.to.contain("no rollup alpha");
    expect(await heights()).to.deep.equal(before);
  });

  it("adds no L3 before its parent, and passes parents on in whatever order they are written: rollup/no-parent, stack/no-hop", async () => {
    const before = await heights();
    expect((await run("rollup:add", { name: "gamma", yes: true }, undefined, { gamma: "beta" })).error)
      .to.contain("[rollup/no-parent]")
      .and.to.contain("rollup:add beta");
    expect((await run("rollup:add", { name: "beta", yes: true }, ["beta", "alpha"], { beta: "alpha" })).error)
      .to.contain("[stack/no-hop]")
      .and.to.contain("beta (devnet) to alpha (devnet)");
    expect(await heights()).to.deep.equal(before);
  });

  it("shows the plan of that rollup alone, and sends nothing: other configured ones are not even reached", async () => {
    const before = await heights();
    const { result, error, exitCode } = await add({ dryRun: true });
    expect(error).to.equal("");
    expect([exitCode, result.liveFrom]).to.deep.equal([2, 0n]);
    const due = result.steps.filter(({ status }) => status !== "done").map(({ chain, id }) => `${chain} ${id}`);
    expect(due).to.include.members(["beta gateway", "l1 bridge-beta", "l1 member-beta", "l1 publish-beta"]);
    expect(await heights()).to.deep.equal(before);
    expect(await rollupsOfFile()).to.deep.equal(["alpha"]);
    const asked = await add({ yes: false });
    expect(asked.error).to.contain("[deploy/unconfirmed]");
  });

  it("R1: deploys and registers it, tells when its notice is over, and sends nothing twice", async () => {
    const first = await add();
    expect(first.error).to.equal("");
    expect(first.exitCode).to.equal(2);
    expect(sentOf(first)).to.include.members(["beta gateway", "l1 bridge-beta", "l1 member-beta"]);
    const { timestamp } = (await chains.l1.ethers.provider.getBlock("latest"))!;
    expect(first.result.liveFrom).to.equal(BigInt(timestamp + NOTICE));
    expect(await rollupsOfFile()).to.deep.equal(["alpha", "beta"]);
    expect(JSON.parse(first.stdout)).to.include({ name: "beta", liveFrom: String(first.result.liveFrom) });

    const before = await heights();
    const again = await add({ json: false });
    expect([again.error, again.exitCode]).to.deep.equal(["", 2]);
    expect(again.stdout)
      .to.contain("Nothing was sent")
      .and.to.match(/beta becomes a member at \d{4}-.* UTC/);
    expect(await heights()).to.deep.equal(before);
    const check = await run<CheckResult>("rollup:check", {});
    expect(check.result.findings.map(({ code, subject }) => `${code} ${subject}`)).to.include.members([
      "member/notice beta",
      "table/none beta",
      "config/not-compared config", // because of gamma
    ]);
  });

  it("R3: once its notice is over, all members learn of it by one table", async () => {
    await passNotice();
    const { error, exitCode, stdout } = await add({ json: false });
    expect([error, exitCode]).to.deep.equal(["", 0]);
    expect(stdout).to.contain("beta is a member");
    const { rollups } = (await readAddresses(file))!;
    const [alpha, beta] = rollups;
    const known = await Gateway__factory.connect(alpha!.gateway, chains.alpha.ethers.provider).member(beta!.memberId);
    expect(known.accepted).to.equal(true);
    const before = await heights();
    expect((await add()).exitCode).to.equal(0);
    expect(await heights()).to.deep.equal(before);
    expect(await readdir(folder)).to.have.members(["package.json", "addresses.json"]);
  });

  it("is judged by rollup:check: well as the config has it, a danger where somebody changed it", async () => {
    const configured = ["alpha", "beta"];
    const check = (): Promise<Ran<CheckResult>> => run<CheckResult>("rollup:check", {}, configured);
    const codesOf = ({ result }: Ran<CheckResult>): string[] =>
      result.findings.map(({ code, subject }) => `${code} ${subject}`).filter((text) => !text.startsWith("quorum/"));
    const well = await check();
    expect([well.error, well.exitCode, codesOf(well)]).to.deep.equal(["", 0, []]);
    const [owner] = await chains.alpha.ethers.getSigners();
    const { gateway } = (await readAddresses(file))!.rollups[0]!;
    await (await Gateway__factory.connect(gateway, owner).setAcceptAll(false)).wait();
    const drifted = await check();
    expect([drifted.exitCode, codesOf(drifted)]).to.deep.equal([3, ["config/drift alpha"]]);
    expect(drifted.result.findings.find(({ code }) => code === "config/drift")!.meaning).to.equal(
      "whether new members are accepted is false; by the config it is true.",
    );
  });
});

describe("rollup:add on simulated chains", () => {
  it("has nothing to add to: deploy/only-networks", async () => {
    const hre = await createHardhatRuntimeEnvironment(userConfig, {});
    const added = hre.tasks.getTask("rollup:add").run({ name: "alpha", json: true, yes: true, dryRun: false });
    const error = await added.then(() => undefined).catch((caught: unknown) => caught);
    expect(String(error)).to.contain("[deploy/only-networks]");
  });
});
