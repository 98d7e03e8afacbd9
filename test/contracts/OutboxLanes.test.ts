import { expect } from "chai";
import fc from "fast-check";
import { AbiCoder, getAddress, keccak256, toBeHex, zeroPadValue } from "ethers";

import {
  countOf,
  encodeAttributes,
  encodeInteroperableAddress,
  genesis,
  headOf,
  laneWord,
  Level,
  MAX_COUNT,
  memberId,
  wordOf,
  ZERO_WORD,
  type Hex,
  type LaneWord,
  type MemberRef,
} from "../../src/wire/index.ts";
import type { Caller } from "../../types/ethers-contracts/index.js";
import { SETTLEMENT } from "../fixtures/constants.ts";
import { adoptTable, createChains, type Chain } from "../fixtures/gateways.ts";
import { place, send } from "../fixtures/messages.ts";
import { makeOperators } from "../fixtures/operators.ts";
import { calls } from "../fixtures/recipients.ts";

describe("Outbox: lanes", () => {
  const recipient = "0x00000000000000000000000000000000000ca11e";
  const gateway = getAddress(`0x${"6a7e".repeat(10)}`);
  const b: MemberRef = { chainId: 1002n, gateway };
  const c: MemberRef = { chainId: 1003n, gateway };
  const idOfB = memberId(SETTLEMENT, b);
  const operators = makeOperators(1);
  let a: Chain;
  let sender: Caller;
  let slot: Hex;

  before(async () => {
    [a] = await createChains([1001n]);
  });

  beforeEach(async () => {
    await a.reset();
    await adoptTable(a, { members: [a, b, c], operators });
    sender = await a.ethers.deployContract("Caller");
    slot = await slotOfLane(b.chainId);
  });

  const laneTo = async (to: MemberRef): Promise<LaneWord> => laneWord(await a.contract.laneTo(to.chainId));

  /** Where the Outbox keeps the lane to a chain. */
  async function slotOfLane(chainId: bigint): Promise<Hex> {
    const word = await a.contract.laneTo(chainId);
    for (let position = 0; position < 16; ++position) {
      const candidate = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [chainId, position]));
      if ((await a.helpers.getStorageAt(a.gateway, candidate)) === word) return candidate;
    }
    throw new Error("no slot holds the lane");
  }

  /** Sends so many messages on the lane to b in one transaction, and returns the words after each. */
  async function sendMany(count: number): Promise<LaneWord[]> {
    const from = await sender.getAddress();
    const to = encodeInteroperableAddress({ chainId: b.chainId, address: recipient });
    const data = a.contract.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
    const batch = calls(...Array.from({ length: count }, () => ({ target: a.gateway, data, required: true })));
    const words: LaneWord[] = [];
    let word = await laneTo(b);
    for (let i = 0; i < count; ++i) {
      word = place(a.id, b.chainId, word, { sender: from, recipient }).after;
      words.push(word);
    }
    await sender.receiveMessage(ZERO_WORD, "0x", batch);
    expect(await laneTo(b)).to.equal(word);
    return words;
  }

  it("opens at the genesis word when a member is accepted, one lane a member", async () => {
    expect(await laneTo(b)).to.equal(genesis(a.id, idOfB));
    expect(await a.contract.destinationOn(b.chainId)).to.equal(idOfB);
    expect(await laneTo(c)).to.equal(genesis(a.id, memberId(SETTLEMENT, c)));
    expect(await a.contract.laneTo(a.chainId)).to.equal(ZERO_WORD);
    expect(await a.contract.destinationOn(a.chainId)).to.equal(ZERO_WORD);
  });

  it("invariant 4: a lane's word is the fold of its messages in src/wire, whatever is sent, and other lanes stay", async () => {
    const draft = fc.record({
      to: fc.constantFrom(b, c),
      payload: fc.uint8Array({ maxLength: 70 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
      recipient: fc.bigInt(0n, (1n << 160n) - 1n).map((value) => getAddress(toBeHex(value, 20))),
      gasLimit: fc.option(fc.bigInt(1n, 8_000_000n)),
      minFinality: fc.option(fc.constantFrom(...Object.values(Level))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { minLength: 1, maxLength: 6 }), async (drafts) => {
        for (const { to, gasLimit, minFinality, ...rest } of drafts) {
          const other = to === b ? c : b;
          const [before, otherBefore] = [await laneTo(to), await laneTo(other)];
          const options = {
            ...(gasLimit === null ? {} : { gasLimit }),
            ...(minFinality === null ? {} : { minFinality }),
          };
          const sent = await send(a, to, { ...rest, options });
          expect(await laneTo(to)).to.equal(sent.after);
          expect(countOf(sent.after)).to.equal(countOf(before) + 1n);
          expect(await laneTo(other)).to.equal(otherBefore);
        }
      }),
      { numRuns: 20, seed: 7786 },
    );
  });

  it("invariant 4: a refused message leaves the lane as it is", async () => {
    await send(a, b, { recipient });
    const word = await laneTo(b);
    const to = encodeInteroperableAddress({ chainId: b.chainId, address: recipient });
    await expect(a.contract.sendMessage(`${to}00`, "0x", [])).to.be.revertedWithCustomError(
      a.contract,
      "InvalidInteroperableAddress",
    );
    await expect(
      a.contract.sendMessage(to, "0x", [...encodeAttributes({ gasLimit: 1n }), "0x"]),
    ).to.be.revertedWithCustomError(a.contract, "UnsupportedAttribute");
    expect(await laneTo(b)).to.equal(word);
  });

  describe("pages", () => {
    it("keep the word after their 256th message as anchor, and nothing before", async () => {
      const words = await sendMany(255);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(ZERO_WORD);
      const [atEnd, behind] = await sendMany(2);
      expect(countOf(atEnd!)).to.equal(256n);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(atEnd);
      expect(await a.contract.anchor(idOfB, 1)).to.equal(ZERO_WORD);
      expect(words).to.not.include(behind);

      const second = await sendMany(255);
      expect(countOf(second.at(-1)!)).to.equal(512n);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(atEnd);
      expect(await a.contract.anchor(idOfB, 1)).to.equal(second.at(-1));
      expect(await a.contract.anchor(idOfB, 2)).to.equal(ZERO_WORD);
      expect(await a.contract.anchor(memberId(SETTLEMENT, c), 0)).to.equal(ZERO_WORD);
    });

    it("of the lane's far end are kept too", async () => {
      const head = headOf(await laneTo(b));
      const count = (1n << 40n) - 257n;
      await a.helpers.setStorageAt(a.gateway, slot, wordOf(head, count));
      const sent = await send(a, b, { recipient });
      expect(await a.contract.anchor(idOfB, (1n << 32n) - 2n)).to.equal(sent.after);
    });
  });

  it("takes 2^40 − 1 messages and refuses the next: LaneFull", async () => {
    const head = headOf(await laneTo(b));
    await a.helpers.setStorageAt(a.gateway, slot, wordOf(head, MAX_COUNT - 1n));
    const last = await send(a, b, { recipient });
    expect(countOf(last.after)).to.equal(MAX_COUNT);
    const to = encodeInteroperableAddress({ chainId: b.chainId, address: recipient });
    await expect(a.contract.sendMessage(to, "0x", []))
      .to.be.revertedWithCustomError(a.contract, "LaneFull")
      .withArgs(last.after);
    expect(await laneTo(b)).to.equal(last.after);
    await send(a, c, { recipient });
  });

  it("refuses to send on a lane at the zero word: it is none", async () => {
    await a.helpers.setStorageAt(a.gateway, slot, ZERO_WORD);
    const to = encodeInteroperableAddress({ chainId: b.chainId, address: recipient });
    await expect(a.contract.sendMessage(to, "0x", []))
      .to.be.revertedWithCustomError(a.contract, "UnknownDestination")
      .withArgs(b.chainId);
  });

  describe("R2 a lane whose destination is replaced", () => {
    const replacement: MemberRef = { chainId: b.chainId, gateway: getAddress(`0x${"6a7f".repeat(10)}`) };
    const idOfReplacement = memberId(SETTLEMENT, replacement);

    /** The replacement takes b's place in the member list, and the owner accepts it. */
    async function replace(): Promise<ReturnType<Chain["contract"]["acceptMember"]>> {
      await adoptTable(a, { members: [a, replacement, c], operators });
      return a.contract.connect(a.owner).acceptMember(idOfReplacement);
    }

    it("goes on until the owner accepts the replacement", async () => {
      const before = await send(a, b, { recipient });
      await adoptTable(a, { members: [a, replacement, c], operators });
      const after = await send(a, b, { recipient });
      expect(after.before).to.equal(before.after);
      expect(await a.contract.destinationOn(b.chainId)).to.equal(idOfB);
      expect((await a.contract.member(idOfReplacement)).accepted).to.equal(false);
    });

    it("closes half-way through a page: its last word becomes that page's anchor", async () => {
      const last = (await sendMany(3)).at(-1)!;
      await expect(replace())
        .to.emit(a.contract, "LaneClosed")
        .withArgs(idOfB, b.chainId, last)
        .and.to.emit(a.contract, "LaneOpened")
        .withArgs(idOfReplacement, b.chainId);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(last);
      expect(await a.contract.anchor(idOfReplacement, 0)).to.equal(ZERO_WORD);
      expect(await laneTo(b)).to.equal(genesis(a.id, idOfReplacement));
      expect(await a.contract.destinationOn(b.chainId)).to.equal(idOfReplacement);
    });

    it("closes at the end of a page: the page keeps its anchor, the next has none", async () => {
      const last = (await sendMany(256)).at(-1)!;
      await expect(replace()).to.emit(a.contract, "LaneClosed").withArgs(idOfB, b.chainId, last);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(last);
      expect(await a.contract.anchor(idOfB, 1)).to.equal(ZERO_WORD);
    });

    it("closes within a later page: both pages have their anchors", async () => {
      const words = await sendMany(257);
      await expect(replace()).to.emit(a.contract, "LaneClosed").withArgs(idOfB, b.chainId, words[256]);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(words[255]);
      expect(await a.contract.anchor(idOfB, 1)).to.equal(words[256]);
    });

    it("closes empty: there is nothing to prove, and no anchor", async () => {
      await expect(replace()).to.emit(a.contract, "LaneClosed").withArgs(idOfB, b.chainId, genesis(a.id, idOfB));
      expect(await a.contract.anchor(idOfB, 0)).to.equal(ZERO_WORD);
    });

    it("leaves its anchors alone when the new lane grows", async () => {
      const last = (await sendMany(2)).at(-1)!;
      await replace();
      const words = await sendMany(256);
      expect(await a.contract.anchor(idOfB, 0)).to.equal(last);
      expect(await a.contract.anchor(idOfReplacement, 0)).to.equal(words.at(-1));
    });
  });

  it("R2 with `acceptAll` too, a Gateway that takes this very one's place on its chain needs the owner", async () => {
    const successor: MemberRef = { chainId: a.chainId, gateway };
    const id = memberId(SETTLEMENT, successor);
    await adoptTable(a, { members: [successor, b, c], operators });
    expect((await a.contract.member(id)).accepted).to.equal(false);
    expect(await a.contract.laneTo(a.chainId)).to.equal(zeroPadValue("0x", 32));
    await expect(a.contract.connect(a.owner).acceptMember(id))
      .to.emit(a.contract, "LaneOpened")
      .withArgs(id, a.chainId);
  });
});
