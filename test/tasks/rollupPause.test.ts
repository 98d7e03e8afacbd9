import { readFile } from "node:fs/promises";

import { expect } from "chai";
import { z } from "zod";

import type { SafeBatch } from "../../deploy/safe.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { addressOf, fund, impersonate, sendFrom } from "../../src/testing/cheats.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

/** What scripts rely on. */
const Result = z.strictObject({
  source: z.string(),
  at: z.string(),
  paused: z.boolean(),
  status: z.enum(["done", "before", "open", "written"]),
  owner: z.string(),
  minLevel: z.enum(["fast", "final", "settled"]),
  quorumBps: z.string().regex(/^\d+$/),
  txHash: z.string().nullable(),
  safeFile: z.string().nullable(),
});
type Result = z.infer<typeof Result>;

describe("rollup:pause and rollup:unpause", function () {
  this.timeout(60_000);

  const world = useServed();

  type Args = Readonly<Record<string, unknown>>;
  const run = (task: "pause" | "unpause", args: Args = {}): Promise<Run> =>
    runTask(`rollup:${task}`, { addresses: world.file, source: "alpha", at: "beta", ...args });
  const resultOf = async (...[task, args]: Parameters<typeof run>): Promise<Result> => {
    const { result, error, exitCode } = await run(task, args);
    expect({ error, exitCode }).to.deep.equal({ error: "", exitCode: 0 });
    return Result.parse(result);
  };
  const settings = async (): Promise<unknown[]> => {
    const known = (await world.beta.gateway.getFunction("member").staticCall(world.alpha.id)) as unknown[];
    return known.slice(1, 5); // accepted, minLevel, quorumBps, paused
  };
  const height = async (): Promise<unknown> => world.beta.provider.request({ method: "eth_blockNumber", params: [] });

  it("pauses a source and lets it count again, keeps its other settings, and sends nothing twice", async () => {
    await (await world.beta.gateway.getFunction("setSource").send(world.alpha.id, 1, 8_000, false)).wait();
    const paused = await resultOf("pause");
    expect(paused).to.include({ source: "alpha", at: "beta", paused: true, status: "done", minLevel: "fast" });
    expect(paused.txHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(await settings()).to.deep.equal([true, 1n, 8_000n, true]);

    const before = await height();
    expect(await resultOf("pause")).to.include({ status: "before", txHash: null });
    expect(await height()).to.equal(before);

    expect(await resultOf("unpause")).to.include({ status: "done", paused: false, quorumBps: "8000" });
    expect(await settings()).to.deep.equal([true, 1n, 8_000n, false]);
    expect(await resultOf("unpause")).to.include({ status: "before" });
    const { stdout } = await run("unpause", { json: false });
    expect(stdout).to.equal("It is so already: beta takes certificates about alpha at level fast, by more than 80 %.");
  });

  it("leaves defaults defaults: with the next table deliveries look no settings up any more", async () => {
    await resultOf("pause");
    await resultOf("unpause");
    await world.fabric.publishTable();
    const { hasOverrides } = (await world.beta.gateway.getFunction("tableInForce").staticCall()) as {
      hasOverrides: boolean;
    };
    expect(hasOverrides).to.equal(false);
    expect(await settings()).to.deep.equal([true, 2n, 6_667n, false]);
  });

  it("stops messages that are certified, and holds up none that is settled", async () => {
    await resultOf("pause");
    const order = { addresses: world.file, from: "alpha", to: "beta", text: "x" };
    const sent = (await runTask("message:send", order)).result as { messages: { id: string }[] };
    const { id } = sent.messages[0]!;
    await world.fabric.finalize();
    await world.relayer.step();
    const status = (): Promise<Run> => runTask("message:status", { addresses: world.file, id });
    expect((await status()).stdout).to.contain("pauses certificates about the source");
    for (let step = 0; step < 3; ++step) {
      await runTask("message:settle", { addresses: world.file, id });
      await world.fabric.derive();
    }
    expect((await status()).exitCode).to.equal(0);
  });

  it("in a dry run, or for a Safe, sends nothing", async () => {
    const before = await height();
    expect(await resultOf("pause", { dryRun: true })).to.include({ status: "open", paused: true });
    const file = `${world.folder}/batches/pause.json`;
    expect(await resultOf("pause", { safe: file })).to.include({ status: "written", safeFile: file });
    expect(await height()).to.equal(before);

    const batch = JSON.parse(await readFile(file, "utf8")) as SafeBatch;
    expect(batch).to.include({ chainId: String(world.beta.chainId), version: "1.0" });
    const [{ to, data, value }] = batch.transactions as [SafeBatch["transactions"][number]];
    expect([to, value]).to.deep.equal([world.beta.contracts.gateway, "0"]);
    await (await world.beta.signer.sendTransaction({ to, data })).wait();
    expect(await settings()).to.deep.equal([true, 2n, 6_667n, true]);
  });

  it("refuses what only somebody else may do, and what there is not", async () => {
    expect(codeOf(await run("pause", { source: "gamma" }))).to.equal("member/unknown");
    expect(codeOf(await run("pause", { at: undefined }))).to.equal("member/unknown");
    expect(codeOf(await run("pause", { source: "beta" }))).to.equal("source/itself");
    const { gateway, provider } = world.beta;
    const owner = addressOf("a new owner");
    await (await gateway.getFunction("transferOwnership").send(owner)).wait();
    await impersonate(provider, owner);
    await fund(provider, owner, 10n ** 18n);
    const data = gateway.interface.encodeFunctionData("acceptOwnership");
    await sendFrom(provider, { from: owner, to: world.beta.contracts.gateway, data });
    const refused = await run("pause");
    expect(codeOf(refused)).to.equal("source/not-owner");
    expect(refused.error).to.contain(owner).and.to.contain("--safe");
    expect(await resultOf("pause", { dryRun: true })).to.include({ owner, status: "open" });
  });

  it("tells why a Gateway's owner cannot do it, and what of a member that is not listed", async () => {
    const { provider, signer } = world.beta;
    await provider.request({ method: "hardhat_setBalance", params: [await signer.getAddress(), "0x1"] });
    expect(codeOf(await run("pause"))).to.equal("source/not-set");
    const ids = { ...world.addresses.rollups[0]!, memberId: `0x${"56".repeat(32)}` };
    const file = `${world.folder}/other.json`;
    await writeAddresses(file, { ...world.addresses, rollups: [ids, world.addresses.rollups[1]!] });
    expect(codeOf(await run("pause", { addresses: file }))).to.equal("source/unlisted");
  });
});
