import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { Level } from "../../../../src/wire/index.ts";
import { DEGREE, equivocationOf, KIND, latestTable, messages } from "../accused.ts";
import { BOND, ETHER, FALSEHOOD_NOTICE, operatorAccount } from "../fabric.ts";
import { falsehoodOf, said, settle, WAD } from "../untrue.ts";
import { OPERATORS, STAKE, useCourt } from "./court.ts";

const UNSETTLED_WAD = ETHER / 50n;

describe("Slasher: falsehood", () => {
  const court = useCourt();
  const { announce, account, sharesOf, now, convict, accuse, refuses, final, fast } = court;

  describe("R26 what it costs", () => {
    it("a falsehood: the source's falsehoodWad, half of the bond, the seat; no table is revoked", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const sent = convict(
        1,
        falsehoodOf(court.fabric, court.taken, final(court.lie.word("false", 3)), OPERATORS, {}, 1),
      );
      await expect(sent)
        .to.emit(court.fabric.slasher, "OperatorConvicted")
        .withArgs(account(1), KIND.falsehood, court.fabric.rollup.id, DEGREE.lone, WAD, court.fabric.stranger.address)
        .to.emit(court.fabric.slasher, "OperatorTombstoned")
        .withArgs(account(1))
        .to.emit(court.fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), WAD, [court.fabric.l1.strategies[0]], [STAKE / 10n])
        .to.emit(court.fabric.manager, "BondForfeited")
        .withArgs(account(1), court.fabric.stranger.address, BOND / 4n, BOND / 4n);
      await expect(sent).to.not.emit(court.fabric.manager, "TableRevoked");
      expect(await sharesOf(1)).to.equal((STAKE * 9n) / 10n);
      expect(await court.fabric.manager.keyOf(account(1))).to.equal(ZeroAddress);
      expect(await court.fabric.slasher.degreeOf(account(1), KIND.falsehood, court.fabric.rollup.id)).to.equal(
        DEGREE.lone,
      );
      for (const n of [0, 2, 3]) expect(await sharesOf(n)).to.equal(STAKE);
    });

    it("a fast word that is never settled: a fiftieth, whatever the source's falsehoodWad", async () => {
      await announce(0n);
      await court.fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await settle(court.fabric, court.lie.word("true", 3));
      await expect(accuse(fast(court.lie.word("false", 3)), {}, KIND.unsettled))
        .to.emit(court.fabric.slasher, "OperatorConvicted")
        .withArgs(
          account(0),
          KIND.unsettled,
          court.fabric.rollup.id,
          DEGREE.lone,
          UNSETTLED_WAD,
          court.fabric.stranger.address,
        );
      expect(await sharesOf(0)).to.equal((STAKE * 98n) / 100n);
      await refuses(accuse(final(court.lie.word("false", 3))), "NothingAccepted", court.fabric.rollup.id);
    });

    it("each once for an operator and a source, and a graver equivocation after them", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await accuse(final(court.lie.word("false", 3)));
      await refuses(accuse(final(court.lie.word("else", 3))), "AlreadyConvicted", account(0), DEGREE.lone);
      await accuse(fast(court.lie.word("false", 3)), {}, KIND.unsettled);
      await refuses(
        accuse(fast(court.lie.word("else", 3)), {}, KIND.unsettled),
        "AlreadyConvicted",
        account(0),
        DEGREE.lone,
      );
      expect(await sharesOf(0)).to.equal((STAKE * 9n * 98n) / 1_000n);
      await convict(0, equivocationOf(court.fabric, court.taken, [0, 1, 2]), KIND.equivocation);
      expect(await sharesOf(0)).to.equal(0n);
    });

    it("a final statement is no unsettled word, and a fast one no falsehood: WrongLevel", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const [late, early] = [final(court.lie.word("false", 3)), fast(court.lie.word("false", 3))];
      await refuses(accuse(late, {}, KIND.unsettled), "WrongLevel", KIND.unsettled, Level.final);
      await refuses(accuse(early, {}, KIND.falsehood), "WrongLevel", KIND.falsehood, Level.fast);
    });

    it("R31 who lied about a source is in no later table, and still liable", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const evidence = falsehoodOf(court.fabric, court.taken, final(court.lie.word("false", 3)), [0]);
      await convict(0, evidence);
      await court.fabric.manager.snapshot();
      expect((await latestTable(court.fabric)).table.operators.length).to.equal(OPERATORS.length - 1);
    });
  });

  describe("invariant 6: what agrees with what its source settles", () => {
    it("is not contradicted by its own word, nor by any fold, even if its source settles two histories", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await refuses(accuse(final(court.lie.word("true", 3))), "NoContradiction");
      // A source that contradicts itself where Settlement cannot see it.
      await settle(court.fabric, court.lie.word("false", 9));
      const messageHashes = messages("false", 9).slice(3);
      const shown = { settledCount: 9n, from: court.lie.word("false", 3), messageHashes };
      await refuses(accuse(final(court.lie.word("true", 3)), shown), "NoContradiction");
      await refuses(accuse(final(court.lie.word("false", 9)), { ...shown, settledCount: 3n }), "NoContradiction");
    });

    it("is not contradicted by a word of another lane: NotSettled", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      for (const changed of [
        { destination: court.fabric.rollup.id },
        { source: court.fabric.local.id, destination: court.fabric.rollup.id },
      ]) {
        const claim = said(court.lie, court.lie.word("false", 3), changed);
        const error = "source" in changed ? "NothingAccepted" : "NotSettled";
        await refuses(accuse(claim), error);
      }
    });

    it("is not contradicted by times that are to come: L1's clock bounds them", async () => {
      const time = (await now()) + 100n;
      await court.fabric.l1.networkHelpers.time.setNextBlockTimestamp(time);
      await settle(court.fabric, court.lie.word("true", 3), time + 50n);
      await refuses(accuse(final(court.lie.word("true", 4), time), { settledCount: 3n }), "NoContradiction");
      await accuse(final(court.lie.word("true", 4), time - 1n), { settledCount: 3n });
    });

    it("R28 a source that is faulted proves nothing more: SourceFaulted", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await settle(court.fabric, court.lie.word("other", 3));
      for (const [claim, kind] of [
        [final(court.lie.word("false", 3)), KIND.falsehood],
        [fast(court.lie.word("false", 3)), KIND.unsettled],
      ] as const) {
        await refuses(accuse(claim, {}, kind), "SourceFaulted", court.fabric.rollup.id);
      }
    });
  });

  it("invariant 11: a hostile source costs each operator once its wad, and once a fiftieth if it signed fast words, whatever it settles", async () => {
    // Operators signed the truth; the source settles something else of each count.
    const counts = [3, 4, 5, 6];
    for (const count of counts) await settle(court.fabric, court.lie.word("hostile", count), 1_000n + BigInt(count));
    for (const n of OPERATORS) {
      for (const count of counts) {
        const honest = court.lie.word("true", count);
        for (const [kind, checkpoint] of [
          [KIND.falsehood, final(honest)],
          [KIND.unsettled, fast(honest)],
        ] as const) {
          // The last two sign no fast words.
          if (kind === KIND.unsettled && n > 1) continue;
          const attempt = convict(n, falsehoodOf(court.fabric, court.taken, checkpoint, [n]), kind);
          await (count === 3 ? attempt : refuses(attempt, "AlreadyConvicted", account(n), DEGREE.lone));
        }
      }
      const left = (STAKE * 9n) / 10n;
      expect(await sharesOf(n)).to.equal(n > 1 ? left : (left * 98n) / 100n);
    }
  });

  describe("R25 who said it", () => {
    it("is whose key signed, in a table that was taken: NotSigned, NotKeyOf, NotListed, UnknownTable", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const claim = final(court.lie.word("false", 3));
      await refuses(convict(0, falsehoodOf(court.fabric, court.taken, claim, [1], {}, 0)), "NotSigned");
      await refuses(convict(0, falsehoodOf(court.fabric, court.taken, claim, [1])), "NotKeyOf");
      const none = { ...court.taken, id: id("no table") };
      await expect(convict(0, falsehoodOf(court.fabric, none, claim, [0])))
        .to.be.revertedWithCustomError(court.fabric.manager, "UnknownTable")
        .withArgs(none.id);
    });

    it("one that left can be convicted as long as its stake is slashable, and of its bond afterwards", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const operator = operatorAccount(court.fabric.l1, 0);
      const allocations = await court.fabric.l1.ethers.getContractAt(
        "IAllocationManager",
        EIGENLAYER.allocationManager,
      );
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: court.fabric.set.avs, operatorSetIds: [1] });
      await court.fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await expect(accuse(final(court.lie.word("false", 3))))
        .to.emit(court.fabric.slasher, "SlashingTooLate")
        .withArgs(account(0), WAD);
    });

    it("is not convicted by evidence of another kind, or that is cut off", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      const evidence = falsehoodOf(court.fabric, court.taken, final(court.lie.word("false", 3)), [0]);
      await expect(convict(0, evidence.slice(0, -64))).to.be.revert(court.fabric.l1.ethers);
      await expect(convict(0, evidence, 3)).to.be.revert(court.fabric.l1.ethers);
      await expect(convict(0, evidence, KIND.equivocation)).to.be.revert(court.fabric.l1.ethers);
    });
  });
});
