import { toUtf8Bytes, hexlify } from "ethers";
import { expect } from "chai";
import { z } from "zod";

import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const decimal = z.string().regex(/^\d+$/);
const id = z.string().regex(/^0x[0-9a-f]{64}$/);

/** What scripts rely on. */
const Result = z.strictObject({
  from: z.string(),
  to: z.string(),
  account: z.string(),
  recipient: z.string(),
  dryRun: z.boolean(),
  count: z.number(),
  estimate: z.strictObject({ gas: decimal, maxCost: decimal, firstId: id, firstNonce: decimal }),
  messages: z.array(
    z.strictObject({
      id,
      nonce: decimal,
      txHash: id,
      blockNumber: z.number(),
      gasUsed: decimal,
      status: z.enum(["sent", "final", "failed", "delivered"]),
    }),
  ),
});

const RECIPIENT = "0x1212121212121212121212121212121212121212";
const STRANGER = "0x3434343434343434343434343434343434343434";

describe("message:send", function () {
  this.timeout(60_000);

  const world = useServed();
  const send = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask("message:send", { addresses: world.file, from: "alpha", to: "beta", recipient: RECIPIENT, ...args });

  it("sends messages and says where they are on their lane", async () => {
    await send({ text: "before" });
    const { exitCode, result } = await send({ text: "letter", count: 2, gasLimit: "300000", minFinality: "final" });
    const { messages, dryRun, estimate } = Result.parse(result);

    expect(exitCode).to.equal(0);
    expect(dryRun).to.equal(false);
    expect(messages.map(({ nonce }) => nonce)).to.deep.equal(["1", "2"]);
    expect(estimate).to.include({ firstId: messages[0]!.id, firstNonce: "1" });
    const gateway = world.alpha.gateway;
    const events = await gateway.queryFilter(gateway.filters["MessageSent"]!(), messages[0]!.blockNumber);
    const sent = events.map(({ topics, data }) => gateway.interface.decodeEventLog("MessageSent", data, topics));
    expect(sent.map(({ sendId }) => String(sendId))).to.deep.equal(messages.map((message) => message.id));
    expect(sent.map(({ payload }) => String(payload))).to.deep.equal(
      ["letter 1", "letter 2"].map((text) => hexlify(toUtf8Bytes(text))),
    );
    expect((sent[0]!["attributes"] as unknown[]).length).to.equal(2);
  });

  it("sends nothing in a dry run, and foretells the message", async () => {
    const lane = async (): Promise<string> =>
      String(await world.alpha.gateway.getFunction("laneTo").staticCall(world.beta.chainId));
    const before = await lane();
    const { exitCode, result } = await send({ payload: "0x1234", dryRun: true });
    const dry = Result.parse(result);

    expect(exitCode).to.equal(0);
    expect(dry.messages).to.deep.equal([]);
    expect(await lane()).to.equal(before);
    const wet = Result.parse((await send({ payload: "0x1234" })).result);
    expect(wet.messages.map((message) => message.id)).to.deep.equal([dry.estimate.firstId]);
  });

  it("waits with --wait until the message is delivered", async () => {
    const recipient = await new Flaky__factory(world.beta.signer).deploy();
    await recipient.setMended(true);
    const sending = send({ text: "x", recipient: await recipient.getAddress(), wait: true });
    await relayUntil(sending);
    const { exitCode, result } = await sending;

    expect(Result.parse(result).messages.map(({ status }) => status)).to.deep.equal(["delivered"]);
    expect(exitCode).to.equal(0);
    expect(await recipient.received()).to.equal(1n);
  });

  it("ends with exit code 3 if a message that is waited for fails", async () => {
    const recipient = await new Flaky__factory(world.beta.signer).deploy();
    const sending = send({ text: "x", recipient: await recipient.getAddress(), wait: true });
    await relayUntil(sending);
    const { exitCode, result } = await sending;

    expect(Result.parse(result).messages.map(({ status }) => status)).to.deep.equal(["failed"]);
    expect(exitCode).to.equal(3);
  });

  it("ends with exit code 2 if time is up before the message is delivered", async () => {
    const { exitCode, result } = await send({ text: "x", wait: true, timeout: 0 });
    expect(Result.parse(result).messages.map(({ status }) => status)).to.deep.equal(["final"]);
    expect(exitCode).to.equal(2);
  });

  it("prints for a person without --json", async () => {
    const { stdout } = await send({ text: "x", json: false });
    expect(stdout)
      .to.match(/^alpha → beta, for 0x1212/)
      .and.to.match(/\n +0 +sent +[\d,]+ +0x[0-9a-f]{64} +0x[0-9a-f]{64}$/);
    const dry = await send({ text: "x", json: false, dryRun: true });
    expect(dry.stdout)
      .to.contain("Nothing was sent.")
      .and.to.match(/nonce +1\n/);
  });

  for (const [what, args, code] of [
    ["a member that there is not", { to: "gamma" }, "member/unknown"],
    ["no sender", { from: undefined }, "member/unknown"],
    ["a recipient that is no address", { recipient: "0x12" }, "message/bad-recipient"],
    ["nothing to send", { text: undefined }, "message/no-payload"],
    ["two payloads", { payload: "0x12" }, "message/no-payload"],
    ["a payload that is not hex", { text: undefined, payload: "hello" }, "wire/hex"],
    ["a payload of 16,385 bytes", { text: "a".repeat(16_385) }, "wire/payload-too-long"],
    ["a gas limit above 8,000,000", { gasLimit: "8000001" }, "wire/range"],
    ["a gas limit that is no number", { gasLimit: "much" }, "message/bad-gas-limit"],
    ["a level that there is not", { minFinality: "soon" }, "message/bad-finality"],
    ["no message at all", { count: 0 }, "message/bad-count"],
    ["a lane to the sender itself", { to: "alpha" }, "message/no-lane"],
    ["an account of which nobody has the key", { account: STRANGER }, "account/unknown"],
  ] as const) {
    it(`refuses ${what}: ${code}`, async () => {
      const { exitCode, error, stdout } = await send({ text: "x", ...args });
      expect(codeOf({ error }), error).to.equal(code);
      expect(exitCode).to.equal(1);
      expect(stdout).to.equal("");
    });
  }

  it("writes to the mailbox of a devnet if no recipient is named", async () => {
    const { result } = await send({ text: "x", recipient: undefined, dryRun: true });
    expect(Result.parse(result).recipient).to.equal(world.addresses.devnet.examples.mailbox);
  });

  it("takes a payload of 16,384 bytes and a gas limit of 8,000,000", async () => {
    const { exitCode, error } = await send({ text: "a".repeat(16_384), gasLimit: "8000000" });
    expect(exitCode, error).to.equal(0);
  });

  it("refuses an account without funds, and says whose", async () => {
    const account = (await world.alpha.provider.request({ method: "eth_accounts" })) as string[];
    await world.alpha.provider.request({ method: "hardhat_setBalance", params: [account[5]!, "0x0"] });
    const { error } = await send({ text: "x", account: account[5] });
    expect(codeOf({ error }), error).to.equal("account/no-funds");
    expect(error.toLowerCase()).to.contain(account[5]!.toLowerCase());
  });

  it("says why the Gateway would refuse, decoded, before anything is sent", async () => {
    const revert = world.alpha.gateway.interface.encodeErrorResult("ValueRefused", [7n]);
    const refusing = Object.assign(new Error("execution reverted"), { code: 3, data: revert });
    const { provider } = world.alpha;
    const request = provider.request.bind(provider);
    const selector = world.alpha.gateway.interface.getFunction("sendMessage")!.selector;
    provider.request = async (args) => {
      if (args.method === "eth_call" && JSON.stringify(args.params).includes(selector)) throw refusing;
      return request(args);
    };
    try {
      const { error } = await send({ text: "x" });
      expect(codeOf({ error }), error).to.equal("message/refused");
      expect(error).to.contain("ValueRefused(value: 7)");
    } finally {
      provider.request = request;
    }
  });

  it("says how many messages are known to be sent if the node fails in between", async () => {
    world.broken.set("eth_getTransactionReceipt", "the disk is full");
    const { error, exitCode } = await send({ text: "x", count: 2 });
    expect(codeOf({ error }), error).to.equal("message/not-sent");
    expect(error).to.contain("0 of 2 messages are known to be sent").and.to.contain("message:list --from alpha");
    expect(exitCode).to.equal(1);
    world.broken.clear();
    const again = await runTask("message:list", { addresses: world.file });
    expect(z.object({ messages: z.array(z.unknown()) }).parse(again.result).messages).to.have.length(2);
  });

  /** Relays as long as the command waits. */
  async function relayUntil(sending: Promise<unknown>): Promise<void> {
    const waiting = new Set([sending]);
    void sending.finally(() => waiting.clear());
    while (waiting.size > 0) await world.relayer.step();
  }
});
