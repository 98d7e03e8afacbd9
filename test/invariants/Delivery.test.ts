import { expect } from "chai";
import fc from "fast-check";

import { countOf, encodeBatch, Level, type BatchItem, type Hex } from "../../src/wire/index.ts";
import { settle } from "../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { deliver, DELIVER_GAS, heldProof, skip, type Sent } from "../fixtures/messages.ts";
import { answer, calls, errorOf, eventsOf } from "../fixtures/recipients.ts";

/** What a message's recipient does. */
type Behaviour = "records" | "reverts" | "burns" | "bombs" | "re-enters" | "is mended by and by";

type Step =
  | { kind: "send"; lane: number; behaviour: Behaviour }
  | { kind: "settle"; lane: number }
  | { kind: "mend"; mended: boolean }
  /** `from` and `length` choose a range of the lane up to a settled word; `carried` which of its messages are carried. */
  | { kind: "deliver"; lane: number; to: number; length: number; carried: boolean[]; again: boolean }
  | { kind: "forge"; lane: number; to: number; length: number; place: number };

describe("Invariants of delivery, over random sequences of sends, settlements and deliveries", () => {
  const lane = fc.nat(1);
  const small = fc.nat(20);
  const behaviour = fc.constantFrom<Behaviour>(
    "records",
    "records",
    "reverts",
    "burns",
    "bombs",
    "re-enters",
    "is mended by and by",
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("send" as const), lane, behaviour }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle" as const), lane }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("mend" as const), mended: fc.boolean() }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("deliver" as const),
        lane,
        to: small,
        length: small,
        carried: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        again: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("forge" as const), lane, to: small, length: small, place: small }),
    },
  );

  let world: InboxWorld;

  before(async () => {
    world = await createInboxWorld();
  });

  it("invariants 1, 2 and 5: each message executes at most once, only what is on a lane does, and no recipient matters to another", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 45 }), async (steps) => {
        await world.reset();
        const run = new Run(world);
        await run.begin();
        for (const one of steps) await run.take(one);
        await run.check();
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

/** A run: the chain, and what it must have come to. */
class Run {
  readonly #world: InboxWorld;
  readonly #lanes: SourceLane[];
  readonly #behaviours = new Map<Hex, Behaviour>();
  /** Counts at which a lane's word was settled. */
  readonly #settled: number[][] = [[], []];
  /** How often each message should have executed, and did, by its id. */
  readonly #expected = new Map<Hex, number>();
  readonly #executed = new Map<Hex, number>();
  #isMended = false;
  #addresses: Record<Behaviour, string> | undefined;

  constructor(world: InboxWorld) {
    this.#world = world;
    this.#lanes = [world.lane(), world.lane(world.otherSource)];
  }

  async begin(): Promise<void> {
    const answerer = await this.#world.answerer.getAddress();
    this.#addresses = {
      records: await this.#world.recorder.getAddress(),
      reverts: answerer,
      burns: answerer,
      bombs: answerer,
      "re-enters": await this.#world.caller.getAddress(),
      "is mended by and by": await this.#world.flaky.getAddress(),
    };
    for (const place of [0, 1]) {
      this.#send(place, "records");
      await this.#settle(place);
    }
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "send": {
        this.#send(step.lane, step.behaviour);
        return;
      }
      case "settle":
        return this.#settle(step.lane);
      case "mend":
        this.#isMended = step.mended;
        await this.#world.flaky.setMended(step.mended);
        return;
      case "deliver": {
        const range = this.#range(step.lane, step.to, step.length);
        const carries = range.map((_, i) => step.carried[i % step.carried.length]!);
        for (let times = step.again ? 2 : 1; times > 0; --times) await this.#deliver(step.lane, range, carries);
        return;
      }
      case "forge":
        return this.#forge(step.lane, this.#range(step.lane, step.to, step.length), step.place);
    }
  }

  /** Compares what every message came to on the chain with what it must have come to. */
  async check(): Promise<void> {
    expect(this.#executed).to.deep.equal(this.#expected);
    for (const lane of this.#lanes) {
      for (const { id, nonce } of lane.sent) {
        const times = this.#expected.get(id) ?? 0;
        expect(times).to.be.at.most(1);
        expect(await this.#world.chain.contract.isDelivered(lane.id, nonce)).to.equal(times === 1);
        const recorded = this.#behaviours.get(id) === "records" ? times : 0;
        expect(await this.#world.recorder.executions(id)).to.equal(BigInt(recorded));
      }
    }
  }

  #send(place: number, behaviour: Behaviour): void {
    const lane = this.#lanes[place]!;
    const first = lane.sent[0];
    const attempt = {
      target: this.#world.chain.gateway,
      data: this.#world.chain.contract.interface.encodeFunctionData("deliver", [
        lane.source,
        encodeBatch([first?.item ?? { kind: "skip", messageHash: lane.id }]),
        heldProof(Level.settled),
        first?.before ?? lane.word,
      ]),
    };
    const payloads: Record<Behaviour, Hex> = {
      records: "0x",
      reverts: answer.reverting("0x1234"),
      burns: answer.burning,
      bombs: answer.revertingBomb(15_000n),
      "re-enters": calls(attempt),
      "is mended by and by": "0x",
    };
    const sent = lane.send({ recipient: this.#addresses![behaviour], payload: payloads[behaviour] });
    this.#behaviours.set(sent.id, behaviour);
  }

  async #settle(place: number): Promise<void> {
    const lane = this.#lanes[place]!;
    this.#settled[place]!.push(Number(countOf(lane.word)));
    await settle(this.#world.chain, lane.id, lane.word);
  }

  /** One to eight messages that end at a settled word. */
  #range(place: number, to: number, length: number): Sent[] {
    const ends = this.#settled[place]!;
    const end = ends[to % ends.length]!;
    const begin = Math.max(0, end - 1 - (length % 8));
    return this.#lanes[place]!.sent.slice(begin, end);
  }

  async #deliver(place: number, range: readonly Sent[], carries: readonly boolean[]): Promise<void> {
    const items = range.map((sent, i): BatchItem => (carries[i] === true ? sent.item : skip(sent)));
    const fresh = range.filter((sent, i) => carries[i] === true && !this.#expected.has(sent.id));
    const succeeding = fresh.filter(({ id }) => this.#succeeds(id)).map(({ id }) => id);
    const failing = fresh.filter(({ id }) => !this.#succeeds(id)).map(({ id }) => id);
    const { chain } = this.#world;
    const running = deliver(chain, this.#lanes[place]!.source, range[0]!.before, items, heldProof(Level.settled));
    const delivered = (await eventsOf(running, chain.contract, "MessageDelivered")).map(({ id }) => String(id));
    const failed = (await eventsOf(running, chain.contract, "DeliveryFailed")).map(({ id }) => String(id));
    expect(delivered).to.deep.equal(succeeding);
    expect(failed).to.deep.equal(failing);
    for (const id of succeeding) this.#expected.set(id, (this.#expected.get(id) ?? 0) + 1);
    for (const id of delivered) this.#executed.set(id, (this.#executed.get(id) ?? 0) + 1);
  }

  #succeeds(id: Hex): boolean {
    const behaviour = this.#behaviours.get(id)!;
    return (
      behaviour === "records" || behaviour === "re-enters" || (behaviour === "is mended by and by" && this.#isMended)
    );
  }

  /** Puts a message that was never sent in the place of one that was. */
  async #forge(place: number, range: readonly Sent[], at: number): Promise<void> {
    const forged = range.map((sent): BatchItem => sent.item);
    const victim = range[at % range.length]!;
    forged[at % range.length] = { ...victim.item, payload: `${victim.item.payload}ff` };
    const { contract } = this.#world.chain;
    const { source } = this.#lanes[place]!;
    const attempt = contract.deliver.staticCall(
      source,
      encodeBatch(forged),
      heldProof(Level.settled),
      range[0]!.before,
      { gasLimit: DELIVER_GAS },
    );
    expect((await errorOf(attempt, contract))?.name).to.equal("WordNotHeld");
  }
}
