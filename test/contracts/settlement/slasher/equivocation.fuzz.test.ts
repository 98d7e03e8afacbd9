import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import fc from "fast-check";

import { planSignature, type SignedWord } from "../../../../src/agents/index.ts";
import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { allocate } from "../../../../src/testing/eigenlayer.ts";
import {
  countOf,
  fold,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
  type Hex,
} from "../../../../src/wire/index.ts";
import type { IAllocationManager } from "../../../../types/ethers-contracts/index.js";
import { checkAsync } from "../../../support/property.ts";
import {
  DEGREE,
  evidenceAgainst,
  fast,
  final,
  indexOf,
  KIND,
  makeLive,
  messages,
  signedBy,
  takeTable,
  wordAfter,
  type Taken,
} from "../accused.ts";
import { addOperator, createFabric, ETHER, operatorAccount, type Fabric } from "../fabric.ts";

const OPERATORS = [0, 1, 2, 3, 4, 5];

/** What an operator said, and the messages that its node showed then. */
type Said = { readonly checkpoint: Checkpoint; readonly seen: readonly Hex[] };

/** What happens to an operator: its source's chain reorganises and grows, and it is asked to sign. */
const happening = fc.oneof(
  fc.record({ reorg: fc.constant(true), keep: fc.nat(8), add: fc.integer({ min: 1, max: 5 }), salt: fc.nat(50) }),
  fc.record({ reorg: fc.constant(false), keep: fc.nat(4), add: fc.nat(1), salt: fc.nat(1) }),
);

/** Lets it happen; `allows` says whether the operator signs. */
function live(
  events: readonly { reorg: boolean; keep: number; add: number; salt: number }[],
  allows: typeof planSignature,
): Said[] {
  let seen: Hex[] = [];
  const history: SignedWord[] = [];
  const said: Said[] = [];
  for (const event of events) {
    if (event.reorg) {
      seen = [...seen.slice(0, event.keep), ...messages(`branch ${event.salt}`, event.add)];
      continue;
    }
    const count = Math.max(0, seen.length - event.keep);
    if (count === 0) continue;
    const word = wordAfter(seen.slice(0, count));
    const checkpoint = event.add === 0 ? final(word) : fast(word, id(seen.join()));
    const plan = allows(history, checkpoint, (at) =>
      at <= BigInt(seen.length) ? wordAfter(seen.slice(0, Number(at))) : undefined,
    );
    if (!plan.sign) continue;
    if (plan.record !== undefined) history.push(plan.record);
    said.push({ checkpoint, seen });
  }
  return said;
}

/** The best case against two statements that anyone can make who knows every branch. */
function accuse(fabric: Fabric, taken: Taken, one: Said, other: Said, signers: readonly number[]): Equivocation {
  const inOrder = countOf(one.checkpoint.laneWord) <= countOf(other.checkpoint.laneWord);
  const [a, b] = inOrder ? [one, other] : [other, one];
  const [low, high] = [Number(countOf(a.checkpoint.laneWord)), Number(countOf(b.checkpoint.laneWord))];
  const sign = ({ checkpoint }: Said): Equivocation["a"] => signedBy(fabric, taken, checkpoint, signers);
  return low === high
    ? { a: sign(a), b: sign(b), from: ZERO_WORD, messageHashes: [] }
    : { a: sign(a), b: sign(b), from: wordAfter(b.seen.slice(0, low)), messageHashes: b.seen.slice(low, high) };
}

const pairs = <T>(all: readonly T[]): [T, T][] =>
  all.flatMap((first, place) => all.slice(place + 1).map((second): [T, T] => [first, second]));

