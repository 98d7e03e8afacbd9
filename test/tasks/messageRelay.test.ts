import { expect } from "chai";
import { z } from "zod";

import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { revokeOnL1 } from "./revokeOnL1.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

/** What scripts rely on. */
const Result = z.strictObject({
  dryRun: z.boolean(),
  messages: z.array(
    z.strictObject({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      nonce: z.string().regex(/^\d+$/),
      status: z.enum(["sent", "final", "failed", "delivered"]),
      sender: z.string(),
      recipient: z.string(),
      txHash: z.string(),
      blockNumber: z.number(),
      outcome: z.enum(["delivered", "elsewhere", "failed", "waiting", "would-deliver", "would-fail"]),
      relayTxHash: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  unknown: z.array(z.string()),
  revoked: z.array(z.strictObject({ snapshot: z.string(), member: z.string(), txHash: z.string() })),
  pushed: z.array(z.strictObject({ member: z.string(), items: z.array(z.string()), txHash: z.string() })),
  published: z.array(z.strictObject({ tableId: z.string(), member: z.string(), txHash: z.string() })),
  problems: z.array(z.strictObject({ subject: z.string(), code: z.string(), reason: z.string() })),
});
const Sent = z.object({ messages: z.array(z.object({ id: z.string() })) });

describe("message:relay", function () {
  this.timeout(60_000);

  const world = useServed({
    rollups: {
      alpha: { network: "parleyAlpha", finality: { confirmations: 2 } },
      beta: { network: "parleyBeta" },
    },
  });
  let flaky: Awaited<ReturnType<Flaky__factory["deploy"]>>;

  beforeEach(async () => {
    flaky = await new Flaky__factory(world.beta.signer).deploy();
  });

  type Args = Readonly<Record<string, unknown>>;
  const run = (ids: readonly string[], args: Args = {}): Promise<Run> =>
    runTask("message:relay", { addresses: world.file, ids: [...ids], ...args });
  const relay = async (...[ids, args]: Parameters<typeof run>): Promise<z.infer<typeof Result>> =>
    Result.parse((await run(ids, args)).result);
  const send = async (args: Args = {}): Promise<string[]> => {
    const order = { from: "alpha", to: "beta", text: "x", recipient: await flaky.getAddress(), ...args };
    const { result } = await runTask("message:send", { addresses: world.file, ...order });
    return Sent.parse(result).messages.map(({ id }) => id);
  };
  /** Messages that are final, so that they can be relayed. */
  const sendFinal = async (args: Args = {}): Promise<[string, ...string[]]> => {
    const ids = await send(args);
    await world.fabric.finalize();
    return ids as [string, ...string[]];
  };
  const outcomesOf = ({ messages }: z.infer<typeof Result>): string[] => messages.map(({ outcome }) => outcome);

  it("delivers the messages it is given, and no others", async () => {
    await flaky.setMended(true);
    const [first, second, third] = await sendFinal({ count: 3 });
    const { result, exitCode } = await run([first, third!]);
    const { messages, dryRun } = Result.parse(result);
    expect(dryRun).to.equal(false);
    expect(messages.map(({ id, outcome, status }) => [id, outcome, status])).to.deep.equal([
      [first, "delivered", "delivered"],
      [third, "delivered", "delivered"],
    ]);
    expect(messages[0]!.relayTxHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(exitCode).to.equal(0);
    expect(await flaky.received()).to.equal(2n);

    const rest = await relay([]);
    expect(rest.messages.map(({ id, outcome }) => [id, outcome])).to.deep.equal([[second, "delivered"]]);
    expect(await relay([first])).to.deep.include({ revoked: [], published: [], pushed: [], problems: [], unknown: [] });
    expect(outcomesOf(await relay([first]))).to.deep.equal(["elsewhere"]);
    expect(await flaky.received()).to.equal(3n);
  });

  it("tries a failed message again as often as it is told to, and delivers it once its recipient is mended", async () => {
    const [id] = await sendFinal();
    for (let attempt = 0; attempt < 4; ++attempt) {
      const { result, exitCode } = await run([id]);
      const { messages } = Result.parse(result);
      expect(messages[0]).to.include({ outcome: "failed", status: "failed", reason: "Broken()" });
      expect(messages[0]!.relayTxHash).to.not.equal(null);
      expect(exitCode).to.equal(3);
    }
    await flaky.setMended(true);
    expect(outcomesOf(await relay([id]))).to.deep.equal(["delivered"]);
    expect(await flaky.received()).to.equal(1n);
  });

  it("R22 says that it sent revocations of tables", async () => {
    await revokeOnL1(world);
    const { revoked } = await relay([]);
    expect(revoked.map(({ member }) => member)).to.deep.equal(["l1", "alpha", "beta"]);
  });

  it("does nothing in a dry run, and foretells what would become of each message", async () => {
    const [failing] = await sendFinal();
    const [early] = await send();
    const dry = await run([failing, early!], { dryRun: true });
    const { messages, dryRun } = Result.parse(dry.result);
    expect(dryRun).to.equal(true);
    expect(messages.map(({ outcome }) => outcome)).to.deep.equal(["would-fail", "waiting"]);
    expect(messages[0]!.reason).to.equal("Broken()");
    expect(messages[1]!.reason).to.match(/^no quorum: 0 of 8 operators would sign; one says: .*not 2$/);
    expect(messages.map(({ status }) => status)).to.deep.equal(["final", "sent"]);

    await flaky.setMended(true);
    expect(outcomesOf(await relay([failing], { dryRun: true }))).to.deep.equal(["would-deliver"]);
    expect(await flaky.received()).to.equal(0n);
  });

  it("says that a message is not final yet: exit code 2", async () => {
    const [id] = await send();
    const { result, exitCode } = await run([id!]);
    expect(Result.parse(result).messages[0]).to.include({
      outcome: "waiting",
      relayTxHash: null,
      reason: "2 more blocks on alpha, until it is final",
    });
    expect(exitCode).to.equal(2);
  });

  it("says which operators keep a quorum from being there, and takes those it is given", async () => {
    await flaky.setMended(true);
    const [id] = await sendFinal();
    const five = await run([id], { operators: world.operatorUrls.slice(0, 5).join(",") });
    const [message] = Result.parse(five.result).messages;
    expect(message!.outcome).to.equal("waiting");
    expect(message!.reason).to.match(/^no quorum: operators with 62.5 % of the weight would sign/);
    for (const { address } of world.operators.slice(5)) expect(message!.reason).to.contain(address);
    expect(five.exitCode).to.equal(2);
    const six = await relay([id], { operators: world.operatorUrls.slice(0, 6).join(",") });
    expect(outcomesOf(six)).to.deep.equal(["delivered"]);
  });

  it("pays from the account that it is told", async () => {
    await flaky.setMended(true);
    const [id] = await sendFinal();
    const accounts = (await world.beta.provider.request({ method: "eth_accounts" })) as string[];
    const { messages } = await relay([id], { account: accounts[7] });
    const transaction = await world.beta.signer.provider!.getTransaction(messages[0]!.relayTxHash!);
    expect(transaction!.from.toLowerCase()).to.equal(accounts[7]!.toLowerCase());
  });

  it("relays the others where an id is unknown: exit code 4, the named error on stderr", async () => {
    await flaky.setMended(true);
    const [id] = await sendFinal();
    const strange = `0x${"ab".repeat(32)}`;
    const { result, exitCode, stderr } = await run([id, strange]);
    expect(Result.parse(result).unknown).to.deep.equal([strange]);
    expect(outcomesOf(Result.parse(result))).to.deep.equal(["delivered"]);
    expect(exitCode).to.equal(4);
    expect(stderr).to.contain("[message/unknown]").and.to.contain(strange);
  });

  it("refuses what is no id, and an account of which nobody has the key", async () => {
    expect(codeOf(await run(["0x12"]))).to.equal("message/malformed-id");
    const [id] = await sendFinal();
    expect(codeOf(await run([id], { account: `0x${"34".repeat(20)}` }))).to.equal("account/unknown");
  });

  it("tells it to a person without --json", async () => {
    expect((await run([], { json: false })).stdout).to.equal("Nothing to relay.");
    const [id] = await sendFinal();
    const dry = await run([id], { json: false, dryRun: true });
    expect(dry.stdout).to.match(
      new RegExp(`\nalpha +beta +0 +${id} +would fail\n {2}Broken\\(\\)\nA dry run: 1 message`),
    );
    const { stdout } = await run([id], { json: false });
    expect(stdout).to.match(new RegExp(`\nalpha +beta +0 +${id} +failed\n {2}Broken\\(\\)\n {2}tx 0x[0-9a-f]{64}$`));
  });
});
