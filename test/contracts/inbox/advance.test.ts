import { expect } from "chai";
import { concat, getAddress, id, toBeHex, ZeroHash } from "ethers";

import {
  checkpointLeaf,
  checkpointTree,
  encodeAdvanceProof,
  FAULTED,
  genesis,
  Level,
  wordOf,
  type Checkpoint,
} from "../../../src/wire/index.ts";
import type { EcdsaOperatorTable } from "../../../types/ethers-contracts/index.js";
import { advance, now, setMinLevel, statementOf, tableInForce } from "../../fixtures/certified.ts";
import { DOMAIN } from "../../fixtures/constants.ts";
import { adoptTable, bring } from "../../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../../fixtures/inbox.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { makeOperators, signCertificate } from "../../fixtures/operators.ts";

const HOUR = 3_600n;

describe("Certificates: advance", () => {
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

  const heldOf = (of: SourceLane, level: Level): Promise<string> => world.chain.contract.heldCertified(of.id, level);
  const setNextTime = (time: bigint): Promise<void> => world.chain.helpers.time.setNextBlockTimestamp(time);

  it("holds the words of several lanes of one tree, each in its place in it", async () => {
    const statements = [await statementOf(world, lane), await statementOf(world, other)];
    await expect(advance(world, statements))
      .to.emit(world.chain.contract, "WordHeld")
      .withArgs(lane.id, Level.final, lane.word)
      .to.emit(world.chain.contract, "WordHeld")
      .withArgs(other.id, Level.final, other.word);
    expect(await heldOf(lane, Level.final)).to.equal(lane.word);
    expect(await heldOf(other, Level.final)).to.equal(other.word);
    expect(await world.chain.contract.held(lane.id, Level.final, 3)).to.equal(lane.word);
    expect(await world.chain.contract.held(lane.id, Level.final, 2)).to.equal(ZeroHash);
  });

  it("holds nothing without a checkpoint", async () => {
    await expect(world.chain.contract.advance([], "0x")).to.be.revertedWithCustomError(
      world.chain.contract,
      "NoCheckpoints",
    );
  });

  describe("R17 quorum", () => {
    it("invariant 3: half and two thirds of the operators hold nothing, three quarters do", async () => {
      const statement = await statementOf(world, lane);
      await expect(advance(world, [statement], { indices: [0, 3] })).to.be.revertedWithCustomError(
        table,
        "QuorumNotReached",
      );
      await advance(world, [statement], { indices: [0, 2, 3] });
      expect(await heldOf(lane, Level.final)).to.equal(lane.word);

      const three = makeOperators(3);
      await adoptTable(world.chain, { members: [world.chain, world.source], operators: three });
      lane.send({ recipient: world.chain.user.address });
      await expect(
        advance(world, [await statementOf(world, lane)], { operators: three, indices: [0, 1] }),
      ).to.be.revertedWithCustomError(table, "QuorumNotReached");
    });

    it("the quorum that the owner demands for a source counts, at its boundary", async () => {
      const operators = makeOperators(2, [8_000n, 2_000n]);
      await adoptTable(world.chain, { members: [world.chain, world.source, world.otherSource], operators });
      const set = (quorum: number): Promise<unknown> =>
        world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, quorum, false);
      const statement = await statementOf(world, lane);
      await set(8_000);
      await expect(advance(world, [statement], { operators, indices: [0] }))
        .to.be.revertedWithCustomError(table, "QuorumNotReached")
        .withArgs(8_000n, 10_000n, 8_000n);
      await set(7_999);
      await advance(world, [statement], { operators, indices: [0] });
      expect(await heldOf(lane, Level.final)).to.equal(lane.word);
    });

    it("the strictest quorum of its sources counts for a whole tree, wherever the source stands in it", async () => {
      await world.chain.contract.connect(world.chain.owner).setSource(other.id, 0, 8_000, false);
      const statements = [await statementOf(world, lane), await statementOf(world, other)];
      for (const order of [statements, [...statements].reverse()]) {
        await expect(advance(world, order, { indices: [0, 1, 2] }))
          .to.be.revertedWithCustomError(table, "QuorumNotReached")
          .withArgs(96n * 10n ** 18n, 128n * 10n ** 18n, 8_000n);
      }
      await advance(world, statements.slice(0, 1), { indices: [0, 1, 2] });
      await advance(world, statements);
      expect(await heldOf(other, Level.final)).to.equal(other.word);
    });
  });

  describe("R18 foreign, empty and expired", () => {
    it("another ServiceManager's and another L1's certificates hold nothing", async () => {
      const statement = await statementOf(world, lane);
      for (const domain of [
        { ...DOMAIN, serviceManager: getAddress(`0x${"5e32".repeat(10)}`) },
        { ...DOMAIN, settlementChainId: DOMAIN.settlementChainId + 1n },
        { ...DOMAIN, settlementChainId: world.chain.chainId },
        { ...DOMAIN, serviceManager: world.chain.gateway },
      ]) {
        await expect(advance(world, [statement], { domain }))
          .to.be.revertedWithCustomError(table, "InvalidSignature")
          .withArgs(0n);
      }
    });

    it("another table's operators hold nothing", async () => {
      const strangers = makeOperators(8).slice(4);
      await expect(
        advance(world, [await statementOf(world, lane)], { operators: strangers }),
      ).to.be.revertedWithCustomError(table, "InvalidSignature");
    });

    it("a certificate of no signatures holds nothing", async () => {
      const proof = concat(["0x00"]);
      await expect(world.chain.contract.advance([await statementOf(world, lane)], proof)).to.be.revertedWithCustomError(
        table,
        "MalformedCertificate",
      );
    });

    it("invariant 3: after the revocation of its table nothing is held", async () => {
      await bring(world.chain, { kind: "revoked", snapshot: 1n });
      const refusal: unknown = await advance(world, [await statementOf(world, lane)]).then(
        () => "none",
        (error: unknown) => (error instanceof Error && "data" in error ? error.data : error),
      );
      // To the byte: the revert is written by hand.
      expect(refusal).to.equal(world.chain.contract.interface.getError("NoTable")!.selector);
    });

    it("a table holds until the second before its expiry", async () => {
      const expiry = (await now(world)) + 100n;
      await adoptTable(world.chain, {
        members: [world.chain, world.source],
        operators: world.operators,
        expiry,
      });
      const statement = await statementOf(world, lane);
      await setNextTime(expiry - 1n);
      await advance(world, [statement]);
      expect(await heldOf(lane, Level.final)).to.equal(lane.word);
      lane.send({ recipient: world.chain.user.address });
      await setNextTime(expiry);
      await expect(advance(world, [await statementOf(world, lane)]))
        .to.be.revertedWithCustomError(table, "TableExpired")
        .withArgs(expiry, expiry);
    });
  });

  describe("R18 reachedBy", () => {
    it("an hour ahead of this chain's clock counts, a second more does not", async () => {
      for (const level of [Level.final, Level.fast]) {
        await setMinLevel(world, lane, Level.fast);
        const time = (await now(world)) + 10n;
        const late = await statementOf(world, lane, { level, reachedBy: time + HOUR + 1n });
        await setNextTime(time);
        await expect(advance(world, [late]))
          .to.be.revertedWithCustomError(world.chain.contract, "TimeOutOfRange")
          .withArgs(time + HOUR + 1n, time);
        const last = await statementOf(world, lane, { level, reachedBy: time + 1n + HOUR });
        await setNextTime(time + 1n);
        await advance(world, [last]);
        expect(await heldOf(lane, level)).to.equal(lane.word);
      }
    });

    it("the end of time does not wrap around", async () => {
      for (const level of [Level.final, Level.fast]) {
        await setMinLevel(world, lane, Level.fast);
        const never = await statementOf(world, lane, { level, reachedBy: (1n << 64n) - 1n });
        await expect(advance(world, [never])).to.be.revertedWithCustomError(world.chain.contract, "TimeOutOfRange");
      }
    });

    it("a fast statement counts for an hour, a final one for ever", async () => {
      await setMinLevel(world, lane, Level.fast);
      const reachedBy = await now(world);
      const [fast, final] = [
        await statementOf(world, lane, { level: Level.fast, reachedBy }),
        await statementOf(world, lane, { reachedBy: 0n }),
      ];
      await setNextTime(reachedBy + HOUR);
      await advance(world, [fast]);
      await setNextTime(reachedBy + HOUR + 1n);
      await expect(advance(world, [fast]))
        .to.be.revertedWithCustomError(world.chain.contract, "TimeOutOfRange")
        .withArgs(reachedBy, reachedBy + HOUR + 1n);
      await advance(world, [final]);
      expect(await heldOf(lane, Level.final)).to.equal(lane.word);
    });
  });

  describe("R20 the age of what the source settled", () => {
    it("counts until the second before `certifiableUntil`", async () => {
      const certifiableUntil = (await now(world)) + 100n;
      await adoptTable(world.chain, {
        members: [world.chain, { ...world.source, certifiableUntil }, world.otherSource],
        operators: world.operators,
      });
      const statement = await statementOf(world, lane);
      await setNextTime(certifiableUntil - 1n);
      await advance(world, [statement]);
      await setNextTime(certifiableUntil);
      await expect(advance(world, [statement]))
        .to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable")
        .withArgs(lane.id, certifiableUntil);
    });

    it("each source of a tree must be certifiable, wherever it stands in it", async () => {
      await adoptTable(world.chain, {
        members: [world.chain, world.source, { ...world.otherSource, certifiableUntil: 1n }],
        operators: world.operators,
      });
      const statements = [await statementOf(world, lane), await statementOf(world, other)];
      for (const order of [statements, [...statements].reverse()]) {
        await expect(advance(world, order))
          .to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable")
          .withArgs(other.id, 1n);
      }
      expect(await heldOf(lane, Level.final)).to.equal(ZeroHash);
    });

    it("a source that is not in the table is not certifiable at all", async () => {
      await adoptTable(world.chain, { members: [world.chain, world.source], operators: world.operators });
      const [first, second] = [await statementOf(world, lane), await statementOf(world, other)];
      for (const order of [[second], [first, second], [second, first]]) {
        await expect(advance(world, order))
          .to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable")
          .withArgs(other.id, 0n);
      }
    });

    it("R28 a faulted source's words are not held, wherever it stands; other flags say nothing", async () => {
      await adoptTable(world.chain, {
        members: [world.chain, { ...world.source, flags: 0xfe }, { ...world.otherSource, flags: FAULTED }],
        operators: world.operators,
      });
      const statements = [await statementOf(world, lane), await statementOf(world, other)];
      for (const order of [statements, [...statements].reverse()]) {
        await expect(advance(world, order))
          .to.be.revertedWithCustomError(world.chain.contract, "SourceFaulted")
          .withArgs(other.id);
      }
      await advance(world, statements.slice(0, 1));
      expect(await heldOf(lane, Level.final)).to.equal(lane.word);
    });
  });

  describe("what a statement must say", () => {
    it("incident: Secret/Axelar 2026: a lane to another member, or from a source that nobody listed, holds nothing here", async () => {
      const foreign: Checkpoint = { ...(await statementOf(world, lane)), destination: lane.id };
      await expect(advance(world, [foreign]))
        .to.be.revertedWithCustomError(world.chain.contract, "WrongDestination")
        .withArgs(lane.id, world.chain.id);
      const unknown: Checkpoint = { ...(await statementOf(world, lane)), source: id("nobody") };
      await expect(advance(world, [unknown]))
        .to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable")
        .withArgs(id("nobody"), 0n);
      const self: Checkpoint = { ...(await statementOf(world, lane)), source: world.chain.id };
      await expect(advance(world, [self])).to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable");
    });

    it("levels 0, 3 and above hold nothing, nor a fast word without a block, nor a final one with", async () => {
      await setMinLevel(world, lane, Level.fast);
      const statement = await statementOf(world, lane);
      // Made by hand: src/wire makes no such checkpoint.
      const attempt = async (change: { level?: number; blockHash?: string }): Promise<unknown> =>
        world.chain.contract.advance.staticCall([{ ...statement, ...change }], concat(["0x00", "0x00"]));
      await expect(attempt({ level: 0 }))
        .to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow")
        .withArgs(0, Level.fast);
      for (const change of [
        { level: 3 },
        { level: 255 },
        { level: 3, blockHash: id("a block") },
        { level: Level.fast },
        { level: Level.final, blockHash: id("a block") },
      ]) {
        await expect(attempt(change)).to.be.revertedWithCustomError(world.chain.contract, "MalformedProof");
      }
    });

    it("incident: BNB 2022, Hyperbridge 2026: no field of a certified checkpoint can be changed", async () => {
      await setMinLevel(world, lane, Level.fast);
      await setMinLevel(world, other, Level.fast);
      const statement = await statementOf(world, lane, { level: Level.fast });
      const tree = checkpointTree([statement, await statementOf(world, other)]);
      const certificate = await signCertificate(DOMAIN, tree.root, world.operators);
      const proof = encodeAdvanceProof({ siblings: tree.siblings.slice(0, 1), certificate });
      const attempt = (change: Partial<Checkpoint>): Promise<void> =>
        world.chain.contract.advance.staticCall([{ ...statement, ...change }], proof);
      await attempt({});
      const changes: Partial<Checkpoint>[] = [
        { source: other.id },
        { laneWord: lane.sent[1]!.after },
        { laneWord: wordOf(`0x${"00".repeat(27)}`, 3n) },
        { laneWord: wordOf(lane.word.slice(0, 56), 4n) },
        { reachedBy: statement.reachedBy + 1n },
        { level: Level.final, blockHash: ZeroHash },
        { blockHash: id("another block") },
      ];
      for (const change of changes) {
        await expect(attempt(change)).to.be.revertedWithCustomError(table, "InvalidSignature");
      }
    });

    it("incident: BNB 2022, Hyperbridge 2026: no node more or less, no sibling changed, no leaf beside the tree", async () => {
      const statements = [await statementOf(world, lane), await statementOf(world, other)];
      const beside = await statementOf(world, lane, { word: lane.sent[0]!.after });
      const tree = checkpointTree([...statements, await statementOf(world, other, { reachedBy: 1n })]);
      const certificate = await signCertificate(DOMAIN, tree.root, world.operators);
      const attempt = (siblings: readonly (readonly string[])[], checkpoints = statements): Promise<void> =>
        world.chain.contract.advance.staticCall(checkpoints, encodeAdvanceProof({ siblings, certificate }));
      const [first, second] = [tree.siblings[0]!, tree.siblings[1]!];
      await attempt([first, second]);
      const refused: [string[], string[]][] = [
        [first, first],
        [second, first],
        [first, [...second, tree.root]],
        [first, second.slice(1)],
        [first, []],
        [first, second.map((node, i) => (i === 0 ? toBeHex(BigInt(node) ^ 1n, 32) : node))],
      ];
      for (const siblings of refused) {
        await expect(attempt(siblings)).to.be.revertedWithCustomError(world.chain.contract, "RootsDiffer");
      }
      await expect(attempt([first, second], [statements[0]!, beside])).to.be.revertedWithCustomError(
        world.chain.contract,
        "RootsDiffer",
      );
      await expect(attempt([first, []]))
        .to.be.revertedWithCustomError(world.chain.contract, "RootsDiffer")
        .withArgs(checkpointLeaf(statements[1]!), tree.root);
      // Both lead to one root, which nobody signed.
      await expect(attempt([[], []], [statements[0]!, statements[0]!])).to.be.revertedWithCustomError(
        table,
        "InvalidSignature",
      );
    });

    it("a proof that ends within its siblings is malformed", async () => {
      const statement = await statementOf(world, lane);
      for (const proof of [
        "0x",
        "0x01",
        concat(["0x02", ZeroHash]),
        concat(["0xff", ...Array<string>(254).fill(ZeroHash)]),
      ]) {
        await expect(world.chain.contract.advance([statement], proof)).to.be.revertedWithCustomError(
          world.chain.contract,
          "MalformedProof",
        );
      }
      await expect(
        world.chain.contract.advance([statement, await statementOf(world, other)], concat(["0x00"])),
      ).to.be.revertedWithCustomError(world.chain.contract, "MalformedProof");
    });

    it("a word of no messages is held at no final level: there is nothing to deliver up to it", async () => {
      const word = genesis(lane.id, world.chain.id);
      await advance(world, [await statementOf(world, lane, { word })]);
      expect(await heldOf(lane, Level.final)).to.equal(ZeroHash);
    });
  });
});