describe("Slasher: invariant 6, the half of equivocation", () => {
  let fabric: Fabric;
  let taken: Taken;
  let allocations: IAllocationManager;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, 40n * ETHER);
    taken = await takeTable(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;

  it("R23, R24, invariant 6: an operator that follows R23 is never convicted, whatever its source does", async () => {
    let tried = 0;
    await checkAsync(
      fc.asyncProperty(fc.array(happening, { minLength: 6, maxLength: 24 }), async (events) => {
        for (const [one, other] of pairs(live(events, planSignature)).slice(0, 12)) {
          tried += 1;
          const evidence = evidenceAgainst(0, taken, accuse(fabric, taken, one, other, [0]));
          await expect(
            fabric.slasher.convict.staticCall(account(0), KIND.equivocation, evidence),
          ).to.be.revertedWithCustomError(fabric.slasher, "NoConflict");
        }
      }),
      40,
    );
    expect(tried).to.be.greaterThan(100);
  }).timeout(120_000);

  it("R24, invariant 6: one that forgets is: by the same evidence, over the same histories", async () => {
    const forgets: typeof planSignature = (_, checkpoint, view) => planSignature([], checkpoint, view);
    let convicted = 0;
    await checkAsync(
      fc.asyncProperty(fc.array(happening, { minLength: 6, maxLength: 24 }), async (events) => {
        for (const [one, other] of pairs(live(events, forgets)).slice(0, 12)) {
          const equivocation = accuse(fabric, taken, one, other, [0]);
          const evidence = evidenceAgainst(0, taken, equivocation);
          const [a, b] = [equivocation.a.checkpoint, equivocation.b.checkpoint];
          const sameCount = countOf(a.laneWord) === countOf(b.laneWord);
          const isConflict = sameCount
            ? a.blockHash === b.blockHash && a.laneWord !== b.laneWord
            : a.level === Level.final &&
              b.level === Level.final &&
              equivocation.from !== a.laneWord &&
              fold(equivocation.from, equivocation.messageHashes) === b.laneWord;
          const convict = fabric.slasher.convict.staticCall(account(0), KIND.equivocation, evidence);
          if (isConflict) {
            await convict;
            convicted += 1;
          } else await expect(convict).to.be.revertedWithCustomError(fabric.slasher, "NoConflict");
        }
      }),
      40,
    );
    expect(convicted).to.be.greaterThan(20);
  }).timeout(120_000);

  const subset = fc.subarray(OPERATORS, { minLength: 1 });
  const fate = fc.constantFrom("stays", "leaves", "deallocates", "leaves and deallocates");

  it("R25, R26, invariant 6: an equivocator always is, with whomever it signed, whatever became of it and of the tables since", async () => {
    const degrees = new Set<bigint>();
    await checkAsync(
      fc.asyncProperty(
        subset,
        subset,
        fc.nat(),
        fate,
        fc.nat({ max: 90_000 }),
        fc.boolean(),
        fc.boolean(),
        async (withA, withB, pick, becomes, blocks, laterTable, folds) => {
          const accused = OPERATORS[pick % OPERATORS.length]!;
          const [a, b] = [withA, withB].map((signers) => [...new Set([...signers, accused])]) as [number[], number[]];
          const operator = operatorAccount(fabric.l1, accused);
          const { set, l1 } = fabric;
          if (becomes.includes("deallocates")) {
            await allocate(operator, { operatorSet: set, strategy: l1.strategies[0], magnitude: 0n });
          }
          if (becomes.includes("leaves")) {
            await allocations
              .connect(operator)
              .deregisterFromOperatorSets({ operator, avs: set.avs, operatorSetIds: [1] });
          }
          await l1.networkHelpers.mine(blocks);
          if (laterTable) await takeTable(fabric);

          const fork = messages("fork", 6);
          const equivocation: Equivocation = folds
            ? {
                a: signedBy(fabric, taken, final(wordAfter(messages("true", 3))), a),
                b: signedBy(fabric, taken, final(wordAfter(fork)), b),
                from: wordAfter(fork.slice(0, 3)),
                messageHashes: fork.slice(3),
              }
            : {
                a: signedBy(fabric, taken, final(wordAfter(messages("true", 3))), a),
                b: signedBy(fabric, taken, final(wordAfter(fork.slice(0, 3))), b),
                from: ZERO_WORD,
                messageHashes: [],
              };
          const quorum = a.length > 4 && b.length > 4;
          expect(indexOf(taken, accused) >= 0).to.equal(true);
          await expect(
            fabric.slasher.convict(account(accused), KIND.equivocation, evidenceAgainst(accused, taken, equivocation)),
          )
            .to.emit(fabric.slasher, "OperatorSlashed")
            .withArgs(
              account(accused),
              quorum ? ETHER : ETHER / 100n,
              [l1.strategies[0]],
              [quorum ? 40n * ETHER : (40n * ETHER) / 100n],
            );
          const degree = await fabric.slasher.degreeOf(account(accused), KIND.equivocation, ZeroHash);
          expect(degree).to.equal(quorum ? DEGREE.quorum : DEGREE.lone);
          degrees.add(degree);
          await fabric.reset();
        },
      ),
      40,
    );
    expect(degrees.size).to.equal(2);
  }).timeout(120_000);
});
