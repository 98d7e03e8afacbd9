import { expect } from "chai";
import { AbiCoder, type EventLog, Interface, ZeroHash } from "ethers";
import { z } from "zod";

import { Caller__factory } from "../../types/ethers-contracts/factories/test/recipients/Caller__factory.ts";
import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { encodeInteroperableAddress } from "../../src/wire/index.ts";
import { codeOf, NOBODY, runTask, useServed, type Run } from "./served.ts";

const integer = z.string().regex(/^\d+$/);
const stage = z.enum(["settle", "rising", "forward", "descending", "delayed", "deliver", "delivered"]);
/** What scripts rely on. */
const Result = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  nonce: integer,
  status: z.enum(["sent", "final", "failed", "delivered"]),
  sender: z.string(),
  recipient: z.string(),
  txHash: z.string(),
  blockNumber: z.number(),
  dryRun: z.boolean(),
  stage,
  count: integer.nullable(),
  waitsFor: z.string().nullable(),
  until: integer.nullable(),
  next: z.strictObject({ title: z.string(), at: z.string(), by: z.string(), value: integer }).nullable(),
  sent: z.array(z.strictObject({ stage, title: z.string(), at: z.string(), txHash: z.string() })),
  reason: z.string().nullable(),
});
type Result = z.infer<typeof Result>;
const Sent = z.object({ messages: z.array(z.object({ id: z.string() })) });

const FOUR_DAYS = 4 * 86_400;

