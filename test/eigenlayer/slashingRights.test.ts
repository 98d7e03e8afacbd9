import { expect } from "chai";

import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { type Eigen, OTHER_SET, SET_ID, WAD, withMember, withTwoStrategies } from "./fixture.ts";

describe("EigenLayer: slashOperator, who may and what it refuses", () => {
  const attempt = (eigen: Eigen, change: object, from = eigen.stranger) =>
    eigen.allocations.connect(from).slashOperator(eigen.avs.address, {
      operator: eigen.alice.address,
      operatorSetId: SET_ID,
      strategies: [eigen.strategy],
      wadsToSlash: [WAD],
      description: "",
      ...change,
    });
  const refused = async (eigen: Eigen, change: object, error: string, from = eigen.stranger) =>
    expect(attempt(eigen, change, from)).to.be.revertedWithCustomError(eigen.allocations, error);

  it("is for the set's slasher alone, not even for the AVS: InvalidCaller", async () => {
    const eigen = await withMember();
    for (const caller of [eigen.avs, eigen.alice, eigen.carol]) await refused(eigen, {}, "InvalidCaller", caller);
    const { permissions, allocations, avs, carol } = eigen;
    const { selector } = allocations.interface.getFunction("slashOperator");
    await permissions.connect(avs).setAppointee(avs.address, carol.address, EIGENLAYER.allocationManager, selector);
    await refused(eigen, {}, "InvalidCaller", carol);
  });

  it("refuses a set that does not exist: InvalidOperatorSet", async () => {
    await refused(await withMember(), { operatorSetId: OTHER_SET }, "InvalidOperatorSet");
  });

  it("refuses lists of different length: InputArrayLengthMismatch", async () => {
    await refused(await withMember(), { wadsToSlash: [] }, "InputArrayLengthMismatch");
  });

  it("wants a wad above zero and at most 1e18: InvalidWadToSlash", async () => {
    const eigen = await withMember();
    await refused(eigen, { wadsToSlash: [0n] }, "InvalidWadToSlash");
    await refused(eigen, { wadsToSlash: [WAD + 1n] }, "InvalidWadToSlash");
  });

  it("wants strategies strictly ascending: StrategiesMustBeInAscendingOrder", async () => {
    const eigen = await withTwoStrategies();
    const [lower, higher] = eigen.strategies;
    for (const strategies of [
      [higher, lower],
      [lower, lower],
    ]) {
      await refused(
        eigen,
        { operatorSetId: OTHER_SET, strategies, wadsToSlash: [WAD, WAD] },
        "StrategiesMustBeInAscendingOrder",
      );
    }
  });

  it("wants strategies of the set: StrategyNotInOperatorSet", async () => {
    const eigen = await withTwoStrategies();
    await refused(eigen, { strategies: [eigen.other] }, "StrategyNotInOperatorSet");
  });

  it("lets no one else take shares: OnlyAllocationManager, OnlyDelegationManager", async () => {
    const { delegation, deposits, stranger, alice, set, strategy, token } = await withMember();
    await expect(
      delegation.connect(stranger).slashOperatorShares(alice.address, set, 1n, strategy, WAD, 0n),
    ).to.be.revertedWithCustomError(delegation, "OnlyAllocationManager");
    const asStranger = deposits.connect(stranger);
    for (const attempt of [
      asStranger.increaseBurnOrRedistributableShares(set, 1n, strategy, 1n),
      asStranger.removeDepositShares(alice.address, strategy, 1n),
      asStranger.addShares(stranger.address, strategy, 1n),
      asStranger.withdrawSharesAsTokens(stranger.address, strategy, token, 1n),
    ]) {
      await expect(attempt).to.be.revertedWithCustomError(deposits, "OnlyDelegationManager");
    }
  });
});
