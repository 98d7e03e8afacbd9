import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { DEALLOCATION_DELAY } from "../../src/chain/eigenlayer.ts";
import { deposit, registerAsOperator } from "../../src/testing/eigenlayer.ts";
import type { IWithdrawalQueue } from "../../types/ethers-contracts/index.ts";
import { deployEigenLayer, type Eigen, slash, STAKE, WAD, withMember } from "./fixture.ts";

type Withdrawal = IWithdrawalQueue.WithdrawalStruct;

const WITHDRAWAL = "tuple(address,address,address,uint256,uint32,address[],uint256[])";

/** Queues one withdrawal. */
async function queue(eigen: Eigen, staker: HardhatEthersSigner, shares: bigint): Promise<Withdrawal> {
  const { delegation, strategy, ethers } = eigen;
  const operator = await delegation.delegatedTo(staker.address);
  await delegation
    .connect(staker)
    .queueWithdrawals([{ strategies: [strategy], depositShares: [shares], __deprecated_withdrawer: ZeroAddress }]);
  return {
    staker: staker.address,
    delegatedTo: operator,
    withdrawer: staker.address,
    nonce: 0n,
    startBlock: await ethers.provider.getBlockNumber(),
    strategies: [strategy],
    scaledShares: [shares],
  };
}

const complete = (eigen: Eigen, withdrawal: Withdrawal, { asTokens = true, from = eigen.bob } = {}) =>
  eigen.delegation.connect(from).completeQueuedWithdrawal(withdrawal, [eigen.token], asTokens);

const rootOf = (withdrawal: Withdrawal) =>
  keccak256(AbiCoder.defaultAbiCoder().encode([WITHDRAWAL], [Object.values(withdrawal)]));

