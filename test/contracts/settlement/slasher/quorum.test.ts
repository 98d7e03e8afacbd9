import { expect } from "chai";
import { ZeroHash } from "ethers";

import { encodeEquivocation, encodeEquivocationEvidence, type Hex } from "../../../../src/wire/index.ts";
import {
  DEGREE,
  conflictOf,
  evidenceAgainst,
  FALSE,
  indexOf,
  KIND,
  makeLive,
  sameCount,
  signedBy,
  takeTable,
  TRUE,
  type Taken,
} from "../accused.ts";
import { addOperator, createFabric, ETHER, operatorAccount, type Fabric } from "../fabric.ts";

describe("Slasher: what a quorum is", () => {
  let fabric: Fabric;
  before(async () => {
    fabric = await createFabric();
    await makeLive(fabric);
    const live = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => live.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const degreeOf = (n: number): Promise<bigint> => fabric.slasher.degreeOf(account(n), KIND.equivocation, ZeroHash);
  const convict = (n: number, evidence: Hex): Promise<unknown> =>
    fabric.slasher.convict(account(n), KIND.equivocation, evidence);
  const pair = (taken: Taken, a: readonly number[], b: readonly number[]): ReturnType<typeof sameCount> =>
    sameCount(signedBy(fabric, taken, TRUE, a), signedBy(fabric, taken, FALSE, b));

  it("R17, invariant 3: two thirds of the weight are none, a wei more of 6,667 ten-thousandths is", async () => {
    // 6,667 of 10,000 exactly; then one more.
    for (const [heavy, degree] of [
      [6_667n, DEGREE.lone],
      [6_668n, DEGREE.quorum],
    ] as const) {
      const each = heavy / 3n;
      const weights = [each, each, heavy - 2n * each, (10_000n - heavy) / 2n, 10_000n - heavy - (10_000n - heavy) / 2n];
      for (const [n, weight] of weights.entries()) await addOperator(fabric, n, weight * ETHER);
      const taken = await takeTable(fabric);
      const conflict = conflictOf(fabric, taken, [0, 1, 2]);
      if (degree === DEGREE.lone) {
        await expect(fabric.slasher.revokeTable(taken.id, conflict))
          .to.be.revertedWithCustomError(fabric.slasher, "NoQuorum")
          .withArgs(taken.id, heavy * ETHER, 10_000n * ETHER);
      } else {
        await fabric.slasher.revokeTable.staticCall(taken.id, conflict);
      }
      await convict(0, evidenceAgainst(0, taken, pair(taken, [0, 1, 2], [0, 1, 2])));
      expect(await degreeOf(0)).to.equal(degree);
      await fabric.reset();
    }
  });

  it("needs both statements under one: one alone is a lone offence", async () => {
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    const taken = await takeTable(fabric);
    for (const [n, a, b] of [
      [0, [0, 1, 2], [0, 1]],
      [1, [1], [0, 1, 2, 3]],
    ] as const) {
      await convict(n, evidenceAgainst(n, taken, pair(taken, a, b)));
      expect(await degreeOf(n)).to.equal(DEGREE.lone);
      for (const [x, y] of [
        [a, b],
        [b, a],
      ] as const) {
        await expect(
          fabric.slasher.revokeTable(taken.id, encodeEquivocation(pair(taken, x, y))),
        ).to.be.revertedWithCustomError(fabric.slasher, "NoQuorum");
      }
    }
    expect(await fabric.manager.revokedUntil()).to.equal(0n);
  });

  it("may be of two tables, and then revokes neither: only who signed both is at fault", async () => {
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    const first = await takeTable(fabric);
    for (const n of [4, 5, 6, 7, 8, 9]) await addOperator(fabric, n, 40n * ETHER);
    const second = await takeTable(fabric);
    const signers = [0, 4, 5, 6, 7, 8, 9];
    const equivocation = sameCount(signedBy(fabric, first, TRUE, [0, 1, 2]), signedBy(fabric, second, FALSE, signers));
    const evidence = (n: number): Hex =>
      encodeEquivocationEvidence({
        equivocation,
        a: { tableId: first.id, index: n < 4 ? indexOf(first, n) : 0 },
        b: { tableId: second.id, index: indexOf(second, n) },
      });
    await expect(convict(1, evidence(1)))
      .to.be.revertedWithCustomError(fabric.slasher, "NotSigned")
      .withArgs(second.id, indexOf(second, 1));
    await convict(0, evidence(0));
    expect(await degreeOf(0)).to.equal(DEGREE.quorum);
    expect(await fabric.manager.revokedUntil()).to.equal(0n);
  });

  it("a table of long ago makes nobody's offence graver, and its revocation bars no later one", async () => {
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    const old = await takeTable(fabric);
    await fabric.l1.networkHelpers.mine(100_801);
    const recent = await takeTable(fabric);
    await fabric.slasher.revokeTable(old.id, conflictOf(fabric, old, [0, 1, 2]));
    expect(await fabric.manager.revokedUntil()).to.equal(old.table.snapshot);
    expect((await fabric.manager.latestTable()).tableId).to.equal(recent.id);
    await convict(0, evidenceAgainst(0, old, pair(old, [0, 1, 2], [0, 1, 2])));
    expect(await degreeOf(0)).to.equal(DEGREE.lone);
    // One old and one recent table are no better.
    const mixed = encodeEquivocationEvidence({
      equivocation: sameCount(signedBy(fabric, recent, TRUE, [0, 1, 2]), signedBy(fabric, old, FALSE, [0, 1, 2])),
      a: { tableId: recent.id, index: indexOf(recent, 1) },
      b: { tableId: old.id, index: indexOf(old, 1) },
    });
    await convict(1, mixed);
    expect(await degreeOf(1)).to.equal(DEGREE.lone);
    // The same signatures under the recent table are a quorum's.
    await convict(1, evidenceAgainst(1, recent, pair(recent, [0, 1, 2], [0, 1, 2])));
    expect(await degreeOf(1)).to.equal(DEGREE.quorum);
  });
});
