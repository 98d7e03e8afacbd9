import { expect } from "chai";
import fc from "fast-check";
import { id, ZeroHash, type FunctionFragment, type Interface, type ParamType } from "ethers";

import { Level, wordOf, type Hex, type LaneWord } from "../../../src/wire/index.ts";
import { advance, hold, setMinLevel, statementOf } from "../../fixtures/certified.ts";
import { adoptTable, settle, type ListedMember } from "../../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, type InboxWorld } from "../../fixtures/inbox.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { certify, deliver, heldProof } from "../../fixtures/messages.ts";
import { checkAsync } from "../../support/property.ts";

const DAY = 86_400;
const MAX_DELAY = 14 * DAY;
const INTERVAL = 60 * DAY;

describe("The owner of a Gateway (invariant 10)", () => {
  let world: InboxWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createInboxWorld();
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02", "0x03"]);
  });

  const asOwner = (): InboxWorld["chain"]["contract"] => world.chain.contract.connect(world.chain.owner);
  const deliverAll = (): Promise<unknown> =>
    deliverSettled(
      world,
      lane,
      lane.sent[0]!.before,
      lane.sent.map(({ item }) => item),
    );

  it("everyone can read what a source's certificates must reach, whether they count, and until when its words wait", async () => {
    const told = async (source: Hex): Promise<unknown[]> => [...(await world.chain.contract.member(source))];
    expect(await told(id("nobody"))).to.deep.equal([0n, false, 0n, 0n, false, 0n]);
    const { chainId } = world.source;
    expect(await told(lane.id)).to.deep.equal([chainId, true, BigInt(Level.final), 6_667n, false, 0n]);
    await asOwner().setSource(lane.id, Level.fast, 8_000, true);
    await asOwner().delaySettled(lane.id, DAY);
    const until = BigInt((await world.chain.helpers.time.latest()) + DAY);
    expect(await told(lane.id)).to.deep.equal([chainId, true, BigInt(Level.fast), 8_000n, true, until]);
  });

  describe("invariant 10: powers", () => {
    /** Everything of the ABI that is not a view. */
    const functionsOf = (abi: Interface): FunctionFragment[] => {
      const found: FunctionFragment[] = [];
      abi.forEachFunction((fragment) => fragment.constant || found.push(fragment));
      return found;
    };
    const someArgument = ({ baseType, type }: ParamType): unknown => {
      if (baseType === "tuple") return { chainId: 1n, gateway: world.chain.gateway };
      if (baseType === "array") return [];
      if (type === "address") return world.chain.gateway;
      if (type === "bytes32") return ZeroHash;
      return type === "bytes" ? "0x" : 0;
    };

    it("are exactly these functions: found by calling all of the ABI as a stranger", async () => {
      const abi: Interface = world.chain.contract.interface;
      const guarded: string[] = [];
      const free: string[] = [];
      const selector = abi.getError("OwnableUnauthorizedAccount")!.selector;
      for (const fragment of functionsOf(abi)) {
        const data = abi.encodeFunctionData(fragment, fragment.inputs.map(someArgument));
        const error: unknown = await world.chain.ethers.provider
          .call({ to: world.chain.gateway, from: world.chain.user.address, data })
          .catch((thrown: unknown) => thrown);
        const isGuarded = error instanceof Error && "data" in error && String(error.data).startsWith(selector);
        (isGuarded ? guarded : free).push(fragment.name);
      }
      expect(guarded.sort()).to.deep.equal([
        "acceptMember",
        // Ownable2Step's: for the account to which the ownership was offered.
        "acceptOwnership",
        "delaySettled",
        "renounceOwnership",
        "setAcceptAll",
        "setSource",
        "transferOwnership",
      ]);
      expect(free.sort()).to.deep.equal([
        "advance",
        "deliver",
        "dropContradicted",
        "fromSettlement",
        "revokeTable",
        "sendMessage",
      ]);
    });

    it("in everything else the owner is anyone: no items from L1, no delivery or held word without proof", async () => {
      const forged = wordOf(`0x${"fa".repeat(27)}`, 3n);
      await expect(asOwner().fromSettlement([]))
        .to.be.revertedWithCustomError(world.chain.contract, "NotBridge")
        .withArgs(world.chain.owner.address);
      await expect(
        asOwner().deliver(lane.source, "0x", heldProof(Level.settled), lane.sent[0]!.before),
      ).to.be.revertedWithCustomError(world.chain.contract, "MalformedBatch");
      const statement = await statementOf(world, lane, { word: forged });
      await expect(asOwner().advance([statement], "0x00")).to.revert(world.chain.ethers);
      await expect(asOwner().dropContradicted(lane.id, Level.final, 3, forged, [])).to.be.revertedWithCustomError(
        world.chain.contract,
        "NoContradiction",
      );
      await expect(asOwner().revokeTable("0x")).to.revert(world.chain.ethers);
      for (const level of [Level.fast, Level.final, Level.settled]) {
        expect(await world.chain.contract.held(lane.id, level, 3)).to.equal(ZeroHash);
      }
    });

    it("invariant 10: whatever the owner does and however long it takes, nothing is forged, replayed or deleted", async () => {
      type Action = (source: SourceLane) => Promise<unknown>;
      const actions: Record<string, Action> = {
        pause: ({ id: source }) => asOwner().setSource(source, 0, 0, true),
        resume: ({ id: source }) => asOwner().setSource(source, 0, 0, false),
        fast: ({ id: source }) => asOwner().setSource(source, Level.fast, 6_667, false),
        close: ({ id: source }) => asOwner().setSource(source, Level.settled, 9_000, false),
        delay: ({ id: source }) =>
          asOwner()
            .delaySettled(source, MAX_DELAY)
            .catch(() => undefined),
        delayNothing: ({ id: source }) =>
          asOwner()
            .delaySettled(source, 0)
            .catch(() => undefined),
        acceptNobody: () => asOwner().setAcceptAll(false),
        acceptAll: () => asOwner().setAcceptAll(true),
        accept: ({ id: source }) =>
          asOwner()
            .acceptMember(source)
            .catch(() => undefined),
        handOver: () => asOwner().transferOwnership(world.chain.user.address),
        weeks: () => world.chain.helpers.time.increase(61 * DAY),
        hour: () => world.chain.helpers.time.increase(3_600),
        settle: async (source) => {
          const sent = source.send({ recipient: await world.recorder.getAddress() });
          await settle(world.chain, source.id, sent.after);
        },
        certify: async (source) => hold(world, source, Level.final).catch(() => undefined),
      };
      await checkAsync(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...Object.keys(actions)), { minLength: 5, maxLength: 25 }),
          async (names) => {
            await world.reset();
            lane = world.lane();
            const [done, ...waiting] = lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02", "0x03"]);
            for (const { after } of lane.sent) await settle(world.chain, lane.id, after);
            await deliverSettled(world, lane, done!.before, [done!.item], done!.after);

            for (const name of names) await actions[name]!(lane);

            const onLane = new Set<string>([ZeroHash, ...lane.sent.map(({ after }) => after)]);
            for (const level of [Level.fast, Level.final]) {
              expect(onLane).to.include(await world.chain.contract.heldCertified(lane.id, level));
            }
            // What was settled before is usable at once; what was settled since, within 14 days of the owner's last word.
            for (const { before, item, after } of [done!, ...waiting]) {
              await deliver(world.chain, lane.source, before, [item], heldProof(Level.settled));
              expect(
                await world.chain.contract.held(lane.id, Level.settled, Number(BigInt(`0x${after.slice(-10)}`))),
              ).to.equal(after);
            }
            await world.chain.helpers.time.increase(MAX_DELAY);
            for (const { before, item } of lane.sent) {
              await deliver(world.chain, lane.source, before, [item], heldProof(Level.settled));
            }
            for (const sent of lane.sent) {
              expect(await world.chain.contract.isDelivered(lane.id, sent.nonce)).to.be.true;
              expect(await world.recorder.executions(sent.id)).to.equal(1n);
            }
          },
        ),
        25,
      );
    });
  });

  describe("delaySettled", () => {
    const delay = (seconds: number, source = lane.id): Promise<unknown> => asOwner().delaySettled(source, seconds);
    const usable = (count: number): Promise<string> => world.chain.contract.held(lane.id, Level.settled, count);
    const wordAt = (count: number): LaneWord => lane.sent[count - 1]!.after;

    it("invariant 10: at most 14 days", async () => {
      for (const seconds of [MAX_DELAY + 1, 2 ** 32 - 1]) {
        await expect(delay(seconds))
          .to.be.revertedWithCustomError(world.chain.contract, "DelayNotAllowed")
          .withArgs(seconds, MAX_DELAY, 0);
      }
      await expect(delay(MAX_DELAY)).to.emit(world.chain.contract, "SettledDelayed");
    });

    it("invariant 10: once in 60 days, a delay of zero too, and each source by itself", async () => {
      const start = (await world.chain.helpers.time.latest()) + 10;
      await world.chain.helpers.time.setNextBlockTimestamp(start);
      await expect(delay(0)).to.emit(world.chain.contract, "SettledDelayed").withArgs(lane.id, start);
      await expect(delay(1))
        .to.be.revertedWithCustomError(world.chain.contract, "DelayNotAllowed")
        .withArgs(1, MAX_DELAY, start + INTERVAL);
      await delay(1, world.lane(world.otherSource).id);
      await world.chain.helpers.time.setNextBlockTimestamp(start + INTERVAL - 1);
      await expect(delay(1)).to.be.revertedWithCustomError(world.chain.contract, "DelayNotAllowed");
      await world.chain.helpers.time.setNextBlockTimestamp(start + INTERVAL);
      await expect(delay(1))
        .to.emit(world.chain.contract, "SettledDelayed")
        .withArgs(lane.id, start + INTERVAL + 1);
    });

    it("invariant 10: words that are held stay usable; later ones are usable from its end on, not a second before", async () => {
      await settle(world.chain, lane.id, wordAt(1));
      const start = (await world.chain.helpers.time.latest()) + 10;
      await world.chain.helpers.time.setNextBlockTimestamp(start);
      await delay(MAX_DELAY);
      await expect(settle(world.chain, lane.id, wordAt(2)))
        .to.emit(world.chain.contract, "WordDelayed")
        .withArgs(lane.id, wordAt(2), start + MAX_DELAY)
        .to.not.emit(world.chain.contract, "WordHeld");
      expect(await usable(1)).to.equal(wordAt(1));
      expect(await usable(2)).to.equal(ZeroHash);

      const attempt = (): Promise<unknown> =>
        deliver(world.chain, lane.source, wordAt(1), [lane.sent[1]!.item], heldProof(Level.settled));
      await world.chain.helpers.time.setNextBlockTimestamp(start + MAX_DELAY - 1);
      await expect(attempt())
        .to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld")
        .withArgs(lane.id, Level.settled, wordAt(2));
      await world.chain.helpers.time.setNextBlockTimestamp(start + MAX_DELAY);
      await expect(attempt()).to.emit(world.chain.contract, "MessageDelivered");
      // Nothing that arrives from now on waits.
      await expect(settle(world.chain, lane.id, wordAt(3)))
        .to.emit(world.chain.contract, "WordHeld")
        .withArgs(lane.id, Level.settled, wordAt(3));
    });

    it("a word that arrives in the very second of its end is held at once", async () => {
      const start = (await world.chain.helpers.time.latest()) + 10;
      await world.chain.helpers.time.setNextBlockTimestamp(start);
      await delay(100);
      await world.chain.helpers.time.setNextBlockTimestamp(start + 99);
      await expect(settle(world.chain, lane.id, wordAt(1))).to.emit(world.chain.contract, "WordDelayed");
      await world.chain.helpers.time.setNextBlockTimestamp(start + 100);
      await expect(settle(world.chain, lane.id, wordAt(2))).to.emit(world.chain.contract, "WordHeld");
    });

    it("a delayed word is known: neither it nor another at its count arrives again, during the delay and after", async () => {
      await delay(MAX_DELAY);
      await settle(world.chain, lane.id, wordAt(2));
      const other = wordOf(`0x${"fa".repeat(27)}`, 2n);
      for (let i = 0; i < 2; ++i) {
        await expect(settle(world.chain, lane.id, wordAt(2)))
          .to.emit(world.chain.contract, "ItemIgnored")
          .withArgs(0, 5);
        await expect(settle(world.chain, lane.id, other))
          .to.emit(world.chain.contract, "ItemIgnored")
          .withArgs(0, 6);
        await world.chain.helpers.time.increase(MAX_DELAY);
      }
      expect(await usable(2)).to.equal(wordAt(2));
    });

    it("a later delay does not hold back what waits for an earlier one", async () => {
      await delay(MAX_DELAY);
      await world.chain.helpers.time.increase(10 * DAY);
      await settle(world.chain, lane.id, wordAt(1));
      await world.chain.helpers.time.increase(INTERVAL);
      await delay(MAX_DELAY);
      expect(await usable(1)).to.equal(wordAt(1));
    });

    it("holds back that source alone, and no certificate", async () => {
      const other = world.lane(world.otherSource);
      other.send({ recipient: world.chain.user.address });
      await delay(MAX_DELAY);
      await settle(world.chain, other.id, other.word);
      expect(await world.chain.contract.held(other.id, Level.settled, 1)).to.equal(other.word);
      await hold(world, lane, Level.final);
      await expect(
        deliver(
          world.chain,
          lane.source,
          lane.sent[0]!.before,
          lane.sent.map(({ item }) => item),
          heldProof(Level.final),
        ),
      ).to.emit(world.chain.contract, "MessageDelivered");
    });

    it("refuses who was never listed, and everyone but the owner", async () => {
      await expect(delay(1, id("nobody")))
        .to.be.revertedWithCustomError(world.chain.contract, "UnknownMember")
        .withArgs(id("nobody"));
      await expect(
        world.chain.contract.connect(world.chain.user).delaySettled(lane.id, 1),
      ).to.be.revertedWithCustomError(world.chain.contract, "OwnableUnauthorizedAccount");
    });
  });

  describe("setSource", () => {
    const set = (minLevel: number, quorum: number, paused = false, source: Hex = lane.id): Promise<unknown> =>
      asOwner().setSource(source, minLevel, quorum, paused);

    it("R17 a quorum is 6,667 to 9,000, or 0 for the default", async () => {
      for (const quorum of [1, 5_000, 6_666, 9_001, 10_000, 65_535]) {
        await expect(set(0, quorum))
          .to.be.revertedWithCustomError(world.chain.contract, "InvalidSetting")
          .withArgs(0, quorum);
      }
      for (const [quorum, meant] of [
        [6_667, 6_667],
        [9_000, 9_000],
        [0, 6_667],
      ] as const) {
        await set(0, quorum);
        expect((await world.chain.contract.member(lane.id)).quorumBps).to.equal(meant);
      }
    });

    it("a minimum level is 1 to 3, or 0 for the default, final", async () => {
      for (const level of [4, 255]) {
        await expect(set(level, 0))
          .to.be.revertedWithCustomError(world.chain.contract, "InvalidSetting")
          .withArgs(level, 0);
      }
      for (const [level, meant] of [
        [1, 1],
        [2, 2],
        [3, 3],
        [0, 2],
      ] as const) {
        await set(level, 0);
        expect((await world.chain.contract.member(lane.id)).minLevel).to.equal(meant);
      }
    });

    it("level 3 closes the certified path alone", async () => {
      await set(3, 0);
      for (const level of [Level.fast, Level.final]) {
        await expect(hold(world, lane, level))
          .to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow")
          .withArgs(level, 3);
        await expect(
          deliver(
            world.chain,
            lane.source,
            lane.sent[0]!.before,
            lane.sent.map(({ item }) => item),
            await certify(lane, world.chain, lane.word, world.operators, { level }),
          ),
        ).to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow");
      }
      await expect(deliverAll()).to.emit(world.chain.contract, "MessageDelivered");
    });

    it("counts from the next certificate on, and still after the next table", async () => {
      await setMinLevel(world, lane, Level.fast);
      expect((await world.chain.contract.tableInForce()).hasOverrides).to.be.true;
      await hold(world, lane, Level.fast);
      await adoptTable(world.chain, {
        members: [world.chain, world.source, world.otherSource],
        operators: world.operators,
      });
      expect((await world.chain.contract.tableInForce()).hasOverrides).to.be.true;
      await advance(world, [await statementOf(world, lane, { level: Level.fast })]);
      await set(0, 0);
      await adoptTable(world.chain, {
        members: [world.chain, world.source, world.otherSource],
        operators: world.operators,
      });
      expect((await world.chain.contract.tableInForce()).hasOverrides).to.be.false;
      await expect(hold(world, lane, Level.fast)).to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow");
    });

    for (const [what, setting] of [
      ["a minimum level", [1, 0, false]],
      ["a quorum", [0, 6_668, false]],
      ["a pause", [0, 0, true]],
    ] as const) {
      it(`${what} of one source is looked up after every table that lists it`, async () => {
        // Whichever place it has among the members, which are sorted by their ids.
        for (const [source, other] of [
          [world.source, world.otherSource],
          [world.otherSource, world.source],
        ] as const) {
          await world.reset();
          await asOwner().setSource(world.lane(source).id, ...setting);
          const adopt = async (...members: ListedMember[]): Promise<boolean> => {
            await adoptTable(world.chain, { members: [world.chain, ...members], operators: world.operators });
            return (await world.chain.contract.tableInForce()).hasOverrides;
          };
          expect(await adopt(source, other)).to.be.true;
          expect(await adopt(other)).to.be.false;
          expect(await adopt(other, source)).to.be.true;
        }
      });
    }

    it("refuses who was never listed", async () => {
      for (const source of [id("nobody"), ZeroHash, world.chain.id]) {
        await expect(set(0, 0, false, source))
          .to.be.revertedWithCustomError(world.chain.contract, "UnknownMember")
          .withArgs(source);
      }
    });
  });

  it("ownership is handed over in two steps", async () => {
    await asOwner().transferOwnership(world.chain.user.address);
    expect(await world.chain.contract.owner()).to.equal(world.chain.owner.address);
    await expect(world.chain.contract.connect(world.chain.admin).acceptOwnership()).to.be.revertedWithCustomError(
      world.chain.contract,
      "OwnableUnauthorizedAccount",
    );
    await world.chain.contract.connect(world.chain.user).acceptOwnership();
    expect(await world.chain.contract.owner()).to.equal(world.chain.user.address);
    await expect(asOwner().setAcceptAll(false)).to.be.revertedWithCustomError(
      world.chain.contract,
      "OwnableUnauthorizedAccount",
    );
  });
});
