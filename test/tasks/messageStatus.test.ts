import { expect } from "chai";
import { z } from "zod";

import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

/** What scripts rely on. */
const Status = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  nonce: z.string().regex(/^\d+$/),
  status: z.enum(["sent", "final", "failed", "delivered"]),
  sender: z.string(),
  recipient: z.string(),
  txHash: z.string(),
  blockNumber: z.number(),
  waitsFor: z.string().nullable(),
  reason: z.string().nullable(),
});
const List = z.strictObject({
  messages: z.array(Status.omit({ waitsFor: true, reason: true }).extend({ sentAt: z.string().regex(/^\d+$/) })),
  unread: z.array(z.strictObject({ name: z.string(), code: z.string(), reason: z.string() })),
});
const Sent = z.object({ messages: z.array(z.object({ id: z.string() })) });

describe("message:status and message:list", function () {
  this.timeout(60_000);

  const world = useServed({
    rollups: {
      alpha: { network: "parleyAlpha", finality: { confirmations: 2 } },
      beta: { network: "parleyBeta" },
    },
  });
  let flaky: Awaited<ReturnType<Flaky__factory["deploy"]>>;
  let recipient: string;

  beforeEach(async () => {
    flaky = await new Flaky__factory(world.beta.signer).deploy();
    recipient = await flaky.getAddress();
  });

  type Args = Readonly<Record<string, unknown>>;
  const run = (task: string, args: Args): Promise<Run> => runTask(task, { addresses: world.file, ...args });
  const status = (id: string, args: Args = {}): Promise<Run> => run("message:status", { id, ...args });
  const list = async (args: Args = {}): Promise<z.infer<typeof List>> =>
    List.parse((await run("message:list", args)).result);
  const send = async (args: Args = {}): Promise<string[]> => {
    const order = { from: "alpha", to: "beta", text: "x", recipient, ...args };
    return Sent.parse((await run("message:send", order)).result).messages.map(({ id }) => id);
  };
  const sendOne = async (args: Args = {}): Promise<string> => (await send(args))[0]!;

  it("follows a message: sent until it is final, then failed, then delivered; the exit codes say so too", async () => {
    const id = await sendOne();

    const sent = await status(id);
    expect(Status.parse(sent.result)).to.include({ id, from: "alpha", to: "beta", nonce: "0", status: "sent" });
    expect(Status.parse(sent.result).waitsFor).to.equal("2 more blocks on alpha, until it is final");
    expect(sent.exitCode).to.equal(2);

    await world.fabric.finalize();
    const final = await status(id);
    expect(Status.parse(final.result)).to.include({
      status: "final",
      waitsFor: "a quorum of operators and a relayer",
      reason: null,
    });
    expect(final.exitCode).to.equal(2);

    await world.relayer.step();
    const failed = await status(id);
    expect(Status.parse(failed.result)).to.include({ status: "failed", reason: "Broken()" });
    expect(failed.exitCode).to.equal(3);

    await flaky.setMended(true);
    await world.relayer.step();
    const delivered = await status(id);
    expect(Status.parse(delivered.result)).to.include({ status: "delivered", waitsFor: null, reason: null });
    expect(delivered.exitCode).to.equal(0);
  });

  it("says it to a person without --json", async () => {
    const id = await sendOne();
    await world.fabric.finalize();
    await world.relayer.step();
    const { stdout } = await status(id, { json: false });
    expect(stdout).to.equal(
      "alpha → beta, nonce 0: failed\nIts recipient refused it: Broken()\n" +
        "It waits for its recipient; a relayer tries again once the recipient would take it.",
    );
  });

  it("says that a message waits for a destination that does not listen", async () => {
    const id = await sendOne();
    await world.beta.gateway.getFunction("setSource").send(world.alpha.id, 0, 0, true);
    expect(Status.parse((await status(id)).result).waitsFor).to.equal(
      "beta: the destination's owner pauses certificates about the source",
    );
  });

  it("says that a message whose sender demands settled waits for L1", async () => {
    const id = await sendOne({ minFinality: "settled" });
    expect(Status.parse((await status(id)).result).waitsFor).to.match(/^L1: its sender demands level settled/);
  });

  it("knows an id that is on no lane as unknown: exit code 4, the named error on stderr", async () => {
    const id = `0x${"ab".repeat(32)}`;
    const { result, exitCode, stderr } = await status(id);
    expect(result).to.deep.equal({ id, status: "unknown" });
    expect(exitCode).to.equal(4);
    expect(stderr).to.contain("[message/unknown]").and.to.contain("message:list");
  });

  it("refuses what is no id", async () => {
    const { error, exitCode } = await status("0x1234");
    expect(codeOf({ error }), error).to.equal("message/malformed-id");
    expect(exitCode).to.equal(1);
  });

  it("lists the newest messages of all lanes, newest last", async () => {
    const [first, second] = await send({ count: 2 });
    const back = await sendOne({ from: "beta", to: "alpha" });
    await world.alpha.provider.request({ method: "evm_increaseTime", params: [3600] });
    const last = await sendOne();

    const all = await list();
    expect(all.messages.map(({ id }) => id)).to.have.members([first, second, back, last]);
    expect(all.messages.at(-1)!.id).to.equal(last);
    const times = all.messages.map(({ sentAt }) => Number(sentAt));
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(all.unread).to.deep.equal([]);
    expect((await list({ limit: 1 })).messages.map(({ id }) => id)).to.deep.equal([last]);
    expect((await list({ from: "beta" })).messages.map(({ id }) => id)).to.deep.equal([back]);
    expect((await list({ to: "beta", limit: 2 })).messages.map(({ id }) => id)).to.deep.equal([second, last]);
    const final = (await list({ status: "final" })).messages;
    expect(final.map(({ id }) => id)).to.have.members([first, back]);
    expect((await list({ status: "delivered" })).messages).to.deep.equal([]);
  });

  it("lists to a person without --json", async () => {
    expect((await run("message:list", { json: false })).stdout).to.equal("No messages.");
    const id = await sendOne();
    const { stdout } = await run("message:list", { json: false });
    expect(stdout.split("\n")[1]).to.match(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\d [\\d:]+ UTC +alpha +beta +0 +sent +${id}$`),
    );
  });

  for (const [args, code] of [
    [{ status: "gone" }, "message/bad-status"],
    [{ from: "gamma" }, "member/unknown"],
    [{ to: "gamma" }, "member/unknown"],
    [{ limit: 0 }, "message/bad-limit"],
  ] as const) {
    it(`refuses to list by ${JSON.stringify(args)}: ${code}`, async () => {
      expect(codeOf(await run("message:list", args))).to.equal(code);
    });
  }
});
