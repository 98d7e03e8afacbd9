import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import {
  fold,
  Level,
  MAX_COUNT,
  wordOf,
  ZERO_WORD,
  type Checkpoint,
  type LaneWord,
} from "../../../../src/wire/index.ts";
import type { IDelegationManager } from "../../../../types/ethers-contracts/index.js";
import { DEGREE, equivocationOf, KIND, latestTable, makeLive, messages, takeTable, type Taken } from "../accused.ts";
import {
  addOperator,
  BOND,
  createFabric,
  DAY,
  ETHER,
  FALSEHOOD_NOTICE,
  operatorAccount,
  type Fabric,
} from "../fabric.ts";
import { falsehoodOf, laneOf, said, settle, WAD, type Lie, type Shown } from "../untrue.ts";

const OPERATORS = [0, 1, 2, 3];
const STAKE = 40n * ETHER;
const UNSETTLED_WAD = ETHER / 50n;

describe("Slasher: falsehood", () => {
  let fabric: Fabric;
  let taken: Taken;
  let lie: Lie;
  let delegation: IDelegationManager;

  before(async () => {
    fabric = await createFabric();
    delegation = await fabric.l1.ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, STAKE);
    await announce(WAD);
    await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
    taken = await takeTable(fabric);
    lie = laneOf(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const announce = (wad: bigint): Promise<unknown> =>
    fabric.settlement.connect(fabric.owner).announceFalsehoodWad(fabric.rollup.id, wad);
  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const sharesOf = (n: number): Promise<bigint> => delegation.operatorShares(account(n), fabric.l1.strategies[0]);
  const now = async (): Promise<bigint> => BigInt(await fabric.l1.networkHelpers.time.latest());
  const convict = (n: number, evidence: string, kind: number = KIND.falsehood): Promise<unknown> =>
    fabric.slasher.connect(fabric.stranger).convict(account(n), kind, evidence);
  /** Convicts operator 0 by a statement that it signed. */
  const accuse = (checkpoint: Checkpoint, shown: Shown = {}, kind: number = KIND.falsehood): Promise<unknown> =>
    convict(0, falsehoodOf(fabric, taken, checkpoint, [0], shown), kind);
  const refuses = async (attempt: Promise<unknown>, error: string, ...args: unknown[]): Promise<void> => {
    const refusal = expect(attempt).to.be.revertedWithCustomError(fabric.slasher, error);
    await (args.length === 0 ? refusal : refusal.withArgs(...args));
  };
  const final = (word: LaneWord, reachedBy = 1_000n): Checkpoint => said(lie, word, { reachedBy });
  const fast = (word: LaneWord, reachedBy = 1_000n): Checkpoint =>
    said(lie, word, { reachedBy, level: Level.fast, blockHash: id("a block") });

  describe("R26 what it costs", () => {
    it("a falsehood: the source's falsehoodWad, half of the bond, the seat; no table is revoked", async () => {
      await settle(fabric, lie.word("true", 3));
      const sent = convict(1, falsehoodOf(fabric, taken, final(lie.word("false", 3)), OPERATORS, {}, 1));
      await expect(sent)
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(1), KIND.falsehood, fabric.rollup.id, DEGREE.lone, WAD, fabric.stranger.address)
        .to.emit(fabric.slasher, "OperatorTombstoned")
        .withArgs(account(1))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), WAD, [fabric.l1.strategies[0]], [STAKE / 10n])
        .to.emit(fabric.manager, "BondForfeited")
        .withArgs(account(1), fabric.stranger.address, BOND / 4n, BOND / 4n);
      await expect(sent).to.not.emit(fabric.manager, "TableRevoked");
      expect(await sharesOf(1)).to.equal((STAKE * 9n) / 10n);
      expect(await fabric.manager.keyOf(account(1))).to.equal(ZeroAddress);
      expect(await fabric.slasher.degreeOf(account(1), KIND.falsehood, fabric.rollup.id)).to.equal(DEGREE.lone);
      for (const n of [0, 2, 3]) expect(await sharesOf(n)).to.equal(STAKE);
    });

    it("a fast word that is never settled: a fiftieth, whatever the source's falsehoodWad", async () => {
      await announce(0n);
      await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await settle(fabric, lie.word("true", 3));
      await expect(accuse(fast(lie.word("false", 3)), {}, KIND.unsettled))
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.unsettled, fabric.rollup.id, DEGREE.lone, UNSETTLED_WAD, fabric.stranger.address);
      expect(await sharesOf(0)).to.equal((STAKE * 98n) / 100n);
      await refuses(accuse(final(lie.word("false", 3))), "NothingAccepted", fabric.rollup.id);
    });

    it("each once for an operator and a source, and a graver equivocation after them", async () => {
      await settle(fabric, lie.word("true", 3));
      await accuse(final(lie.word("false", 3)));
      await refuses(accuse(final(lie.word("else", 3))), "AlreadyConvicted", account(0), DEGREE.lone);
      await accuse(fast(lie.word("false", 3)), {}, KIND.unsettled);
      await refuses(accuse(fast(lie.word("else", 3)), {}, KIND.unsettled), "AlreadyConvicted", account(0), DEGREE.lone);
      expect(await sharesOf(0)).to.equal((STAKE * 9n * 98n) / 1_000n);
      await convict(0, equivocationOf(fabric, taken, [0, 1, 2]), KIND.equivocation);
      expect(await sharesOf(0)).to.equal(0n);
    });

    it("a final statement is no unsettled word, and a fast one no falsehood: WrongLevel", async () => {
      await settle(fabric, lie.word("true", 3));
      const [late, early] = [final(lie.word("false", 3)), fast(lie.word("false", 3))];
      await refuses(accuse(late, {}, KIND.unsettled), "WrongLevel", KIND.unsettled, Level.final);
      await refuses(accuse(early, {}, KIND.falsehood), "WrongLevel", KIND.falsehood, Level.fast);
    });

    it("R31 who lied about a source is in no later table, and still liable", async () => {
      await settle(fabric, lie.word("true", 3));
      const evidence = falsehoodOf(fabric, taken, final(lie.word("false", 3)), [0]);
      await convict(0, evidence);
      await fabric.manager.snapshot();
      expect((await latestTable(fabric)).table.operators.length).to.equal(OPERATORS.length - 1);
    });
  });

  describe("R24 falsehood in all its forms", () => {
    const LONG = 300;

    it("by another word at its count, an anchor or a current word", async () => {
      await settle(fabric, lie.word("true", 3));
      await settle(fabric, lie.word("true", 4), 500n);
      for (const [n, count] of [3, 4].entries()) {
        await convict(n, falsehoodOf(fabric, taken, final(lie.word("false", count)), [n]));
        expect(await sharesOf(n)).to.equal((STAKE * 9n) / 10n);
      }
    });

    for (const length of [1, 255]) {
      it(`by a later settled word, ${length} messages on`, async () => {
        const [count, end] = [LONG - length, LONG];
        await settle(fabric, lie.word("true", end));
        const messageHashes = messages("true", end).slice(count);
        const shown = { settledCount: BigInt(end), from: lie.word("true", count), messageHashes };
        await refuses(accuse(final(lie.word("true", count)), shown), "NoContradiction");
        await refuses(
          accuse(final(lie.word("false", count)), { ...shown, from: lie.word("false", count) }),
          "NoContradiction",
        );
        await refuses(accuse(final(lie.word("false", count)), { ...shown, messageHashes: [] }), "NoContradiction");
        await accuse(final(lie.word("false", count)), shown);
        expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
      });

      it(`by an earlier settled word, ${length} messages before`, async () => {
        const [count, end] = [LONG - length, LONG];
        await settle(fabric, lie.word("true", count));
        const messageHashes = messages("false", end).slice(count);
        const shown = { settledCount: BigInt(count), from: lie.word("false", count), messageHashes };
        const onTrue = fold(lie.word("true", count), messageHashes);
        await refuses(accuse(final(onTrue), { ...shown, from: lie.word("true", count) }), "NoContradiction");
        await refuses(accuse(final(onTrue), shown), "NoContradiction");
        await refuses(accuse(final(lie.word("false", end)), { ...shown, messageHashes: [] }), "NoContradiction");
        await accuse(final(lie.word("false", end)), shown);
        expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
      });
    }

    it("by no fold of 256 messages, in either direction", async () => {
      const messageHashes = messages("true", LONG).slice(LONG - 256);
      await settle(fabric, lie.word("true", LONG));
      const forward = { settledCount: BigInt(LONG), from: lie.word("true", LONG - 256), messageHashes };
      await refuses(accuse(final(lie.word("false", LONG - 256)), forward), "NoContradiction");
      const backward = { settledCount: BigInt(LONG), from: lie.word("false", LONG), messageHashes };
      const claim = fold(backward.from, messageHashes);
      await refuses(accuse(final(claim), backward), "NoContradiction");
    });

    it("by a fold from a word of another count: NoContradiction", async () => {
      await settle(fabric, lie.word("true", 9));
      const claim = final(lie.word("false", 6));
      const from = lie.word("true", 5);
      const messageHashes = messages("true", 9).slice(5);
      await refuses(accuse(claim, { settledCount: 9n, from, messageHashes }), "NoContradiction");
    });

    it("by a current word with a smaller count, strictly later than reachedBy", async () => {
      await settle(fabric, lie.word("true", 3), 1_000n);
      const shown = { settledCount: 3n };
      await refuses(accuse(final(lie.word("true", 4), 1_000n), shown), "NoContradiction");
      await refuses(accuse(final(lie.word("true", 4), 1_001n), shown), "NoContradiction");
      await accuse(final(lie.word("true", 4), 999n), shown);
      expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
    });

    it("by a current word of long ago, though the lane has since come to what was said", async () => {
      await settle(fabric, lie.word("true", 3), 1_000n);
      await settle(fabric, lie.word("true", 4), 2_000n);
      await settle(fabric, lie.word("true", 9), 3_000n);
      // It had four messages between 1,000 and 2,000.
      await refuses(accuse(final(lie.word("true", 4), 1_000n), { settledCount: 3n }), "NoContradiction");
      await accuse(final(lie.word("true", 4), 999n), { settledCount: 3n });
    });

    it("by a lane that was empty, strictly later than reachedBy, or by a fold of its first messages", async () => {
      await settle(fabric, lie.word("true", 0), 1_000n);
      const shown = { settledCount: 0n };
      await refuses(accuse(final(lie.word("true", 1), 1_000n), shown), "NoContradiction");
      await refuses(accuse(final(lie.word("true", 0), 999n), shown), "NoContradiction");
      await refuses(accuse(fast(lie.word("true", 1), 1_000n), shown, KIND.unsettled), "NoContradiction");
      const before = await fabric.l1.networkHelpers.takeSnapshot();
      for (const count of [1, 255, 256, 300]) {
        await accuse(final(lie.word("true", count), 999n), shown);
        await before.restore();
      }
      await accuse(fast(lie.word("true", 1), 999n), shown, KIND.unsettled);
      await before.restore();
      for (const count of [1, 255]) {
        const from = lie.word("false", 0);
        const messageHashes = messages("true", count);
        // What begins where the lane begins is no lie.
        await refuses(accuse(final(lie.word("true", count)), { ...shown, from, messageHashes }), "NoContradiction");
        const elsewhere = wordOf(`0x${"ee".repeat(27)}`, 0n);
        const claim = final(fold(elsewhere, messageHashes));
        await accuse(claim, { ...shown, from: elsewhere, messageHashes });
        await before.restore();
      }
    });

    for (const [name, word] of [
      ["zeros, which is no lane's", ZERO_WORD],
      ["another head", wordOf(`0x${"ee".repeat(27)}`, 0n)],
    ] as const) {
      it(`a beginning that is not the lane's, ${name}: by the lane's, or by a later settled word`, async () => {
        const before = await fabric.l1.networkHelpers.takeSnapshot();
        await settle(fabric, lie.word("true", 0), 1_000n);
        await accuse(final(word), { settledCount: 0n });
        await before.restore();
        await settle(fabric, lie.word("true", 3));
        const shown = { settledCount: 3n, from: lie.word("true", 0), messageHashes: messages("true", 3) };
        await accuse(final(word), shown);
      });
    }

    it("by the latest of the times at which a count was current", async () => {
      await settle(fabric, lie.word("true", 3), 1_000n);
      await settle(fabric, lie.word("true", 3), 2_000n);
      await settle(fabric, lie.word("true", 3), 1_500n);
      await settle(fabric, lie.word("true", 3));
      await refuses(accuse(final(lie.word("true", 4), 2_000n), { settledCount: 3n }), "NoContradiction");
      await accuse(final(lie.word("true", 4), 1_999n), { settledCount: 3n });
    });

    it("by no anchor: anchors carry no time, and prove no absence", async () => {
      await settle(fabric, lie.word("true", 3));
      await refuses(accuse(final(lie.word("true", 4), 0n), { settledCount: 3n }), "NoContradiction");
    });

    it("a count that no lane ever reaches is contradicted by time alone, and is", async () => {
      const never = wordOf(`0x${"ee".repeat(27)}`, MAX_COUNT);
      await settle(fabric, lie.word("true", 3), 1_000n);
      await refuses(accuse(final(never)), "NotSettled", fabric.rollup.id, fabric.local.id, MAX_COUNT);
      await refuses(accuse(final(never), { settledCount: 3n }), "NoContradiction");
      await settle(fabric, lie.word("true", 3), 1_001n);
      await accuse(final(never), { settledCount: 3n });
    });

    it("a fast word that is settled after all costs nothing, whenever it was; one that is not, as much by time as by word", async () => {
      await settle(fabric, lie.word("true", 3), 2_000n);
      const early = fast(lie.word("true", 4), 1_000n);
      await settle(fabric, lie.word("true", 4), 3_000n);
      await refuses(accuse(early, { settledCount: 3n }, KIND.unsettled), "NoContradiction");
      await accuse(fast(lie.word("true", 5), 1_000n), { settledCount: 3n }, KIND.unsettled);
      expect(await sharesOf(0)).to.equal((STAKE * 98n) / 100n);
    });
  });

  describe("invariant 6: what agrees with what its source settles", () => {
    it("is not contradicted by its own word, nor by any fold, even if its source settles two histories", async () => {
      await settle(fabric, lie.word("true", 3));
      await refuses(accuse(final(lie.word("true", 3))), "NoContradiction");
      // A source that contradicts itself where Settlement cannot see it.
      await settle(fabric, lie.word("false", 9));
      const messageHashes = messages("false", 9).slice(3);
      const shown = { settledCount: 9n, from: lie.word("false", 3), messageHashes };
      await refuses(accuse(final(lie.word("true", 3)), shown), "NoContradiction");
      await refuses(accuse(final(lie.word("false", 9)), { ...shown, settledCount: 3n }), "NoContradiction");
    });

    it("is not contradicted by a word of another lane: NotSettled", async () => {
      await settle(fabric, lie.word("true", 3));
      for (const changed of [
        { destination: fabric.rollup.id },
        { source: fabric.local.id, destination: fabric.rollup.id },
      ]) {
        const claim = said(lie, lie.word("false", 3), changed);
        const error = "source" in changed ? "NothingAccepted" : "NotSettled";
        await refuses(accuse(claim), error);
      }
    });

    it("is not contradicted by times that are to come: L1's clock bounds them", async () => {
      const time = (await now()) + 100n;
      await fabric.l1.networkHelpers.time.setNextBlockTimestamp(time);
      await settle(fabric, lie.word("true", 3), time + 50n);
      await refuses(accuse(final(lie.word("true", 4), time), { settledCount: 3n }), "NoContradiction");
      await accuse(final(lie.word("true", 4), time - 1n), { settledCount: 3n });
    });

    it("R28 a source that is faulted proves nothing more: SourceFaulted", async () => {
      await settle(fabric, lie.word("true", 3));
      await settle(fabric, lie.word("other", 3));
      for (const [claim, kind] of [
        [final(lie.word("false", 3)), KIND.falsehood],
        [fast(lie.word("false", 3)), KIND.unsettled],
      ] as const) {
        await refuses(accuse(claim, {}, kind), "SourceFaulted", fabric.rollup.id);
      }
    });
  });

  it("invariant 11: a hostile source costs each operator once its wad, and once a fiftieth if it signed fast words, whatever it settles", async () => {
    // Operators signed the truth; the source settles something else of each count.
    const counts = [3, 4, 5, 6];
    for (const count of counts) await settle(fabric, lie.word("hostile", count), 1_000n + BigInt(count));
    for (const n of OPERATORS) {
      for (const count of counts) {
        const honest = lie.word("true", count);
        for (const [kind, checkpoint] of [
          [KIND.falsehood, final(honest)],
          [KIND.unsettled, fast(honest)],
        ] as const) {
          // The last two sign no fast words.
          if (kind === KIND.unsettled && n > 1) continue;
          const attempt = convict(n, falsehoodOf(fabric, taken, checkpoint, [n]), kind);
          await (count === 3 ? attempt : refuses(attempt, "AlreadyConvicted", account(n), DEGREE.lone));
        }
      }
      const left = (STAKE * 9n) / 10n;
      expect(await sharesOf(n)).to.equal(n > 1 ? left : (left * 98n) / 100n);
    }
  });

  describe("R25 who said it", () => {
    it("is whose key signed, in a table that was taken: NotSigned, NotKeyOf, NotListed, UnknownTable", async () => {
      await settle(fabric, lie.word("true", 3));
      const claim = final(lie.word("false", 3));
      await refuses(convict(0, falsehoodOf(fabric, taken, claim, [1], {}, 0)), "NotSigned");
      await refuses(convict(0, falsehoodOf(fabric, taken, claim, [1])), "NotKeyOf");
      const none = { ...taken, id: id("no table") };
      await expect(convict(0, falsehoodOf(fabric, none, claim, [0])))
        .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
        .withArgs(none.id);
    });

    it("one that left can be convicted as long as its stake is slashable, and of its bond afterwards", async () => {
      await settle(fabric, lie.word("true", 3));
      const operator = operatorAccount(fabric.l1, 0);
      const allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await expect(accuse(final(lie.word("false", 3))))
        .to.emit(fabric.slasher, "SlashingTooLate")
        .withArgs(account(0), WAD);
    });

    it("is not convicted by evidence of another kind, or that is cut off", async () => {
      await settle(fabric, lie.word("true", 3));
      const evidence = falsehoodOf(fabric, taken, final(lie.word("false", 3)), [0]);
      await expect(convict(0, evidence.slice(0, -64))).to.be.revert(fabric.l1.ethers);
      await expect(convict(0, evidence, 3)).to.be.revert(fabric.l1.ethers);
      await expect(convict(0, evidence, KIND.equivocation)).to.be.revert(fabric.l1.ethers);
    });
  });

  describe("R27 the wad that applies", () => {
    const claim = (reachedBy: bigint): Checkpoint => final(lie.word("false", 3), reachedBy);
    const costs = async (wad: bigint, reachedBy = 1_000n): Promise<void> => {
      await expect(accuse(claim(reachedBy)))
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.falsehood, fabric.rollup.id, DEGREE.lone, wad, fabric.stranger.address);
    };
    beforeEach(() => settle(fabric, lie.word("true", 3)));

    it("a rise that is announced costs nobody more until its notice is over; then whoever stayed, for all it said", async () => {
      await announce(ETHER);
      await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE - 3n);
      const before = await fabric.l1.networkHelpers.takeSnapshot();
      await costs(WAD);
      await before.restore();
      await fabric.l1.networkHelpers.time.increase(3n);
      await costs(ETHER);
    });

    it("the notice is longer than an operator needs to leave: who leaves at once, is gone before", async () => {
      await announce(ETHER);
      const operator = operatorAccount(fabric.l1, 0);
      const allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
      // At 15 seconds a block, a fifth of all slots empty.
      expect(FALSEHOOD_NOTICE).to.be.greaterThan(DEALLOCATION_DELAY * 15n);
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await accuse(claim(1_000n));
      expect(await sharesOf(0)).to.equal(STAKE);
    });

    it("a fall rescues nobody who lied before it, and frees what is said later at once", async () => {
      await announce(0n);
      const at = await now();
      await refuses(accuse(claim(at + 7_201n)), "NothingAccepted", fabric.rollup.id);
      const before = await fabric.l1.networkHelpers.takeSnapshot();
      await costs(WAD, at + 7_200n);
      await before.restore();
      await fabric.l1.networkHelpers.time.increase(14n * DAY);
      await costs(WAD, at);
    });

    it("a fall lets nobody off by a cheap falsehood of its own: the dear one charges the rest", async () => {
      await settle(fabric, lie.word("true", 3));
      await announce(1n);
      const latest = 2n ** 64n - 1n;
      await expect(accuse(final(lie.word("cheap", 3), latest)))
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.falsehood, fabric.rollup.id, DEGREE.lone, 1n, fabric.stranger.address);
      await refuses(accuse(final(lie.word("else", 3), latest)), "AlreadyConvicted", account(0), DEGREE.lone);
      expect(await fabric.slasher.chargedWad(account(0), KIND.falsehood, fabric.rollup.id)).to.equal(1n);
      await accuse(final(lie.word("false", 3)));
      expect(await fabric.slasher.chargedWad(account(0), KIND.falsehood, fabric.rollup.id)).to.equal(WAD);
      const lost = STAKE - (await sharesOf(0));
      expect(lost > STAKE / 10n - 1_000n && lost <= STAKE / 10n).to.equal(true, `lost ${lost}`);
      await refuses(accuse(final(lie.word("else", 3))), "AlreadyConvicted", account(0), DEGREE.lone);
    });

    it("a rise charges who lied cheaply before it no more in all than the dear lie costs", async () => {
      await settle(fabric, lie.word("true", 3));
      await accuse(final(lie.word("false", 3)));
      await announce(5n * WAD);
      await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await accuse(final(lie.word("else", 3)));
      expect(await sharesOf(0)).to.be.closeTo(STAKE / 2n, 1_000n);
    });

    it("a fall is over when its notice is", async () => {
      await announce(0n);
      await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await refuses(accuse(claim(1_000n)), "NothingAccepted", fabric.rollup.id);
    });
  });
});
