import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { Level, wordOf } from "../../../src/wire/index.ts";
import { evidence, hold, setMinLevel, signed, statementOf } from "../../fixtures/certified.ts";
import { adoptTable, type TableFields } from "../../fixtures/gateways.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { deliver, heldProof, type Sent } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import {
  CAP,
  createBridgeWorld,
  deliverAt,
  deployBridge,
  TERMS,
  tokens,
  transferOf,
  transfers,
  WINDOW,
  type BridgeWorld,
} from "./support.ts";

describe("StakeBound: what a bridge releases on operators' word", () => {
  let world: BridgeWorld;
  let lane: SourceLane;
  let started: bigint;

  before(async () => {
    world = await createBridgeWorld();
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    started = await world.token.balanceOf(world.chain.user);
  });

  const released = async (): Promise<bigint> =>
    ((await world.token.balanceOf(world.chain.user)) - started) / 10n ** 18n;
  /** Whole tokens: not a unit beside them. */
  const whole = (amount: bigint): bigint => {
    expect(amount % tokens(1)).to.equal(0n);
    return amount / tokens(1);
  };
  const room = async (): Promise<bigint> => whole(await world.bridge.releasable(world.chain.gateway));
  const cap = async (): Promise<bigint> => whole(await world.bridge.valueCap(world.chain.gateway));
  const later = (seconds: bigint): Promise<unknown> => world.chain.helpers.time.increase(seconds);

  /** Delivers on operators' word, which releases nothing of the first message and says so. */
  async function waits(sent: readonly Sent[], available: bigint, limit = CAP, by = lane): Promise<void> {
    const before = await released();
    const amount = BigInt(`0x${sent[0]!.item.payload.slice(2 + 128, 2 + 192)}`);
    const reason = world.bridge.interface.encodeErrorResult("ValueCapExceeded", [
      amount,
      tokens(available),
      tokens(limit),
    ]);
    await expect(deliverAt(world, by, sent))
      .to.emit(world.chain.contract, "DeliveryFailed")
      .withArgs(sent[0]!.id, reason);
    expect(await released()).to.equal(before);
    expect(await world.chain.contract.isDelivered(by.id, sent[0]!.nonce)).to.equal(false);
  }

  async function passes(sent: readonly Sent[], level: Level = Level.final, by = lane): Promise<void> {
    await expect(deliverAt(world, by, sent, level))
      .to.emit(world.chain.contract, "MessageDelivered")
      .withArgs(sent[0]!.id, world.chain.relayer.address);
  }

  const inForce = async (fields: TableFields): Promise<void> => {
    const { chain, source, otherSource, operators } = world;
    await adoptTable(chain, { members: [chain, source, otherSource], operators, ...fields });
  };

  it("is a part of the weight of the table in force, shared by all bridges, at the owner's price", async () => {
    expect(await cap()).to.equal(CAP);
    expect(await room()).to.equal(CAP);
    await world.bridge.connect(world.chain.owner).setTokensPerEth(tokens(3));
    expect(await world.bridge.valueCap(world.chain.gateway)).to.equal(tokens(48));
    expect(await world.bridge.terms()).to.deep.equal(Object.values(TERMS));
  });

  it("releases up to the cap in a window, and not a unit more; what is left waits", async () => {
    await waits(await transfers(world, lane, CAP + 1n), CAP);
    await passes(await transfers(world, lane, CAP));
    expect(await released()).to.equal(CAP);
    expect(await room()).to.equal(0n);
    const unit = lane.send({
      recipient: await world.bridge.getAddress(),
      payload: transferOf(world.chain.user.address, 1n),
    });
    await waits([unit], 0n);
  });

  it("many small messages have no more room than a big one, in one batch or in many", async () => {
    const batch = await transfers(world, lane, ...Array.from({ length: 10 }, () => 1_500n));
    const more = await transfers(world, lane, 400n, 600n, 601n);
    await passes(batch);
    await passes(more);
    expect(await released()).to.equal(16_000n);
    await waits(more.slice(2), 0n);
  });

  it("what has no room delays nothing that has, whatever the order", async () => {
    const sent = await transfers(world, lane, CAP + 1n, 10_000n, 7_000n, 6_000n);
    await deliverAt(world, lane, sent);
    expect(await released()).to.equal(16_000n);
    for (const [i, isDelivered] of [false, true, false, true].entries()) {
      expect(await world.chain.contract.isDelivered(lane.id, sent[i]!.nonce)).to.equal(isDelivered);
    }
  });

  it("what waits passes when the window has room again: not a second before, at any point of it", async () => {
    const sent = await transfers(world, lane, 10_000n, 6_000n, 10_000n, 6_000n);
    await passes(sent.slice(0, 1));
    const first = BigInt(await world.chain.helpers.time.latest());
    await later(3_600n);
    await passes(sent.slice(1, 2));
    await world.chain.helpers.time.setNextBlockTimestamp(first + WINDOW - 1n);
    await waits(sent.slice(2, 3), 0n);
    await world.chain.helpers.time.setNextBlockTimestamp(first + WINDOW);
    await passes(sent.slice(2, 3));
    await waits(sent.slice(3), 0n);
    await later(3_600n);
    await passes(sent.slice(3));
    expect(await released()).to.equal(32_000n);
  });

  it("in no window, wherever it begins, is more than the cap released", async () => {
    const releases: { at: bigint; amount: bigint }[] = [];
    const sent = await transfers(world, lane, ...Array.from({ length: 24 }, (_, i) => 1_000n + 700n * BigInt(i % 5)));
    for (const one of sent) {
      await later(WINDOW / 9n);
      const before = await released();
      await deliverAt(world, lane, [one]);
      releases.push({ at: BigInt(await world.chain.helpers.time.latest()), amount: (await released()) - before });
    }
    for (const { at } of releases) {
      const within = releases.filter((one) => one.at > at - WINDOW && one.at <= at);
      expect(within.reduce((sum, { amount }) => sum + amount, 0n) <= CAP).to.equal(true);
    }
    expect(releases.some(({ amount }) => amount === 0n)).to.equal(true);
    expect(await released()).to.be.greaterThan(CAP);
  });

  it("a settled message passes whatever was released, and takes no room; one that waited too", async () => {
    const sent = await transfers(world, lane, CAP, 5n * CAP, 7n);
    await passes(sent.slice(0, 1));
    await waits(sent.slice(1, 2), 0n);
    await passes(sent.slice(1, 2), Level.settled);
    expect(await released()).to.equal(6n * CAP);
    await later(WINDOW);
    expect(await room()).to.equal(CAP);
    await passes(sent.slice(2), Level.settled);
    expect(await room()).to.equal(CAP);
  });

  it("fast and final words, and all sources, share one room", async () => {
    await setMinLevel(world, lane, Level.fast);
    const other = world.lane(world.otherSource);
    await passes(await transfers(world, lane, 9_000n), Level.fast);
    await passes(await transfers(world, other, 7_000n), Level.final, other);
    await waits(await transfers(world, lane, 1n), 0n);
    await waits(await transfers(world, other, 1n), 0n, CAP, other);
  });

  describe("another table", () => {
    it("heavier gives room for what it weighs more, and not anew", async () => {
      await passes(await transfers(world, lane, CAP));
      const operators = makeOperators(
        4,
        [64n, 64n, 64n, 64n].map((weight) => tokens(weight)),
      );
      await inForce({ operators });
      expect(await cap()).to.equal(2n * CAP);
      expect(await room()).to.equal(CAP);
      await passes(await transfers(world, lane, CAP));
      await waits(await transfers(world, lane, 1n), 0n, 2n * CAP);
    });

    it("lighter leaves none where more was released than it bears", async () => {
      await passes(await transfers(world, lane, 9_000n));
      await inForce({
        operators: makeOperators(
          4,
          [16n, 16n, 16n, 16n].map((weight) => tokens(weight)),
        ),
      });
      expect(await cap()).to.equal(CAP / 2n);
      expect(await room()).to.equal(0n);
      await waits(await transfers(world, lane, 1n), 0n, CAP / 2n);
    });

    it("of the same weight gives none", async () => {
      await passes(await transfers(world, lane, CAP));
      await inForce({});
      await waits(await transfers(world, lane, 1n), 0n);
    });
  });

  it("a held word releases nothing once the table has expired, until the next is there", async () => {
    const sent = await transfers(world, lane, 5n);
    await hold(world, lane, Level.final);
    const [address] = await world.chain.contract.tableInForce();
    const table = await world.chain.ethers.getContractAt("ICertificateVerifier", address);
    const [, , expiry] = await table.table();
    const attempt = () => deliver(world.chain, lane.source, sent[0]!.before, [sent[0]!.item], heldProof(Level.final));
    await world.chain.helpers.time.setNextBlockTimestamp(expiry);
    await expect(attempt()).to.emit(world.chain.contract, "DeliveryFailed");
    expect(await cap()).to.equal(0n);
    await inForce({});
    await expect(attempt()).to.emit(world.chain.contract, "MessageDelivered");
    expect(await released()).to.equal(5n);
  });

  it("a table counts through its last second", async () => {
    const [address] = await world.chain.contract.tableInForce();
    const table = await world.chain.ethers.getContractAt("ICertificateVerifier", address);
    const [, , expiry] = await table.table();
    await world.chain.helpers.time.increaseTo(expiry - 1n);
    expect(await cap()).to.equal(CAP);
    await world.chain.helpers.time.increaseTo(expiry);
    expect(await cap()).to.equal(0n);
    expect(await room()).to.equal(0n);
  });

  it("a revoked table bears nothing; what is settled passes without any", async () => {
    const sent = await transfers(world, lane, 5n);
    const [a, b] = [
      await signed(world, await statementOf(world, lane)),
      await signed(world, await statementOf(world, lane, { word: wordOf(`0x${"fa".repeat(27)}`, 1n) })),
    ];
    await world.chain.contract.revokeTable(evidence(a, b));
    expect((await world.chain.contract.tableInForce()).table).to.equal(ZeroAddress);
    expect(await cap()).to.equal(0n);
    await passes(sent, Level.settled);
    expect(await released()).to.equal(5n);
  });

  describe("the owner", () => {
    it("values the stake, at once, up to the ceiling alone: AboveCeiling", async () => {
      const bridge = world.bridge.connect(world.chain.owner);
      await expect(bridge.setTokensPerEth(tokens(1_000) + 1n))
        .to.be.revertedWithCustomError(bridge, "AboveCeiling")
        .withArgs(tokens(1_000) + 1n, tokens(1_000));
      await passes(await transfers(world, lane, 9_000n));
      await expect(bridge.setTokensPerEth(tokens(500)))
        .to.emit(bridge, "TokensPerEthSet")
        .withArgs(tokens(500));
      await waits(await transfers(world, lane, 1n), 0n, CAP / 2n);
      await bridge.setTokensPerEth(tokens(1_000));
      await passes(await transfers(world, lane, 7_000n));
    });

    it("can make everything wait for its settled word, and nothing wait for longer", async () => {
      await world.bridge.connect(world.chain.owner).setTokensPerEth(0n);
      const sent = await transfers(world, lane, 1n);
      await waits(sent, 0n, 0n);
      await passes(sent, Level.settled);
    });

    it("is the only one who can", async () => {
      await expect(world.bridge.connect(world.chain.user).setTokensPerEth(0n))
        .to.be.revertedWithCustomError(world.bridge, "OwnableUnauthorizedAccount")
        .withArgs(world.chain.user.address);
    });
  });

  describe("terms", () => {
    const refuses = async (terms: Partial<typeof TERMS>): Promise<void> => {
      const { shareWad, bridges, window } = { ...TERMS, ...terms };
      await expect(deployBridge(world.chain, world.token, world.links, terms))
        .to.be.revertedWithCustomError(world.bridge, "InvalidTerms")
        .withArgs(shareWad, bridges, window);
    };

    it("of more than a quorum's share, of no bridge, of no window: InvalidTerms", async () => {
      await refuses({ shareWad: parseEther("0.6667") + 1n });
      await refuses({ bridges: 0n });
      await refuses({ window: 0n });
      await deployBridge(world.chain, world.token, world.links, { shareWad: parseEther("0.6667") });
    });

    it("of the heaviest table and the highest price: nothing overflows", async () => {
      const max = 2n ** 128n - 1n;
      const terms = { shareWad: parseEther("0.6667"), bridges: 1n, maxTokensPerEth: max };
      const bridge = await deployBridge(world.chain, world.token, world.links, terms);
      const weight = 2n ** 94n - 1n;
      await inForce({ operators: makeOperators(4, [weight, weight, weight, weight]) });
      const expected = ((4n * weight * parseEther("0.6667")) / 10n ** 18n) * max;
      expect(await bridge.valueCap(world.chain.gateway)).to.equal(expected / 10n ** 18n);
    });

    it("of no share: everything waits for its settled word", async () => {
      const bridge = await deployBridge(world.chain, world.token, world.links, { shareWad: 0n });
      expect(await bridge.valueCap(world.chain.gateway)).to.equal(0n);
    });
  });

  it("all bridges together release less than a quorum loses by the lie", async () => {
    const falsehoodWad = parseEther("0.75");
    const shareWad = (falsehoodWad * 6_667n) / 10_000n;
    let taken = 0n;
    for (let i = 0; i < Number(TERMS.bridges); ++i) {
      const bridge = await deployBridge(world.chain, world.token, world.links, { shareWad });
      taken += await bridge.releasable(world.chain.gateway);
    }
    // The lightest quorum that there can be weighs 0.6667 of all and a wei. In 1e-18 of a token, as nothing is rounded then.
    const weight = world.operators.reduce((sum, one) => sum + one.weight, 0n);
    const lost = ((weight * 6_667n) / 10_000n + 1n) * falsehoodWad * 1_000n;
    taken *= 10n ** 18n;
    expect(taken < lost).to.equal(true);
    expect(taken > (lost * 99n) / 100n).to.equal(true);
  });
});
