import { expect } from "chai";
import { type ContractTransactionResponse, ZeroHash } from "ethers";

import { countOf, FAULTED, fold, Level, wordOf, type Hex, type LaneWord } from "../../../src/wire/index.ts";
import { advance, hold, setMinLevel, statementOf } from "../../fixtures/certified.ts";
import { adoptTable, bring, settle } from "../../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../../fixtures/inbox.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { eventsOf } from "../../fixtures/recipients.ts";

const LEVELS = [Level.fast, Level.final] as const;

describe("Held words (R21)", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let other: SourceLane;

  before(async () => {
    world = await createInboxWorld();
  });
  beforeEach(async () => {
    await world.reset();
    [lane, other] = [world.lane(), world.lane(world.otherSource)];
    for (const one of [lane, other]) {
      one.sendAll(await world.recorder.getAddress(), ["0x01", "0x02", "0x03", "0x04"]);
      await setMinLevel(world, one, Level.fast);
    }
  });

  const held = (of: SourceLane, level: Level): Promise<string> => world.chain.contract.heldCertified(of.id, level);
  const wordAt = (count: number): LaneWord => lane.sent[count - 1]!.after;
  /** A word that the lane never had at this count. */
  const falseWord = (count: bigint): LaneWord => wordOf(`0x${"fa".repeat(27)}`, count);
  const hashes = (from: number, to: number): Hex[] => lane.sent.slice(from, to).map((sent) => sent.messageHash);
  const drop = (level: number, settledCount: number, from: LaneWord, messageHashes: Hex[]): Promise<unknown> =>
    world.chain.contract.dropContradicted(lane.id, level, settledCount, from, messageHashes);

  async function expectHeld(expected: { fast?: LaneWord; final?: LaneWord }, of = lane): Promise<void> {
    for (const [level, word] of [
      [Level.fast, expected.fast],
      [Level.final, expected.final],
    ] as const) {
      const count = word === undefined ? 0n : countOf(word);
      expect(await held(of, level)).to.equal(word ?? ZeroHash);
      expect(await world.chain.contract.held(of.id, level, count)).to.equal(word ?? ZeroHash);
      expect(await world.chain.contract.held(of.id, level, count + 1n)).to.equal(ZeroHash);
    }
  }

  describe("R21 which words are held", () => {
    it("final only rises: a lower count, or another word at the same, changes nothing", async () => {
      await hold(world, lane, Level.final, wordAt(2));
      for (const word of [wordAt(1), wordAt(2), falseWord(2n), falseWord(1n)]) {
        await expect(hold(world, lane, Level.final, word)).to.not.emit(world.chain.contract, "WordHeld");
        await expectHeld({ final: wordAt(2) });
      }
      await expect(hold(world, lane, Level.final, wordAt(3)))
        .to.emit(world.chain.contract, "WordHeld")
        .withArgs(lane.id, Level.final, wordAt(3));
      await expectHeld({ final: wordAt(3) });
    });

    it("fast replaces fast, upwards, downwards and beside", async () => {
      for (const word of [wordAt(2), wordAt(4), wordAt(1), falseWord(1n), wordAt(1)]) {
        await expect(hold(world, lane, Level.fast, word))
          .to.emit(world.chain.contract, "WordHeld")
          .withArgs(lane.id, Level.fast, word);
        await expectHeld({ fast: word });
      }
    });

    it("one word a source and level; the levels and the sources do not touch each other", async () => {
      await hold(world, lane, Level.fast, wordAt(4));
      await hold(world, lane, Level.final, wordAt(2));
      await hold(world, other, Level.final, other.sent[0]!.after);
      await expectHeld({ fast: wordAt(4), final: wordAt(2) });
      await expectHeld({ final: other.sent[0]!.after }, other);
    });

    it("two words of one source in one certificate: the higher final, the last fast", async () => {
      await advance(world, [
        await statementOf(world, lane, { word: wordAt(3) }),
        await statementOf(world, lane, { word: wordAt(2) }),
        await statementOf(world, lane, { level: Level.fast, word: wordAt(4) }),
        await statementOf(world, lane, { level: Level.fast, word: wordAt(1) }),
      ]);
      await expectHeld({ final: wordAt(3), fast: wordAt(1) });
    });

    it("settled: one a count, the first stays for ever", async () => {
      await settle(world.chain, lane.id, wordAt(2));
      await settle(world.chain, lane.id, wordAt(4));
      await settle(world.chain, lane.id, wordAt(1));
      await expect(settle(world.chain, lane.id, falseWord(2n)))
        .to.emit(world.chain.contract, "ItemIgnored")
        .withArgs(0, 6);
      await expect(settle(world.chain, lane.id, wordAt(2)))
        .to.emit(world.chain.contract, "ItemIgnored")
        .withArgs(0, 5);
      for (const count of [1, 2, 4]) {
        expect(await world.chain.contract.held(lane.id, Level.settled, count)).to.equal(wordAt(count));
      }
      expect(await world.chain.contract.held(lane.id, Level.settled, 3)).to.equal(ZeroHash);
    });
  });

  describe("R21 pause and settings", () => {
    for (const [what, setting] of [
      ["a pause", [0, 0, true]],
      ["a minimum level", [2, 0, false]],
      ["a quorum", [1, 7_000, false]],
      ["the same settings again", [1, 0, false]],
    ] as const) {
      it(`${what} deletes a source's certified words, at both levels, and no other's`, async () => {
        for (const level of LEVELS) {
          await hold(world, lane, level);
          await hold(world, other, level);
        }
        await settle(world.chain, lane.id, lane.word);
        await expect(world.chain.contract.connect(world.chain.owner).setSource(lane.id, ...setting))
          .to.emit(world.chain.contract, "WordDropped")
          .withArgs(lane.id, Level.fast, lane.word)
          .to.emit(world.chain.contract, "WordDropped")
          .withArgs(lane.id, Level.final, lane.word)
          .to.emit(world.chain.contract, "SourceSet")
          .withArgs(lane.id, ...setting);
        await expectHeld({});
        await expectHeld({ fast: other.word, final: other.word }, other);
        expect(await world.chain.contract.held(lane.id, Level.settled, 4)).to.equal(lane.word);
      });
    }

    it("R21 tells of the words that it deletes, and of no others", async () => {
      const set = (isPaused: boolean): Promise<ContractTransactionResponse> =>
        world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 0, isPaused);
      await hold(world, lane, Level.final);
      const dropped = await eventsOf(set(true), world.chain.contract, "WordDropped");
      expect(dropped.map((event) => event["level"] as unknown)).to.deep.equal([BigInt(Level.final)]);
      expect(await eventsOf(set(false), world.chain.contract, "WordDropped")).to.deep.equal([]);
    });

    it("after a pause a lower final word may be held: the higher one is forgotten", async () => {
      await hold(world, lane, Level.final, falseWord(9n));
      await world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 0, true);
      await expect(hold(world, lane, Level.final, wordAt(2))).to.be.revertedWithCustomError(
        world.chain.contract,
        "SourcePaused",
      );
      await world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 0, false);
      await hold(world, lane, Level.final, wordAt(2));
      await expectHeld({ final: wordAt(2) });
    });
  });

  describe("R21 revocation and fault", () => {
    it("a revocation deletes the certified words of every source, and no settled one", async () => {
      for (const level of LEVELS) {
        await hold(world, lane, level);
        await hold(world, other, level);
      }
      await settle(world.chain, lane.id, lane.word);
      await bring(world.chain, { kind: "revoked", snapshot: 1n });
      await expectHeld({});
      await expectHeld({}, other);
      expect(await world.chain.contract.held(lane.id, Level.settled, 4)).to.equal(lane.word);
    });

    it("R28 the fault flag of the next table deletes that source's certified words, and no other's", async () => {
      for (const level of LEVELS) {
        await hold(world, lane, level);
        await hold(world, other, level);
      }
      await adoptTable(world.chain, {
        members: [world.chain, { ...world.source, flags: FAULTED }, world.otherSource],
        operators: world.operators,
      });
      await expectHeld({});
      await expectHeld({ fast: other.word, final: other.word }, other);
    });

    it("a new table, one with other flags, and one without the source delete nothing", async () => {
      await hold(world, lane, Level.final);
      for (const members of [
        [world.chain, world.source, world.otherSource],
        [world.chain, { ...world.source, flags: 0xfe }, world.otherSource],
        [world.chain, world.otherSource],
      ]) {
        await adoptTable(world.chain, { members, operators: world.operators.slice(1) });
        await expectHeld({ final: lane.word });
      }
    });
  });

  describe("R21 a settled word of the same count", () => {
    for (const level of LEVELS) {
      it(`deletes another certified word of level ${level} as it arrives, and keeps the same one`, async () => {
        await hold(world, lane, level, falseWord(2n));
        await expect(settle(world.chain, lane.id, wordAt(2)))
          .to.emit(world.chain.contract, "WordDropped")
          .withArgs(lane.id, level, falseWord(2n));
        await expectHeld({});

        await hold(world, lane, level, wordAt(3));
        await expect(settle(world.chain, lane.id, wordAt(3))).to.not.emit(world.chain.contract, "WordDropped");
        expect(await held(lane, level)).to.equal(wordAt(3));
      });
    }

    it("does not touch certified words of other counts, nor of other sources", async () => {
      await hold(world, lane, Level.fast, falseWord(1n));
      await hold(world, lane, Level.final, falseWord(3n));
      await hold(world, other, Level.final, falseWord(2n));
      await settle(world.chain, lane.id, wordAt(2));
      await expectHeld({ fast: falseWord(1n), final: falseWord(3n) });
      await expectHeld({ final: falseWord(2n) }, other);
    });

    it("deletes even while the owner delays it", async () => {
      await hold(world, lane, Level.final, falseWord(2n));
      await world.chain.contract.connect(world.chain.owner).delaySettled(lane.id, 86_400);
      await settle(world.chain, lane.id, wordAt(2));
      await expectHeld({});
      expect(await world.chain.contract.held(lane.id, Level.settled, 2)).to.equal(ZeroHash);
    });
  });

  describe("R21 a settled word that contradicts by a fold", () => {
    for (const level of LEVELS) {
      it(`level ${level}: a later settled word, folded from another word at the certified one's count`, async () => {
        await hold(world, lane, level, falseWord(2n));
        await settle(world.chain, lane.id, wordAt(4));
        await expect(drop(level, 4, wordAt(2), hashes(2, 4)))
          .to.emit(world.chain.contract, "WordDropped")
          .withArgs(lane.id, level, falseWord(2n));
        await expectHeld({});
      });

      it(`level ${level}: a later certified word, folded from another word at the settled one's count`, async () => {
        const from = falseWord(2n);
        const certified = fold(from, hashes(2, 4));
        await hold(world, lane, level, certified);
        await settle(world.chain, lane.id, wordAt(2));
        await expect(drop(level, 2, from, hashes(2, 4)))
          .to.emit(world.chain.contract, "WordDropped")
          .withArgs(lane.id, level, certified);
        await expectHeld({});
      });
    }

    it("leaves the word of the other level and of other sources", async () => {
      await hold(world, lane, Level.fast, wordAt(2));
      await hold(world, lane, Level.final, falseWord(2n));
      await settle(world.chain, lane.id, wordAt(4));
      await drop(Level.final, 4, wordAt(2), hashes(2, 4));
      await expectHeld({ fast: wordAt(2) });
    });

    describe("is refused", () => {
      const refused = async (attempt: Promise<unknown>): Promise<void> => {
        await expect(attempt).to.be.revertedWithCustomError(world.chain.contract, "NoContradiction");
      };

      it("where the certified word is on the settled lane", async () => {
        await hold(world, lane, Level.final, wordAt(2));
        await settle(world.chain, lane.id, wordAt(4));
        await settle(world.chain, lane.id, wordAt(1));
        await refused(drop(Level.final, 4, wordAt(2), hashes(2, 4)));
        await refused(drop(Level.final, 1, wordAt(1), hashes(1, 2)));
        await expectHeld({ final: wordAt(2) });
      });

      it("where the fold begins at another count than that of the certified word", async () => {
        await hold(world, lane, Level.final, wordAt(2));
        await settle(world.chain, lane.id, wordAt(4));
        await refused(drop(Level.final, 4, wordAt(3), hashes(3, 4)));
        await refused(drop(Level.final, 4, wordAt(1), hashes(1, 4)));
        await refused(drop(Level.final, 4, wordAt(4), []));
      });

      it("where the fold begins at another count than that of the settled word", async () => {
        await hold(world, lane, Level.final, wordAt(4));
        await settle(world.chain, lane.id, wordAt(2));
        await refused(drop(Level.final, 2, wordAt(3), hashes(3, 4)));
        await refused(drop(Level.final, 2, wordAt(1), hashes(1, 4)));
        await refused(drop(Level.final, 2, wordAt(4), []));
      });

      it("where the fold ends at neither word", async () => {
        await hold(world, lane, Level.final, falseWord(2n));
        await settle(world.chain, lane.id, wordAt(4));
        await refused(drop(Level.final, 4, wordAt(2), hashes(2, 3)));
        await refused(drop(Level.final, 4, falseWord(2n), hashes(2, 4)));
        await refused(drop(Level.final, 4, wordAt(2), []));
        await expectHeld({ final: falseWord(2n) });
      });

      it("incident: Nomad 2022: where no word is certified or settled, so that one of them is zero", async () => {
        const zero = wordOf(`0x${"00".repeat(27)}`, 0n);
        await refused(drop(Level.final, 4, zero, []));
        await settle(world.chain, lane.id, wordAt(4));
        await refused(drop(Level.final, 4, wordAt(4), []));
        await refused(drop(Level.final, 4, lane.sent[0]!.before, hashes(0, 4)));
        await hold(world, lane, Level.final, falseWord(2n));
        await refused(drop(Level.final, 3, zero, []));
        await refused(drop(Level.final, 0, zero, []));
        await refused(drop(Level.final, 0, lane.sent[0]!.before, hashes(0, 2)));
        for (const level of [0, Level.fast, Level.settled, 255]) await refused(drop(level, 4, wordAt(2), hashes(2, 4)));
        await expectHeld({ final: falseWord(2n) });
      });

      it("while the owner delays the settled word, and no longer", async () => {
        await hold(world, lane, Level.final, falseWord(2n));
        await world.chain.contract.connect(world.chain.owner).delaySettled(lane.id, 86_400);
        await settle(world.chain, lane.id, wordAt(4));
        await refused(drop(Level.final, 4, wordAt(2), hashes(2, 4)));
        await world.chain.helpers.time.increase(86_400);
        await drop(Level.final, 4, wordAt(2), hashes(2, 4));
        await expectHeld({});
      });

      it("where another source settled the word", async () => {
        await hold(world, lane, Level.final, falseWord(2n));
        await settle(world.chain, other.id, wordAt(4));
        await refused(drop(Level.final, 4, wordAt(2), hashes(2, 4)));
      });
    });

    it("a true word is never dropped, whatever fold is tried from words of its own lane", async () => {
      for (const [certifiedAt, settledAt] of [
        [1, 4],
        [4, 1],
        [3, 3],
        [2, 3],
      ] as const) {
        await world.reset();
        await hold(world, lane, Level.final, wordAt(certifiedAt));
        await settle(world.chain, lane.id, wordAt(settledAt));
        for (const from of [lane.sent[0]!.before, ...lane.sent.map((sent) => sent.after)]) {
          const start = Number(countOf(from));
          for (let end = start; end <= 4; ++end) {
            // Counts at which nothing is settled, too: a word that is not there contradicts none.
            for (const count of new Set([settledAt, 0, 2, start, end])) {
              await expect(
                world.chain.contract.dropContradicted.staticCall(lane.id, Level.final, count, from, hashes(start, end)),
              ).to.be.revertedWithCustomError(world.chain.contract, "NoContradiction");
            }
          }
        }
      }
    });
  });
});