describe("EigenLayer: withdrawals", () => {
  it("take as long as deallocations", async () => {
    const { delegation } = await deployEigenLayer();
    expect(await delegation.minWithdrawalDelayBlocks()).to.equal(DEALLOCATION_DELAY);
  });

  describe("queueWithdrawals", () => {
    it("takes the shares from the staker and from its operator at once", async () => {
      const eigen = await withMember();
      const { delegation, deposits, allocations, alice, bob, set, strategy, ethers } = eigen;
      await queue(eigen, bob, STAKE / 4n);
      expect(await deposits.stakerDepositShares(bob.address, strategy)).to.equal((STAKE * 3n) / 4n);
      expect(await delegation.operatorShares(alice.address, strategy)).to.equal((STAKE * 7n) / 4n);
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
        [(STAKE * 7n) / 4n],
      ]);
    });

    it("announces the withdrawal, which is known by its hash", async () => {
      const eigen = await withMember();
      const { delegation, alice, bob, strategy, ethers } = eigen;
      const queued = delegation
        .connect(bob)
        .queueWithdrawals([{ strategies: [strategy], depositShares: [STAKE], __deprecated_withdrawer: ZeroAddress }]);
      await queued;
      const withdrawal = {
        staker: bob.address,
        delegatedTo: alice.address,
        withdrawer: bob.address,
        nonce: 0n,
        startBlock: await ethers.provider.getBlockNumber(),
        strategies: [strategy],
        scaledShares: [STAKE],
      };
      await expect(queued)
        .to.emit(delegation, "SlashingWithdrawalQueued")
        .withArgs(rootOf(withdrawal), Object.values(withdrawal), [STAKE]);
      await expect(queued)
        .to.emit(delegation, "OperatorSharesDecreased")
        .withArgs(alice.address, bob.address, strategy, STAKE);
      expect(await delegation.pendingWithdrawals(rootOf(withdrawal))).to.equal(true);
    });

    it("works for one who has delegated to nobody", async () => {
      const eigen = await deployEigenLayer();
      const { carol, delegation, deposits, token, strategy } = eigen;
      await deposit(carol, { token: await token.getAddress(), strategy, amount: STAKE });
      const withdrawal = await queue(eigen, carol, STAKE);
      expect(await delegation.pendingWithdrawals(rootOf(withdrawal))).to.equal(true);
      expect(await deposits.getDeposits(carol.address)).to.deep.equal([[], []]);
    });

    it("refuses what is not there: InputArrayLengthZero, InputArrayLengthMismatch, SharesAmountZero, SharesAmountTooHigh", async () => {
      const eigen = await withMember();
      const { delegation, deposits, bob, strategy } = eigen;
      const ask = (strategies: string[], depositShares: bigint[]) =>
        delegation.connect(bob).queueWithdrawals([{ strategies, depositShares, __deprecated_withdrawer: ZeroAddress }]);
      await expect(ask([], [])).to.be.revertedWithCustomError(delegation, "InputArrayLengthZero");
      await expect(ask([strategy], [])).to.be.revertedWithCustomError(delegation, "InputArrayLengthMismatch");
      await expect(ask([strategy], [0n])).to.be.revertedWithCustomError(deposits, "SharesAmountZero");
      await expect(ask([strategy], [STAKE + 1n])).to.be.revertedWithCustomError(deposits, "SharesAmountTooHigh");
    });
  });

  describe("completeQueuedWithdrawal", () => {
    it("pays after the delay: WithdrawalDelayNotElapsed through its last block", async () => {
      const eigen = await withMember();
      const { delegation, bob, token, networkHelpers } = eigen;
      const withdrawal = await queue(eigen, bob, STAKE);
      await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await expect(complete(eigen, withdrawal)).to.be.revertedWithCustomError(delegation, "WithdrawalDelayNotElapsed");
      await networkHelpers.mine(1);
      await expect(complete(eigen, withdrawal))
        .to.emit(delegation, "SlashingWithdrawalCompleted")
        .withArgs(rootOf(withdrawal));
      expect(await token.balanceOf(bob)).to.equal(STAKE);
      expect(await delegation.pendingWithdrawals(rootOf(withdrawal))).to.equal(false);
    });

    it("pays once, to the staker: WithdrawalNotQueued, WithdrawerNotCaller, InputArrayLengthMismatch", async () => {
      const eigen = await withMember();
      const { delegation, bob, carol, networkHelpers } = eigen;
      const withdrawal = await queue(eigen, bob, STAKE);
      await networkHelpers.mine(DEALLOCATION_DELAY);
      await expect(complete(eigen, withdrawal, { from: carol })).to.be.revertedWithCustomError(
        delegation,
        "WithdrawerNotCaller",
      );
      await expect(complete(eigen, { ...withdrawal, nonce: 1n })).to.be.revertedWithCustomError(
        delegation,
        "WithdrawalNotQueued",
      );
      await expect(
        delegation.connect(bob).completeQueuedWithdrawal(withdrawal, [], true),
      ).to.be.revertedWithCustomError(delegation, "InputArrayLengthMismatch");
      await complete(eigen, withdrawal);
      await expect(complete(eigen, withdrawal)).to.be.revertedWithCustomError(delegation, "WithdrawalNotQueued");
    });

    it("pays what slashings up to the last block of the delay have left", async () => {
      const eigen = await withMember();
      const { bob, token, networkHelpers } = eigen;
      const withdrawal = await queue(eigen, bob, STAKE);
      await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await slash(eigen, { wad: WAD / 4n });
      await slash(eigen, { wad: WAD / 4n });
      await complete(eigen, withdrawal);
      expect(await token.balanceOf(bob)).to.equal((STAKE * 3n) / 4n);
    });

    it("pays nothing of a stake that was slashed whole", async () => {
      const eigen = await withMember();
      const { bob, token, networkHelpers } = eigen;
      const withdrawal = await queue(eigen, bob, STAKE);
      await slash(eigen, { wad: WAD });
      await networkHelpers.mine(DEALLOCATION_DELAY);
      await complete(eigen, withdrawal);
      expect(await token.balanceOf(bob)).to.equal(0n);
    });

    it("gives the shares back behind the operator instead, if the staker wants", async () => {
      const eigen = await withMember();
      const { delegation, deposits, alice, bob, strategy, networkHelpers } = eigen;
      const withdrawal = await queue(eigen, bob, STAKE);
      await slash(eigen, { wad: WAD / 2n });
      await networkHelpers.mine(DEALLOCATION_DELAY);
      await complete(eigen, withdrawal, { asTokens: false });
      expect(await deposits.stakerDepositShares(bob.address, strategy)).to.equal(STAKE / 2n);
      expect(await delegation.operatorShares(alice.address, strategy)).to.equal(STAKE);
      const [withdrawable] = await delegation.getWithdrawableShares(bob.address, [strategy]);
      expect(withdrawable).to.deep.equal([STAKE / 2n]);
    });
  });

  describe("undelegate", () => {
    it("ends a delegation and queues all that the staker has", async () => {
      const eigen = await withMember();
      const { delegation, deposits, alice, bob, strategy } = eigen;
      const ended = delegation.connect(bob).undelegate(bob.address);
      await expect(ended).to.emit(delegation, "StakerUndelegated").withArgs(bob.address, alice.address);
      await expect(ended).to.emit(delegation, "SlashingWithdrawalQueued");
      await expect(ended).to.not.emit(delegation, "StakerForceUndelegated");
      expect(await delegation.delegatedTo(bob.address)).to.equal(ZeroAddress);
      expect(await deposits.stakerDepositShares(bob.address, strategy)).to.equal(0n);
      expect(await delegation.operatorShares(alice.address, strategy)).to.equal(STAKE);
    });

    it("is for the operator too", async () => {
      const { delegation, alice, bob } = await withMember();
      await expect(delegation.connect(alice).undelegate(bob.address))
        .to.emit(delegation, "StakerForceUndelegated")
        .withArgs(bob.address, alice.address);
      expect(await delegation.isDelegated(bob.address)).to.equal(false);
    });

    it("is for the operator's approver too, and for nobody else: CallerCannotUndelegate", async () => {
      const { delegation, alice, bob, carol, stranger } = await deployEigenLayer();
      await registerAsOperator(alice);
      await delegation.connect(carol).delegateTo(alice.address, { signature: "0x", expiry: 0n }, ZeroHash);
      await expect(delegation.connect(stranger).undelegate(carol.address)).to.be.revertedWithCustomError(
        delegation,
        "CallerCannotUndelegate",
      );
      await delegation.connect(bob).registerAsOperator(stranger.address, 0n, "");
      await delegation.connect(carol).undelegate(carol.address);
      await expect(delegation.connect(stranger).undelegate(carol.address)).to.be.revertedWithCustomError(
        delegation,
        "NotActivelyDelegated",
      );
    });

    it("is no way out for an operator: OperatorsCannotUndelegate", async () => {
      const { delegation, alice } = await withMember();
      await expect(delegation.connect(alice).undelegate(alice.address)).to.be.revertedWithCustomError(
        delegation,
        "OperatorsCannotUndelegate",
      );
    });
  });
});
