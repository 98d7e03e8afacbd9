import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { allocate, enterOperatorSet } from "../../src/testing/eigenlayer.ts";
import {
  BURN_ADDRESS,
  BURN_DELAY,
  deployEigenLayer,
  type Eigen,
  OTHER_SET,
  slash,
  STAKE,
  WAD,
  withMember,
} from "./fixture.ts";

describe("EigenLayer: sets that redistribute, and sets that do not", () => {
  const make = (
    { allocations, avs, strategy, stranger }: Eigen,
    recipients: readonly string[],
    from = avs,
  ): ReturnType<typeof allocations.createRedistributingOperatorSets> =>
    allocations
      .connect(from)
      .createRedistributingOperatorSets(
        avs.address,
        [{ operatorSetId: OTHER_SET, strategies: [strategy], slasher: stranger.address }],
        [...recipients],
      );

  it("trap 10: a set redistributes only if it was made so; else, and if there is none, all goes where it burns", async () => {
    const eigen = await deployEigenLayer();
    const { allocations, avs, carol, set } = eigen;
    const other = { avs: avs.address, id: OTHER_SET };
    expect(await allocations.getRedistributionRecipient(other)).to.equal(BURN_ADDRESS);
    const made = make(eigen, [carol.address]);
    await expect(made).to.emit(allocations, "OperatorSetCreated").withArgs([avs.address, OTHER_SET]);
    await expect(made)
      .to.emit(allocations, "RedistributionAddressSet")
      .withArgs([avs.address, OTHER_SET], carol.address);
    for (const [one, recipient] of [
      [set, BURN_ADDRESS],
      [other, carol.address],
    ] as const) {
      expect(await allocations.getRedistributionRecipient(one)).to.equal(recipient);
      expect(await allocations.isRedistributingOperatorSet(one)).to.equal(recipient !== BURN_ADDRESS);
    }
  });

  it("trap 10: what such a set slashed goes to its recipient, once anyone asks for it", async () => {
    const eigen = await withMember();
    const { allocations, deposits, alice, bob, carol, avs, token, strategy, networkHelpers } = eigen;
    await make(eigen, [carol.address]);
    const set = { avs: avs.address, id: OTHER_SET };
    await allocate(alice, { operatorSet: eigen.set, strategy, magnitude: 0n });
    await networkHelpers.mine(await allocations.DEALLOCATION_DELAY());
    await allocate(alice, { operatorSet: set, strategy, magnitude: WAD });
    await enterOperatorSet(alice, set);
    await networkHelpers.mine(100);
    await slash(eigen, { wad: WAD / 4n, operatorSetId: OTHER_SET });
    await networkHelpers.mine(BURN_DELAY + 1n);
    await deposits.connect(bob).clearBurnOrRedistributableShares(set, 1n);
    expect(await token.balanceOf(carol.address)).to.equal(STAKE / 2n);
    expect(await token.balanceOf(BURN_ADDRESS)).to.equal(0n);
  });

  it("wants a recipient for each, not zero, and not where it burns: InputArrayLengthMismatch, InputAddressZero, InvalidRedistributionRecipient", async () => {
    const eigen = await deployEigenLayer();
    for (const [recipients, error] of [
      [[], "InputArrayLengthMismatch"],
      [[eigen.carol.address, eigen.carol.address], "InputArrayLengthMismatch"],
      [[ZeroAddress], "InputAddressZero"],
      [[BURN_ADDRESS], "InvalidRedistributionRecipient"],
    ] as const) {
      await expect(make(eigen, recipients)).to.be.revertedWithCustomError(eigen.allocations, error);
    }
  });

  it("is for an AVS that has described itself, and for it alone: InvalidPermissions, NonexistentAVSMetadata", async () => {
    const eigen = await deployEigenLayer();
    const { allocations, bob, carol } = eigen;
    await expect(make(eigen, [carol.address], bob)).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
    await expect(
      allocations.connect(bob).createRedistributingOperatorSets(bob.address, [], []),
    ).to.be.revertedWithCustomError(allocations, "NonexistentAVSMetadata");
  });
});
