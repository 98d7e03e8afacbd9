import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { allocate } from "../../src/testing/eigenlayer.ts";
import { type Eigen, SET_ID, slash, STAKE, WAD, withMember, withOperator } from "./fixture.ts";

/** Bits of the AllocationManager's status. */
const ALLOCATIONS = 1n << 0n;
const SLASHING = 1n << 1n;
const REGISTRATION = 1n << 2n;

/** The unpauser of EigenLayer, which makes itself a pauser. */
async function withPauser<T extends Eigen>(eigen: T) {
  const { allocations, ethers, networkHelpers } = eigen;
  const registry = await ethers.getContractAt("IPauserRegistry", await allocations.pauserRegistry());
  const unpauser = await registry.unpauser();
  await networkHelpers.impersonateAccount(unpauser);
  await networkHelpers.setBalance(unpauser, 10n ** 18n);
  const pauser = await ethers.getSigner(unpauser);
  await registry.connect(pauser).setIsPauser(unpauser, true);
  return { ...eigen, registry, pauser };
}

describe("EigenLayer: pausing", () => {
  it("trap 13: stops slashing, until it is unpaused: CurrentlyPaused", async () => {
    const eigen = await withPauser(await withMember());
    const { allocations, delegation, pauser, alice, strategy } = eigen;
    await expect(allocations.connect(pauser).pause(SLASHING))
      .to.emit(allocations, "Paused")
      .withArgs(pauser.address, SLASHING);
    expect(await allocations["paused()"]()).to.equal(SLASHING);
    expect(await allocations["paused(uint8)"](1n)).to.equal(true);
    expect(await allocations["paused(uint8)"](2n)).to.equal(false);
    await expect(slash(eigen, { wad: WAD })).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
    await expect(allocations.connect(pauser).unpause(0n)).to.emit(allocations, "Unpaused").withArgs(pauser.address, 0n);
    await slash(eigen, { wad: WAD });
    expect(await delegation.operatorShares(alice.address, strategy)).to.equal(0n);
  });

  it("does not stop the clock: what leaves while slashing is paused is gone", async () => {
    const eigen = await withPauser(await withMember());
    const { allocations, delegation, pauser, alice, avs, strategy, networkHelpers } = eigen;
    await allocations.connect(pauser).pause(SLASHING);
    await allocations
      .connect(alice)
      .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
    await networkHelpers.mine(await allocations.DEALLOCATION_DELAY());
    await allocations.connect(pauser).unpause(0n);
    await expect(slash(eigen, { wad: WAD })).to.be.revertedWithCustomError(allocations, "OperatorNotSlashable");
    expect(await delegation.operatorShares(alice.address, strategy)).to.equal(2n * STAKE);
  });

  it("stops allocations apart from slashing", async () => {
    const eigen = await withPauser(await withMember());
    const { allocations, pauser, alice, strategy, set } = eigen;
    await allocations.connect(pauser).pause(ALLOCATIONS);
    await expect(
      allocations
        .connect(alice)
        .modifyAllocations(alice.address, [{ operatorSet: set, strategies: [strategy], newMagnitudes: [1n] }]),
    ).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
    await expect(slash(eigen, { wad: WAD })).to.emit(allocations, "OperatorSlashed");
  });

  it("stops operators from entering and leaving", async () => {
    const eigen = await withPauser(await withOperator());
    const { allocations, pauser, alice, avs, strategy, set } = eigen;
    await allocations.connect(pauser).pause(REGISTRATION);
    const sets = { avs: avs.address, operatorSetIds: [SET_ID] };
    await expect(
      allocations.connect(alice).registerForOperatorSets(alice.address, { ...sets, data: "0x" }),
    ).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
    await expect(
      allocations.connect(avs).deregisterFromOperatorSets({ ...sets, operator: alice.address }),
    ).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
    await allocate(alice, { operatorSet: set, strategy, magnitude: 1n });
  });

  it("is for pausers, and unpausing for the unpauser: OnlyPauser, OnlyUnpauser", async () => {
    const { allocations, registry, pauser, stranger, bob } = await withPauser(await withMember());
    await expect(allocations.connect(stranger).pause(SLASHING)).to.be.revertedWithCustomError(
      allocations,
      "OnlyPauser",
    );
    await expect(registry.connect(stranger).setIsPauser(stranger.address, true)).to.be.revertedWithCustomError(
      registry,
      "OnlyUnpauser",
    );
    await expect(registry.connect(pauser).setIsPauser(ZeroAddress, true)).to.be.revertedWithCustomError(
      registry,
      "InputAddressZero",
    );
    await expect(registry.connect(pauser).setIsPauser(bob.address, true))
      .to.emit(registry, "PauserStatusChanged")
      .withArgs(bob.address, true);
    expect(await registry.isPauser(bob.address)).to.equal(true);
    await allocations.connect(bob).pause(SLASHING);
    await expect(allocations.connect(bob).unpause(0n)).to.be.revertedWithCustomError(allocations, "OnlyUnpauser");
    await registry.connect(pauser).setIsPauser(bob.address, false);
    await expect(allocations.connect(bob).pause(SLASHING)).to.be.revertedWithCustomError(allocations, "OnlyPauser");
  });

  it("only adds, and unpausing only takes away: InvalidNewPausedStatus", async () => {
    const { allocations, pauser } = await withPauser(await withMember());
    await allocations.connect(pauser).pause(SLASHING);
    await expect(allocations.connect(pauser).pause(REGISTRATION)).to.be.revertedWithCustomError(
      allocations,
      "InvalidNewPausedStatus",
    );
    await expect(allocations.connect(pauser).unpause(SLASHING | REGISTRATION)).to.be.revertedWithCustomError(
      allocations,
      "InvalidNewPausedStatus",
    );
    await allocations.connect(pauser).pause(SLASHING | REGISTRATION);
    await allocations.connect(pauser).unpause(REGISTRATION);
    expect(await allocations["paused()"]()).to.equal(REGISTRATION);
  });
});
