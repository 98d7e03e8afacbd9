import { expect } from "chai";

import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import type { IRewardsCoordinator } from "../../../types/ethers-contracts/index.js";
import type { IRewardsCoordinator as Rewards } from "../../../types/ethers-contracts/settlement/ServiceManager.js";
import { addOperator, createFabric, ETHER, operatorAccount, type Fabric } from "./fabric.ts";

const DAY = 86_400n;

describe("ServiceManager: rewards", () => {
  let fabric: Fabric;
  let rewards: IRewardsCoordinator;
  let giver: Fabric["stranger"];
  before(async () => {
    fabric = await createFabric();
    giver = fabric.stranger;
    rewards = await fabric.l1.ethers.getContractAt("IRewardsCoordinator", EIGENLAYER.rewardsCoordinator);
    for (const n of [0, 1]) await addOperator(fabric, n, 40n * ETHER);
  });

  const submission = async (
    token: 0 | 1,
    amounts: readonly [bigint, bigint],
  ): Promise<Rewards.OperatorDirectedRewardsSubmissionStruct> => {
    const [low, high] = [0, 1]
      .map((n) => operatorAccount(fabric.l1, n).address)
      .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) as [string, string];
    const now = BigInt(await fabric.l1.networkHelpers.time.latest());
    return {
      strategiesAndMultipliers: [{ strategy: fabric.l1.strategies[0], multiplier: ETHER }],
      token: fabric.l1.tokens[token],
      operatorRewards: [
        { operator: low, amount: amounts[0] },
        { operator: high, amount: amounts[1] },
      ],
      startTimestamp: (now / DAY - 3n) * DAY,
      duration: 2n * DAY,
      description: "certificates",
    };
  };

  it("passes anyone's tokens on to EigenLayer, in the AVS's name, and keeps none, nor an allowance", async () => {
    const [first, second] = fabric.l1.tokens;
    for (const token of [first, second]) {
      await token.connect(giver).mint(giver, 100n);
      await token.connect(giver).approve(fabric.manager, 100n);
    }
    const given = [await submission(0, [10n, 20n]), await submission(1, [3n, 4n]), await submission(0, [30n, 40n])];
    const sent = fabric.manager.connect(giver).rewardOperators(given);
    await expect(sent).to.emit(rewards, "OperatorDirectedOperatorSetRewardsSubmissionCreated");
    const events = await rewards.queryFilter(
      rewards.filters.OperatorDirectedOperatorSetRewardsSubmissionCreated(fabric.set.avs),
    );
    expect(events.map(({ args }) => args.operatorSet)).to.deep.equal([1, 2, 3].map(() => [fabric.set.avs, 1n]));
    for (const [token, amount] of [
      [first, 100n],
      [second, 7n],
    ] as const) {
      expect(await token.balanceOf(rewards)).to.equal(amount);
      expect(await token.balanceOf(giver)).to.equal(100n - amount);
      expect(await token.balanceOf(fabric.manager)).to.equal(0n);
      expect(await token.allowance(fabric.manager, rewards)).to.equal(0n);
    }
  });

  it("needs the giver's own approval, and what EigenLayer demands", async () => {
    const bare = await submission(0, [1n, 1n]);
    await expect(fabric.manager.connect(fabric.owner).rewardOperators([bare])).to.be.revertedWithCustomError(
      fabric.l1.tokens[0],
      "ERC20InsufficientAllowance",
    );
    await fabric.l1.tokens[0].connect(giver).mint(giver, 100n);
    await fabric.l1.tokens[0].connect(giver).approve(fabric.manager, 100n);
    const future = { ...bare, startTimestamp: BigInt(bare.startTimestamp) + 4n * DAY };
    await expect(fabric.manager.connect(giver).rewardOperators([future])).to.be.revertedWithCustomError(
      rewards,
      "SubmissionNotRetroactive",
    );
  });

  it("EigenLayer takes them from the AVS alone: InvalidPermissions", async () => {
    const given = await submission(0, [1n, 1n]);
    await expect(
      rewards.connect(giver).createOperatorDirectedOperatorSetRewardsSubmission(fabric.set, [given]),
    ).to.be.revertedWithCustomError(rewards, "InvalidPermissions");
  });
});
