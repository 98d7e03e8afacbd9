import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";

import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import type { IRewardsCoordinator } from "../../types/ethers-contracts/index.ts";
import { type Eigen, SET_ID, withMember } from "./fixture.ts";

type Submission = IRewardsCoordinator.OperatorDirectedRewardsSubmissionStruct;

const SUBMISSION =
  "tuple(tuple(address,uint96)[],address,tuple(address,uint256)[],uint32 startTimestamp,uint32 duration,string)";

interface Paying extends Eigen {
  readonly rewards: IRewardsCoordinator;
  readonly day: bigint;
  /** A submission that is accepted: two whole days that are over. */
  readonly submission: Submission & { startTimestamp: bigint };
  readonly pay: (
    change?: Partial<Submission>,
    from?: Eigen["avs"],
  ) => ReturnType<IRewardsCoordinator["createOperatorDirectedOperatorSetRewardsSubmission"]>;
}

/** The AVS can pay Alice and Bob, and has approved 1,000 tokens. */
async function withFunds(): Promise<Paying> {
  const eigen = await withMember();
  const { ethers, networkHelpers, avs, alice, bob, token, strategy, set } = eigen;
  const rewards = await ethers.getContractAt("IRewardsCoordinator", EIGENLAYER.rewardsCoordinator);
  await token.mint(avs.address, 1000n);
  await token.connect(avs).approve(rewards, 1000n);
  const day = await rewards.CALCULATION_INTERVAL_SECONDS();
  const today = (BigInt(await networkHelpers.time.latest()) / day) * day;
  const operators = [alice.address, bob.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const submission = {
    strategiesAndMultipliers: [{ strategy, multiplier: 10n ** 18n }],
    token: await token.getAddress(),
    operatorRewards: operators.map((operator, n) => ({ operator, amount: BigInt(100 * (n + 1)) })),
    startTimestamp: today - 3n * day,
    duration: 2n * day,
    description: "Parley",
  };
  const pay: Paying["pay"] = (change = {}, from = avs) =>
    rewards.connect(from).createOperatorDirectedOperatorSetRewardsSubmission(set, [{ ...submission, ...change }]);
  return { ...eigen, rewards, day, submission, pay };
}

describe("EigenLayer: rewards", () => {
  it("takes the sum of what each operator gets from the AVS", async () => {
    const { rewards, avs, token, pay } = await withFunds();
    const before = await token.balanceOf(rewards);
    await pay();
    expect((await token.balanceOf(rewards)) - before).to.equal(300n);
    expect(await token.balanceOf(avs)).to.equal(700n);
  });

  it("announces what was paid under a hash of AVS, nonce and submission, and keeps that", async () => {
    const { rewards, avs, submission, pay } = await withFunds();
    const encoded = [
      submission.strategiesAndMultipliers.map(({ strategy, multiplier }) => [strategy, multiplier]),
      submission.token,
      submission.operatorRewards.map(({ operator, amount }) => [operator, amount]),
      submission.startTimestamp,
      submission.duration,
      submission.description,
    ];
    for (const nonce of [0n, 1n]) {
      const hash = keccak256(
        AbiCoder.defaultAbiCoder().encode(["address", "uint256", SUBMISSION], [avs.address, nonce, encoded]),
      );
      expect(await rewards.isOperatorDirectedOperatorSetRewardsSubmissionHash(avs.address, hash)).to.equal(false);
      await expect(pay())
        .to.emit(rewards, "OperatorDirectedOperatorSetRewardsSubmissionCreated")
        .withArgs(avs.address, hash, [avs.address, SET_ID], nonce, encoded);
      expect(await rewards.isOperatorDirectedOperatorSetRewardsSubmissionHash(avs.address, hash)).to.equal(true);
    }
    expect(await rewards.submissionNonce(avs.address)).to.equal(2n);
  });

  it("is for the AVS alone: InvalidPermissions", async () => {
    const { rewards, alice, pay } = await withFunds();
    await expect(pay({}, alice)).to.be.revertedWithCustomError(rewards, "InvalidPermissions");
  });

  it("refuses a set that does not exist: InvalidOperatorSet", async () => {
    const { rewards, avs, submission } = await withFunds();
    await expect(
      rewards
        .connect(avs)
        .createOperatorDirectedOperatorSetRewardsSubmission({ avs: avs.address, id: 8n }, [submission]),
    ).to.be.revertedWithCustomError(rewards, "InvalidOperatorSet");
  });

  it("pays only for whole days that are over: SubmissionNotRetroactive, InvalidStartTimestampRemainder, InvalidDurationRemainder, DurationIsZero", async () => {
    const { rewards, day, submission, pay, networkHelpers } = await withFunds();
    const { startTimestamp } = submission;
    const refused = (change: Partial<Submission>, error: string) =>
      expect(pay(change)).to.be.revertedWithCustomError(rewards, error);
    await refused({ startTimestamp: startTimestamp + 1n }, "InvalidStartTimestampRemainder");
    await refused({ duration: day + 1n }, "InvalidDurationRemainder");
    await refused({ duration: 0n }, "DurationIsZero");
    await refused({ duration: 4n * day }, "SubmissionNotRetroactive");
    await networkHelpers.time.setNextBlockTimestamp(startTimestamp + 4n * day);
    await refused({ duration: 4n * day }, "SubmissionNotRetroactive");
    await networkHelpers.time.setNextBlockTimestamp(startTimestamp + 4n * day + 1n);
    await expect(pay({ duration: 4n * day })).to.emit(rewards, "OperatorDirectedOperatorSetRewardsSubmissionCreated");
  });

  it("pays for no span that is too long or too long ago: DurationExceedsMax, StartTimestampTooFarInPast", async () => {
    const { rewards, day, pay, networkHelpers } = await withFunds();
    const longest = await rewards.MAX_REWARDS_DURATION();
    await expect(pay({ duration: longest + day })).to.be.revertedWithCustomError(rewards, "DurationExceedsMax");
    const oldest = BigInt(await networkHelpers.time.latest()) - (await rewards.MAX_RETROACTIVE_LENGTH());
    await expect(pay({ startTimestamp: (oldest / day) * day })).to.be.revertedWithCustomError(
      rewards,
      "StartTimestampTooFarInPast",
    );
    await expect(pay({ startTimestamp: (oldest / day + 1n) * day })).to.emit(
      rewards,
      "OperatorDirectedOperatorSetRewardsSubmissionCreated",
    );
  });

  it("wants strategies that are open, ascending: InputArrayLengthZero, StrategyNotWhitelisted, StrategiesNotInAscendingOrder", async () => {
    const { rewards, stranger, submission, pay } = await withFunds();
    const [counted] = submission.strategiesAndMultipliers;
    const refused = (strategiesAndMultipliers: Submission["strategiesAndMultipliers"], error: string) =>
      expect(pay({ strategiesAndMultipliers })).to.be.revertedWithCustomError(rewards, error);
    await refused([], "InputArrayLengthZero");
    await refused([{ strategy: stranger.address, multiplier: 1n }], "StrategyNotWhitelisted");
    await refused([counted!, counted!], "StrategiesNotInAscendingOrder");
  });

  it("wants operators, ascending, with an amount: InputArrayLengthZero, InvalidAddressZero, OperatorsNotInAscendingOrder, AmountIsZero, AmountExceedsMax", async () => {
    const { rewards, submission, pay } = await withFunds();
    const [first, second] = submission.operatorRewards;
    const refused = (operatorRewards: Submission["operatorRewards"], error: string) =>
      expect(pay({ operatorRewards })).to.be.revertedWithCustomError(rewards, error);
    await refused([], "InputArrayLengthZero");
    await refused([{ operator: `0x${"00".repeat(20)}`, amount: 1n }], "InvalidAddressZero");
    await refused([second!, first!], "OperatorsNotInAscendingOrder");
    await refused([first!, first!], "OperatorsNotInAscendingOrder");
    await refused([{ ...first!, amount: 0n }], "AmountIsZero");
    await refused([{ ...first!, amount: 10n ** 38n }], "AmountExceedsMax");
  });

  it("knows its neighbours at their mainnet addresses", async () => {
    const { rewards } = await withFunds();
    expect(await rewards.allocationManager()).to.equal(EIGENLAYER.allocationManager);
    expect(await rewards.strategyManager()).to.equal(EIGENLAYER.strategyManager);
    expect(await rewards.permissionController()).to.equal(EIGENLAYER.permissionController);
  });
});
