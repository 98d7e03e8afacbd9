import { expect } from "chai";
import { concat, toBigInt } from "ethers";

import { encodeBatch, Level, MAX_GAS_LIMIT, MAX_PAYLOAD, type BatchItem, type Hex } from "../../src/wire/index.ts";
import { settle } from "../fixtures/gateways.ts";
import { createInboxWorld, shaped, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { certify, deliver, heldProof, type Draft, type Sent } from "../fixtures/messages.ts";
import { answer, code, errorOf, eventsOf, install } from "../fixtures/recipients.ts";

/** What a transaction may burn at most (EIP-7825). */
const TRANSACTION_CAP = 16_777_216n;

/** What the Inbox keeps back of the gas that a call could get. */
const RESERVE = 30_000n;

const DEFAULT_GAS_LIMIT = 200_000n;

describe("Inbox: gas (R12)", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  /** Logs the gas that it starts with. */
  let probe: string;
  let answerer: string;

  before(async () => {
    world = await createInboxWorld();
    answerer = await world.answerer.getAddress();
  });

  beforeEach(async () => {
    await world.reset();
    probe = await install(world.chain, code.gasProbe);
    lane = world.lane();
  });

  async function sendAll(...drafts: Draft[]): Promise<Sent[]> {
    const sent = drafts.map((draft) => lane.send(draft));
    await settle(world.chain, lane.id, lane.word);
    return sent;
  }

  const start = (): Hex => lane.sent[0]!.before;

  const attempt = (items: readonly BatchItem[], gasLimit: bigint): Promise<void> =>
    world.chain.contract.deliver.staticCall(lane.source, encodeBatch(items), heldProof(Level.settled), start(), {
      gasLimit,
    });

  const run = (items: readonly BatchItem[], gasLimit: bigint) =>
    deliver(world.chain, lane.source, lane.sent[0]!.before, items, heldProof(Level.settled), { gasLimit });

  /** Gas with which each call of the probe began, in order. */
  async function gasGiven(transaction: ReturnType<typeof run>): Promise<bigint[]> {
    const receipt = await (await transaction).wait();
    // GAS itself costs 2.
    return receipt!.logs.filter(({ address }) => sameAddress(address, probe)).map(({ data }) => toBigInt(data) + 2n);
  }

  /** The least gas of a transaction with which `deliver` does not revert. */
  async function leastGas(items: readonly BatchItem[]): Promise<bigint> {
    let [low, high] = [21_000n, TRANSACTION_CAP];
    await attempt(items, high);
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      const suffices = await attempt(items, middle).then(
        () => true,
        () => false,
      );
      if (suffices) high = middle;
      else low = middle;
    }
    return high;
  }

  it("every call but the last gets exactly its limit, by default 200,000; the last gets the rest", async () => {
    const sent = await sendAll(
      { recipient: probe },
      { recipient: probe, options: { gasLimit: 1_000n } },
      { recipient: probe, options: { gasLimit: 1_000_000n } },
      { recipient: probe, options: { minFinality: Level.final } },
      { recipient: probe, options: { gasLimit: 1_000n } },
    );
    const given = await gasGiven(run(shaped(sent, "mmmmm"), 5_000_000n));
    expect(given.slice(0, 4)).to.deep.equal([DEFAULT_GAS_LIMIT, 1_000n, 1_000_000n, DEFAULT_GAS_LIMIT]);
    // Nobody spent anything to speak of.
    expect(Number(given[4])).to.be.within(4_500_000, (5_000_000 * 63) / 64);
  });

  it("the last message gets the rest behind skipped ones too, and only it", async () => {
    const drafts = Array.from({ length: 4 }, () => ({ recipient: probe }));
    const sent = await sendAll(...drafts);
    const given = await gasGiven(run(shaped(sent, "smms"), 3_000_000n));
    expect(given).to.have.lengthOf(2);
    expect(given[0]).to.equal(DEFAULT_GAS_LIMIT);
    expect(given[1]! > 2_500_000n).to.equal(true);

    // The last is delivered already: the one before it is not the last.
    expect(await gasGiven(run(shaped(sent, "mmms"), 3_000_000n))).to.deep.equal([DEFAULT_GAS_LIMIT]);
  });

  for (const [what, gasLimit, length] of [
    ["no limit, no payload", undefined, 0],
    ["limit 1,000, no payload", 1_000n, 0],
    ["limit 600,000, the longest payload", 600_000n, MAX_PAYLOAD],
    ["the highest limit, the longest payload", MAX_GAS_LIMIT, MAX_PAYLOAD],
  ] as const) {
    it(`with a single unit too little it reverts with what is missing: ${what}`, async () => {
      const limit = gasLimit ?? DEFAULT_GAS_LIMIT;
      const options = gasLimit === undefined ? {} : { gasLimit };
      const sent = await sendAll({ recipient: probe, payload: `0x${"ab".repeat(length)}`, options });
      const items = shaped(sent, "m");
      const least = await leastGas(items);
      const error = await errorOf(attempt(items, least - 1n), world.chain.contract);
      expect(error?.name).to.equal("InsufficientGas");
      const [id, available, required] = error!.args.toArray() as [Hex, bigint, bigint];
      expect(id).to.equal(sent[0]!.id);
      expect(required).to.equal(limit + RESERVE);
      expect(available < required && available >= required - 2n).to.equal(true);
      const [given] = await gasGiven(run(items, least));
      expect(given! >= limit).to.equal(true);
      expect(await world.chain.contract.isDelivered(lane.id, 0)).to.equal(true);
    });
  }

  it("each call in a batch gets its limit whatever gas there is, or all is undone", async () => {
    const options = { gasLimit: 300_000n };
    const sent = await sendAll(
      { recipient: probe, options },
      { recipient: answerer, payload: answer.burning, options },
      { recipient: probe, options },
      { recipient: answerer, payload: answer.revertingBomb(20_000n), options },
      { recipient: probe, options },
    );
    const items = shaped(sent, "mmmmm");
    const least = await leastGas(items);
    for (const gas of [least, least + 1n, least + 7_777n, least + 100_000n, 2n * least]) {
      const snapshot = await world.chain.helpers.takeSnapshot();
      const given = await gasGiven(run(items, gas));
      expect(given.slice(0, 2)).to.deep.equal([300_000n, 300_000n]);
      expect(given[2]! >= 300_000n).to.equal(true);
      await snapshot.restore();
    }
    for (const gas of [least - 1n, least - 100_000n, least - 500_000n]) {
      const error = await errorOf(attempt(items, gas), world.chain.contract);
      expect(error?.name).to.equal("InsufficientGas");
    }
  });

  for (const [what, payload] of [
    ["burns all its gas", answer.burning],
    ["returns as much as its gas pays for", answer.returningBomb(20_000n)],
    ["reverts with as much as its gas pays for", answer.revertingBomb(20_000n)],
  ] as const) {
    it(`invariant 5: a last recipient that ${what} leaves enough to report its failure`, async () => {
      const sent = await sendAll({ recipient: answerer, payload }, { recipient: answerer, payload });
      const items = shaped(sent, "mm");
      const least = await leastGas(items);
      for (const gas of [least, least + 1n, least + 50_000n]) {
        await attempt(items, gas);
      }
      const failed = await eventsOf(run(items, least), world.chain.contract, "DeliveryFailed");
      expect(failed.map(({ id }) => String(id))).to.deep.equal(sent.map(({ id }) => id));
    });

    it(`invariant 5: so does one that asks for next to no gas and ${what}: less is refused before it is called`, async () => {
      const [sent] = await sendAll({ recipient: answerer, payload, options: { gasLimit: 1n } });
      const items = shaped([sent!], "m");
      const least = await leastGas(items);
      const failed = await eventsOf(run(items, least), world.chain.contract, "DeliveryFailed");
      expect(failed.map(({ id }) => String(id))).to.deep.equal([sent!.id]);
      expect((await errorOf(attempt(items, least - 1n), world.chain.contract))?.name).to.equal("InsufficientGas");
    });
  }

  it("invariant 5: a last recipient that burns all its gas leaves enough to report its failure, however long the batch is", async () => {
    const drafts = Array.from({ length: 3_001 }, (_, i) => ({
      recipient: answerer,
      payload: i === 0 ? answer.burning : "0x",
    }));
    const sent = await sendAll(...drafts);
    const items = shaped(sent, `m${"s".repeat(3_000)}`);
    const least = await leastGas(items);
    const failed = await eventsOf(run(items, least), world.chain.contract, "DeliveryFailed");
    expect(failed.map(({ id }) => String(id))).to.deep.equal([sent[0]!.id]);
    // With less it is refused before the call, or (EIP-7623) before the transaction; it does not end in the middle.
    const refusal = await attempt(items, least - 1n).then(
      () => "none",
      (error: unknown) => String(error),
    );
    expect(refusal).to.match(/InsufficientGas|requires gas floor/);
  });

  it("R7 the heaviest message fits a transaction of EIP-7825, certificate and all", async () => {
    const payload = concat([answer.burning, `0x${"ff".repeat(MAX_PAYLOAD - 1)}`]);
    const sent = lane.send({ recipient: answerer, payload, options: { gasLimit: MAX_GAS_LIMIT } });
    const proof = await certify(lane, world.chain, lane.word, world.operators);
    const delivering = deliver(world.chain, lane.source, sent.before, [sent.item], proof, {
      gasLimit: TRANSACTION_CAP,
    });
    expect(await eventsOf(delivering, world.chain.contract, "DeliveryFailed")).to.have.lengthOf(1);
  });

  const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
});
