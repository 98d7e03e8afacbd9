import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import type { IRewardsCoordinator } from "../../../../types/ethers-contracts/index.ts";
import { type Eigen, WAD, withMember } from "./fixture.ts";

const DAY = 86_400n;
type Submission = IRewardsCoordinator.OperatorDirectedRewardsSubmissionStruct;

describe("EigenLayer stand-in: rewards", () => {
  let eigen: Eigen;
  let rewards: IRewardsCoordinator;
  let good: Submission;

  before(async () => {
    eigen = await withMember();
    const { ethers, networkHelpers, token, avs, strategy, alice, bob } = eigen;
    rewards = (await ethers.getContractAt("IRewardsCoordinator", EIGENLAYER.rewardsCoordinator)).connect(avs);
    await token.connect(avs).mint(avs, 100n);
    await token.connect(avs).approve(rewards, 100n);
    const [low, high] = [alice.address, bob.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) as [
      string,
      string,
    ];
    const start = (BigInt(await networkHelpers.time.latest()) / DAY - 3n) * DAY;
    good = {
      strategiesAndMultipliers: [{ strategy, multiplier: WAD }],
      token,
      operatorRewards: [
        { operator: low, amount: 10n },
        { operator: high, amount: 20n },
      ],
      startTimestamp: start,
      duration: DAY,
      description: "work",
    };
  });

  const submit = (
    changed: Partial<Submission> = {},
    set = eigen.set,
  ): ReturnType<IRewardsCoordinator["createOperatorDirectedOperatorSetRewardsSubmission"]> =>
    rewards.createOperatorDirectedOperatorSetRewardsSubmission(set, [{ ...good, ...changed }]);

  it("takes the AVS's tokens for an operator set", async () => {
    await expect(submit()).to.emit(rewards, "OperatorDirectedOperatorSetRewardsSubmissionCreated");
    expect(await eigen.token.balanceOf(rewards)).to.equal(30n);
  });

  it("refuses as EigenLayer does, by name", async () => {
    const [first, second] = good.operatorRewards as [
      IRewardsCoordinator.OperatorRewardStruct,
      IRewardsCoordinator.OperatorRewardStruct,
    ];
    const strategy = good.strategiesAndMultipliers[0]!;
    const start = BigInt(good.startTimestamp);
    for (const [changed, error] of [
      [{ strategiesAndMultipliers: [] }, "InputArrayLengthZero"],
      [{ strategiesAndMultipliers: [strategy, strategy] }, "StrategiesNotInAscendingOrder"],
      [{ strategiesAndMultipliers: [{ strategy: eigen.avs.address, multiplier: 1n }] }, "StrategyNotWhitelisted"],
      [{ operatorRewards: [] }, "InputArrayLengthZero"],
      [{ operatorRewards: [{ operator: ZeroAddress, amount: 1n }] }, "InvalidAddressZero"],
      [{ operatorRewards: [{ ...first, amount: 0n }] }, "AmountIsZero"],
      [{ operatorRewards: [second, first] }, "OperatorsNotInAscendingOrder"],
      [{ duration: 0n }, "DurationIsZero"],
      [{ duration: DAY - 1n }, "InvalidDurationRemainder"],
      [{ startTimestamp: start + 1n }, "InvalidStartTimestampRemainder"],
      [{ startTimestamp: start + 3n * DAY }, "SubmissionNotRetroactive"],
    ] as const) {
      await expect(submit(changed as unknown as Partial<Submission>)).to.be.revertedWithCustomError(rewards, error);
    }
    await expect(submit({}, { ...eigen.set, id: 99n })).to.be.revertedWithCustomError(rewards, "InvalidOperatorSet");
    await expect(submit({}, { ...eigen.set, avs: eigen.bob.address })).to.be.revertedWithCustomError(
      rewards,
      "InvalidPermissions",
    );
  });
});
