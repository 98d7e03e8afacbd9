import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  encodeBatch,
  encodeInteroperableAddress,
  laneWord,
  Level,
  type BatchItem,
  type Hex,
} from "../../src/wire/index.ts";
import { DOMAIN } from "../fixtures/constants.ts";
import { settle } from "../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, shaped, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { heldProof, place, type Sent } from "../fixtures/messages.ts";
import { advanceProof, checkpointOf } from "../fixtures/operators.ts";
import { calls, eventsOf, type Call } from "../fixtures/recipients.ts";

describe("Inbox: recipients that call back", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let caller: string;
  let recorder: string;

  before(async () => {
    world = await createInboxWorld();
    caller = await world.caller.getAddress();
    recorder = await world.recorder.getAddress();
  });

  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
  });

  const encode = (name: "deliver" | "advance" | "sendMessage" | "delivering" | "isDelivered", args: unknown[]): Hex =>
    world.chain.contract.interface.encodeFunctionData(name as "deliver", args as never);

  const toDeliver = (of: SourceLane, from: Hex, items: BatchItem[]): Call => ({
    target: world.chain.gateway,
    data: encode("deliver", [of.source, encodeBatch(items), heldProof(Level.settled), from]),
  });

  const sendCalls = (...list: Call[]): Sent =>
    lane.send({ recipient: caller, payload: calls(...list), options: { gasLimit: 2_000_000n } });

  const run = (sent: readonly Sent[]) =>
    deliverSettled(world, lane, sent[0]!.before, shaped(sent, "m".repeat(sent.length)));

  const locked = (): Hex => world.chain.contract.interface.encodeErrorResult("ReentrantDelivery");

  describe("R11 incident: Optimism messenger #5444: no recipient gets into `deliver`", () => {
    it("neither with its own batch, nor with another lane's, nor with one that is malformed", async () => {
      const other = world.lane(world.otherSource);
      const elsewhere = other.send({ recipient: recorder });
      await settle(world.chain, other.id, other.word);
      const first = lane.send({ recipient: recorder });
      const nested = sendCalls(
        toDeliver(lane, first.before, [first.item]),
        toDeliver(other, elsewhere.before, [elsewhere.item]),
        { target: world.chain.gateway, data: encode("deliver", [lane.source, "0x", "0x", ZeroHash]) },
      );
      const running = run([first, nested]);
      const called = await eventsOf(running, world.caller, "Called");
      expect(called.map((event) => [event.success, event.returned] as unknown[])).to.deep.equal(
        Array.from({ length: 3 }, () => [false, locked()]),
      );
      expect(await world.recorder.executions(first.id)).to.equal(1n);
      expect(await world.recorder.executions(elsewhere.id)).to.equal(0n);
      expect(await world.chain.contract.isDelivered(lane.id, nested.nonce)).to.equal(true);
    });

    it("nor a contract behind the recipient, and a recipient that insists fails alone", async () => {
      const first = lane.send({ recipient: recorder });
      const inner = calls({ ...toDeliver(lane, first.before, [first.item]), required: true });
      const data = world.caller.interface.encodeFunctionData("receiveMessage", [ZeroHash, "0x", inner]);
      const second = await world.chain.ethers.deployContract("Caller");
      const insisting = sendCalls({ target: await second.getAddress(), data, required: true });
      const last = lane.send({ recipient: recorder });
      const running = run([first, insisting, last]);
      const failed = await eventsOf(running, world.chain.contract, "DeliveryFailed");
      expect(failed.map((event) => [...event] as unknown[])).to.deep.equal([[insisting.id, locked()]]);
      expect(await world.chain.contract.isDelivered(lane.id, insisting.nonce)).to.equal(false);
      for (const { id } of [first, last]) expect(await world.recorder.executions(id)).to.equal(1n);
    });
  });

  it("R11 no lock on `sendMessage`: a recipient answers, and its answer is on the lane", async () => {
    const destination = { chainId: world.otherSource.chainId, address: recorder };
    const word = laneWord(await world.chain.contract.laneTo(destination.chainId));
    const answers = [0, 1].map(() => ({
      target: world.chain.gateway,
      data: encode("sendMessage", [encodeInteroperableAddress(destination), "0xaa", []]),
      required: true,
    }));
    const sent = [sendCalls(answers[0]!), sendCalls(answers[1]!)];
    const called = await eventsOf(run(sent), world.caller, "Called");
    const one = place(world.chain.id, destination.chainId, word, {
      sender: caller,
      recipient: recorder,
      payload: "0xaa",
    });
    const two = place(world.chain.id, destination.chainId, one.after, {
      sender: caller,
      recipient: recorder,
      payload: "0xaa",
    });
    expect(called.map((event) => String(event.returned))).to.deep.equal([one.id, two.id]);
    expect(await world.chain.contract.laneTo(destination.chainId)).to.equal(two.after);
  });

  it("a recipient may hold words meanwhile: `advance`", async () => {
    const checkpoint = checkpointOf({
      source: lane.id,
      destination: world.chain.id,
      word: lane.word,
      reachedBy: BigInt(await world.chain.helpers.time.latest()),
    });
    const ahead = { ...checkpoint, laneWord: lane.send({ recipient: recorder }).after };
    const proof = await advanceProof(DOMAIN, [ahead], world.operators);
    const nested = sendCalls({
      target: world.chain.gateway,
      data: encode("advance", [[ahead], proof]),
      required: true,
    });
    await run([lane.sent[0]!, nested]);
    expect(await world.chain.contract.isDelivered(lane.id, nested.nonce)).to.equal(true);
    expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(ahead.laneWord);
  });

  it("R10 a message is marked while its recipient is called, and not before its turn", async () => {
    const seen = (nonce: bigint): Call => ({
      target: world.chain.gateway,
      data: encode("isDelivered", [lane.id, nonce]),
      required: true,
    });
    const sent = [0, 1].map(() => sendCalls(seen(0n), seen(1n)));
    const called = await eventsOf(run(sent), world.caller, "Called");
    expect(called.map((event) => BigInt(String(event.returned)))).to.deep.equal([1n, 0n, 1n, 1n]);
  });

  it("the lock opens when `deliver` ends: twice in one transaction, the second after one that reverted too", async () => {
    const [first, second] = lane.sendAll(recorder, ["0x01", "0x02"]) as [Sent, Sent];
    await settle(world.chain, lane.id, first.after);
    await settle(world.chain, lane.id, second.after);
    const asks = { target: world.chain.gateway, data: encode("delivering", []) };
    const list = [
      toDeliver(lane, first.before, [first.item]),
      asks,
      toDeliver(lane, first.before, [second.item]),
      toDeliver(lane, second.before, [second.item]),
      asks,
    ];
    const running = world.caller.receiveMessage(ZeroHash, "0x", calls(...list), { gasLimit: 5_000_000n });
    const called = await eventsOf(running, world.caller, "Called");
    expect(called.map((event) => Boolean(event.success))).to.deep.equal([true, true, false, true, true]);
    for (const place of [1, 4]) expect(called[place]!.returned).to.equal(`0x${"00".repeat(96)}`);
    for (const { id } of [first, second]) expect(await world.recorder.executions(id)).to.equal(1n);
  });

  it("the lock opens after a failed delivery, and after a batch that executed nothing", async () => {
    const skipped = lane.send({ recipient: recorder });
    const codeless = lane.send({ recipient: world.chain.user.address });
    const good = lane.send({ recipient: recorder });
    for (const { after } of [skipped, codeless, good]) await settle(world.chain, lane.id, after);
    const list = [
      toDeliver(lane, codeless.before, [codeless.item]),
      toDeliver(lane, skipped.before, shaped([skipped, codeless], "ss")),
      toDeliver(lane, good.before, [good.item]),
    ];
    const running = world.caller.receiveMessage(ZeroHash, "0x", calls(...list), { gasLimit: 5_000_000n });
    const called = await eventsOf(running, world.caller, "Called");
    expect(called.map((event) => Boolean(event.success))).to.deep.equal([true, true, true]);
    expect(await world.recorder.executions(good.id)).to.equal(1n);
  });

  it("incident: Optimism messenger #8797: what failed within a delivery is not executed twice by its retry", async () => {
    const flaky = await world.flaky.getAddress();
    const broken = lane.send({ recipient: flaky });
    await run([broken]);
    expect(await world.chain.contract.isDelivered(lane.id, broken.nonce)).to.equal(false);
    // Mends its neighbour and asks for its delivery at once; then anyone asks again.
    const nested = sendCalls(
      { target: flaky, data: world.flaky.interface.encodeFunctionData("setMended", [true]), required: true },
      toDeliver(lane, broken.before, [broken.item]),
    );
    const called = await eventsOf(run([broken, nested]), world.caller, "Called");
    expect(called.map((event) => Boolean(event.success))).to.deep.equal([true, false]);
    expect(await world.flaky.received()).to.equal(0n);
    for (let retry = 0; retry < 2; ++retry) await run([broken]);
    expect(await world.flaky.received()).to.equal(1n);
  });
});
