import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import {
  countOf,
  fold,
  genesis,
  Level,
  wordOf,
  type Hex,
  type LaneWord,
  type Statement,
} from "../../../src/wire/index.ts";
import type { EcdsaOperatorTable } from "../../../types/ethers-contracts/index.js";
import { advance, evidence, hold, setMinLevel, signed, statementOf, tableInForce } from "../../fixtures/certified.ts";
import { DOMAIN } from "../../fixtures/constants.ts";
import { adoptTable, bring } from "../../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, type InboxWorld } from "../../fixtures/inbox.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { certify, deliver, heldProof } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";

const BLOCK = id("block 7");

describe("Revocation (R22)", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let other: SourceLane;
  let table: EcdsaOperatorTable;

  before(async () => {
    world = await createInboxWorld();
    table = await tableInForce(world);
  });
  beforeEach(async () => {
    await world.reset();
    [lane, other] = [world.lane(), world.lane(world.otherSource)];
    for (const one of [lane, other]) one.sendAll(await world.recorder.getAddress(), ["0x01", "0x02", "0x03"]);
  });

  const falseWord = (count: bigint): LaneWord => wordOf(`0x${"fa".repeat(27)}`, count);
  const hashes = (from: number, to: number): Hex[] => lane.sent.slice(from, to).map((sent) => sent.messageHash);
  const say = async (
    said: Parameters<typeof statementOf>[2] & { source?: Hex; destination?: Hex } = {},
    signing: Parameters<typeof signed>[2] = {},
  ): Promise<Statement> => {
    const { source, destination, ...rest } = said;
    const checkpoint = await statementOf(world, { id: source ?? lane.id, word: lane.word }, rest);
    return signed(world, destination === undefined ? checkpoint : { ...checkpoint, destination }, signing);
  };
  const revoke = (a: Statement, b: Statement, from?: LaneWord, messageHashes?: Hex[]): Promise<unknown> =>
    world.chain.contract.connect(world.chain.user).revokeTable(evidence(a, b, from, messageHashes));
  const refused = async (attempt: Promise<unknown>, error = "NoConflict"): Promise<void> => {
    await expect(attempt).to.be.revertedWithCustomError(error === "NoConflict" ? world.chain.contract : table, error);
    expect((await world.chain.contract.tableInForce()).table).to.equal(await table.getAddress());
  };

  describe("R22 two certificates that conflict revoke the table at once, whoever shows them", () => {
    const revokes = async (attempt: Promise<unknown>): Promise<void> => {
      await expect(attempt)
        .to.emit(world.chain.contract, "TableRevoked")
        .withArgs(await table.getAddress(), 1n);
      expect(await world.chain.contract.tableInForce()).to.deep.equal([
        `0x${"00".repeat(20)}`,
        1n,
        (await world.chain.contract.tableInForce()).hasOverrides,
      ]);
    };

    it("final, at one count", async () => {
      await revokes(revoke(await say(), await say({ word: falseWord(3n), reachedBy: 5n })));
    });

    it("fast, of one block, at one count", async () => {
      const fast = { level: Level.fast, blockHash: BLOCK };
      await revokes(revoke(await say(fast), await say({ ...fast, word: falseWord(3n) })));
    });

    it("final, by a fold that passes another word at a certified count", async () => {
      const low = await say({ word: falseWord(1n) });
      await revokes(revoke(low, await say(), lane.sent[0]!.after, hashes(1, 3)));
    });

    it("final, by a fold of 255 messages", async () => {
      const messages = Array.from({ length: 255 }, (_, i) => id(`message ${i}`));
      const high = fold(genesis(lane.id, world.chain.id), messages);
      await revokes(
        revoke(
          await say({ word: falseWord(0n) }),
          await say({ word: high }),
          genesis(lane.id, world.chain.id),
          messages,
        ),
      );
    });

    it("a lane to another member: a quorum that lied about one may lie about all", async () => {
      const elsewhere = { destination: other.id };
      await revokes(revoke(await say(elsewhere), await say({ ...elsewhere, word: falseWord(3n) })));
    });

    it("a source that the table does not know, or whose certificates count no more", async () => {
      const unknown = { source: id("nobody") };
      await revokes(revoke(await say(unknown), await say({ ...unknown, word: falseWord(3n) })));
    });

    it("each by a quorum of its own", async () => {
      await revokes(
        revoke(await say({}, { indices: [0, 1, 2] }), await say({ word: falseWord(3n) }, { indices: [1, 2, 3] })),
      );
    });
  });

  describe("R22 what does not conflict revokes nothing", () => {
    it("the same word twice, reached by different times", async () => {
      await refused(revoke(await say(), await say({ reachedBy: 5n })));
    });

    it("different words of different lanes", async () => {
      await refused(revoke(await say(), await say({ source: other.id, word: falseWord(3n) })));
      await refused(revoke(await say(), await say({ destination: other.id, word: falseWord(3n) })));
    });

    it("fast words of different blocks: one of them was reorganised", async () => {
      const fast = { level: Level.fast, blockHash: BLOCK };
      await refused(revoke(await say(fast), await say({ ...fast, blockHash: id("its rival"), word: falseWord(3n) })));
    });

    it("a fast word and a final one", async () => {
      const fast = await say({ level: Level.fast, blockHash: BLOCK, word: falseWord(3n) });
      await refused(revoke(fast, await say()));
      await refused(revoke(await say(), fast));
    });

    it("different counts without a fold, or with one between words of the lane", async () => {
      const [low, high] = [await say({ word: lane.sent[0]!.after }), await say()];
      await refused(revoke(low, high));
      await refused(revoke(low, high, lane.sent[0]!.after, hashes(1, 3)));
      await refused(revoke(high, low, lane.sent[0]!.after, hashes(1, 3)));
    });

    it("a fold between fast words, though it passes another word", async () => {
      const fast = { level: Level.fast, blockHash: BLOCK };
      for (const [low, high] of [
        [fast, fast],
        [fast, {}],
        [{}, fast],
      ]) {
        await refused(
          revoke(await say({ ...low, word: falseWord(1n) }), await say(high), lane.sent[0]!.after, hashes(1, 3)),
        );
      }
    });

    it("a fold that starts at another count, ends at another word, or is of 256 messages", async () => {
      const low = await say({ word: falseWord(1n) });
      await refused(revoke(low, await say(), lane.sent[1]!.after, hashes(2, 3)));
      await refused(revoke(low, await say(), lane.sent[0]!.after, hashes(1, 2)));
      await refused(revoke(low, await say(), lane.sent[0]!.before, hashes(0, 3)));
      const messages = Array.from({ length: 256 }, (_, i) => id(`message ${i}`));
      const start = genesis(lane.id, world.chain.id);
      await refused(
        revoke(await say({ word: falseWord(0n) }), await say({ word: fold(start, messages) }), start, messages),
      );
    });
  });

  describe("R22 what no quorum of the table in force signed revokes nothing", () => {
    it("invariant 3: one of the two at or below the quorum", async () => {
      const [good, light] = [await say(), await say({ word: falseWord(3n) }, { indices: [0, 1] })];
      await refused(revoke(good, light), "QuorumNotReached");
      await refused(revoke(light, good), "QuorumNotReached");
    });

    it("a quorum demanded by the owner does not protect those who lied: the table's own counts", async () => {
      await world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 9_000, false);
      await revoke(await say({}, { indices: [0, 1, 2] }), await say({ word: falseWord(3n) }, { indices: [0, 1, 2] }));
      expect((await world.chain.contract.tableInForce()).table).to.equal(`0x${"00".repeat(20)}`);
    });

    it("other operators, another domain, siblings of another tree, another checkpoint", async () => {
      const lie = await say({ word: falseWord(3n) });
      const strangers = makeOperators(8).slice(4);
      await refused(revoke(await say({}, { operators: strangers }), lie), "InvalidSignature");
      const domain = { ...DOMAIN, settlementChainId: DOMAIN.settlementChainId + 1n };
      await refused(revoke(lie, await say({}, { domain })), "InvalidSignature");
      await refused(revoke({ ...(await say()), siblings: [ZeroHash] }, lie), "InvalidSignature");
      const good = await say();
      const swapped = { ...good, checkpoint: { ...good.checkpoint, laneWord: lane.sent[1]!.after } };
      const lieBelow = await say({ word: falseWord(2n) });
      await refused(revoke(swapped, lieBelow), "InvalidSignature");
      await refused(revoke({ ...good, certificate: "0x" }, lie), "MalformedCertificate");
    });

    it("bytes that are no evidence", async () => {
      for (const bytes of ["0x", "0x00", ZeroHash, evidence(await say(), await say()).slice(0, -64)]) {
        await expect(world.chain.contract.revokeTable(bytes)).to.revert(world.chain.ethers);
      }
      expect((await world.chain.contract.tableInForce()).table).to.equal(await table.getAddress());
    });

    it("the operators of a table before", async () => {
      const [a, b] = [await say(), await say({ word: falseWord(3n) })];
      const next = makeOperators(8).slice(4);
      await adoptTable(world.chain, { members: [world.chain, world.source], operators: next });
      await expect(revoke(a, b)).to.be.revertedWithCustomError(table, "InvalidSignature");
    });
  });

  describe("R22 evidence does not expire", () => {
    const DAY = 86_400;
    const held = (): Promise<string> => world.chain.contract.heldCertified(lane.id, Level.final);

    it("counts however old its statements are, whatever became of the source, and by a later table of its signers", async () => {
      const fast = { level: Level.fast, blockHash: BLOCK };
      const [a, b] = [await say(fast), await say({ ...fast, word: falseWord(3n) })];
      await world.chain.helpers.time.increase(20 * DAY);
      await adoptTable(world.chain, {
        members: [world.chain, { ...world.source, certifiableUntil: 1n, flags: 1 }],
        operators: world.operators,
      });
      await world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 9_000, true);
      await expect(revoke(a, b)).to.emit(world.chain.contract, "TableRevoked");
    });

    it("an expired table certifies nothing more, and is revoked with every word it had held, once", async () => {
      const lies = [await say({}, { indices: [0, 1, 2] }), await say({ word: falseWord(3n) })] as const;
      await setMinLevel(world, lane, Level.fast);
      await hold(world, lane, Level.fast, falseWord(3n));
      await hold(world, lane, Level.final, falseWord(3n));
      await hold(world, other, Level.final);
      await world.chain.helpers.time.increase(DAY);
      await expect(hold(world, lane, Level.final, falseWord(4n))).to.be.revertedWithCustomError(table, "TableExpired");
      expect(await held()).to.equal(falseWord(3n));

      await expect(revoke(...lies))
        .to.emit(world.chain.contract, "TableRevoked")
        .withArgs(await table.getAddress(), 1n);
      for (const [id, level] of [
        [lane.id, Level.fast],
        [lane.id, Level.final],
        [other.id, Level.final],
      ] as const) {
        expect(await world.chain.contract.heldCertified(id, level)).to.equal(ZeroHash);
      }
      const items = lane.sent.map(({ item }) => item);
      await expect(
        deliver(world.chain, lane.source, lane.sent[0]!.before, items, heldProof(Level.final)),
      ).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
      await expect(revoke(...lies)).to.be.revertedWithCustomError(world.chain.contract, "NoTable");
    });

    it("invariant 3: an expired table is revoked by no less than a quorum of it, and by nothing but a conflict", async () => {
      const [good, lie] = [await say(), await say({ word: falseWord(3n) })];
      const light = await say({ word: falseWord(3n) }, { indices: [0, 1] });
      const foreign = await say({ word: falseWord(3n) }, { operators: makeOperators(8).slice(4) });
      await hold(world, lane, Level.final);
      await world.chain.helpers.time.increase(DAY);
      await refused(revoke(good, light), "QuorumNotReached");
      await refused(revoke(light, good), "QuorumNotReached");
      await refused(revoke(good, foreign), "InvalidSignature");
      await refused(revoke(good, { ...lie, certificate: "0x" }), "MalformedCertificate");
      await refused(revoke(good, good));
      expect(await held()).to.equal(lane.word);
    });

    it("an expired table whose weight is below its floor never counted: its operators revoke nothing", async () => {
      const [a, b] = [await say(), await say({ word: falseWord(3n) })];
      const weightFloor = world.operators.reduce((sum, { weight }) => sum + weight, 1n);
      await adoptTable(world.chain, {
        members: [world.chain, world.source],
        operators: world.operators,
        weightFloor,
        expiry: 1n,
      });
      await expect(revoke(a, b)).to.be.revertedWithCustomError(table, "WeightBelowFloor");
    });

    it("and a revocation from L1 ends what an expired table had held, too", async () => {
      await hold(world, lane, Level.final, falseWord(3n));
      await world.chain.helpers.time.increase(DAY);
      await bring(world.chain, { kind: "revoked", snapshot: 1n });
      expect(await held()).to.equal(ZeroHash);
    });
  });

  describe("R22 after a revocation", () => {
    const conflict = async (): Promise<unknown> => revoke(await say(), await say({ word: falseWord(3n) }));
    const fromL1 = (): Promise<unknown> => bring(world.chain, { kind: "revoked", snapshot: 1n });

    for (const [how, end] of [
      ["by evidence", conflict],
      ["from L1", fromL1],
    ] as const) {
      it(`${how}: every certified path of every source is closed, the settled one is open`, async () => {
        for (const one of [lane, other]) {
          await setMinLevel(world, one, Level.fast);
          await hold(world, one, Level.fast);
          await hold(world, one, Level.final);
        }
        await end();
        for (const one of [lane, other]) {
          const attempt = (proof: Hex): Promise<unknown> =>
            deliver(
              world.chain,
              one.source,
              one.sent[0]!.before,
              one.sent.map(({ item }) => item),
              proof,
            );
          for (const level of [Level.fast, Level.final]) {
            await expect(
              attempt(await certify(one, world.chain, one.word, world.operators, { level })),
            ).to.be.revertedWithCustomError(world.chain.contract, "NoTable");
            await expect(hold(world, one, level)).to.be.revertedWithCustomError(world.chain.contract, "NoTable");
            await expect(attempt(heldProof(level))).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
          }
          await deliverSettled(
            world,
            one,
            one.sent[0]!.before,
            one.sent.map(({ item }) => item),
          );
          for (const { nonce } of one.sent) expect(await world.chain.contract.isDelivered(one.id, nonce)).to.be.true;
        }
        await expect(conflict()).to.be.revertedWithCustomError(world.chain.contract, "NoTable");
      });

      it(`${how}: invariant 7: the table that lied does not come back; the next snapshot ends it`, async () => {
        await hold(world, lane, Level.final);
        await end();
        const members = [world.chain, world.source, world.otherSource];
        await adoptTable(world.chain, { members, operators: world.operators, snapshot: 1n });
        await adoptTable(world.chain, { members, operators: world.operators, snapshot: 0n });
        await expect(hold(world, lane, Level.final)).to.be.revertedWithCustomError(world.chain.contract, "NoTable");

        await adoptTable(world.chain, { members, operators: world.operators, snapshot: 2n });
        // What was held before stays deleted.
        expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(ZeroHash);
        await hold(world, lane, Level.final, lane.sent[0]!.after);
        expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.sent[0]!.after);
      });
    }

    it("words held under the next table are deleted by its own revocation again", async () => {
      for (const snapshot of [2n, 3n, 4n]) {
        await conflict();
        await adoptTable(world.chain, { members: [world.chain, world.source], operators: world.operators, snapshot });
        await hold(world, lane, Level.final);
        expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
      }
      await conflict();
      expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(ZeroHash);
    });

    it("R22 from L1: a later snapshot bars the tables up to it, an earlier one and a repetition nothing", async () => {
      const arrived = async (snapshot: bigint): Promise<unknown> => bring(world.chain, { kind: "revoked", snapshot });
      await expect(arrived(0n)).to.emit(world.chain.contract, "ItemIgnored").withArgs(0, 7);
      await advance(world, [await statementOf(world, lane)]);
      await expect(arrived(10n))
        .to.emit(world.chain.contract, "TableRevoked")
        .withArgs(await table.getAddress(), 10n);
      for (const again of [10n, 9n, 1n]) {
        await expect(arrived(again)).to.emit(world.chain.contract, "ItemIgnored").withArgs(0, 7);
      }
      const members = [world.chain, world.source];
      for (const snapshot of [2n, 9n, 10n]) {
        await adoptTable(world.chain, { members, operators: world.operators, snapshot });
        expect((await world.chain.contract.tableInForce()).snapshot).to.equal(10n);
        expect((await world.chain.contract.tableInForce()).table).to.equal(`0x${"00".repeat(20)}`);
      }
      await adoptTable(world.chain, { members, operators: world.operators, snapshot: 11n });
      await advance(world, [await statementOf(world, lane)]);
      expect(countOf(lane.word)).to.equal(3n);
      expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
    });
  });
});
