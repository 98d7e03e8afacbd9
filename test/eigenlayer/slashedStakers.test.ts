import { expect } from "chai";

import { delegateTo, deposit, registerAsOperator } from "../../src/testing/eigenlayer.ts";
import { BURN_ADDRESS, BURN_DELAY, type Eigen, SET_ID, sharesOf, slash, STAKE, WAD, withMember } from "./fixture.ts";

describe("EigenLayer: slashOperator, what it leaves", () => {
  const withdrawable = async ({ delegation, strategy }: Eigen, staker: { address: string }) =>
    (await delegation.getWithdrawableShares(staker.address, [strategy])).withdrawableShares[0]!;

  it("takes from each in proportion, and leaves their deposit shares as they are", async () => {
    const eigen = await withMember();
    const { deposits, bob, alice, strategy } = eigen;
    await slash(eigen, { wad: WAD / 4n });
    for (const staker of [alice, bob]) {
      expect(await withdrawable(eigen, staker)).to.equal((STAKE * 3n) / 4n);
      expect(await deposits.stakerDepositShares(staker.address, strategy)).to.equal(STAKE);
    }
  });

  it("touches nothing that came later, by deposit or by delegation", async () => {
    const eigen = await withMember();
    const { bob, carol, alice, strategy } = eigen;
    const token = await eigen.token.getAddress();
    await slash(eigen, { wad: WAD / 2n });
    await deposit(bob, { token, strategy, amount: STAKE });
    await deposit(carol, { token, strategy, amount: STAKE });
    await delegateTo(carol, alice.address);
    expect(await withdrawable(eigen, bob)).to.equal((STAKE * 3n) / 2n);
    expect(await withdrawable(eigen, carol)).to.equal(STAKE);
    expect(await sharesOf(eigen)).to.equal(3n * STAKE);
  });

  it("closes an operator without magnitude to deposits and delegations: FullySlashed", async () => {
    const eigen = await withMember();
    const { delegation, deposits, token, bob, carol, alice, strategy } = eigen;
    await slash(eigen, { wad: WAD });
    expect(await withdrawable(eigen, bob)).to.equal(0n);
    await token.mint(bob.address, 1n);
    await token.connect(bob).approve(deposits, 1n);
    await expect(deposits.connect(bob).depositIntoStrategy(strategy, token, 1n)).to.be.revertedWithCustomError(
      delegation,
      "FullySlashed",
    );
    await deposit(carol, { token: await token.getAddress(), strategy, amount: 1n });
    await expect(
      delegation.connect(carol).delegateTo(alice.address, { signature: "0x", expiry: 0n }, `0x${"00".repeat(32)}`),
    ).to.be.revertedWithCustomError(delegation, "FullySlashed");
  });

  it("never gives a slashed magnitude back: InsufficientMagnitude", async () => {
    const eigen = await withMember();
    const { allocations, alice, strategy, set } = eigen;
    await slash(eigen, { wad: WAD / 2n });
    await expect(
      allocations
        .connect(alice)
        .modifyAllocations(alice.address, [
          { operatorSet: set, strategies: [strategy], newMagnitudes: [WAD / 2n + 1n] },
        ]),
    ).to.be.revertedWithCustomError(allocations, "InsufficientMagnitude");
  });

  it("trap 10: burns what it took, once anyone asks for it; since v1.13 not within 50,400 blocks", async () => {
    const eigen = await withMember();
    const { deposits, token, carol, set, strategy, avs, networkHelpers } = eigen;
    await slash(eigen, { wad: WAD / 4n });
    await networkHelpers.mine(BURN_DELAY + 1n);
    expect(await token.balanceOf(strategy)).to.equal(2n * STAKE);
    expect(await deposits.getBurnOrRedistributableShares(set, 1n, strategy)).to.equal(STAKE / 2n);
    const asCarol = deposits.connect(carol);
    expect(await asCarol.clearBurnOrRedistributableShares.staticCall(set, 1n)).to.deep.equal([STAKE / 2n]);
    await expect(asCarol.clearBurnOrRedistributableShares(set, 1n))
      .to.emit(deposits, "BurnOrRedistributableSharesDecreased")
      .withArgs([avs.address, SET_ID], 1n, strategy, STAKE / 2n);
    expect(await token.balanceOf(strategy)).to.equal((3n * STAKE) / 2n);
    expect(await token.balanceOf(BURN_ADDRESS)).to.equal(STAKE / 2n);
    expect(await deposits.getBurnOrRedistributableShares(set, 1n, strategy)).to.equal(0n);
    expect(await asCarol.clearBurnOrRedistributableShares.staticCall(set, 1n)).to.deep.equal([]);
  });

  it("is closed to an operator whose first stake comes after: registering again is no way out", async () => {
    const eigen = await withMember();
    const { delegation, alice } = eigen;
    await slash(eigen, { wad: WAD });
    await expect(registerAsOperator(alice)).to.be.revertedWithCustomError(delegation, "ActivelyDelegated");
    await expect(delegation.connect(alice).undelegate(alice.address)).to.be.revertedWithCustomError(
      delegation,
      "OperatorsCannotUndelegate",
    );
  });
});
