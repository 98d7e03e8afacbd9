import { expect } from "chai";

import { DEALLOCATION_DELAY } from "../../src/chain/eigenlayer.ts";
import { allocate, enterOperatorSet } from "../../src/testing/eigenlayer.ts";
import {
  type Eigen,
  OTHER_SET,
  SET_ID,
  sharesOf,
  slash,
  STAKE,
  WAD,
  withMember,
  withOperator,
  withTwoStrategies,
} from "./fixture.ts";

const magnitudesOf = async ({ allocations, alice, set, strategy }: Eigen) => {
  const { currentMagnitude, pendingDiff } = await allocations.getAllocation(alice.address, set, strategy);
  return {
    current: currentMagnitude,
    pending: pendingDiff,
    max: await allocations.getMaxMagnitude(alice.address, strategy),
    encumbered: await allocations.getEncumberedMagnitude(alice.address, strategy),
    free: await allocations.getAllocatableMagnitude(alice.address, strategy),
  };
};

/** Alice leaves the set. */
const leave = ({ allocations, alice, avs }: Eigen) =>
  allocations
    .connect(alice)
    .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });

/** A member with half of its stake in the set. */
async function withHalf(): Promise<Eigen> {
  const eigen = await withOperator();
  await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD / 2n });
  await enterOperatorSet(eigen.alice, eigen.set);
  await eigen.networkHelpers.mine(100);
  return eigen;
}

