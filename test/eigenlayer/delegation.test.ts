import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { delegateTo, deposit, registerAsOperator } from "../../src/testing/eigenlayer.ts";
import { deployEigenLayer, STAKE, withOperator } from "./fixture.ts";

const SALT = `0x${"5a".repeat(32)}`;
const NOBODY = { signature: "0x", expiry: 0n };
const MAX_SHARES = 10n ** 38n - 1n;

/** Alice is an operator who accepts a staker only on Bob's word. */
async function withApprover() {
  const eigen = await deployEigenLayer();
  const { delegation, alice, bob, carol, ethers } = eigen;
  await delegation.connect(alice).registerAsOperator(bob.address, 0n, "");
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "EigenLayer", version: "1", chainId, verifyingContract: EIGENLAYER.delegationManager };
  const types = {
    DelegationApproval: [
      { name: "delegationApprover", type: "address" },
      { name: "staker", type: "address" },
      { name: "operator", type: "address" },
      { name: "salt", type: "bytes32" },
      { name: "expiry", type: "uint256" },
    ],
  };
  const now = BigInt(await eigen.networkHelpers.time.latest());
  const approve = async (expiry: bigint, approver = bob) => ({
    expiry,
    signature: await approver.signTypedData(domain, types, {
      delegationApprover: bob.address,
      staker: carol.address,
      operator: alice.address,
      salt: SALT,
      expiry,
    }),
  });
  return { ...eigen, now, approve };
}

