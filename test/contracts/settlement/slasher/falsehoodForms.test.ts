import { expect } from "chai";

import { fold, MAX_COUNT, wordOf, ZERO_WORD } from "../../../../src/wire/index.ts";
import { KIND, messages } from "../accused.ts";
import { falsehoodOf, settle } from "../untrue.ts";
import { STAKE, useCourt } from "./court.ts";

describe("Slasher: what is a falsehood", () => {
  const court = useCourt();
  const { sharesOf, convict, accuse, refuses, final, fast } = court;

  describe("R24 falsehood in all its forms", () => {
    const LONG = 300;

    it("by another word at its count, an anchor or a current word", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await settle(court.fabric, court.lie.word("true", 4), 500n);
      for (const [n, count] of [3, 4].entries()) {
        await convict(n, falsehoodOf(court.fabric, court.taken, final(court.lie.word("false", count)), [n]));
        expect(await sharesOf(n)).to.equal((STAKE * 9n) / 10n);
      }
    });

    for (const length of [1, 255]) {
      it(`by a later settled word, ${length} messages on`, async () => {
        const [count, end] = [LONG - length, LONG];
        await settle(court.fabric, court.lie.word("true", end));
        const messageHashes = messages("true", end).slice(count);
        const shown = { settledCount: BigInt(end), from: court.lie.word("true", count), messageHashes };
        await refuses(accuse(final(court.lie.word("true", count)), shown), "NoContradiction");
        await refuses(
          accuse(final(court.lie.word("false", count)), { ...shown, from: court.lie.word("false", count) }),
          "NoContradiction",
        );
        await refuses(
          accuse(final(court.lie.word("false", count)), { ...shown, messageHashes: [] }),
          "NoContradiction",
        );
        await accuse(final(court.lie.word("false", count)), shown);
        expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
      });

      it(`by an earlier settled word, ${length} messages before`, async () => {
        const [count, end] = [LONG - length, LONG];
        await settle(court.fabric, court.lie.word("true", count));
        const messageHashes = messages("false", end).slice(count);
        const shown = { settledCount: BigInt(count), from: court.lie.word("false", count), messageHashes };
        const onTrue = fold(court.lie.word("true", count), messageHashes);
        await refuses(accuse(final(onTrue), { ...shown, from: court.lie.word("true", count) }), "NoContradiction");
        await refuses(accuse(final(onTrue), shown), "NoContradiction");
        await refuses(accuse(final(court.lie.word("false", end)), { ...shown, messageHashes: [] }), "NoContradiction");
        await accuse(final(court.lie.word("false", end)), shown);
        expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
      });
    }

    it("by no fold of 256 messages, in either direction", async () => {
      const messageHashes = messages("true", LONG).slice(LONG - 256);
      await settle(court.fabric, court.lie.word("true", LONG));
      const forward = { settledCount: BigInt(LONG), from: court.lie.word("true", LONG - 256), messageHashes };
      await refuses(accuse(final(court.lie.word("false", LONG - 256)), forward), "NoContradiction");
      const backward = { settledCount: BigInt(LONG), from: court.lie.word("false", LONG), messageHashes };
      const claim = fold(backward.from, messageHashes);
      await refuses(accuse(final(claim), backward), "NoContradiction");
    });

    it("by a fold from a word of another count: NoContradiction", async () => {
      await settle(court.fabric, court.lie.word("true", 9));
      const claim = final(court.lie.word("false", 6));
      const from = court.lie.word("true", 5);
      const messageHashes = messages("true", 9).slice(5);
      await refuses(accuse(claim, { settledCount: 9n, from, messageHashes }), "NoContradiction");
    });

    it("by a current word with a smaller count, strictly later than reachedBy", async () => {
      await settle(court.fabric, court.lie.word("true", 3), 1_000n);
      const shown = { settledCount: 3n };
      await refuses(accuse(final(court.lie.word("true", 4), 1_000n), shown), "NoContradiction");
      await refuses(accuse(final(court.lie.word("true", 4), 1_001n), shown), "NoContradiction");
      await accuse(final(court.lie.word("true", 4), 999n), shown);
      expect(await sharesOf(0)).to.equal((STAKE * 9n) / 10n);
    });

    it("by a current word of long ago, though the lane has since come to what was said", async () => {
      await settle(court.fabric, court.lie.word("true", 3), 1_000n);
      await settle(court.fabric, court.lie.word("true", 4), 2_000n);
      await settle(court.fabric, court.lie.word("true", 9), 3_000n);
      // It had four messages between 1,000 and 2,000.
      await refuses(accuse(final(court.lie.word("true", 4), 1_000n), { settledCount: 3n }), "NoContradiction");
      await accuse(final(court.lie.word("true", 4), 999n), { settledCount: 3n });
    });

    it("by a lane that was empty, strictly later than reachedBy, or by a fold of its first messages", async () => {
      await settle(court.fabric, court.lie.word("true", 0), 1_000n);
      const shown = { settledCount: 0n };
      await refuses(accuse(final(court.lie.word("true", 1), 1_000n), shown), "NoContradiction");
      await refuses(accuse(final(court.lie.word("true", 0), 999n), shown), "NoContradiction");
      await refuses(accuse(fast(court.lie.word("true", 1), 1_000n), shown, KIND.unsettled), "NoContradiction");
      const before = await court.fabric.l1.networkHelpers.takeSnapshot();
      for (const count of [1, 255, 256, 300]) {
        await accuse(final(court.lie.word("true", count), 999n), shown);
        await before.restore();
      }
      await accuse(fast(court.lie.word("true", 1), 999n), shown, KIND.unsettled);
      await before.restore();
      for (const count of [1, 255]) {
        const from = court.lie.word("false", 0);
        const messageHashes = messages("true", count);
        // What begins where the lane begins is no court.lie.
        await refuses(
          accuse(final(court.lie.word("true", count)), { ...shown, from, messageHashes }),
          "NoContradiction",
        );
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
        const before = await court.fabric.l1.networkHelpers.takeSnapshot();
        await settle(court.fabric, court.lie.word("true", 0), 1_000n);
        await accuse(final(word), { settledCount: 0n });
        await before.restore();
        await settle(court.fabric, court.lie.word("true", 3));
        const shown = { settledCount: 3n, from: court.lie.word("true", 0), messageHashes: messages("true", 3) };
        await accuse(final(word), shown);
      });
    }

    it("by the latest of the times at which a count was current", async () => {
      await settle(court.fabric, court.lie.word("true", 3), 1_000n);
      await settle(court.fabric, court.lie.word("true", 3), 2_000n);
      await settle(court.fabric, court.lie.word("true", 3), 1_500n);
      await settle(court.fabric, court.lie.word("true", 3));
      await refuses(accuse(final(court.lie.word("true", 4), 2_000n), { settledCount: 3n }), "NoContradiction");
      await accuse(final(court.lie.word("true", 4), 1_999n), { settledCount: 3n });
    });

    it("by no anchor: anchors carry no time, and prove no absence", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await refuses(accuse(final(court.lie.word("true", 4), 0n), { settledCount: 3n }), "NoContradiction");
    });

    it("a count that no lane ever reaches is contradicted by time alone, and is", async () => {
      const never = wordOf(`0x${"ee".repeat(27)}`, MAX_COUNT);
      await settle(court.fabric, court.lie.word("true", 3), 1_000n);
      await refuses(accuse(final(never)), "NotSettled", court.fabric.rollup.id, court.fabric.local.id, MAX_COUNT);
      await refuses(accuse(final(never), { settledCount: 3n }), "NoContradiction");
      await settle(court.fabric, court.lie.word("true", 3), 1_001n);
      await accuse(final(never), { settledCount: 3n });
    });

    it("a fast word that is settled after all costs nothing, whenever it was; one that is not, as much by time as by word", async () => {
      await settle(court.fabric, court.lie.word("true", 3), 2_000n);
      const early = fast(court.lie.word("true", 4), 1_000n);
      await settle(court.fabric, court.lie.word("true", 4), 3_000n);
      await refuses(accuse(early, { settledCount: 3n }, KIND.unsettled), "NoContradiction");
      await accuse(fast(court.lie.word("true", 5), 1_000n), { settledCount: 3n }, KIND.unsettled);
      expect(await sharesOf(0)).to.equal((STAKE * 98n) / 100n);
    });
  });
});
