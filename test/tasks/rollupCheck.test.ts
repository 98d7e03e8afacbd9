import { expect } from "chai";
import { z } from "zod";

import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { fund, impersonate, sendFrom } from "../../src/testing/cheats.ts";
import { encodeSettlementItem, wordOf } from "../../src/wire/index.ts";
import { runTask, useServed, type Run } from "./served.ts";

const integer = z.string().regex(/^\d+$/);
/** What scripts rely on. */
const Result = z.strictObject({
  well: z.boolean(),
  findings: z.array(
    z.strictObject({
      code: z.string().regex(/^[a-z-]+\/[a-z-]+$/),
      severity: z.enum(["danger", "warning"]),
      subject: z.string(),
      meaning: z.string().min(1),
      remedy: z.string().min(1),
    }),
  ),
  budgets: z.array(
    z.strictObject({
      name: z.string(),
      stack: z.string(),
      needed: integer,
      available: integer,
      met: z.boolean(),
      falsehoodWad: integer,
    }),
  ),
});
type Result = z.infer<typeof Result>;

const HOUR = 3_600;

describe("rollup:check", function () {
  this.timeout(60_000);

  const world = useServed();

  type Args = Readonly<Record<string, unknown>>;
  const run = (args: Args = {}): Promise<Run> => runTask("rollup:check", { addresses: world.file, ...args });
  const check = async (args: Args = {}): Promise<Result & { exitCode: number }> => {
    const { result, exitCode, error } = await run(args);
    expect(error).to.equal("");
    return { ...Result.parse(result), exitCode };
  };
  const codesOf = ({ findings }: Result): string[] =>
    findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);
  const pass = async (hours: number): Promise<void> => {
    for (const { provider } of world.fabric.members) {
      await provider.request({ method: "evm_increaseTime", params: [hours * HOUR] });
      await provider.request({ method: "hardhat_mine", params: ["0x1"] });
    }
  };
  const silence = (count: number): void => {
    const silent = world.operators.slice(0, count).map(({ address }) => ({
      address,
      certify: () => Promise.reject(new Error("gone")),
    }));
    world.operators.splice(0, count, ...silent);
  };

  it("finds nothing in a fabric that is well, and reckons each member's time budget (R33)", async () => {
    const { exitCode, well, findings, budgets } = await check();
    expect({ exitCode, well, findings }).to.deep.equal({ exitCode: 0, well: true, findings: [] });
    // 24 h of a table, 72 h of lag, 1 h of drift, 36 h of margin; 100,800 blocks of 6 s.
    const common = { needed: String(133 * HOUR), available: "604800", met: true, falsehoodWad: "0" };
    expect(budgets).to.deep.equal([
      { name: "l1", stack: "local", ...common },
      { name: "alpha", stack: "devnet", ...common },
      { name: "beta", stack: "devnet", ...common },
    ]);
    const { stdout } = await run({ json: false });
    expect(stdout)
      .to.match(/\nalpha +devnet +133 h +168 h +0 %\n/)
      .and.to.contain("All is well.");
  });

  it("warns of a table that nobody renews, then calls it a danger, then an expired one", async () => {
    await pass(15);
    const ageing = await check();
    expect(ageing.exitCode).to.equal(0);
    expect(codesOf(ageing)).to.deep.equal(["l1", "alpha", "beta"].map((name) => `warning table/ageing ${name}`));
    await pass(4);
    const expiring = await check();
    expect(expiring.exitCode).to.equal(3);
    expect(codesOf(expiring)).to.include("danger table/expiring alpha");
    await pass(6);
    const expired = await check();
    expect(expired.exitCode).to.equal(3);
    expect(codesOf(expired)).to.deep.equal(["l1", "alpha", "beta"].map((name) => `danger table/expired ${name}`));
    expect((await run({ json: false })).stdout)
      .to.contain("[table/expired]")
      .and.to.contain("3 dangers, 0 warnings.");
  });

  it("warns of sources that settle nothing, before and after their certificates stop to count (R20)", async () => {
    await pass(50);
    await world.fabric.publishTable();
    const silent = await check();
    expect(silent.exitCode).to.equal(0);
    expect(codesOf(silent)).to.include("warning source/silent alpha → beta");
    await pass(23);
    const late = await check();
    expect(late.exitCode).to.equal(3);
    expect(codesOf(late)).to.include("danger source/not-certifiable alpha → beta");
  });

  it("measures the operators that answer against the quorum that is demanded", async () => {
    silence(2);
    const thin = await check();
    expect(thin.exitCode).to.equal(0);
    expect(codesOf(thin)).to.include("warning quorum/thin beta");
    await (await world.beta.gateway.getFunction("setSource").send(world.alpha.id, 0, 8_000, false)).wait();
    const short = await check();
    expect(short.exitCode).to.equal(3);
    expect(short.findings[0]).to.include({ code: "quorum/not-reached", subject: "beta" });
    expect(short.findings[0]!.meaning).to.contain("75 % of the weight answer (6 of 8)").and.to.contain("80 %");
    expect(codesOf(short)).to.include("warning quorum/thin alpha");
  });

  it("calls it a danger if the account that publishes cannot pay the next table, or one that delivers a delivery", async () => {
    const balanceOn = async (member: typeof world.l1, balance: bigint): Promise<void> => {
      const params = [await member.signer.getAddress(), `0x${balance.toString(16)}`];
      await member.provider.request({ method: "hardhat_setBalance", params });
    };
    await balanceOn(world.l1, 10n ** 15n);
    await balanceOn(world.beta, 1n);
    const poor = await check();
    expect(poor.exitCode).to.equal(3);
    expect(codesOf(poor)).to.deep.equal(["danger funds/too-low l1", "danger funds/too-low beta"]);
    expect(poor.findings[0]!.meaning).to.contain("0.001 ETH").and.to.contain("a table, sent to every member");
    expect(poor.findings[1]!.meaning).to.contain("a delivery.");
    const other = await world.l1.provider.request({ method: "eth_accounts", params: [] });
    expect(codesOf(await check({ account: (other as string[])[1] }))).to.deep.equal([]);
  });

  it("tells who listens to whom on other terms than certificates", async () => {
    const setSource = world.beta.gateway.getFunction("setSource");
    await (await setSource.send(world.alpha.id, 0, 0, true)).wait();
    await (await setSource.send(world.l1.id, 3, 0, false)).wait();
    const { findings, exitCode } = await check();
    expect(exitCode).to.equal(0);
    expect(findings.map(({ code, subject }) => [code, subject])).to.deep.equal([
      ["source/settled-only", "l1 → beta"],
      ["source/paused", "alpha → beta"],
    ]);
  });

  it("compares members with L1: newer tables, members it has and the addresses file has not", async () => {
    await (await world.fabric.serviceManager.getFunction("snapshot").send()).wait();
    const others = world.addresses.rollups.filter(({ name }) => name !== "beta");
    const file = `${world.folder}/without-beta.json`;
    await writeAddresses(file, { ...world.addresses, rollups: others });
    const result = await check({ addresses: file });
    expect(result.exitCode).to.equal(0);
    expect(codesOf(result)).to.have.members([
      "warning table/behind l1",
      "warning table/behind alpha",
      `warning member/unnamed ${world.beta.id}`,
    ]);
  });

  it("R28: names a source that settled words which contradict each other, and who does not know it yet", async () => {
    const { alpha, beta, l1, fabric } = world;
    const words = ["11", "22"].map((byte) =>
      encodeSettlementItem({
        kind: "word",
        destination: beta.id,
        laneWord: wordOf(`0x${byte.repeat(27)}`, 1n),
        time: 1n,
        current: false,
      }),
    );
    await impersonate(l1.provider, alpha.l1Bridge);
    await fund(l1.provider, alpha.l1Bridge, 10n ** 18n);
    const { settlement } = fabric;
    const data = settlement.interface.encodeFunctionData("onSettled", [words]);
    await sendFrom(l1.provider, { from: alpha.l1Bridge, to: fabric.contracts.settlement, data });
    const untold = await check();
    expect(untold.exitCode).to.equal(3);
    expect(codesOf(untold)).to.deep.equal([
      "danger source/fault-untold alpha → l1",
      "danger source/fault-untold alpha → beta",
      "danger member/faulted alpha",
    ]);
    await fabric.publishTable();
    expect(codesOf(await check())).to.deep.equal(["danger member/faulted alpha"]);
  });

  it("goes on where a chain does not answer, which is a danger", async () => {
    const file = `${world.folder}/dead.json`;
    const urls = { ...world.addresses.devnet.urls, beta: "http://127.0.0.1:9" };
    await writeAddresses(file, { ...world.addresses, devnet: { ...world.addresses.devnet, urls } });
    const dead = await check({ addresses: file });
    expect(dead.exitCode).to.equal(3);
    expect(codesOf(dead)).to.deep.equal(["danger chain/unreachable beta"]);
    await writeAddresses(file, {
      ...world.addresses,
      devnet: { ...world.addresses.devnet, urls: { ...urls, l1: urls.beta } },
    });
    expect((await check({ addresses: file })).budgets).to.deep.equal([]);
  });
});
