import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import {
  countOf,
  encodeFalsehoodEvidence,
  Level,
  MAX_COUNT,
  wordOf,
  ZERO_WORD,
  type Checkpoint,
  type Hex,
  type LaneWord,
} from "../../../../src/wire/index.ts";
import type { IDelegationManager } from "../../../../types/ethers-contracts/index.js";
import { checkAsync } from "../../../support/property.ts";
import { indexOf, KIND, makeLive, messages, signedBy, takeTable, type Taken } from "../accused.ts";
import { addOperator, createFabric, ETHER, FALSEHOOD_NOTICE, operatorAccount, type Fabric } from "../fabric.ts";
import { laneOf, said, settleAll, WAD, type Lie, type SettledWord, type Shown } from "../untrue.ts";

const STAKE = 40n * ETHER;
const START = 1_000n;

/** A block of the source: the time since the one before, and how many messages it holds. */
const block = fc.record({ wait: fc.nat(2), sent: fc.nat(3) });
const settling = fc.record({ block: fc.nat(20), back: fc.nat(4), isCurrent: fc.boolean(), order: fc.nat(1_000) });
const saying = fc.record({
  kind: fc.constantFrom("true", "branch", "never", "early"),
  block: fc.nat(20),
  back: fc.nat(4),
  late: fc.nat(4),
  fork: fc.nat(8),
  isFast: fc.boolean(),
});
const history = fc.record({
  blocks: fc.array(block, { minLength: 3, maxLength: 8 }),
  settled: fc.array(settling, { minLength: 1, maxLength: 6 }),
  sayings: fc.array(saying, { minLength: 3, maxLength: 6 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** What was said, the messages that lead to it as far as there are any, and whether its source bears it out. */
type Claim = { readonly checkpoint: Checkpoint; readonly way: readonly Hex[]; readonly isTrue: boolean };

/** A source whose lane only grows, as it is when everything is over: what it settled, and what operators said of it. */
class World {
  readonly truth: readonly Hex[];
  readonly settled: readonly SettledWord[];
  readonly claims: readonly Claim[];
  readonly end: bigint;
  readonly #lie: Lie;
  readonly #blocks: readonly { time: bigint; count: number }[];

  constructor({ blocks, settled, sayings }: History, lie: Lie) {
    this.#lie = lie;
    // A lane may begin empty; in the last block it has a message.
    let [time, count] = [START, 0];
    this.#blocks = blocks.map(({ wait, sent }, index) => {
      [time, count] = [time + BigInt(wait), count + sent];
      if (index === blocks.length - 1) count = Math.max(1, count);
      return { time, count };
    });
    this.end = time;
    this.truth = messages("true", count);
    this.settled = [...settled]
      .sort((a, b) => a.order - b.order)
      .map(({ block: place, back, isCurrent }) => {
        const at = this.#at(place);
        // An empty lane has no anchor.
        return isCurrent || at.count === 0
          ? { word: this.#word(at.count), currentAt: at.time }
          : { word: this.#word(Math.max(1, at.count - back)) };
      });
    this.claims = sayings.map((one) => this.#claim(one));
  }

  /** What a source settles that settles everything. */
  get all(): SettledWord[] {
    return [...this.settled, { word: this.#word(this.truth.length), currentAt: this.end + 100n }];
  }

  #at(place: number): { time: bigint; count: number } {
    return this.#blocks[place % this.#blocks.length]!;
  }

  #word(count: number): LaneWord {
    return this.#lie.word("true", count);
  }

  /** When the lane had so many messages: in the first block that did. */
  #reached(count: number): bigint {
    return this.#blocks.find((one) => one.count >= count)!.time;
  }

  #claim({ kind, block: place, back, late, fork, isFast }: History["sayings"][number]): Claim {
    const count = Math.max(1, this.#at(place).count - back);
    const by = this.#reached(count) + BigInt(late);
    const level = isFast ? { level: Level.fast, blockHash: id("a block") } : {};
    const make = (word: LaneWord, reachedBy: bigint, way: readonly Hex[], isTrue: boolean): Claim => ({
      checkpoint: said(this.#lie, word, { reachedBy, ...level }),
      way,
      isTrue,
    });
    if (kind === "never") return make(wordOf(`0x${"ee".repeat(27)}`, MAX_COUNT - BigInt(fork)), by, [], false);
    if (kind === "true") return make(this.#word(count), by, this.truth, true);
    if (kind === "early") return make(this.#word(count), this.#reached(count) - 1n - BigInt(late), this.truth, false);
    // Part of the branch may be true, and end beyond what the lane came to.
    const length = count + late;
    const way = [...this.truth.slice(0, fork), ...messages(`branch ${fork}`, length)].slice(0, length);
    return make(this.#wordAfter(way), by, way, length <= fork && length <= this.truth.length);
  }

  #wordAfter(way: readonly Hex[]): LaneWord {
    return this.#lie.after(way);
  }
}

/** Everything that can be held against a statement by who knows all messages of all branches. */
function accusations(
  { checkpoint, way }: Claim,
  settled: readonly SettledWord[],
  truth: readonly Hex[],
  lie: Lie,
): Shown[] {
  const count = Number(countOf(checkpoint.laneWord));
  return [...new Set(settled.map(({ word }) => Number(countOf(word))))].flatMap((at) => {
    const settledCount = BigInt(at);
    const plain = { settledCount, from: ZERO_WORD, messageHashes: [] };
    const [low, high] = at < count ? [at, count] : [count, at];
    const folds = [truth, way]
      .filter((known) => low !== high && known.length >= high)
      .map((known) => ({ settledCount, from: lie.after(known.slice(0, low)), messageHashes: known.slice(low, high) }));
    return [plain, ...folds];
  });
}

describe("Slasher: invariants 6 and 11, falsehood", () => {
  let fabric: Fabric;
  let taken: Taken;
  let lie: Lie;
  let delegation: IDelegationManager;

  before(async () => {
    fabric = await createFabric();
    delegation = await fabric.l1.ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
    await makeLive(fabric);
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, STAKE);
    await fabric.settlement.connect(fabric.owner).announceFalsehoodWad(fabric.rollup.id, WAD);
    await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
    taken = await takeTable(fabric);
    lie = laneOf(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (): string => operatorAccount(fabric.l1, 0).address;
  const kindOf = ({ level }: Checkpoint): number => (level === Level.fast ? KIND.unsettled : KIND.falsehood);
  function evidences(claim: Claim, settled: readonly SettledWord[], truth: readonly Hex[]): Hex[] {
    const statement = signedBy(fabric, taken, claim.checkpoint, [0]);
    const listing = { tableId: taken.id, index: indexOf(taken, 0) };
    return accusations(claim, settled, truth, lie).map((shown) =>
      encodeFalsehoodEvidence({ statement, listing, settledCount: 0n, from: ZERO_WORD, messageHashes: [], ...shown }),
    );
  }
  const isConvicted = async ({ checkpoint }: Claim, evidence: Hex): Promise<boolean> => {
    const call = fabric.slasher.convict.staticCall(account(), kindOf(checkpoint), evidence);
    return await call.then(
      () => true,
      async () => {
        await expect(call).to.be.revertedWithCustomError(fabric.slasher, "NoContradiction");
        return false;
      },
    );
  };
  async function isConvictable(claim: Claim, settled: readonly SettledWord[], truth: readonly Hex[]): Promise<boolean> {
    for (const evidence of evidences(claim, settled, truth)) if (await isConvicted(claim, evidence)) return true;
    return false;
  }
  async function overHistories(runs: number, judge: (world: World) => Promise<void>): Promise<void> {
    await checkAsync(
      fc.asyncProperty(history, async (events) => {
        await fabric.reset();
        await judge(new World(events, lie));
        expect((await fabric.settlement.member(fabric.rollup.id)).isFaulted).to.equal(false);
      }),
      runs,
    );
  }

  it("invariant 6: who said what its source settles is never convicted, in whatever order it settles, and whatever else was said", async () => {
    let tried = 0;
    await overHistories(15, async ({ settled, claims, truth }) => {
      const honest = claims.filter(({ isTrue }) => isTrue);
      if (honest.length === 0) return;
      await settleAll(fabric, settled);
      for (const claim of honest) {
        // By the messages of every branch that anyone spoke of.
        for (const { way } of claims) {
          tried += 1;
          expect(await isConvictable({ ...claim, way }, settled, truth)).to.equal(false);
        }
      }
    });
    expect(tried).to.be.greaterThan(50);
  }).timeout(120_000);

  it("R24, invariant 6: who said otherwise is convicted exactly if what is settled shows it", async () => {
    const found = { yes: 0, no: 0 };
    await overHistories(30, async ({ settled, claims, truth }) => {
      await settleAll(fabric, settled);
      for (const claim of claims) {
        const { laneWord, reachedBy, level } = claim.checkpoint;
        const count = countOf(laneWord);
        const isOnLane = count <= truth.length && lie.after(truth.slice(0, Number(count))) === laneWord;
        const shows = settled.some(({ word, currentAt }) => {
          const at = countOf(word);
          if (at < count && (currentAt ?? 0n) > reachedBy) {
            return level === Level.final || !isOnLane || settled.every((other) => other.word !== laneWord);
          }
          if (isOnLane) return false;
          // Of a word that comes from nowhere nobody knows what leads to it.
          return at >= count
            ? count <= truth.length
            : lie.after(claim.way.slice(0, Number(at))) !== word && claim.way.length > 0;
        });
        found[shows ? "yes" : "no"] += 1;
        expect(await isConvictable(claim, settled, truth)).to.equal(shows);
      }
    });
    expect(Math.min(found.yes, found.no)).to.be.greaterThan(20);
  }).timeout(120_000);

  it("invariant 6: once its source has settled everything, every false word is convicted, one of a count that is never reached too", async () => {
    let convicted = 0;
    await overHistories(25, async (world) => {
      await settleAll(fabric, world.all);
      for (const claim of world.claims) {
        const isOnLane = world.truth.some(
          (_, last) => lie.after(world.truth.slice(0, last + 1)) === claim.checkpoint.laneWord,
        );
        if (isOnLane) continue;
        convicted += 1;
        expect(await isConvictable(claim, world.all, world.truth)).to.equal(true);
      }
    });
    expect(convicted).to.be.greaterThan(20);
  }).timeout(120_000);

  it("invariant 11: whatever a hostile source settles, it costs an operator its wad once and a fiftieth once, and of whom it has no signature nothing", async () => {
    const least = (STAKE * 9n * 98n) / 1_000n;
    let lost = 0;
    await checkAsync(
      fc.asyncProperty(
        history,
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), at: fc.nat(40), branch: fc.nat(3) }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (events, lies) => {
          await fabric.reset();
          const { claims, truth } = new World(events, lie);
          const settled = lies.map(({ count, at, branch }) => ({
            word: lie.word(`branch ${branch}`, count),
            ...(at === 0 ? {} : { currentAt: START + BigInt(at) }),
          }));
          await settleAll(fabric, settled);
          for (const claim of claims.slice(0, 4)) {
            for (const evidence of evidences(claim, settled, truth).slice(0, 6)) {
              const call = fabric.slasher.convict(account(), kindOf(claim.checkpoint), evidence);
              await call.catch(() => undefined);
            }
          }
          const shares = await delegation.operatorShares(account(), fabric.l1.strategies[0]);
          expect(shares).to.be.at.least(least);
          if (shares < STAKE) lost += 1;
          for (const n of [1, 2, 3]) {
            expect(
              await delegation.operatorShares(operatorAccount(fabric.l1, n).address, fabric.l1.strategies[0]),
            ).to.equal(STAKE);
          }
        },
      ),
      15,
    );
    expect(lost).to.be.greaterThan(3);
  }).timeout(120_000);
});
