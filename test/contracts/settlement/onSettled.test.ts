import { expect } from "chai";
import { concat, dataSlice, id, ZeroHash } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { join } from "../../../src/wire/bytes.ts";
import { encodeSettlementItem, genesis, ZERO_WORD, type Hex, type LaneWord } from "../../../src/wire/index.ts";
import type { Settlement } from "../../../types/ethers-contracts/index.js";
import { eventsOf } from "../../fixtures/recipients.ts";
import { MEMBER_NOTICE, someAddress, type L1 } from "./fabric.ts";
import { a, b, createMembers, word, type Members } from "./members.ts";

describe("Settlement: onSettled (R4)", () => {
  let l1: L1;
  let settlement: Settlement;
  let owner: HardhatEthersSigner;
  let bridgeA: HardhatEthersSigner;
  let bridgeB: HardhatEthersSigner;
  let stranger: HardhatEthersSigner;
  let idA: Hex;
  let idB: Hex;
  let members: Members;

  before(async () => {
    members = await createMembers();
    ({ l1, settlement, owner, bridgeA, bridgeB, stranger, idA, idB } = members);
  });
  beforeEach(() => members.reset());

  const item = (of: Partial<{ destination: Hex; laneWord: LaneWord; time: bigint; current: boolean }> = {}): Hex =>
    encodeSettlementItem({
      kind: "word",
      destination: idB,
      laneWord: word(1n),
      time: 1_000n,
      current: false,
      ...of,
    });
  const bring = (bridge: HardhatEthersSigner, ...items: Hex[]): ReturnType<Settlement["onSettled"]> =>
    settlement.connect(bridge).onSettled(items);
  const settled = (count: bigint, source = idA): Promise<string> => settlement.settled(source, idB, count);
  const isFaulted = async (source = idA): Promise<boolean> => (await settlement.member(source)).isFaulted;

  beforeEach(async () => {
    await members.add(a, bridgeA);
    await members.add(b, bridgeB);
  });

  it("is for members' bridges alone: NotBridge", async () => {
    for (const caller of [stranger, owner]) {
      await expect(bring(caller, item()))
        .to.be.revertedWithCustomError(settlement, "NotBridge")
        .withArgs(caller.address);
    }
  });

  it("incident: Secret/Axelar 2026: a bridge settles lanes of its own member, whatever it says", async () => {
    await bring(bridgeA, item());
    expect(await settled(1n)).to.equal(word(1n));
    expect(await settled(1n, idB)).to.equal(ZeroHash);
    await bring(bridgeB, item({ laneWord: word(2n, "cd") }));
    expect(await settled(2n)).to.equal(ZeroHash);
    expect(await settled(2n, idB)).to.equal(word(2n, "cd"));
  });

  it("keeps an anchor and a current word; the current one with its time", async () => {
    await expect(bring(bridgeA, item())).to.emit(settlement, "WordSettled").withArgs(idA, idB, word(1n), 1_000n, false);
    expect(await settlement.latest(idA, idB)).to.deep.equal([ZeroHash, 0n]);
    expect((await settlement.member(idA)).settledTime).to.equal(0n);
    await expect(bring(bridgeA, item({ laneWord: word(5n), time: 2_000n, current: true })))
      .to.emit(settlement, "WordSettled")
      .withArgs(idA, idB, word(5n), 2_000n, true);
    expect(await settlement.latest(idA, idB)).to.deep.equal([word(5n), 2_000n]);
    expect((await settlement.member(idA)).settledTime).to.equal(2_000n);
    expect(await settlement.latest(idB, idA)).to.deep.equal([ZeroHash, 0n]);
  });

  it("keeps the latest time at which a count was current, of each count; none of an anchor", async () => {
    const history: [bigint, bigint, boolean][] = [
      [5n, 2_000n, true],
      [3n, 1_000n, true],
      [3n, 1_500n, true],
      [3n, 1_200n, true],
      [3n, 1_900n, false],
      [4n, 1_900n, false],
      [6n, 2_100n, false],
      [6n, 2_050n, true],
    ];
    for (const [count, time, current] of history) await bring(bridgeA, item({ laneWord: word(count), time, current }));
    const times = await Promise.all([3n, 4n, 5n, 6n, 7n].map((count) => settlement.currentTime(idA, idB, count)));
    expect(times).to.deep.equal([1_500n, 0n, 2_000n, 2_050n, 0n]);
    for (const count of [3n, 4n, 5n, 6n]) expect(await settled(count)).to.equal(word(count));
  });

  it("takes words of a member that is not live yet, and of one that was replaced: old messages stay deliverable", async () => {
    expect(await members.live()).to.deep.equal([]);
    await bring(bridgeA, item());
    await members.add({ ...a, gateway: someAddress(2) }, stranger);
    await l1.networkHelpers.time.increase(MEMBER_NOTICE);
    await bring(bridgeA, item({ laneWord: word(2n) }));
    expect([await settled(1n), await settled(2n)]).to.deep.equal([word(1n), word(2n)]);
  });

  it("R24 keeps that a lane is empty, with its time: its genesis word, as a current one", async () => {
    const empty = item({ laneWord: genesis(idA, idB), time: 1_000n, current: true });
    await expect(bring(bridgeA, empty))
      .to.emit(settlement, "WordSettled")
      .withArgs(idA, idB, genesis(idA, idB), 1_000n, true);
    expect(await settled(0n)).to.equal(genesis(idA, idB));
    expect(await settlement.currentTime(idA, idB, 0n)).to.equal(1_000n);
    expect(await settlement.latest(idA, idB)).to.deep.equal([genesis(idA, idB), 1_000n]);
    expect((await settlement.member(idA)).settledTime).to.equal(1_000n);
    await bring(bridgeA, item({ laneWord: genesis(idA, idB), time: 1_200n, current: true }));
    await bring(bridgeA, item({ laneWord: word(2n), time: 1_300n, current: true }));
    await bring(bridgeA, item({ laneWord: genesis(idA, idB), time: 1_250n, current: true }));
    expect(await settlement.currentTime(idA, idB, 0n)).to.equal(1_250n);
    expect(await settlement.latest(idA, idB)).to.deep.equal([word(2n), 1_300n]);
    expect(await isFaulted()).to.be.false;
  });

  it("R20 a clock that runs ahead keeps no source certifiable: its settled time is at most now", async () => {
    const time = (await members.now()) + 50n;
    await l1.networkHelpers.time.setNextBlockTimestamp(time);
    await bring(bridgeA, item({ time: time + 1n, current: true }));
    expect((await settlement.member(idA)).settledTime).to.equal(time);
    await bring(bridgeB, item({ destination: idA, time: (1n << 64n) - 1n, current: true }));
    expect((await settlement.member(idB)).settledTime).to.equal(await members.now());
    expect((await settlement.latest(idB, idA)).time).to.equal((1n << 64n) - 1n);
    expect(await settlement.currentTime(idB, idA, 1n)).to.equal(await members.now());
  });

  it("R20 the settled time never falls, whichever lane was settled", async () => {
    await bring(bridgeA, item({ time: 2_000n, current: true }));
    await bring(bridgeA, item({ destination: idA, time: 1_500n, current: true }));
    expect((await settlement.member(idA)).settledTime).to.equal(2_000n);
    expect((await settlement.latest(idA, idA)).time).to.equal(1_500n);
    await bring(bridgeA, item({ destination: idA, time: 2_500n, current: true }));
    expect((await settlement.member(idA)).settledTime).to.equal(2_500n);
  });

  it("ignores what is unknown or malformed with an event, without holding up the rest", async () => {
    const bad = [
      "0x",
      "0x01",
      "0x10",
      join(item(), "0x00"),
      item().slice(0, -2),
      join("0x11", dataSlice(item(), 1)),
      concat([item().slice(0, -2), "0x02"]),
      concat([item().slice(0, -2), "0xff"]),
      item({ destination: id("nobody") }),
      item({ destination: ZeroHash }),
      concat(["0x10", idB, genesis(idA, idB), dataSlice(item(), 65)]),
      ...[word(0n), ZERO_WORD, genesis(idB, idA), genesis(idA, idA)].flatMap((laneWord) => [
        item({ laneWord, current: true }),
        concat(["0x10", idB, laneWord, dataSlice(item(), 65)]),
      ]),
      item({ laneWord: word(1n, "00") }),
    ];
    const sent = bring(bridgeA, ...bad.flatMap((one, i) => [one, item({ laneWord: word(BigInt(i + 1)) })]));
    const ignored = await eventsOf(sent, settlement, "ItemIgnored");
    expect(ignored.map((args) => [...args] as unknown[])).to.deep.equal(bad.map((_, i) => [idA, BigInt(2 * i)]));
    for (const [i] of bad.entries()) expect(await settled(BigInt(i + 1))).to.equal(word(BigInt(i + 1)));
    expect(await settlement.settled(idA, idB, 0)).to.equal(ZeroHash);
    expect(await isFaulted()).to.be.false;
  });

  describe("R28 a source that contradicts itself is faulted, for good", () => {
    const faults = async (sent: Promise<unknown>, before: LaneWord, after: LaneWord): Promise<void> => {
      await expect(sent).to.emit(settlement, "SourceFaulted").withArgs(idA, idB, before, after);
      expect(await isFaulted()).to.be.true;
      expect(await isFaulted(idB)).to.be.false;
    };

    for (const first of [true, false]) {
      for (const second of [true, false]) {
        it(`by two words at one count, the first ${first ? "current" : "an anchor"}, the second ${second ? "current" : "an anchor"}`, async () => {
          await bring(bridgeA, item({ current: first }));
          const lie = item({ laneWord: word(1n, "cd"), time: 2_000n, current: second });
          const sent = bring(bridgeA, lie);
          await faults(sent, word(1n), word(1n, "cd"));
          await expect(sent).to.not.emit(settlement, "WordSettled");
          // What it settled first stays.
          expect(await settled(1n)).to.equal(word(1n));
          expect(await settlement.latest(idA, idB)).to.deep.equal(first ? [word(1n), 1_000n] : [ZeroHash, 0n]);
        });
      }
    }

    it("by a smaller current count at a later time", async () => {
      await bring(bridgeA, item({ laneWord: word(5n), current: true }));
      await faults(bring(bridgeA, item({ laneWord: word(4n), time: 1_001n, current: true })), word(5n), word(4n));
      expect(await settlement.latest(idA, idB)).to.deep.equal([word(5n), 1_000n]);
      expect((await settlement.member(idA)).settledTime).to.equal(1_000n);
    });

    it("by a smaller current count at a later time than the highest of several in one second", async () => {
      for (const count of [5n, 7n, 6n]) await bring(bridgeA, item({ laneWord: word(count), current: true }));
      expect(await settlement.latest(idA, idB)).to.deep.equal([word(7n), 1_000n]);
      expect(await isFaulted()).to.be.false;
      await faults(bring(bridgeA, item({ laneWord: word(6n), time: 1_001n, current: true })), word(7n), word(6n));
    });

    it("by a greater current count at an earlier time, which arrived later", async () => {
      await bring(bridgeA, item({ laneWord: word(4n), time: 1_001n, current: true }));
      await faults(bring(bridgeA, item({ laneWord: word(5n), time: 1_000n, current: true })), word(4n), word(5n));
    });

    it("by an empty lane later than it had a message, or a message earlier than it was empty", async () => {
      const genesisWord = genesis(idA, idB);
      const empty = item({ laneWord: genesisWord, time: 1_000n, current: true });
      const before = await l1.networkHelpers.takeSnapshot();
      await bring(bridgeA, item({ time: 999n, current: true }));
      await faults(bring(bridgeA, empty), word(1n), genesisWord);
      await before.restore();
      await bring(bridgeA, empty);
      await faults(bring(bridgeA, item({ time: 999n, current: true })), genesisWord, word(1n));
    });

    it("and stays faulted when it settles honestly again", async () => {
      await bring(bridgeA, item());
      await bring(bridgeA, item({ laneWord: word(1n, "cd") }));
      await bring(bridgeA, item({ laneWord: word(9n), time: 9_000n, current: true }));
      expect(await isFaulted()).to.be.true;
    });
  });

  describe("R28 what a lane that only grows may settle faults nobody", () => {
    it("the same word again, a later one, an earlier one that arrives late, an anchor below and above", async () => {
      const history: [bigint, bigint, boolean][] = [
        [5n, 1_000n, true],
        [5n, 1_000n, true],
        [5n, 1_500n, true],
        [3n, 900n, true],
        [3n, 999n, true],
        [5n, 999n, true],
        [7n, 1_500n, true],
        [4n, 1_500n, true],
        [7n, 1_600n, true],
        [8n, 1_600n, true],
        [2n, 5_000n, false],
        [20n, 1n, false],
        [8n, 1_700n, true],
      ];
      for (const [count, time, current] of history) {
        await expect(bring(bridgeA, item({ laneWord: word(count), time, current }))).to.emit(settlement, "WordSettled");
        expect(await isFaulted(), `${count} at ${time}`).to.be.false;
      }
      expect(await settlement.latest(idA, idB)).to.deep.equal([word(8n), 1_700n]);
    });

    it("lanes of one source do not contradict one another, nor do sources", async () => {
      await bring(bridgeA, item({ laneWord: word(5n), current: true }));
      await bring(bridgeA, item({ destination: idA, laneWord: word(1n), time: 2_000n, current: true }));
      await bring(bridgeA, item({ destination: idA, laneWord: word(5n, "cd"), time: 3_000n, current: true }));
      await bring(bridgeB, item({ laneWord: word(5n, "ef"), time: 4_000n, current: true }));
      await bring(bridgeB, item({ destination: idA, laneWord: word(1n, "ef"), time: 5_000n, current: true }));
      expect([await isFaulted(), await isFaulted(idB)]).to.deep.equal([false, false]);
    });
  });
});