describe("EigenLayer: slashOperator", () => {
  describe("what it takes", () => {
    it("takes the wad of what the set may slash, of the operator's own stake and of that behind it, and answers the shares", async () => {
      const eigen = await withMember();
      const { allocations, alice, stranger, strategy, set } = eigen;
      const params = { operator: alice.address, operatorSetId: SET_ID, strategies: [strategy] };
      const result = await allocations
        .connect(stranger)
        .slashOperator.staticCall(set.avs, { ...params, wadsToSlash: [WAD / 100n], description: "" });
      expect(result).to.deep.equal([1n, [(2n * STAKE) / 100n]]);
      await slash(eigen, { wad: WAD / 100n });
      expect(await sharesOf(eigen)).to.equal((2n * STAKE * 99n) / 100n);
      const left = (WAD * 99n) / 100n;
      expect(await magnitudesOf(eigen)).to.deep.equal({
        current: left,
        pending: 0n,
        max: left,
        encumbered: left,
        free: 0n,
      });
    });

    it("announces the slashing, the magnitudes and the shares", async () => {
      const eigen = await withMember();
      const { allocations, delegation, deposits, alice, avs, strategy, ethers } = eigen;
      const slashed = slash(eigen, { wad: WAD / 4n, description: "lied" });
      const set = [avs.address, SET_ID];
      await expect(slashed)
        .to.emit(allocations, "OperatorSlashed")
        .withArgs(alice.address, set, [strategy], [WAD / 4n], "lied");
      const block = await ethers.provider.getBlockNumber();
      await expect(slashed)
        .to.emit(allocations, "AllocationUpdated")
        .withArgs(alice.address, set, strategy, (WAD * 3n) / 4n, block);
      await expect(slashed)
        .to.emit(allocations, "MaxMagnitudeUpdated")
        .withArgs(alice.address, strategy, (WAD * 3n) / 4n);
      await expect(slashed)
        .to.emit(delegation, "OperatorSharesSlashed")
        .withArgs(alice.address, strategy, STAKE / 2n);
      await expect(slashed)
        .to.emit(deposits, "BurnOrRedistributableSharesIncreased")
        .withArgs(set, 1n, strategy, STAKE / 2n);
    });

    it("takes of the allocated part alone", async () => {
      const eigen = await withHalf();
      const slashed = slash(eigen, { wad: WAD / 2n });
      await expect(slashed)
        .to.emit(eigen.allocations, "OperatorSlashed")
        .withArgs(eigen.alice.address, [eigen.avs.address, SET_ID], [eigen.strategy], [WAD / 4n], "");
      expect(await sharesOf(eigen)).to.equal((STAKE * 3n) / 4n);
      expect(await magnitudesOf(eigen)).to.deep.equal({
        current: WAD / 4n,
        pending: 0n,
        max: (WAD * 3n) / 4n,
        encumbered: WAD / 4n,
        free: WAD / 2n,
      });
    });

    it("compounds: a second wad is of what the first left", async () => {
      const eigen = await withMember();
      await slash(eigen, { wad: WAD / 10n });
      await slash(eigen, { wad: WAD / 10n });
      expect(await sharesOf(eigen)).to.equal((2n * STAKE * 81n) / 100n);
    });

    it("rounds the magnitude up and the shares down", async () => {
      const eigen = await withMember();
      await slash(eigen, { wad: WAD - 1n });
      expect((await magnitudesOf(eigen)).max).to.equal(1n);
      await slash(eigen, { wad: 1n });
      expect((await magnitudesOf(eigen)).max).to.equal(0n);
      const other = await withOperator();
      await allocate(other.alice, { operatorSet: other.set, strategy: other.strategy, magnitude: 1n });
      await enterOperatorSet(other.alice, other.set);
      await other.networkHelpers.mine(100);
      await slash(other, { wad: 1n });
      expect((await magnitudesOf(other)).max).to.equal(WAD - 1n);
      expect(await sharesOf(other)).to.equal(STAKE - STAKE / WAD);
    });

    it("lowers getMinimumSlashableStake at once", async () => {
      const eigen = await withMember();
      const { allocations, alice, set, strategy, ethers } = eigen;
      await slash(eigen, { wad: WAD / 4n });
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
        [(STAKE * 3n) / 2n],
      ]);
    });

    it("leaves another set's allocation as it is", async () => {
      const eigen = await withHalf();
      const { allocations, alice, avs, stranger, strategy, networkHelpers, ethers } = eigen;
      const other = { avs: avs.address, id: OTHER_SET };
      await allocations
        .connect(avs)
        .createOperatorSets(avs.address, [
          { operatorSetId: OTHER_SET, strategies: [strategy], slasher: stranger.address },
        ]);
      await allocate(alice, { operatorSet: other, strategy, magnitude: WAD / 2n });
      await enterOperatorSet(alice, other);
      await networkHelpers.mine(100);
      await slash(eigen, { wad: WAD });
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMinimumSlashableStake(other, [alice.address], [strategy], now)).to.deep.equal([
        [STAKE / 2n],
      ]);
    });

    it("counts the slashings of a set", async () => {
      const eigen = await withMember();
      const { allocations, set } = eigen;
      expect(await allocations.getSlashCount(set)).to.equal(0n);
      await slash(eigen, { wad: WAD / 4n });
      await slash(eigen, { wad: WAD / 4n });
      expect(await allocations.getSlashCount(set)).to.equal(2n);
    });

    it("trap 7: finds no shares when it slashes an exhausted allocation again, and succeeds", async () => {
      const eigen = await withMember();
      const { allocations, alice, stranger, strategy, set } = eigen;
      await slash(eigen, { wad: WAD });
      expect(await sharesOf(eigen)).to.equal(0n);
      expect(await magnitudesOf(eigen)).to.deep.equal({ current: 0n, pending: 0n, max: 0n, encumbered: 0n, free: 0n });
      const params = { operator: alice.address, operatorSetId: SET_ID, strategies: [strategy], wadsToSlash: [WAD] };
      expect(
        await allocations.connect(stranger).slashOperator.staticCall(set.avs, { ...params, description: "" }),
      ).to.deep.equal([2n, [0n]]);
      await expect(slash(eigen, { wad: WAD }))
        .to.emit(allocations, "OperatorSlashed")
        .withArgs(alice.address, [set.avs, SET_ID], [strategy], [0n], "");
    });

    it("skips in silence a strategy of which nothing is allocated", async () => {
      const eigen = await withTwoStrategies();
      const { allocations, delegation, alice, stranger, set, other, strategies } = eigen;
      const params = { operator: alice.address, operatorSetId: OTHER_SET, strategies, wadsToSlash: [WAD, WAD] };
      const [, shares] = await allocations
        .connect(stranger)
        .slashOperator.staticCall(set.avs, { ...params, description: "" });
      expect(shares).to.deep.equal(strategies.map((strategy) => (strategy === other ? STAKE : 0n)));
      await allocations.connect(stranger).slashOperator(set.avs, { ...params, description: "" });
      expect(await delegation.operatorShares(alice.address, other)).to.equal(0n);
      expect(await sharesOf(eigen)).to.equal(2n * STAKE);
    });

    it("skips an allocation that is still on its way", async () => {
      const eigen = await withOperator();
      await enterOperatorSet(eigen.alice, eigen.set);
      await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD });
      // The slashing runs two blocks before the allocation's effect, the next one at it.
      await eigen.networkHelpers.mine(98);
      await slash(eigen, { wad: WAD });
      expect(await sharesOf(eigen)).to.equal(STAKE);
      await slash(eigen, { wad: WAD });
      expect(await sharesOf(eigen)).to.equal(0n);
    });
  });

  describe("who is within its reach", () => {
    it("trap 5: reaches a deallocated stake through the last block of the delay, and takes of what remains too", async () => {
      const eigen = await withMember();
      await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD / 2n });
      await eigen.networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await slash(eigen, { wad: WAD / 2n });
      expect(await sharesOf(eigen)).to.equal(STAKE);
      expect(await magnitudesOf(eigen)).to.deep.equal({
        current: WAD / 2n,
        pending: -WAD / 4n,
        max: WAD / 2n,
        encumbered: WAD / 2n,
        free: 0n,
      });
      await eigen.networkHelpers.mine(1);
      expect(await magnitudesOf(eigen)).to.deep.equal({
        current: WAD / 4n,
        pending: 0n,
        max: WAD / 2n,
        encumbered: WAD / 4n,
        free: WAD / 4n,
      });
    });

    it("no longer reaches it a block later", async () => {
      const eigen = await withMember();
      await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: 0n });
      await eigen.networkHelpers.mine(DEALLOCATION_DELAY);
      await slash(eigen, { wad: WAD });
      expect(await sharesOf(eigen)).to.equal(2n * STAKE);
    });

    it("reaches one that has left through the last block of the delay", async () => {
      const eigen = await withMember();
      await leave(eigen);
      await eigen.networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await slash(eigen, { wad: WAD });
      expect(await sharesOf(eigen)).to.equal(0n);
    });

    it("trap 13: refuses one that has left and is out of reach: OperatorNotSlashable", async () => {
      const eigen = await withMember();
      await leave(eigen);
      await eigen.networkHelpers.mine(DEALLOCATION_DELAY);
      await expect(slash(eigen, { wad: WAD })).to.be.revertedWithCustomError(eigen.allocations, "OperatorNotSlashable");
    });

    it("trap 13: refuses one that never was a member: OperatorNotSlashable", async () => {
      const eigen = await withOperator();
      await expect(slash(eigen, { wad: WAD })).to.be.revertedWithCustomError(eigen.allocations, "OperatorNotSlashable");
    });

    it("reaches stake that was withdrawn, while it is in the queue", async () => {
      const eigen = await withMember();
      const { delegation, bob, alice, strategy } = eigen;
      await delegation.connect(bob).undelegate(bob.address);
      expect(await sharesOf(eigen)).to.equal(STAKE);
      expect(await delegation.getSlashableSharesInQueue(alice.address, strategy)).to.equal(STAKE);
      await expect(slash(eigen, { wad: WAD / 2n }))
        .to.emit(delegation, "OperatorSharesSlashed")
        .withArgs(alice.address, strategy, STAKE);
      expect(await sharesOf(eigen)).to.equal(STAKE / 2n);
      expect(await delegation.getSlashableSharesInQueue(alice.address, strategy)).to.equal(STAKE / 2n);
    });
  });
});