describe("message:settle", function () {
  this.timeout(60_000);

  const world = useServed();
  let flaky: Awaited<ReturnType<Flaky__factory["deploy"]>>;

  // After four days nothing that operators signed could count: tables have expired, and no source is certifiable.
  beforeEach(async () => {
    flaky = await new Flaky__factory(world.beta.signer).deploy();
    await flaky.setMended(true);
    for (const { provider } of world.fabric.members) {
      await provider.request({ method: "evm_increaseTime", params: [FOUR_DAYS] });
      await provider.request({ method: "hardhat_mine", params: ["0x1"] });
    }
  });

  type Args = Readonly<Record<string, unknown>>;
  const run = (id: string, args: Args = {}): Promise<Run> =>
    runTask("message:settle", { addresses: world.file, id, ...args });
  const settle = async (id: string, args: Args = {}): Promise<Result & { exitCode: number }> => {
    const { result, exitCode, error } = await run(id, args);
    expect(error).to.equal("");
    return { ...Result.parse(result), exitCode };
  };
  const send = async (args: Args = {}): Promise<[string, ...string[]]> => {
    const order = { from: "alpha", to: "beta", text: "x", recipient: await flaky.getAddress(), ...args };
    const { result } = await runTask("message:send", { addresses: world.file, ...order });
    return Sent.parse(result).messages.map(({ id }) => id) as [string, ...string[]];
  };
  /** Messages from alpha to beta that fill a page, and one more, all in one transaction. */
  const sendPage = async (): Promise<[string, ...string[]]> => {
    const { gateway, signer } = world.alpha;
    const address = await flaky.getAddress();
    const recipient = encodeInteroperableAddress({ chainId: world.beta.chainId, address });
    const data = gateway.interface.encodeFunctionData("sendMessage", [recipient, "0x", []]);
    const call = [world.alpha.contracts.gateway, data, true];
    const calls = AbiCoder.defaultAbiCoder().encode(["(address,bytes,bool)[]"], [Array(257).fill(call)]);
    const caller = await new Caller__factory(signer).deploy();
    await (await caller.receiveMessage(ZeroHash, "0x", calls)).wait();
    const events = (await gateway.queryFilter("MessageSent")) as EventLog[];
    return events.map(({ args }) => String(args["sendId"])) as [string, ...string[]];
  };
  const stagesOf = ({ sent }: Result): string[] => sent.map((step) => step.stage);
  const heights = (): Promise<unknown[]> =>
    Promise.all(world.fabric.members.map(({ provider }) => provider.request({ method: "eth_blockNumber" })));

  it("invariant 9: carries a message from rollup to rollup in steps, and a second run sends nothing twice", async () => {
    const [id] = await send();
    const first = await settle(id);
    expect(first).to.include({ exitCode: 2, stage: "rising", count: "1", next: null, until: null });
    expect(first.waitsFor).to.contain("from alpha to l1");
    expect(stagesOf(first)).to.deep.equal(["settle"]);

    const before = await heights();
    expect(await settle(id)).to.deep.include({ exitCode: 2, stage: "rising", sent: [] });
    expect(await heights()).to.deep.equal(before);

    await world.fabric.derive();
    const second = await settle(id);
    expect(second).to.include({ exitCode: 2, stage: "descending", count: "1" });
    expect(stagesOf(second)).to.deep.equal(["forward"]);
    expect(await settle(id)).to.deep.include({ exitCode: 2, stage: "descending", sent: [] });

    await world.fabric.derive();
    const last = await settle(id);
    expect(last).to.include({ exitCode: 0, stage: "delivered", status: "delivered", count: null, reason: null });
    expect(stagesOf(last)).to.deep.equal(["deliver"]);
    expect(await flaky.received()).to.equal(1n);
    expect(await settle(id)).to.deep.include({ exitCode: 0, stage: "delivered", sent: [] });
  });

  it("invariant 9: by one word carries a message in a half-filled page, and not the others of the lane", async () => {
    const [, second] = await send({ count: 3 });
    await settle(second!);
    await world.fabric.derive();
    await settle(second!);
    await world.fabric.derive();
    expect(await settle(second!)).to.include({ exitCode: 0 });
    expect(await flaky.received()).to.equal(1n);
  });

  it("invariant 9: carries a message of a full page by the page's anchor, however many follow", async () => {
    const [id] = await sendPage();
    const first = await settle(id);
    expect(first).to.include({ stage: "rising", count: "256" });
    expect(first.sent[0]!.title).to.equal("settle page 0 of the lane to beta (at 256)");
    await world.fabric.derive();
    await settle(id);
    await world.fabric.derive();
    expect(await settle(id)).to.include({ exitCode: 0, stage: "delivered" });
    expect(await flaky.received()).to.equal(1n);
  });

  it("takes what somebody else settled meanwhile", async () => {
    const [id] = await send();
    const { alpha, beta, fabric } = world;
    const bridge = new Interface(["function settleCurrent(bytes32 destination) payable"]);
    const data = bridge.encodeFunctionData("settleCurrent", [beta.id]);
    await (await alpha.signer.sendTransaction({ to: alpha.contracts.bridge, data })).wait();
    await fabric.derive();
    expect(await settle(id, { dryRun: true })).to.deep.include({ stage: "forward", count: "1", sent: [] });
    await (await fabric.settlement.getFunction("forward").send(alpha.id, beta.id, 1, "0x")).wait();
    expect(await settle(id)).to.deep.include({ stage: "descending", sent: [] });
    await fabric.derive();
    expect(stagesOf(await settle(id))).to.deep.equal(["deliver"]);
  });

  it("settles messages of L1 at once, and waits for the one bridge that is left", async () => {
    const [id] = await send({ from: "l1" });
    const first = await settle(id);
    expect(first).to.include({ exitCode: 2, stage: "descending" });
    expect(stagesOf(first)).to.deep.equal(["settle", "forward"]);
    await world.fabric.derive();
    expect(await settle(id)).to.include({ exitCode: 0, stage: "delivered" });
  });

  it("delivers on L1 as soon as the word is there", async () => {
    const onL1 = await new Flaky__factory(world.l1.signer).deploy();
    await onL1.setMended(true);
    const [id] = await send({ from: "beta", to: "l1", recipient: await onL1.getAddress() });
    expect(await settle(id)).to.include({ stage: "rising" });
    await world.fabric.derive();
    const last = await settle(id);
    expect(last).to.include({ exitCode: 0, stage: "delivered" });
    expect(stagesOf(last)).to.deep.equal(["forward", "deliver"]);
  });

  it("with --wait goes on by itself as bridges carry, until it is delivered", async () => {
    const [id] = await send();
    const over = new AbortController();
    const carrying = (async (): Promise<void> => {
      while (!over.signal.aborted) {
        await world.fabric.derive();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const done = await settle(id, { wait: true, timeout: 30 }).finally(() => over.abort());
    await carrying;
    expect(done).to.include({ exitCode: 0, stage: "delivered" });
    expect(stagesOf(done)).to.deep.equal(["settle", "forward", "deliver"]);
  });

  it("in a dry run says what is next and who may do it, and sends nothing", async () => {
    const [id] = await send();
    const before = await heights();
    const { next, exitCode, ...rest } = await settle(id, { dryRun: true });
    expect(next).to.deep.equal({
      title: "settle the lane to beta as it is now (at 1)",
      at: "alpha",
      by: "anyone",
      value: "0",
    });
    expect(exitCode).to.equal(2);
    expect(rest).to.deep.include({ stage: "settle", sent: [], dryRun: true });
    expect(await heights()).to.deep.equal(before);
    const { stdout } = await run(id, { dryRun: true, json: false });
    expect(stdout).to.contain("not settled yet").and.to.contain("Nothing was sent.");
  });

  it("says until when the destination's owner delays what is settled", async () => {
    const { alpha, beta, fabric } = world;
    await (await beta.gateway.getFunction("delaySettled").send(alpha.id, 86_400)).wait();
    const [id] = await send();
    await settle(id);
    await fabric.derive();
    await settle(id);
    await fabric.derive();
    const delayed = await settle(id);
    const { delayedUntil } = (await beta.gateway.getFunction("member").staticCall(alpha.id)) as {
      delayedUntil: bigint;
    };
    expect(delayed).to.include({ exitCode: 2, stage: "delayed", until: String(delayedUntil), next: null });
    expect(delayed.waitsFor).to.contain("the owner of beta's Gateway");
    await beta.provider.request({ method: "evm_increaseTime", params: [86_401] });
    await beta.provider.request({ method: "hardhat_mine", params: ["0x1"] });
    expect(await settle(id)).to.include({ exitCode: 0, stage: "delivered" });
  });

  it("tells why a recipient refuses it, with exit code 3, and tries again when it is run again", async () => {
    await flaky.setMended(false);
    const [id] = await send({ from: "l1" });
    await settle(id);
    await world.fabric.derive();
    expect(await settle(id)).to.include({ exitCode: 3, stage: "deliver", status: "failed", reason: "Broken()" });
    await flaky.setMended(true);
    expect(await settle(id)).to.include({ exitCode: 0, stage: "delivered" });
  });

  it("refuses what cannot come of anything: no such message, no time, no account, no funds", async () => {
    const unknown = `0x${"56".repeat(32)}`;
    const missing = await run(unknown);
    expect(missing.exitCode).to.equal(4);
    expect(missing.result).to.deep.equal({ id: unknown, status: "unknown" });
    expect(missing.stderr).to.contain("[message/unknown]");
    expect(codeOf(await run("0x12"))).to.equal("message/malformed-id");

    const [id] = await send();
    expect(codeOf(await run(id, { wait: true, timeout: 0 }))).to.equal("message/bad-timeout");
    expect(codeOf(await run(id, { account: NOBODY }))).to.equal("account/unknown");
    const { provider, signer } = world.alpha;
    await provider.request({ method: "hardhat_setBalance", params: [await signer.getAddress(), "0x1"] });
    const poor = await run(id);
    expect(codeOf(poor)).to.equal("account/no-funds");
    expect(poor.error).to.contain("on alpha");
  });
});