describe("EigenLayer: delegation and deposits", () => {
  describe("registerAsOperator", () => {
    it("makes an operator, delegated to itself, with the deposits it has", async () => {
      const { delegation, alice, bob, token, strategy } = await deployEigenLayer();
      await deposit(alice, { token: await token.getAddress(), strategy, amount: STAKE });
      expect(await delegation.isOperator(alice.address)).to.equal(false);
      expect(await delegation.isDelegated(alice.address)).to.equal(false);

      const registered = delegation.connect(alice).registerAsOperator(bob.address, 1n, "ipfs://alice");
      await expect(registered).to.emit(delegation, "OperatorRegistered").withArgs(alice.address, bob.address);
      await expect(registered).to.emit(delegation, "DelegationApproverUpdated").withArgs(alice.address, bob.address);
      await expect(registered)
        .to.emit(delegation, "OperatorMetadataURIUpdated")
        .withArgs(alice.address, "ipfs://alice");
      await expect(registered).to.emit(delegation, "StakerDelegated").withArgs(alice.address, alice.address);
      await expect(registered)
        .to.emit(delegation, "OperatorSharesIncreased")
        .withArgs(alice.address, alice.address, strategy, STAKE);
      expect(await delegation.isOperator(alice.address)).to.equal(true);
      expect(await delegation.isDelegated(alice.address)).to.equal(true);
      expect(await delegation.delegatedTo(alice.address)).to.equal(alice.address);
      expect(await delegation.delegationApprover(alice.address)).to.equal(bob.address);
      expect(await delegation.operatorShares(alice.address, strategy)).to.equal(STAKE);
    });

    it("refuses an operator and a delegated staker: ActivelyDelegated", async () => {
      const { delegation, alice, bob } = await withOperator();
      await delegateTo(bob, alice.address);
      for (const account of [alice, bob]) {
        await expect(delegation.connect(account).registerAsOperator(ZeroAddress, 0n, "")).to.be.revertedWithCustomError(
          delegation,
          "ActivelyDelegated",
        );
      }
    });

    it("knows no operator at the zero address", async () => {
      const { delegation } = await deployEigenLayer();
      expect(await delegation.isOperator(ZeroAddress)).to.equal(false);
    });
  });

  describe("delegateTo", () => {
    it("puts deposits before and after it behind the operator", async () => {
      const { delegation, alice, bob, token, strategy } = await withOperator();
      const amounts = { token: await token.getAddress(), strategy };
      await deposit(bob, { ...amounts, amount: 3n });
      expect(await delegation.operatorShares(alice.address, strategy)).to.equal(STAKE);
      await delegateTo(bob, alice.address);
      expect(await delegation.delegatedTo(bob.address)).to.equal(alice.address);
      await deposit(bob, { ...amounts, amount: 4n });
      expect(await delegation.getOperatorShares(alice.address, [strategy])).to.deep.equal([STAKE + 7n]);
      expect(await delegation.getOperatorsShares([bob.address, alice.address], [strategy])).to.deep.equal([
        [0n],
        [STAKE + 7n],
      ]);
    });

    it("refuses one who has delegated: ActivelyDelegated", async () => {
      const { delegation, alice, bob } = await withOperator();
      await delegateTo(bob, alice.address);
      await expect(delegation.connect(bob).delegateTo(alice.address, NOBODY, ZeroHash)).to.be.revertedWithCustomError(
        delegation,
        "ActivelyDelegated",
      );
    });

    it("refuses one who is no operator: OperatorNotRegistered", async () => {
      const { delegation, bob, carol } = await withOperator();
      await expect(delegation.connect(bob).delegateTo(carol.address, NOBODY, ZeroHash)).to.be.revertedWithCustomError(
        delegation,
        "OperatorNotRegistered",
      );
    });

    it("takes the approver's word, once", async () => {
      const { delegation, alice, bob, carol, stranger, now, approve } = await withApprover();
      const word = await approve(now + 1000n);
      await delegation.connect(carol).delegateTo(alice.address, word, SALT);
      expect(await delegation.delegatedTo(carol.address)).to.equal(alice.address);
      expect(await delegation.delegationApproverSaltIsSpent(bob.address, SALT)).to.equal(true);
      await expect(delegation.connect(stranger).delegateTo(alice.address, word, SALT)).to.be.revertedWithCustomError(
        delegation,
        "SaltSpent",
      );
    });

    it("refuses another's word, and a word for another staker: InvalidSignature", async () => {
      const { delegation, alice, carol, stranger, now, approve } = await withApprover();
      await expect(
        delegation.connect(carol).delegateTo(alice.address, await approve(now + 1000n, stranger), SALT),
      ).to.be.revertedWithCustomError(delegation, "InvalidSignature");
      await expect(
        delegation.connect(stranger).delegateTo(alice.address, await approve(now + 1000n), SALT),
      ).to.be.revertedWithCustomError(delegation, "InvalidSignature");
    });

    it("takes a word in its last second", async () => {
      const { delegation, alice, carol, now, approve, networkHelpers } = await withApprover();
      await networkHelpers.time.setNextBlockTimestamp(now + 1000n);
      await delegation.connect(carol).delegateTo(alice.address, await approve(now + 1000n), SALT);
      expect(await delegation.delegatedTo(carol.address)).to.equal(alice.address);
    });

    it("refuses a word a second later: SignatureExpired", async () => {
      const { delegation, alice, carol, now, approve, networkHelpers } = await withApprover();
      await networkHelpers.time.setNextBlockTimestamp(now + 1001n);
      await expect(
        delegation.connect(carol).delegateTo(alice.address, await approve(now + 1000n), SALT),
      ).to.be.revertedWithCustomError(delegation, "SignatureExpired");
    });
  });

  describe("depositIntoStrategy", () => {
    it("moves the tokens and counts one share each", async () => {
      const { deposits, bob, token, strategy, ethers } = await deployEigenLayer();
      await token.mint(bob.address, 10n);
      await token.connect(bob).approve(deposits, 10n);
      expect(await deposits.connect(bob).depositIntoStrategy.staticCall(strategy, token, 7n)).to.equal(7n);
      await expect(deposits.connect(bob).depositIntoStrategy(strategy, token, 7n))
        .to.emit(deposits, "Deposit")
        .withArgs(bob.address, strategy, 7n);
      await deposits.connect(bob).depositIntoStrategy(strategy, token, 1n);
      expect(await token.balanceOf(strategy)).to.equal(8n);
      expect(await deposits.stakerDepositShares(bob.address, strategy)).to.equal(8n);
      expect(await deposits.getDeposits(bob.address)).to.deep.equal([[strategy], [8n]]);
      const kept = await ethers.getContractAt("IStrategy", strategy);
      expect(await kept.shares(bob.address)).to.equal(8n);
      expect(await kept.totalShares()).to.equal(8n);
    });

    it("refuses a strategy that is not open: StrategyNotWhitelisted", async () => {
      const { deposits, bob, token, stranger } = await deployEigenLayer();
      await expect(
        deposits.connect(bob).depositIntoStrategy(stranger.address, token, 1n),
      ).to.be.revertedWithCustomError(deposits, "StrategyNotWhitelisted");
    });

    it("refuses a 33rd strategy: MaxStrategiesExceeded", async () => {
      const { deposits, factory, bob, ethers } = await deployEigenLayer();
      const open = async () => {
        const token = await ethers.deployContract("DevnetToken", ["Token", "T"]);
        await factory.deployNewStrategy(token);
        await token.mint(bob.address, 1n);
        await token.connect(bob).approve(deposits, 1n);
        return [await factory.deployedStrategies(token), await token.getAddress()] as const;
      };
      for (let n = 0; n < 32; n++) await deposits.connect(bob).depositIntoStrategy(...(await open()), 1n);
      await expect(deposits.connect(bob).depositIntoStrategy(...(await open()), 1n)).to.be.revertedWithCustomError(
        deposits,
        "MaxStrategiesExceeded",
      );
    });

    it("refuses a token the strategy does not keep: OnlyUnderlyingToken", async () => {
      const { deposits, bob, strategy, ethers } = await deployEigenLayer();
      const other = await ethers.deployContract("DevnetToken", ["Other", "O"]);
      await other.mint(bob.address, 1n);
      await other.connect(bob).approve(deposits, 1n);
      const kept = await ethers.getContractAt("IStrategy", strategy);
      await expect(deposits.connect(bob).depositIntoStrategy(strategy, other, 1n)).to.be.revertedWithCustomError(
        kept,
        "OnlyUnderlyingToken",
      );
    });

    it("refuses an amount worth no share, and shares above 1e38 - 1: NewSharesZero, TotalSharesExceedsMax", async () => {
      const { deposits, bob, token, strategy, ethers } = await deployEigenLayer();
      await token.mint(bob.address, MAX_SHARES + 1n);
      await token.connect(bob).approve(deposits, MAX_SHARES + 1n);
      const kept = await ethers.getContractAt("IStrategy", strategy);
      await expect(deposits.connect(bob).depositIntoStrategy(strategy, token, 0n)).to.be.revertedWithCustomError(
        kept,
        "NewSharesZero",
      );
      await expect(
        deposits.connect(bob).depositIntoStrategy(strategy, token, MAX_SHARES + 1n),
      ).to.be.revertedWithCustomError(kept, "TotalSharesExceedsMax");
      await deposits.connect(bob).depositIntoStrategy(strategy, token, MAX_SHARES);
      expect(await kept.totalShares()).to.equal(MAX_SHARES);
    });

    it("lets the StrategyManager alone count shares", async () => {
      const { deposits, delegation, bob, token, strategy, ethers } = await deployEigenLayer();
      const kept = await ethers.getContractAt("IStrategy", strategy);
      await expect(kept.connect(bob).deposit(token, 1n)).to.be.revertedWithCustomError(kept, "OnlyStrategyManager");
      await expect(
        delegation.connect(bob).increaseDelegatedShares(bob.address, strategy, 0n, 1n),
      ).to.be.revertedWithCustomError(delegation, "OnlyStrategyManagerOrEigenPodManager");
      await expect(deposits.connect(bob).addStrategiesToDepositWhitelist([bob.address])).to.be.revertedWithCustomError(
        deposits,
        "OnlyStrategyWhitelister",
      );
    });
  });

  describe("deployNewStrategy", () => {
    it("gives a token its strategy, open for deposits", async () => {
      const { factory, deposits, bob, ethers } = await deployEigenLayer();
      const token = await ethers.deployContract("DevnetToken", ["Token", "T"]);
      const made = await factory.connect(bob).deployNewStrategy(token);
      const strategy = await factory.deployedStrategies(token);
      await expect(made)
        .to.emit(factory, "StrategySetForToken")
        .withArgs(await token.getAddress(), strategy);
      await expect(made).to.emit(deposits, "StrategyAddedToDepositWhitelist").withArgs(strategy);
      expect(await deposits.strategyIsWhitelistedForDeposit(strategy)).to.equal(true);
      const kept = await ethers.getContractAt("IStrategy", strategy);
      await expect(made)
        .to.emit(kept, "StrategyTokenSet")
        .withArgs(await token.getAddress(), 18n);
      expect(await kept.underlyingToken()).to.equal(await token.getAddress());
      expect(await kept.sharesToUnderlyingView(5n)).to.equal(5n);
      expect(await kept.underlyingToSharesView(5n)).to.equal(5n);
    });

    it("refuses a token twice: StrategyAlreadyExists", async () => {
      const { factory, token } = await deployEigenLayer();
      await expect(factory.deployNewStrategy(token)).to.be.revertedWithCustomError(factory, "StrategyAlreadyExists");
    });
  });

  it("knows its neighbours at their mainnet addresses", async () => {
    const { delegation, deposits, factory, alice } = await deployEigenLayer();
    expect(await delegation.allocationManager()).to.equal(EIGENLAYER.allocationManager);
    expect(await delegation.strategyManager()).to.equal(EIGENLAYER.strategyManager);
    expect(await deposits.delegation()).to.equal(EIGENLAYER.delegationManager);
    expect(await deposits.strategyWhitelister()).to.equal(EIGENLAYER.strategyFactory);
    expect(await factory.strategyManager()).to.equal(EIGENLAYER.strategyManager);
    await registerAsOperator(alice);
    expect(await delegation.isOperator(alice.address)).to.equal(true);
  });
});
