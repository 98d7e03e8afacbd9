import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { allocate, deposit } from "../../../../src/testing/eigenlayer.ts";
import { encodeEquivocation, type Checkpoint } from "../../../../src/wire/index.ts";
import type { IAllocationManager, IDelegationManager } from "../../../../types/ethers-contracts/index.js";
import {
  conflictOf,
  DEGREE,
  equivocationOf,
  evidenceAgainst,
  FALSE,
  fast,
  final,
  KIND,
  latestTable,
  makeLive,
  messages,
  sameCount,
  signedBy,
  takeTable,
  TRUE,
  wordAfter,
  type Taken,
} from "../accused.ts";
import { addOperator, BOND, createFabric, ETHER, operatorAccount, type Fabric } from "../fabric.ts";

const OPERATORS = [0, 1, 2, 3];
const STAKE = 40n * ETHER;
const LONE = ETHER / 100n;

describe("Slasher: convict", () => {
  let fabric: Fabric;
  let taken: Taken;
  let allocations: IAllocationManager;
  let delegation: IDelegationManager;

  before(async () => {
    fabric = await createFabric();
    const { ethers } = fabric.l1;
    allocations = await ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    delegation = await ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, STAKE);
    taken = await takeTable(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const sharesOf = (n: number): Promise<bigint> => delegation.operatorShares(account(n), fabric.l1.strategies[0]);
  const convict = (n: number, evidence: string, kind: number = KIND.equivocation): Promise<unknown> =>
    fabric.slasher.connect(fabric.stranger).convict(account(n), kind, evidence);

  describe("R26 what it costs", () => {
    it("a lone equivocation: a hundredth of the stake, half of the bond, the seat", async () => {
      const evidence = equivocationOf(fabric, taken, [1]);
      const sent = convict(1, evidence);
      await expect(sent)
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(1), KIND.equivocation, ZeroHash, DEGREE.lone, LONE, fabric.stranger.address)
        .to.emit(fabric.slasher, "OperatorTombstoned")
        .withArgs(account(1))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), LONE, [fabric.l1.strategies[0]], [STAKE / 100n])
        .to.emit(fabric.manager, "BondForfeited")
        .withArgs(account(1), fabric.stranger.address, BOND / 4n, BOND / 4n);
      await expect(sent).to.not.emit(fabric.manager, "TableRevoked");
      expect(await sharesOf(1)).to.equal((STAKE * 99n) / 100n);
      expect(await fabric.slasher.isTombstoned(account(1))).to.equal(true);
      expect(await fabric.slasher.degreeOf(account(1), KIND.equivocation, ZeroHash)).to.equal(DEGREE.lone);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
      expect(await fabric.manager.keyOf(account(1))).to.equal(ZeroAddress);
      expect(await fabric.manager.bondOf(account(1))).to.equal(BOND / 2n);
      expect(await fabric.manager.bountyOf(fabric.stranger)).to.equal(BOND / 4n);
      for (const n of [0, 2, 3]) {
        expect(await sharesOf(n)).to.equal(STAKE);
        expect(await fabric.slasher.isTombstoned(account(n))).to.equal(false);
      }
    });

    it("an equivocation with a quorum: all of the stake, all of the bond; and the table is revoked", async () => {
      const evidence = equivocationOf(fabric, taken, [0, 1, 2], 2);
      await expect(convict(2, evidence))
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(2), KIND.equivocation, ZeroHash, DEGREE.quorum, ETHER, fabric.stranger.address)
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(2), ETHER, [fabric.l1.strategies[0]], [STAKE])
        .to.emit(fabric.manager, "BondForfeited")
        .withArgs(account(2), fabric.stranger.address, BOND / 2n, BOND / 2n)
        .to.emit(fabric.manager, "TableRevoked")
        .withArgs(taken.id, taken.table.snapshot);
      expect(await sharesOf(2)).to.equal(0n);
      expect(await fabric.manager.bondOf(account(2))).to.equal(0n);
    });

    it("what is slashed burns: it is nobody's", async () => {
      const deposits = await fabric.l1.ethers.getContractAt("IStrategyManager", EIGENLAYER.strategyManager);
      await convict(2, equivocationOf(fabric, taken, [0, 1, 2], 2));
      const slashId = await allocations.getSlashCount(fabric.set);
      const burning = await deposits.getBurnOrRedistributableShares(fabric.set, slashId, fabric.l1.strategies[0]);
      expect(burning).to.equal(STAKE);
    });

    it("each operator of a quorum is convicted by a call of its own, with the same statements", async () => {
      for (const n of [0, 1, 2]) await convict(n, equivocationOf(fabric, taken, [0, 1, 2], n));
      for (const n of [0, 1, 2]) expect(await sharesOf(n)).to.equal(0n);
      expect(await sharesOf(3)).to.equal(STAKE);
    });

    it("once in each degree: AlreadyConvicted, however many statements there are", async () => {
      await convict(1, equivocationOf(fabric, taken, [1]));
      const other = sameCount(
        signedBy(fabric, taken, final(wordAfter(messages("x", 5))), [1]),
        signedBy(fabric, taken, final(wordAfter(messages("y", 5))), [1]),
      );
      for (const evidence of [equivocationOf(fabric, taken, [1]), evidenceAgainst(1, taken, other)]) {
        await expect(convict(1, evidence))
          .to.be.revertedWithCustomError(fabric.slasher, "AlreadyConvicted")
          .withArgs(account(1), DEGREE.lone);
      }
      expect(await sharesOf(1)).to.equal((STAKE * 99n) / 100n);
    });

    it("a graver conviction follows a lower one, and none a graver", async () => {
      await convict(1, equivocationOf(fabric, taken, [1]));
      const sent = convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      await expect(sent)
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(1), KIND.equivocation, ZeroHash, DEGREE.quorum, ETHER, fabric.stranger.address);
      await expect(sent).to.not.emit(fabric.slasher, "OperatorTombstoned");
      expect(await sharesOf(1)).to.equal(0n);
      expect(await fabric.manager.bondOf(account(1))).to.equal(0n);
      for (const signers of [[1], [0, 1, 2], [0, 1, 2, 3]]) {
        await expect(convict(1, equivocationOf(fabric, taken, signers, 1)))
          .to.be.revertedWithCustomError(fabric.slasher, "AlreadyConvicted")
          .withArgs(account(1), DEGREE.quorum);
      }
    });

    it("of each strategy in which it has stake here, and of no other", async () => {
      const [token, strategy] = [await fabric.l1.tokens[1].getAddress(), fabric.l1.strategies[1]];
      const operator = operatorAccount(fabric.l1, 1);
      await deposit(operator, { token, strategy, amount: STAKE });
      await allocate(operator, { operatorSet: fabric.set, strategy, magnitude: ETHER / 2n });
      await expect(convict(1, equivocationOf(fabric, taken, [1])))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), LONE, [...fabric.l1.strategies], [STAKE / 100n, STAKE / 200n]);
    });

    it("trap 7: of a stake that is exhausted nothing, and the conviction stands", async () => {
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      // A graver kind would come on top: EigenLayer itself slashes such an operator of nothing, without a word.
      const slasher = await fabric.slasher.getAddress();
      await fabric.l1.networkHelpers.impersonateAccount(slasher);
      await fabric.l1.networkHelpers.setBalance(slasher, ETHER);
      const signer = await fabric.l1.ethers.getSigner(slasher);
      const again = {
        operator: account(1),
        operatorSetId: 1n,
        strategies: [fabric.l1.strategies[0]],
        wadsToSlash: [ETHER],
        description: "",
      };
      const [, shares] = await allocations.connect(signer).slashOperator.staticCall(fabric.set.avs, again);
      expect(shares).to.deep.equal([0n]);
    });

    it("trap 7: of an operator without any stake left here nothing, without asking EigenLayer", async () => {
      await allocate(operatorAccount(fabric.l1, 1), {
        operatorSet: fabric.set,
        strategy: fabric.l1.strategies[0],
        magnitude: 0n,
      });
      await fabric.l1.networkHelpers.mine(100_801);
      await expect(convict(1, equivocationOf(fabric, taken, [1])))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), LONE, [], []);
      expect(await allocations.getSlashCount(fabric.set)).to.equal(0n);
      expect(await fabric.slasher.isTombstoned(account(1))).to.equal(true);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
    });
  });

  describe("R24 equivocation in all its forms", () => {
    const fork = messages("fork", 9);
    const forked = [...messages("true", 2), ...fork];

    it("two final words at one count, by single signatures or under others", async () => {
      for (const [n, a, b] of [
        [0, [0], [0]],
        [1, [0, 1], [1, 2]],
        [2, [0, 1, 2, 3], [2]],
      ] as const) {
        const equivocation = sameCount(signedBy(fabric, taken, TRUE, a), signedBy(fabric, taken, FALSE, b));
        await convict(n, evidenceAgainst(n, taken, equivocation));
      }
    });

    it("two fast words of one block at one count", async () => {
      const equivocation = sameCount(
        signedBy(fabric, taken, fast(TRUE.laneWord), [0]),
        signedBy(fabric, taken, fast(FALSE.laneWord), [0]),
      );
      await convict(0, evidenceAgainst(0, taken, equivocation));
    });

    it("a final word that leads past another final one by messages", async () => {
      const equivocation = {
        a: signedBy(fabric, taken, TRUE, [0]),
        b: signedBy(fabric, taken, final(wordAfter(forked)), [0]),
        from: wordAfter(forked.slice(0, 3)),
        messageHashes: forked.slice(3),
      };
      await convict(0, evidenceAgainst(0, taken, equivocation));
    });

    it("in trees with other statements, with other times", async () => {
      const others = [1, 2, 3, 4, 5].map((n) => final(wordAfter(messages("other", n))));
      const equivocation = sameCount(
        signedBy(fabric, taken, { ...TRUE, reachedBy: 77n }, [0], others),
        signedBy(fabric, taken, FALSE, [0], others.slice(2)),
      );
      await convict(0, evidenceAgainst(0, taken, equivocation));
    });

    for (const [what, make] of [
      ["one statement twice", () => [TRUE, TRUE]],
      ["one word at two times", () => [TRUE, { ...TRUE, reachedBy: 2n }]],
      ["fast words of two blocks", () => [fast(TRUE.laneWord), fast(FALSE.laneWord, id("another block"))]],
      ["a fast and a final word", () => [fast(TRUE.laneWord), FALSE]],
      ["words of two lanes", () => [TRUE, { ...FALSE, destination: id("elsewhere") }]],
      ["words of two sources", () => [TRUE, { ...FALSE, source: id("elsewhere") }]],
    ] as const) {
      it(`invariant 6: ${what}: NoConflict`, async () => {
        const [a, b] = make() as [Checkpoint, Checkpoint];
        const equivocation = sameCount(signedBy(fabric, taken, a, OPERATORS), signedBy(fabric, taken, b, OPERATORS));
        await expect(convict(0, evidenceAgainst(0, taken, equivocation))).to.be.revertedWithCustomError(
          fabric.slasher,
          "NoConflict",
        );
      });
    }

    it("invariant 6: a later final word that is on the earlier one's fold: NoConflict", async () => {
      const longer = [...messages("true", 3), ...fork];
      for (const from of [TRUE.laneWord, FALSE.laneWord]) {
        const equivocation = {
          a: signedBy(fabric, taken, TRUE, [0]),
          b: signedBy(fabric, taken, final(wordAfter(longer)), [0]),
          from,
          messageHashes: longer.slice(3),
        };
        await expect(convict(0, evidenceAgainst(0, taken, equivocation))).to.be.revertedWithCustomError(
          fabric.slasher,
          "NoConflict",
        );
      }
    });
  });

  it("R29, invariant 12: pays the reporter by withdrawal alone: nobody is called while a conviction is made", async () => {
    const before = await fabric.l1.ethers.provider.getBalance(fabric.set.avs);
    await convict(1, equivocationOf(fabric, taken, [1]));
    expect(before - (await fabric.l1.ethers.provider.getBalance(fabric.set.avs))).to.equal(BOND / 4n);
    const to = id("a purse").slice(0, 42);
    await expect(fabric.manager.connect(fabric.stranger).withdrawBounty(to))
      .to.emit(fabric.manager, "BountyWithdrawn")
      .withArgs(fabric.stranger.address, BOND / 4n, (value: string) => value.toLowerCase() === to);
    expect(await fabric.l1.ethers.provider.getBalance(to)).to.equal(BOND / 4n);
  });

  it("R22 the table that a quorum equivocated under can be revoked by anyone, whoever is convicted already", async () => {
    await convict(0, equivocationOf(fabric, taken, [0]));
    await fabric.manager.snapshot();
    const later = await latestTable(fabric);
    const revoke = fabric.slasher.connect(fabric.stranger);
    await expect(revoke.revokeTable(taken.id, conflictOf(fabric, taken, [0, 1, 2])))
      .to.emit(fabric.manager, "TableRevoked")
      .withArgs(taken.id, taken.table.snapshot);
    // The later table has no quorum of liars: 1 and 2 of 1, 2 and 3.
    const conflict = conflictOf(fabric, later, [1, 2]);
    await expect(revoke.revokeTable(later.id, conflict))
      .to.be.revertedWithCustomError(fabric.slasher, "NoQuorum")
      .withArgs(later.id, 2n * STAKE, 3n * STAKE);
    expect((await fabric.manager.latestTable()).tableId).to.equal(later.id);
  });

  it("R22 revokes nothing on statements that do not conflict: NoConflict", async () => {
    const same = sameCount(signedBy(fabric, taken, TRUE, OPERATORS), signedBy(fabric, taken, TRUE, OPERATORS));
    await expect(fabric.slasher.revokeTable(taken.id, encodeEquivocation(same))).to.be.revertedWithCustomError(
      fabric.slasher,
      "NoConflict",
    );
    await expect(fabric.slasher.revokeTable(id("none"), conflictOf(fabric, taken, OPERATORS)))
      .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
      .withArgs(id("none"));
  });
});
