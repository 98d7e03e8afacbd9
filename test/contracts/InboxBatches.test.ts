import { expect } from "chai";
import { concat, toBeHex } from "ethers";

import {
  countOf,
  encodeBatch,
  headOf,
  Level,
  MAX_COUNT,
  MAX_PAYLOAD,
  memberId,
  packOptions,
  wordOf,
  type BatchItem,
  type Hex,
} from "../../src/wire/index.ts";
import { SETTLEMENT } from "../fixtures/constants.ts";
import { settle } from "../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, shaped, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { deliver, DELIVER_GAS, heldProof, place, skip, type Sent } from "../fixtures/messages.ts";
import { errorOf, eventsOf } from "../fixtures/recipients.ts";

describe("Inbox: batches", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let sent: Sent[];

  before(async () => {
    world = await createInboxWorld();
  });

  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    sent = lane.sendAll(await world.recorder.getAddress(), ["0x", "0x01", "0x0203", "0x", `0x${"ee".repeat(33)}`]);
  });

  /** Delivers by a settled word, and returns the ids of the messages that were executed, in order. */
  async function delivered(items: BatchItem[], from = lane.sent[0]!.before, to = lane.word): Promise<string[]> {
    const events = await eventsOf(
      deliverSettled(world, lane, from, items, to),
      world.chain.contract,
      "MessageDelivered",
    );
    return events.map(({ id }) => String(id));
  }

  async function expectDelivered(expected: readonly Sent[]): Promise<void> {
    for (const { id, nonce } of lane.sent) {
      const isExpected = expected.some((one) => one.id === id);
      expect(await world.chain.contract.isDelivered(lane.id, nonce)).to.equal(isExpected);
      expect(await world.recorder.executions(id)).to.equal(isExpected ? 1n : 0n);
    }
  }

  describe("shapes: what a batch skips is not executed, what it carries is, in order", () => {
    for (const shape of ["mmmmm", "smmmm", "mmmms", "msmsm", "smsms", "ssmss", "sssss", "mssss", "ssssm"]) {
      it(shape, async () => {
        const expected = sent.filter((_, i) => shape[i] === "m");
        expect(await delivered(shaped(sent, shape))).to.deep.equal(expected.map(({ id }) => id));
        await expectDelivered(expected);
      });
    }

    it("one of the middle alone: from its own word, to its own", async () => {
      const [, , third] = sent;
      expect(await delivered([third!.item], third!.before, third!.after)).to.deep.equal([third!.id]);
      await expectDelivered([third!]);
    });

    it("in pieces, the last piece first", async () => {
      expect(await delivered(shaped(sent.slice(3), "mm"), sent[3]!.before)).to.have.lengthOf(2);
      expect(await delivered(shaped(sent.slice(0, 3), "mmm"), sent[0]!.before, sent[2]!.after)).to.have.lengthOf(3);
      await expectDelivered(sent);
    });

    it("across a page: nonces 250 to 261, and again by the anchor of the first page", async () => {
      const recorder = await world.recorder.getAddress();
      const long = world.lane();
      long.word = wordOf(headOf(long.word), 250n);
      const messages = long.sendAll(recorder, Array<Hex>(12).fill("0x77"));
      lane = long;
      const shape = "smsmmsmmssmm";
      const first = messages.filter((_, i) => shape[i] === "m");
      expect(await delivered(shaped(messages, shape))).to.deep.equal(first.map(({ id }) => id));
      await expectDelivered(first);

      const anchor = messages[5]!.after;
      expect(countOf(anchor)).to.equal(256n);
      expect(await delivered(shaped(messages.slice(0, 6), "mmmmmm"), messages[0]!.before, anchor)).to.deep.equal(
        [0, 2, 5].map((i) => messages[i]!.id),
      );
      await expectDelivered([...first, ...[0, 2, 5].map((i) => messages[i]!)]);
    });

    it("more than a page at once: the last of 300 messages by their hashes, then a hundred of them", async () => {
      const many = world.lane();
      const messages = many.sendAll(await world.recorder.getAddress(), Array<Hex>(300).fill("0x"));
      lane = many;
      const items = messages.map((one, i) => (i === 299 ? one.item : skip(one)));
      expect(await delivered(items)).to.deep.equal([messages[299]!.id]);
      const some = messages.slice(200);
      expect(await delivered(shaped(some, "m".repeat(100)), some[0]!.before)).to.deep.equal(
        some.slice(0, 99).map(({ id }) => id),
      );
      await expectDelivered(some);
    });
  });

  it("invariant 9: the first message of a page is delivered from its anchor by 255 hashes, in one transaction", async () => {
    const old = world.lane();
    const page = old.sendAll(await world.recorder.getAddress(), Array<Hex>(256).fill("0x5a"));
    const anchor = old.word;
    // What was sent since does not matter.
    old.sendAll(await world.recorder.getAddress(), ["0x", "0x"]);
    lane = old;
    const items = page.map((one, i) => (i === 0 ? one.item : skip(one)));
    expect(await delivered(items, page[0]!.before, anchor)).to.deep.equal([page[0]!.id]);
    await expectDelivered([page[0]!]);
  });

  describe("R9 what was delivered already is skipped, and never reverts", () => {
    it("the same batch again does nothing", async () => {
      await delivered(shaped(sent, "mmmmm"));
      await expect(deliverSettled(world, lane, sent[0]!.before, shaped(sent, "mmmmm"))).to.not.emit(
        world.chain.contract,
        "MessageDelivered",
      );
      await expectDelivered(sent);
    });

    for (const shape of ["mssss", "ssmss", "ssssm", "msmsm"]) {
      it(`${shape} before, all five after`, async () => {
        await delivered(shaped(sent, shape));
        expect(await delivered(shaped(sent, "mmmmm"))).to.deep.equal(
          sent.filter((_, i) => shape[i] === "s").map(({ id }) => id),
        );
        await expectDelivered(sent);
      });
    }

    it("two lanes' messages of one nonce are two messages", async () => {
      await delivered(shaped(sent, "mmmmm"));
      const first = lane;
      lane = world.lane(world.otherSource);
      const other = lane.sendAll(await world.recorder.getAddress(), ["0x"]);
      expect(await delivered([other[0]!.item])).to.deep.equal([other[0]!.id]);
      expect(await world.chain.contract.isDelivered(lane.id, 1n)).to.equal(false);
      expect(await world.chain.contract.isDelivered(first.id, 1n)).to.equal(true);
    });
  });

  describe("the last nonces of a lane", () => {
    it("are delivered, to 2^40 − 2", async () => {
      const end = world.lane();
      end.word = wordOf(headOf(end.word), MAX_COUNT - 2n);
      const messages = end.sendAll(await world.recorder.getAddress(), ["0x01", "0x02"]);
      lane = end;
      expect(await delivered(shaped(messages, "mm"))).to.have.lengthOf(2);
      expect(await world.chain.contract.isDelivered(lane.id, MAX_COUNT - 1n)).to.equal(true);
      expect(await world.chain.contract.isDelivered(lane.id, MAX_COUNT)).to.equal(false);
    });

    it("and none behind: LaneFull", async () => {
      const word = wordOf(headOf(lane.word), MAX_COUNT);
      await expect(deliver(world.chain, lane.source, word, shaped(sent, "m"), heldProof(Level.settled)))
        .to.be.revertedWithCustomError(world.chain.contract, "LaneFull")
        .withArgs(word);
    });
  });

  describe("malformed", () => {
    const refuse = (items: Hex, from = lane.sent[0]!.before) =>
      world.chain.contract.deliver.staticCall(world.source, items, heldProof(Level.settled), from, {
        gasLimit: DELIVER_GAS,
      });

    async function expectMalformed(items: Hex, offset: number): Promise<void> {
      await expect(refuse(items))
        .to.be.revertedWithCustomError(world.chain.contract, "MalformedBatch")
        .withArgs(offset);
    }

    beforeEach(async () => {
      await settle(world.chain, lane.id, lane.word);
    });

    it("an empty batch", async () => {
      await expectMalformed("0x", 0);
    });

    it("kinds 3 to 255, first and later", async () => {
      const items = encodeBatch(shaped(sent, "mmmmm"));
      for (const kind of [3, 4, 0x10, 0x7f, 0x80, 0xfe, 0xff]) {
        await expectMalformed(`0x${toBeHex(kind, 1).slice(2)}${items.slice(4)}`, 0);
        await expectMalformed(concat([items, toBeHex(kind, 1), items]), (items.length - 2) / 2);
      }
    });

    it("an item with options whose options are zero", async () => {
      const { sender, recipient } = sent[0]!.item;
      await expectMalformed(concat(["0x02", sender, recipient, toBeHex(0, 8), "0x0000"]), 0);
    });

    it("a payload of more than 16,384 bytes, though its length field holds it", async () => {
      const { sender, recipient } = sent[0]!.item;
      const item = (length: number): Hex =>
        concat(["0x01", sender, recipient, toBeHex(length, 2), `0x${"00".repeat(length)}`]);
      await expectMalformed(item(MAX_PAYLOAD + 1), 0);
      await expectMalformed(item(65_535), 0);
      await expect(refuse(item(MAX_PAYLOAD))).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
    });

    it("every truncation: cut within an item malformed, cut between items not proven", async () => {
      const options = packOptions({ gasLimit: 9n });
      const items: BatchItem[] = [skip(sent[0]!), sent[1]!.item, { ...sent[2]!.item, options }];
      const ends = items.map((_, i) => (encodeBatch(items.slice(0, i + 1)).length - 2) / 2);
      const bytes = encodeBatch(items);
      for (let length = 1; length <= ends[2]!; ++length) {
        const attempt = refuse(bytes.slice(0, 2 + 2 * length));
        if (ends.includes(length)) {
          await expect(attempt).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
        } else {
          const begun = [0, ...ends].filter((end) => end < length).at(-1);
          await expect(attempt).to.be.revertedWithCustomError(world.chain.contract, "MalformedBatch").withArgs(begun);
        }
      }
    });

    it("padding: bytes behind the last item, zeros too", async () => {
      const items = encodeBatch(shaped(sent, "mmmmm"));
      const end = (items.length - 2) / 2;
      for (const padding of ["0x00", `0x${"00".repeat(31)}`, `0x${"00".repeat(32)}`, "0x01", "0x02", "0xff"]) {
        await expectMalformed(concat([items, padding]), end);
      }
      await expect(refuse(concat([items, `0x${"00".repeat(33)}`]))).to.be.revertedWithCustomError(
        world.chain.contract,
        "WordNotHeld",
      );
    });

    it("an item that reaches behind the batch into the proof, whatever stands there", async () => {
      const items = encodeBatch(shaped(sent, "mmmmm"));
      const cut = items.slice(0, -2);
      const proof: Hex = concat([heldProof(Level.settled), "0xee"]);
      await expect(
        world.chain.contract.deliver.staticCall(world.source, cut, proof, sent[0]!.before),
      ).to.be.revertedWithCustomError(world.chain.contract, "MalformedBatch");
    });
  });

  describe("invariant 2: only what is on the lane executes", () => {
    const attempt = (source: { chainId: bigint; gateway: string }, from: Hex, items: Hex) =>
      world.chain.contract.deliver.staticCall(source, items, heldProof(Level.settled), from, { gasLimit: DELIVER_GAS });

    beforeEach(async () => {
      await settle(world.chain, lane.id, lane.word);
    });

    it("incident: BNB 2022, Hyperbridge 2026: no change of any byte of a proven batch is proven", async () => {
      const withOptions = lane.send({ recipient: sent[0]!.item.recipient, options: { gasLimit: 77n } });
      await settle(world.chain, lane.id, lane.word);
      const items = encodeBatch([skip(sent[3]!), sent[4]!.item, withOptions.item]);
      const from = sent[3]!.before;
      await attempt(world.source, from, items);
      for (let at = 2; at < items.length; at += 2) {
        for (const flip of [0x01, 0x80]) {
          const byte = (parseInt(items.slice(at, at + 2), 16) ^ flip).toString(16).padStart(2, "0");
          const changed = items.slice(0, at) + byte + items.slice(at + 2);
          const error = await errorOf(attempt(world.source, from, changed), world.chain.contract);
          expect(error?.name).to.be.oneOf(["WordNotHeld", "MalformedBatch"]);
        }
      }
    });

    it("a batch in another order, with an item twice or left out, or from another word is not proven", async () => {
      const [one, two, three, four, five] = sent.map(({ item }) => item);
      const batches = [
        [two, one, three, four, five],
        [one, two, three, five, four],
        [one, one, two, three, four, five],
        [one, two, three, four, five, five],
        [one, two, four, five],
        [two, three, four, five],
        [one, two, three, four],
      ];
      for (const batch of batches) {
        await expect(
          attempt(world.source, sent[0]!.before, encodeBatch(batch as BatchItem[])),
        ).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
      }
      const items = encodeBatch(shaped(sent, "mmmmm"));
      const start = sent[0]!.before;
      for (const from of [lane.word, sent[1]!.before, wordOf(headOf(start), 1n), wordOf(`0x${"00".repeat(27)}`, 0n)]) {
        await expect(attempt(world.source, from, items)).to.be.revertedWithCustomError(
          world.chain.contract,
          "WordNotHeld",
        );
      }
    });

    it("incident: Secret/Axelar 2026: a batch of another source's lane, or with a source's fields changed, is not proven", async () => {
      const items = encodeBatch(shaped(sent, "mmmmm"));
      const start = sent[0]!.before;
      for (const source of [
        world.otherSource,
        { chainId: 1002n, gateway: world.source.gateway },
        { chainId: world.source.chainId, gateway: world.chain.gateway },
      ]) {
        const error = await errorOf(attempt(source, start, items), world.chain.contract);
        expect(error?.name).to.equal("WordNotHeld");
        expect(error?.args[0]).to.equal(memberId(SETTLEMENT, source));
      }
    });

    it("a message that was sent to another chain is not proven here, though the lane's word be its", async () => {
      const elsewhere = place(lane.id, world.chain.chainId + 1n, lane.word, {
        sender: world.chain.user.address,
        recipient: await world.recorder.getAddress(),
      });
      await settle(world.chain, lane.id, elsewhere.after);
      await expect(
        attempt(world.source, elsewhere.before, encodeBatch([elsewhere.item])),
      ).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
    });
  });
});
