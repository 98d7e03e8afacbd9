import { expect, use } from "chai";
import { hexlify, toUtf8Bytes } from "ethers";

import { ParleyError } from "../../src/errors.ts";
import { branchPoint, createDevnet, NO_FAULTS, parleyMatchers, reorganise } from "../../testing/index.ts";
import type { Devnet, DevnetMember, DevnetMessage } from "../../testing/index.ts";
import type { Mailbox } from "../../types/ethers-contracts/examples/Mailbox.ts";
import { Mailbox__factory } from "../../types/ethers-contracts/factories/examples/Mailbox__factory.ts";

use(parleyMatchers);

const OPERATORS = 4; // of which three are a quorum
const CONFIRMATIONS = 2;

/** The `ParleyError` that is thrown. */
async function refusalOf(action: Promise<unknown>): Promise<ParleyError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
  return expect.fail("nothing was refused");
}

describe("A devnet", () => {
  let devnet: Devnet<"alpha" | "beta">;
  let alpha: DevnetMember;
  let beta: DevnetMember;

  before(async () => {
    devnet = await createDevnet({ rollups: 2, operators: OPERATORS, confirmations: CONFIRMATIONS });
    ({ alpha, beta } = devnet.rollups);
  });
  after(() => devnet.close());

  let runs = 0;
  async function mailboxes(): Promise<Record<"onAlpha" | "onBeta", Mailbox>> {
    runs++;
    const mailboxOn = async ({ deploy, gateway, signers }: DevnetMember): Promise<Mailbox> =>
      Mailbox__factory.connect(await (await deploy("Mailbox", [gateway])).getAddress(), signers[0]);
    return { onAlpha: await mailboxOn(alpha), onBeta: await mailboxOn(beta) };
  }
  let onAlpha: Mailbox;
  let onBeta: Mailbox;
  beforeEach(async () => {
    ({ onAlpha, onBeta } = await devnet.loadFixture(mailboxes));
  });

  const write = (text: string): Promise<DevnetMessage> =>
    alpha.send({ to: beta, recipient: onBeta, payload: hexlify(toUtf8Bytes(text)) });

  describe("delivering", () => {
    it("delivers all that was sent, both ways", async () => {
      await write("over there");
      await beta.send({ to: alpha, recipient: onAlpha, payload: hexlify(toUtf8Bytes("back here")) });
      const { delivered, failed, waiting } = await devnet.deliverAll();
      const way = delivered.map(({ source, destination, nonce }) => `${source} ${destination} ${nonce}`);
      expect(way).to.have.members(["alpha beta 0", "beta alpha 0"]);
      expect([...failed, ...waiting]).to.be.empty;
      expect([await onBeta.lastText(), await onAlpha.lastText()]).to.deep.equal(["over there", "back here"]);
      expect((await devnet.messages()).map(({ status }) => status)).to.deep.equal(["delivered", "delivered"]);
    });

    it("delivers one message alone, in the transaction that it answers; once more, and nothing happens", async () => {
      const [first, second] = [await write("one"), await write("two")];
      await expect(devnet.deliver(second)).to.emit(onBeta, "LetterReceived");
      await expect(second).toBeDeliveredOn(beta);
      await expect(first).not.toBeDeliveredOn(beta);
      const { hash } = await devnet.deliver(second.id);
      expect(hash).to.equal((await devnet.deliver(second.id)).hash);
      expect(await onBeta.received()).to.equal(1n);
    });

    it("pays for it from an account that is none of the test's", async () => {
      await write("free of charge");
      const before = await beta.ethers.provider.getBalance(beta.signers[0]!);
      const nonce = await beta.signers[0]!.getNonce();
      const { delivered } = await devnet.deliverAll();
      expect(delivered).to.have.lengthOf(1);
      expect(await beta.ethers.provider.getBalance(beta.signers[0]!)).to.equal(before);
      expect(await beta.signers[0]!.getNonce()).to.equal(nonce);
    });

    it("says which message was not delivered, and why; and tries it again however often it failed", async () => {
      await onBeta.close();
      const message = await write("anyone?");
      const { code, message: text } = await refusalOf(devnet.deliver(message));
      expect(code).to.equal("message/not-delivered");
      expect(text).to.contain(`${message.id} (alpha → beta, nonce 0)`).and.to.contain("MailboxIsClosed()");
      const { failed } = await devnet.deliverAll();
      expect(failed.map(({ id, refusal }) => [id, refusal?.name])).to.deep.equal([[message.id, "MailboxIsClosed"]]);
      await refusalOf(devnet.deliver(message));
      expect((await devnet.message(message.id)).refusal?.attempts).to.equal(2);
      await onBeta.open();
      await devnet.deliver(message);
      expect((await devnet.message(message.id)).refusal).to.equal(undefined);
    });

    it("stops where contracts answer each other without end", async () => {
      for (let letters = 0; letters < 3; letters++) await write("again");
      const { code } = await refusalOf(devnet.deliverAll({ maxSteps: 1 }));
      expect(code).to.equal("devnet/unquiet");
    });

    it("says what a message waits for", async () => {
      await onBeta.close();
      const message = await write("soon");
      expect((await devnet.message(message.id)).status).to.equal("sent");
      expect(await devnet.explain(message)).to.equal(
        "it is sent, and waits: 2 more blocks on alpha, until it is final",
      );
      await devnet.fabric.finalize();
      expect(await devnet.explain(message)).to.match(/^it is final, nobody .* would refuse it: MailboxIsClosed\(\)$/);
      await onBeta.open();
      expect(await devnet.explain(message)).to.match(/^it is final, and nothing stands in its way/);
      const { code } = await refusalOf(devnet.message(message.id.replace(/.$/, "?")));
      expect(code).to.equal("message/malformed-id");
      expect((await refusalOf(devnet.deliver(`0x${"00".repeat(32)}`))).code).to.equal("message/unknown");
    });
  });

  describe("operators", () => {
    it("invariant 3: a quorum delivers, fewer do not; who is missing is said, and comes back", async () => {
      devnet.stopOperators(1);
      await devnet.deliver(await write("three of four"));
      devnet.stopOperators(["operator-3"]);
      expect(devnet.runningOperators).to.deep.equal(["operator-2", "operator-4"]);
      const message = await write("two of four");
      const { waiting } = await devnet.deliverAll();
      expect(waiting.map(({ id }) => id)).to.deep.equal([message.id]);
      expect(waiting[0]?.reason).to.match(/no quorum: 2 of 4 operators would sign.*operator-[13] is stopped$/);
      devnet.startOperators(["operator-1"]);
      await devnet.deliver(message);
      expect((await refusalOf((async () => devnet.stopOperators(["operator-5"]))())).code).to.equal(
        "devnet/unknown-operator",
      );
    });

    it("invariant 9: a message arrives through L1 when all of them are gone", async () => {
      devnet.stopOperators();
      const message = await write("by the bridges");
      expect((await refusalOf(devnet.deliver(message))).message).to.contain("no quorum: 0 of 4");
      await expect(devnet.settle(message)).to.emit(onBeta, "LetterReceived");
      await expect(message).toBeDeliveredOn(beta);
      await onBeta.close();
      const refused = await write("and refused");
      expect((await refusalOf(devnet.settle(refused))).message).to.contain("MailboxIsClosed()");
    });
  });

  describe("snapshots", () => {
    it("takes all chains back, and what operators remember: another message may stand in the place of one taken back", async () => {
      const snapshot = await devnet.snapshot();
      for (const text of ["one branch", "another one", "a third one"]) {
        const message = await write(text);
        expect(message.nonce).to.equal(0n);
        await devnet.deliver(message);
        expect([await onBeta.received(), await onBeta.lastText()]).to.deep.equal([1n, text]);
        await devnet.restore(snapshot);
        expect(await devnet.messages()).to.be.empty;
        expect(await onBeta.received()).to.equal(0n);
      }
    });

    it("keeps what operators signed before, and who was stopped", async () => {
      await onBeta.close();
      const point = await branchPoint(alpha.provider);
      const { failed } = await write("signed").then(() => devnet.deliverAll());
      expect(failed).to.have.lengthOf(1);
      devnet.stopOperators(["operator-1"]);
      const snapshot = await devnet.snapshot();
      devnet.startOperators();
      await devnet.restore(snapshot);
      expect(devnet.runningOperators).to.not.include("operator-1");
      await reorganise(point, () => write("in its place")); // deeper than finality
      const { waiting } = await devnet.deliverAll();
      expect(waiting.map(({ reason }) => reason).join()).to.match(/no quorum: 0 of 4 operators would sign/);
    });

    it("does not go back to a moment that is gone", async () => {
      const [early, late] = [await devnet.snapshot(), await devnet.snapshot()];
      await devnet.restore(early);
      expect((await refusalOf(devnet.restore(late))).code).to.equal("devnet/no-snapshot");
    });

    it("runs a fixture once, and each from the same beginning", async () => {
      const before = runs;
      await write("to be forgotten");
      await devnet.loadFixture(mailboxes);
      expect([runs, await devnet.messages()]).to.deep.equal([before, []]);
      await write("to be forgotten too");
      async function untouched(): Promise<DevnetMessage[]> {
        return await devnet.messages();
      }
      expect(await devnet.loadFixture(untouched)).to.be.empty;

      async function closed(): Promise<Mailbox> {
        const { onBeta: inner } = await devnet.loadFixture(mailboxes);
        await inner.close();
        return inner;
      }
      const other = await devnet.loadFixture(closed);
      expect(await other.isClosed()).to.equal(true);
      await other.open();
      expect(await (await devnet.loadFixture(closed)).isClosed()).to.equal(true);
      expect(await (await devnet.loadFixture(mailboxes)).onBeta.isClosed()).to.equal(false);
    });

    it("wants fixtures that it can tell apart", async () => {
      const { code } = await refusalOf(devnet.loadFixture(() => write("nameless")));
      expect(code).to.equal("devnet/anonymous-fixture");
    });
  });

  describe("time", () => {
    const timesOf = (): Promise<number[]> =>
      Promise.all(devnet.members.map(async ({ ethers }) => (await ethers.provider.getBlock("latest"))?.timestamp ?? 0));

    it("passes on all chains together, and a month later messages still arrive", async () => {
      const [latest] = (await timesOf()).sort((a, b) => b - a);
      const time = await devnet.increaseTime(30 * 24 * 3_600);
      expect(time).to.equal(latest! + 30 * 24 * 3_600);
      expect(await timesOf()).to.deep.equal([time, time, time]);
      await devnet.deliver(await write("a month later"));
      await devnet.increaseTime(30 * 24 * 3_600);
      await write("two months later");
      await devnet.deliverAll();
      expect(await onBeta.lastText()).to.equal("two months later");
    });

    it("passes forwards alone", async () => {
      for (const seconds of [0, -1, 0.5])
        expect((await refusalOf(devnet.increaseTime(seconds))).code).to.equal("devnet/bad-time");
    });
  });

  it("lets things go wrong by a seed, and goes back afterwards", async () => {
    const faults = await devnet.withFaults({
      ...NO_FAULTS,
      seed: "testing/devnet",
      rounds: 2,
      faults: [
        { kind: "outage", round: 0, operator: "operator-1", rounds: 2 },
        { kind: "reorg", round: 1, member: "alpha", depth: 1, kept: 1 },
      ],
    });
    await faults.run(async () => {
      for (let round = 0; round < 2; round++) {
        const from = faults.signerOn("alpha");
        await alpha.send({ to: beta, recipient: onBeta, payload: hexlify(toUtf8Bytes(`round ${round}`)), from });
        await faults.round();
      }
      await faults.end();
      await faults.deliverAll();
    });
    expect(faults.rounds.flatMap(({ began }) => began.map(({ kind }) => kind))).to.deep.equal(["outage", "reorg"]);
    for (const message of await devnet.messages()) await expect(message).toBeDeliveredOn(beta);
    expect(await onBeta.received()).to.equal(2n);
    expect(() => faults.signerOn("delta"))
      .to.throw(ParleyError)
      .with.property("code", "faults/no-member");
    await devnet.loadFixture(mailboxes);
    expect(await devnet.messages()).to.be.empty;
  });
});
