import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER, type OperatorSet } from "../../src/chain/eigenlayer.ts";
import { allocate, enterOperatorSet } from "../../src/testing/eigenlayer.ts";
import { type Eigen, SET_ID, STAKE, stakeWithin, WAD, withMember, withOperator } from "./fixture.ts";

const CONFIGURATION_DELAY = 126_000n;

async function currentMagnitude({ allocations, alice, strategy, set }: Eigen): Promise<bigint> {
  return (await allocations.getAllocation(alice.address, set, strategy)).currentMagnitude;
}

async function addSet({ allocations, avs, strategy }: Eigen, id: bigint): Promise<OperatorSet> {
  await allocations
    .connect(avs)
    .createOperatorSets(avs.address, [{ operatorSetId: id, strategies: [strategy], slasher: avs.address }]);
  return { avs: avs.address, id };
}

describe("EigenLayer: allocations", () => {
  it("has mainnet's delays", async () => {
    const { allocations } = await withOperator();
    expect(await allocations.DEALLOCATION_DELAY()).to.equal(DEALLOCATION_DELAY);
    expect(await allocations.ALLOCATION_CONFIGURATION_DELAY()).to.equal(CONFIGURATION_DELAY);
  });

  describe("setAllocationDelay", () => {
    it("counts at once for a new operator", async () => {
      const { allocations, alice, bob } = await withOperator();
      expect(await allocations.getAllocationDelay(alice.address)).to.deep.equal([true, 100n]);
      expect(await allocations.getAllocationDelay(bob.address)).to.deep.equal([false, 0n]);
    });

    it("counts after the configuration delay for everyone else", async () => {
      const { allocations, alice, networkHelpers, ethers } = await withOperator();
      const changed = await allocations.connect(alice).setAllocationDelay(alice.address, 5n);
      await expect(changed)
        .to.emit(allocations, "AllocationDelaySet")
        .withArgs(alice.address, 5n, BigInt(await ethers.provider.getBlockNumber()) + CONFIGURATION_DELAY + 1n);
      await networkHelpers.mine(CONFIGURATION_DELAY);
      expect(await allocations.getAllocationDelay(alice.address)).to.deep.equal([true, 100n]);
      await networkHelpers.mine(1);
      expect(await allocations.getAllocationDelay(alice.address)).to.deep.equal([true, 5n]);
    });

    it("lets a later change replace one that does not count yet", async () => {
      const { allocations, alice, networkHelpers } = await withOperator();
      await allocations.connect(alice).setAllocationDelay(alice.address, 5n);
      await networkHelpers.mine(CONFIGURATION_DELAY - 10n);
      await allocations.connect(alice).setAllocationDelay(alice.address, 6n);
      await networkHelpers.mine(CONFIGURATION_DELAY);
      expect(await allocations.getAllocationDelay(alice.address)).to.deep.equal([true, 100n]);
      await networkHelpers.mine(1);
      expect(await allocations.getAllocationDelay(alice.address)).to.deep.equal([true, 6n]);
    });

    it("refuses one who is no operator: InvalidOperator", async () => {
      const { allocations, bob } = await withOperator();
      await expect(allocations.connect(bob).setAllocationDelay(bob.address, 5n)).to.be.revertedWithCustomError(
        allocations,
        "InvalidOperator",
      );
    });

    it("is for the operator alone: InvalidPermissions", async () => {
      const { allocations, alice, bob } = await withOperator();
      await expect(allocations.connect(bob).setAllocationDelay(alice.address, 5n)).to.be.revertedWithCustomError(
        allocations,
        "InvalidPermissions",
      );
    });
  });

  describe("modifyAllocations, upwards", () => {
    it("takes the magnitude at once and lets the set slash it after the allocation delay", async () => {
      const eigen = await withOperator();
      const { allocations, alice, avs, strategy, set, networkHelpers, ethers } = eigen;
      const changed = await allocations
        .connect(alice)
        .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [WAD / 4n] }]);
      await expect(changed)
        .to.emit(allocations, "AllocationUpdated")
        .withArgs(
          alice.address,
          [avs.address, SET_ID],
          strategy,
          WAD / 4n,
          (await ethers.provider.getBlockNumber()) + 100,
        );
      expect(await allocations.getEncumberedMagnitude(alice.address, strategy)).to.equal(WAD / 4n);
      expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal((WAD * 3n) / 4n);
      expect(await allocations.getMaxMagnitude(alice.address, strategy)).to.equal(WAD);

      await networkHelpers.mine(99);
      const { effectBlock, pendingDiff } = await allocations.getAllocation(alice.address, set, strategy);
      expect([effectBlock, pendingDiff]).to.deep.equal([BigInt(await ethers.provider.getBlockNumber()) + 1n, WAD / 4n]);
      expect(await currentMagnitude(eigen)).to.equal(0n);
      await networkHelpers.mine(1);
      expect(await allocations.getAllocation(alice.address, set, strategy)).to.deep.equal([WAD / 4n, 0n, 0n]);
    });

    it("needs no membership, but the stake is slashable only from it on", async () => {
      const eigen = await withOperator();
      await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD });
      await eigen.networkHelpers.mine(100);
      expect(await stakeWithin(eigen, 0n)).to.equal(0n);
      await enterOperatorSet(eigen.alice, eigen.set);
      expect(await stakeWithin(eigen, 0n)).to.equal(STAKE);
    });

    it("never allocates more than there is over all sets: InsufficientMagnitude", async () => {
      const eigen = await withOperator();
      const { allocations, alice, strategy, set } = eigen;
      const other = await addSet(eigen, 8n);
      await allocate(alice, { operatorSet: set, strategy, magnitude: WAD - 1n });
      await expect(
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet: other, strategies: [strategy], newMagnitudes: [2n] }]),
      ).to.be.revertedWithCustomError(allocations, "InsufficientMagnitude");
      await allocate(alice, { operatorSet: other, strategy, magnitude: 1n });
      expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal(0n);
    });

    it("waits for the change before: ModificationAlreadyPending", async () => {
      const { allocations, alice, strategy, set, networkHelpers } = await withOperator();
      const change = (magnitude: bigint) =>
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [magnitude] }]);
      await change(1n);
      await networkHelpers.mine(98);
      await expect(change(2n)).to.be.revertedWithCustomError(allocations, "ModificationAlreadyPending");
      await networkHelpers.mine(1);
      await expect(change(2n)).to.emit(allocations, "AllocationUpdated");
    });

    it("refuses no change at all: SameMagnitude", async () => {
      const { allocations, alice, strategy, set } = await withOperator();
      await expect(
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [0n] }]),
      ).to.be.revertedWithCustomError(allocations, "SameMagnitude");
    });

    it("refuses lists of different length: InputArrayLengthMismatch", async () => {
      const { allocations, alice, strategy, set } = await withOperator();
      await expect(
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [] }]),
      ).to.be.revertedWithCustomError(allocations, "InputArrayLengthMismatch");
    });

    it("refuses a set that does not exist: InvalidOperatorSet", async () => {
      const { allocations, alice, avs, strategy } = await withOperator();
      const operatorSet = { avs: avs.address, id: 8n };
      await expect(
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet, strategies: [strategy], newMagnitudes: [1n] }]),
      ).to.be.revertedWithCustomError(allocations, "InvalidOperatorSet");
    });

    it("refuses one without an allocation delay: UninitializedAllocationDelay", async () => {
      const { allocations, bob } = await withOperator();
      await expect(allocations.connect(bob).modifyAllocations(bob.address, [])).to.be.revertedWithCustomError(
        allocations,
        "UninitializedAllocationDelay",
      );
    });

    it("is for the operator alone: InvalidPermissions", async () => {
      const { allocations, alice, bob } = await withOperator();
      await expect(allocations.connect(bob).modifyAllocations(alice.address, [])).to.be.revertedWithCustomError(
        allocations,
        "InvalidPermissions",
      );
    });
  });

  describe("modifyAllocations, downwards", () => {
    it("stays slashable through the delay, and is free only then", async () => {
      const eigen = await withMember();
      const { allocations, alice, strategy, set, networkHelpers } = eigen;
      await allocate(alice, { operatorSet: set, strategy, magnitude: WAD / 4n });
      await networkHelpers.mine(DEALLOCATION_DELAY);
      expect(await currentMagnitude(eigen)).to.equal(WAD);
      expect(await allocations.getEncumberedMagnitude(alice.address, strategy)).to.equal(WAD);
      await networkHelpers.mine(1);
      expect(await allocations.getAllocation(alice.address, set, strategy)).to.deep.equal([WAD / 4n, 0n, 0n]);
      expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal((WAD * 3n) / 4n);
    });

    it("cannot be used by another set before", async () => {
      const eigen = await withMember();
      const { allocations, alice, strategy, set, networkHelpers } = eigen;
      const other = await addSet(eigen, 8n);
      await allocate(alice, { operatorSet: set, strategy, magnitude: 0n });
      const move = () =>
        allocations
          .connect(alice)
          .modifyAllocations(alice.address, [{ operatorSet: other, strategies: [strategy], newMagnitudes: [WAD] }]);
      await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await expect(move()).to.be.revertedWithCustomError(allocations, "InsufficientMagnitude");
      await networkHelpers.mine(1);
      await expect(move()).to.emit(allocations, "AllocationUpdated");
    });

    it("happens at once where nothing was slashable: the operator is no member", async () => {
      const eigen = await withOperator();
      const { allocations, alice, strategy, set, networkHelpers } = eigen;
      await allocate(alice, { operatorSet: set, strategy, magnitude: WAD });
      await networkHelpers.mine(100);
      await allocate(alice, { operatorSet: set, strategy, magnitude: 1n });
      expect(await allocations.getAllocation(alice.address, set, strategy)).to.deep.equal([1n, 0n, 0n]);
      expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal(WAD - 1n);
    });

    it("happens at once where nothing was slashable: the set does not use the strategy", async () => {
      const eigen = await withMember();
      const { allocations, alice, set, networkHelpers } = eigen;
      const unused = eigen.stranger.address;
      await allocate(alice, { operatorSet: set, strategy: unused, magnitude: WAD });
      await networkHelpers.mine(100);
      await allocate(alice, { operatorSet: set, strategy: unused, magnitude: 0n });
      expect(await allocations.getAllocatableMagnitude(alice.address, unused)).to.equal(WAD);
    });

    it("takes the delay for one that has left but is slashable", async () => {
      const eigen = await withMember();
      const { allocations, alice, avs, strategy, set } = eigen;
      await allocations
        .connect(alice)
        .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
      await allocate(alice, { operatorSet: set, strategy, magnitude: 0n });
      expect((await allocations.getAllocation(alice.address, set, strategy)).pendingDiff).to.equal(-WAD);
    });
  });

  it("tells the registrar nothing: what it says about entering holds for that block alone", async () => {
    const { allocations, alice, strategy, set, registrar, networkHelpers } = await withMember();
    await registrar.close();
    const change = (magnitude: bigint) =>
      allocations
        .connect(alice)
        .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [magnitude] }]);
    await expect(change(0n)).to.emit(allocations, "AllocationUpdated");
    await networkHelpers.mine(DEALLOCATION_DELAY + 1n);
    await expect(change(WAD)).to.emit(allocations, "AllocationUpdated");
  });

  it("knows the DelegationManager and the PermissionController at their mainnet addresses", async () => {
    const { allocations } = await withOperator();
    expect(await allocations.delegation()).to.equal(EIGENLAYER.delegationManager);
    expect(await allocations.permissionController()).to.equal(EIGENLAYER.permissionController);
  });

  it("lets an account act for itself alone (PermissionController)", async () => {
    const { permissions, alice, bob } = await withOperator();
    expect(await permissions.canCall(alice.address, alice.address, ZeroAddress, "0x00000000")).to.equal(true);
    expect(await permissions.canCall(alice.address, bob.address, ZeroAddress, "0x00000000")).to.equal(false);
  });
});
