import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { toQuantity } from "ethers";
import { network } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { NetworkConnection } from "hardhat/types/network";

import userConfig from "../../hardhat.config.ts";
import type { SafeBatch } from "../../deploy/safe.ts";
import { readAddresses } from "../../src/deployments/addressesFile.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { ServiceManager__factory } from "../../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import type { ParleyUserConfig } from "../../tasks/config/types.ts";
import type { NetworkDeployResult } from "../../tasks/output/networkDeployResult.ts";
import { RpcServer } from "../support/rpcServer.ts";

const CHAINS = { l1: 31_001, alpha: 31_002 } as const;
type Name = keyof typeof CHAINS;
const ETHER = 10n ** 18n;
const NAMES: readonly Name[] = ["l1", "alpha"];

interface Attempt {
  readonly result: NetworkDeployResult | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** What the command failed with. */
  readonly error: string;
  readonly exitCode: number | string | null | undefined;
}

describe("rollup:deploy to networks", function () {
  this.timeout(60_000);

  /** Somebody else's project: it builds nothing, the package brings the contracts. */
  let project: string;
  let folder: string;
  let file: string;
  let chains: Record<Name, NetworkConnection>;
  let servers: Record<Name, RpcServer>;

  before(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), "parley-project-"));
    await writeFile(path.join(project, "package.json"), '{"name":"somebody-else","type":"module"}');
  });

  after(() => rm(project, { recursive: true, force: true }));

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-networks-"));
    file = path.join(folder, "addresses.json");
    const open = (chainId: number): Promise<NetworkConnection> =>
      network.create({ network: "default", override: { chainId } });
    chains = { l1: await open(CHAINS.l1), alpha: await open(CHAINS.alpha) };
    servers = { l1: new RpcServer(chains.l1.provider), alpha: new RpcServer(chains.alpha.provider) };
    for (const name of NAMES) await servers[name].start();
  });

  afterEach(async () => {
    for (const name of NAMES) {
      servers[name].stop();
      await chains[name].close();
    }
    await rm(folder, { recursive: true, force: true });
  });

  interface Options {
    readonly parley?: ParleyUserConfig;
    readonly accounts?: string[];
    readonly chainIds?: Partial<Record<Name, number>>;
    readonly dryRun?: boolean;
    readonly yes?: boolean;
    readonly safe?: string;
    readonly json?: boolean;
  }

  /** Runs the command in a project whose networks are the servers. */
  async function attempt({
    parley,
    accounts,
    chainIds = {},
    dryRun = false,
    yes = true,
    safe,
    json = true,
  }: Options = {}): Promise<Attempt> {
    const networkOf = (name: Name) => ({
      type: "http" as const,
      url: servers[name].url,
      ...(accounts === undefined ? {} : { accounts }),
      ...(chainIds[name] === undefined ? {} : { chainId: chainIds[name] }),
    });
    const user = {
      ...userConfig,
      networks: { first: networkOf("l1"), second: networkOf("alpha") },
      parley: { settlement: { network: "first" }, rollups: { alpha: { network: "second" } }, operators: 4, ...parley },
    };
    const hre = await createHardhatRuntimeEnvironment(user, {}, project);
    const printed = { log: [] as string[], error: [] as string[] };
    const { log, error } = console;
    console.log = (text: string) => void printed.log.push(text);
    console.error = (text: string) => void printed.error.push(text);
    let result: NetworkDeployResult | undefined;
    let failure = "";
    const before = process.exitCode;
    process.exitCode = undefined;
    try {
      result = (await hre.tasks
        .getTask("rollup:deploy")
        .run({ json, addresses: file, yes, dryRun, safe })) as NetworkDeployResult;
    } catch (caught) {
      failure = caught instanceof Error ? caught.message : String(caught);
    } finally {
      Object.assign(console, { log, error });
    }
    const { exitCode } = process;
    process.exitCode = before;
    return { result, stdout: printed.log.join("\n"), stderr: printed.error.join("\n"), error: failure, exitCode };
  }

  const heights = (): Promise<unknown[]> =>
    Promise.all(NAMES.map((name) => chains[name].provider.request({ method: "eth_blockNumber" })));

  const timeOf = async (name: Name): Promise<number> =>
    (await chains[name].ethers.provider.getBlock("latest"))!.timestamp;

  it("plans without sending, asks, deploys what the config says, and the second time sends nothing", async () => {
    const deployment = { weightFloor: 200n * ETHER, minWeight: 40n * ETHER, minOperators: 3, bond: 2n * ETHER };
    const parley = { deployment };
    const fresh = await heights();
    const planned = await attempt({ parley, dryRun: true });
    expect(planned.error).to.equal("");
    expect(planned.exitCode).to.equal(0);
    expect(planned.result!.steps.map(({ status }) => status)).to.not.include.members(["sent"]);
    expect(planned.result!.drift).to.deep.equal([]);
    const unconfirmed = await attempt({ parley, yes: false });
    expect(unconfirmed.error).to.contain("[deploy/unconfirmed]").and.to.contain("--yes");
    expect(unconfirmed.stderr).to.contain("deploy the Gateway");
    expect(await heights()).to.deep.equal(fresh);
    expect(await readdir(folder)).to.deep.equal([]);

    const deployed = await attempt({ parley });
    expect(deployed.error).to.equal("");
    expect(deployed.exitCode).to.equal(0);
    expect(new Set(deployed.result!.steps.map(({ status }) => status))).to.deep.equal(new Set(["sent"]));
    expect(JSON.parse(deployed.stdout)).to.deep.equal(JSON.parse(JSON.stringify(deployed.result)));
    const { steps: _steps, drift: _drift, safeFiles: _safe, ...written } = deployed.result!;
    expect(await readAddresses(file)).to.deep.equal({ version: 1, chains: "networks", ...written });
    const { settlement, rollups } = written;
    const { provider: l1 } = chains.l1.ethers;
    const manager = ServiceManager__factory.connect(settlement.contracts.serviceManager, l1);
    expect([
      await manager.WEIGHT_FLOOR(),
      await manager.MIN_WEIGHT(),
      await manager.MIN_OPERATORS(),
      await manager.BOND(),
    ]).to.deep.equal([deployment.weightFloor, deployment.minWeight, BigInt(deployment.minOperators), deployment.bond]);
    expect([settlement.network, settlement.confirmations]).to.deep.equal(["first", "finalized"]);
    expect(rollups[0]!.gateway).to.equal(settlement.contracts.gateway);
    expect([planned.result!.settlement.contracts, planned.result!.rollups[0]!.gateway]).to.deep.equal([
      settlement.contracts,
      rollups[0]!.gateway,
    ]);
    for (const [index, name] of NAMES.entries()) {
      const { provider } = chains[name].ethers;
      const gateway = Gateway__factory.connect(settlement.contracts.gateway, provider);
      const [adopted] = await gateway.queryFilter(
        gateway.filters.TableAdopted(),
        [settlement, rollups[0]!][index]!.startBlock,
      );
      expect(adopted!.args.expiry, name).to.be.greaterThan(BigInt(await timeOf(name)));
    }
    expect(Math.abs((await timeOf("l1")) - (await timeOf("alpha")))).to.be.lessThan(120);

    const settled = await heights();
    const again = await attempt({ parley, yes: false, json: false });
    expect(again.error).to.equal("");
    expect(again.stdout).to.contain("Nothing was sent").and.to.contain("message:send");
    expect(await heights()).to.deep.equal(settled);
    expect(await readAddresses(file)).to.deep.equal({ version: 1, chains: "networks", ...written });
  });

  it("stops before it sends anything where a node does not answer: chain/unreachable", async () => {
    servers.alpha.stop();
    const fresh = await heights();
    const { error } = await attempt();
    expect(error).to.contain("[chain/unreachable]").and.to.contain("alpha").and.to.contain(servers.alpha.url);
    expect(await heights()).to.deep.equal(fresh);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("stops before it sends anything where another chain answers: chain/wrong-chain", async () => {
    const fresh = await heights();
    const { error } = await attempt({ chainIds: { alpha: 31_009 } });
    expect(error).to.contain("[chain/wrong-chain]").and.to.contain("31009").and.to.contain("31002");
    expect(await heights()).to.deep.equal(fresh);
  });

  it("stops where two networks lead to one chain: deploy/duplicate-chain", async () => {
    servers.alpha.stop();
    servers.alpha = servers.l1;
    expect((await attempt()).error)
      .to.contain("[deploy/duplicate-chain]")
      .and.to.contain("31001");
  });

  it("stops before it sends anything where the account has too little: deploy/no-funds", async () => {
    const fresh = await heights();
    const { error, stderr } = await attempt({ accounts: [`0x${"11".repeat(32)}`] });
    expect(error)
      .to.contain("[deploy/no-funds]")
      .and.to.contain("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A on l1 has 0.0 ETH");
    expect(error).to.contain("on alpha has 0.0 ETH");
    expect(stderr).to.contain("deploy Settlement");
    expect(await heights()).to.deep.equal(fresh);
  });

  it("stops where the networks have different accounts: fabric/accounts-differ", async () => {
    servers.alpha.fault = async (method, forward) =>
      method === "eth_accounts" ? ((await forward()) as string[]).slice(1) : await forward();
    expect((await attempt()).error)
      .to.contain("[fabric/accounts-differ]")
      .and.to.contain("parley.deployment.owner");
  });

  it("brings no stand-in to a chain that is no development node: deploy/no-eigenlayer, deploy/devnet-stack, stack/unknown", async () => {
    const fresh = await heights();
    const asGeth: RpcServer["fault"] = async (method, forward) =>
      method === "web3_clientVersion" ? "Geth/v1.16.0" : await forward();
    servers.alpha.fault = asGeth;
    const devnet: ParleyUserConfig = { rollups: { alpha: { network: "second", stack: "devnet" } } };
    expect((await attempt({ parley: devnet })).error)
      .to.contain("[deploy/devnet-stack]")
      .and.to.contain("alpha");
    expect((await attempt()).error)
      .to.contain("[stack/unknown]")
      .and.to.contain("alpha");
    servers.l1.fault = asGeth;
    expect((await attempt({ parley: devnet })).error)
      .to.contain("[deploy/no-eigenlayer]")
      .and.to.contain("allocationManager");
    expect(await heights()).to.deep.equal(fresh);
  });

  it("refuses a mixture of simulated and other networks: deploy/mixed-networks", async () => {
    const { error } = await attempt({ parley: { rollups: { alpha: { network: "parleyAlpha" } } } });
    expect(error).to.contain("[deploy/mixed-networks]").and.to.contain("parleyAlpha").and.to.contain("first");
  });

  it("goes on where it stopped when a node died halfway and came back", async () => {
    let sent = 0;
    servers.alpha.fault = async (method, forward, die) => {
      const answer = await forward();
      if (method === "eth_sendTransaction" && ++sent === 4) die(); // done, and the answer is lost
      return answer;
    };
    const broken = await attempt();
    expect(broken.error).to.contain("[chain/unreachable]").and.to.contain("halfway").and.to.contain("run this again");
    expect(await readdir(folder)).to.deep.equal([]);
    await servers.alpha.start();
    const resumed = await attempt();
    expect(resumed.error).to.equal("");
    const { steps, ...rest } = resumed.result!;
    expect(steps.filter(({ chain, status }) => chain === "alpha" && status === "done")).to.have.lengthOf(6);
    expect(
      steps.filter(({ chain, status }) => chain === "alpha" && status === "sent").map(({ id }) => id),
    ).to.deep.equal(["gateway", "bring-table"]);
    expect(await readAddresses(file)).to.deep.include({ chains: "networks", rollups: rest.rollups });
  });

  it("leaves the owner's part to a Safe: writes what is left as batches, and goes on once they are executed", async () => {
    const deployer = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // not a secret: Hardhat's first account
    const safe = (await chains.l1.ethers.getSigners())[5]!.address;
    const options = { accounts: [deployer], parley: { deployment: { owner: safe } } };
    const halfway = await attempt(options);
    expect(halfway.error).to.equal("");
    expect(halfway.exitCode).to.equal(2);
    const waiting = halfway.result!.steps.filter(({ waitsFor }) => waitsFor?.includes(safe) === true);
    expect(waiting.map(({ chain, id }) => `${chain} ${id}`)).to.deep.equal([
      "l1 bridge",
      "l1 gateway",
      "l1 member-l1",
      "alpha bridge",
      "alpha gateway",
      "l1 member-alpha",
    ]);
    expect(await readdir(folder)).to.deep.equal([]);

    const before = await heights();
    const written = await attempt({ ...options, safe: path.join(folder, "batch.json") });
    expect(written.result!.safeFiles.map((name) => path.basename(name))).to.deep.equal([
      "batch.l1.json",
      "batch.alpha.json",
    ]);
    expect(await heights()).to.deep.equal(before);
    for (const name of NAMES) {
      const batch = JSON.parse(await readFile(path.join(folder, `batch.${name}.json`), "utf8")) as SafeBatch;
      expect([batch.version, batch.chainId, batch.meta.createdFromSafeAddress]).to.deep.equal([
        "1.0",
        String(CHAINS[name]),
        safe,
      ]);
      const asSafe = await chains[name].ethers.getSigner(safe);
      for (const { to, value, data } of batch.transactions) {
        await (await asSafe.sendTransaction({ to, data, value: toQuantity(BigInt(value)) })).wait();
      }
    }
    const finished = await attempt(options);
    expect(finished.error).to.equal("");
    expect(finished.exitCode).to.equal(0);
    expect(finished.result!.steps.filter(({ status }) => status === "waits")).to.deep.equal([]);
    const gateway = Gateway__factory.connect(finished.result!.rollups[0]!.gateway, chains.alpha.ethers.provider);
    expect(await gateway.owner()).to.equal(safe);
  });

  it("reports drift and corrects nothing: exit code 3 in a dry run, 0 otherwise", async () => {
    await attempt();
    const [owner, other] = await chains.alpha.ethers.getSigners();
    const { gateway: address } = (await readAddresses(file))!.rollups[0]!;
    const gateway = Gateway__factory.connect(address, owner);
    await (await gateway.transferOwnership(other!)).wait();
    await (await gateway.connect(other).acceptOwnership()).wait();
    const before = await heights();
    const checked = await attempt({ dryRun: true, json: false });
    expect(checked.exitCode).to.equal(3);
    expect(checked.stdout).to.contain("Drift").and.to.contain("owner of the Gateway").and.to.contain(other!.address);
    const run = await attempt();
    expect([run.error, run.exitCode]).to.deep.equal(["", 0]);
    expect(run.result!.drift).to.deep.equal([
      { chain: "alpha", what: "owner of the Gateway", planned: owner!.address, found: other!.address },
    ]);
    expect(await heights()).to.deep.equal(before);
  });

  it("deploys no second fabric because a setting changed: deploy/other-plan", async () => {
    const deployment = { minWeight: 33n * ETHER };
    expect((await attempt({ parley: { deployment } })).error).to.equal("");
    const before = await heights();
    const changed = { parley: { deployment: { ...deployment, tableAge: 3_600 } } };
    const { error } = await attempt(changed);
    expect(error).to.contain("[deploy/other-plan]").and.to.contain("l1: settlement").and.to.contain("--addresses");
    const checked = await attempt({ ...changed, dryRun: true });
    expect(checked.exitCode).to.equal(3);
    expect(checked.result!.drift.map(({ chain, what }) => `${chain} ${what}`)).to.include("file l1: settlement");
    expect(await heights()).to.deep.equal(before);
  });
});
