import { expect } from "chai";
import { network } from "hardhat";

import { DEALLOCATION_DELAY, EIGENLAYER, KEY_CURVE } from "../../../../src/chain/eigenlayer.ts";
import {
  allocate,
  deployStrategy,
  deposit,
  enterOperatorSet,
  registerAsOperator,
} from "../../../../src/testing/eigenlayer.ts";
import { placeEigenLayer } from "../../../../src/testing/placeEigenLayer.ts";
import type { IAllocationManager } from "../../../../types/ethers-contracts/index.ts";
import { type Eigen, SET_ID, STAKE, WAD, withMember } from "./fixture.ts";

const PAUSER = "0x5050389572f2d220ad927CcbeA0D406831012390";
const UNPAUSER = "0x369e6F597e22EaB55fFb173C6d9cD234BD699111";

type Slashing = Parameters<IAllocationManager["slashOperator"]>[1];

/** In `withMember` Alice is a member with her own stake and Bob's, all allocated; the stranger is the set's slasher. */
const slashing = ({ alice, strategy }: Eigen, wad: bigint, changed: Partial<Slashing> = {}): Slashing => ({
  operator: alice.address,
  operatorSetId: SET_ID,
  strategies: [strategy],
  wadsToSlash: [wad],
  description: "why",
  ...changed,
});

const slash = (
  eigen: Eigen,
  wad: bigint,
  changed: Partial<Slashing> = {},
): ReturnType<IAllocationManager["slashOperator"]> =>
  eigen.allocations.connect(eigen.stranger).slashOperator(eigen.avs.address, slashing(eigen, wad, changed));

async function as({ networkHelpers, ethers, allocations }: Eigen, who: string): Promise<IAllocationManager> {
  await networkHelpers.impersonateAccount(who);
  await networkHelpers.setBalance(who, 10n ** 18n);
  return allocations.connect(await ethers.getSigner(who));
}

describe("EigenLayer stand-in: slashing", () => {
  it("takes a part of what is allocated from magnitude, stake and shares, for good, and counts it", async () => {
    const eigen = await withMember();
    const { allocations, delegation, deposits, alice, strategy, set, networkHelpers, ethers } = eigen;
    const all = await delegation.operatorShares(alice.address, strategy);
    await expect(slash(eigen, WAD / 4n))
      .to.emit(allocations, "OperatorSlashed")
      .withArgs(alice.address, [set.avs, set.id], [strategy], [WAD / 4n], "why")
      .to.emit(allocations, "MaxMagnitudeUpdated")
      .withArgs(alice.address, strategy, (WAD * 3n) / 4n)
      .to.emit(delegation, "OperatorSharesSlashed")
      .withArgs(alice.address, strategy, all / 4n);
    expect(await allocations.getMaxMagnitude(alice.address, strategy)).to.equal((WAD * 3n) / 4n);
    expect(await allocations.getAllocation(alice.address, set, strategy)).to.deep.equal([(WAD * 3n) / 4n, 0n, 0n]);
    expect(await allocations.getEncumberedMagnitude(alice.address, strategy)).to.equal((WAD * 3n) / 4n);
    expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal(0n);
    expect(await delegation.operatorShares(alice.address, strategy)).to.equal((all * 3n) / 4n);
    expect(await deposits.getBurnOrRedistributableShares(set, 1n, strategy)).to.equal(all / 4n);
    expect(await allocations.getSlashCount(set)).to.equal(1n);
    await networkHelpers.mine(200_000);
    const now = await ethers.provider.getBlockNumber();
    expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
      [(all * 3n) / 4n],
    ]);
  });

  it("rounds up what it takes of the magnitude, and down what it takes of the shares", async () => {
    const eigen = await withMember();
    await slash(eigen, 1n);
    expect(await eigen.allocations.getMaxMagnitude(eigen.alice.address, eigen.strategy)).to.equal(WAD - 1n);
    const all = 2n * STAKE;
    const left = await eigen.delegation.operatorShares(eigen.alice.address, eigen.strategy);
    expect(left).to.equal((all * (WAD - 1n) + WAD - 1n) / WAD);
  });

  it("trap 7: of an exhausted allocation it takes nothing, in silence; and nobody deposits behind it any more", async () => {
    const eigen = await withMember();
    const { allocations, deposits, alice, bob, strategy, stranger, avs, set, token } = eigen;
    await slash(eigen, WAD);
    expect(
      await allocations.connect(stranger).slashOperator.staticCall(avs.address, slashing(eigen, WAD)),
    ).to.deep.equal([2n, [0n]]);
    expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], 0)).to.deep.equal([[0n]]);
    await token.connect(bob).mint(bob, 1n);
    await token.connect(bob).approve(deposits, 1n);
    await expect(deposits.connect(bob).depositIntoStrategy(strategy, token, 1n)).to.be.revertedWithCustomError(
      eigen.delegation,
      "FullySlashed",
    );
  });

  it("what is on its way out is slashed too, and less of it gets free", async () => {
    const eigen = await withMember();
    const { allocations, alice, strategy, set, networkHelpers } = eigen;
    await allocate(alice, { operatorSet: set, strategy, magnitude: WAD / 2n });
    await slash(eigen, WAD / 2n);
    const { currentMagnitude, pendingDiff } = await allocations.getAllocation(alice.address, set, strategy);
    expect([currentMagnitude, pendingDiff]).to.deep.equal([WAD / 2n, -WAD / 4n]);
    await networkHelpers.mine(DEALLOCATION_DELAY + 1n);
    expect(await allocations.getAllocation(alice.address, set, strategy)).to.deep.equal([WAD / 4n, 0n, 0n]);
    expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal(WAD / 4n);
  });

  it("trap 13: one that left is slashed through the last block of the delay: then OperatorNotSlashable", async () => {
    const eigen = await withMember();
    const { allocations, alice, avs, networkHelpers } = eigen;
    await allocations
      .connect(alice)
      .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
    await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
    const last = await networkHelpers.takeSnapshot();
    await slash(eigen, WAD);
    await last.restore();
    await networkHelpers.mine(1);
    await expect(slash(eigen, WAD)).to.be.revertedWithCustomError(allocations, "OperatorNotSlashable");
  });

  it("refuses as EigenLayer does, by name", async () => {
    const eigen = await withMember();
    const { allocations, avs, alice, strategy } = eigen;
    const low = `0x${"00".repeat(19)}01`;
    for (const [changed, error] of [
      [{ wadsToSlash: [] }, "InputArrayLengthMismatch"],
      [{ operatorSetId: 8n }, "InvalidOperatorSet"],
      [{ operator: eigen.bob.address }, "OperatorNotSlashable"],
      [{ wadsToSlash: [0n] }, "InvalidWadToSlash"],
      [{ wadsToSlash: [WAD + 1n] }, "InvalidWadToSlash"],
      [{ strategies: [low] }, "StrategyNotInOperatorSet"],
      [{ strategies: [strategy, strategy], wadsToSlash: [1n, 1n] }, "StrategiesMustBeInAscendingOrder"],
      [{ strategies: [strategy, low], wadsToSlash: [1n, 1n] }, "StrategiesMustBeInAscendingOrder"],
    ] as const) {
      await expect(slash(eigen, 1n, changed as unknown as Partial<Slashing>)).to.be.revertedWithCustomError(
        allocations,
        error,
      );
    }
    for (const who of [avs, alice]) {
      await expect(
        allocations.connect(who).slashOperator(avs.address, slashing(eigen, 1n)),
      ).to.be.revertedWithCustomError(allocations, "InvalidCaller");
    }
  });

  it("only EigenLayer's own contracts take shares away: OnlyAllocationManager, OnlyDelegationManager", async () => {
    const { delegation, deposits, alice, set, strategy } = await withMember();
    await expect(
      delegation.slashOperatorShares(alice.address, set, 1n, strategy, WAD, 0n),
    ).to.be.revertedWithCustomError(delegation, "OnlyAllocationManager");
    await expect(deposits.increaseBurnOrRedistributableShares(set, 1n, strategy, 1n)).to.be.revertedWithCustomError(
      deposits,
      "OnlyDelegationManager",
    );
  });

  it("trap 6: panics on a chain that is no higher than the delay", async () => {
    const { ethers, provider, networkHelpers } = await network.create({ network: "default", chainType: "l1" });
    await placeEigenLayer(provider);
    const [avs, alice] = await ethers.getSigners();
    const token = await ethers.deployContract("DevnetToken", ["Staked Ether", "stETH"]);
    const strategy = await deployStrategy(avs!, await token.getAddress());
    const registrar = await ethers.deployContract("OpenRegistrar", [avs!]);
    const allocations = await ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    const keys = await ethers.getContractAt("IKeyRegistrar", EIGENLAYER.keyRegistrar);
    const operatorSet = { avs: avs!.address, id: SET_ID };
    await allocations.updateAVSMetadataURI(avs!, "");
    await allocations.setAVSRegistrar(avs!, registrar);
    await allocations.createOperatorSets(avs!, [{ operatorSetId: SET_ID, strategies: [strategy], slasher: avs! }]);
    await keys.configureOperatorSet(operatorSet, KEY_CURVE.ecdsa);
    await deposit(alice!, { token: await token.getAddress(), strategy, amount: STAKE });
    await registerAsOperator(alice!);
    await allocate(alice!, { operatorSet, strategy, magnitude: WAD });
    await enterOperatorSet(alice!, operatorSet);
    const params = {
      ...{ operator: alice!.address, operatorSetId: SET_ID, strategies: [strategy], wadsToSlash: [WAD] },
      description: "",
    };
    const height = BigInt(await ethers.provider.getBlockNumber());
    await networkHelpers.mine(DEALLOCATION_DELAY - height - 1n);
    await expect(allocations.slashOperator(avs!, params)).to.be.revertedWithPanic(0x11);
    await networkHelpers.mine(1);
    await allocations.slashOperator(avs!, params);
  });

  describe("pausing", () => {
    it("trap 13: EigenLayer's pauser stops slashing, and its unpauser lets it go on", async () => {
      const eigen = await withMember();
      const { allocations } = eigen;
      await expect((await as(eigen, PAUSER)).pause(2n))
        .to.emit(allocations, "Paused")
        .withArgs(PAUSER, 2n);
      expect(await allocations["paused()"]()).to.equal(2n);
      expect(await Promise.all([0, 1, 2].map((bit) => allocations["paused(uint8)"](bit)))).to.deep.equal([
        false,
        true,
        false,
      ]);
      await expect(slash(eigen, 1n)).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
      await expect((await as(eigen, UNPAUSER)).unpause(0n))
        .to.emit(allocations, "Unpaused")
        .withArgs(UNPAUSER, 0n);
      await slash(eigen, 1n);
    });

    it("stops allocations, and who comes and goes", async () => {
      const eigen = await withMember();
      const { allocations, alice, avs, strategy, set } = eigen;
      await (await as(eigen, PAUSER)).pause(5n);
      const change = [{ operatorSet: set, strategies: [strategy], newMagnitudes: [1n] }];
      const ids = { avs: avs.address, operatorSetIds: [SET_ID] };
      for (const call of [
        () => allocations.connect(alice).modifyAllocations(alice.address, change),
        () => allocations.connect(alice).registerForOperatorSets(alice.address, { ...ids, data: "0x" }),
        () => allocations.connect(alice).deregisterFromOperatorSets({ ...ids, operator: alice.address }),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
      }
      await slash(eigen, 1n);
    });

    it("is for the pauser and the unpauser, each in its own direction", async () => {
      const eigen = await withMember();
      const { allocations } = eigen;
      await expect(allocations.pause(1n)).to.be.revertedWithCustomError(allocations, "OnlyPauser");
      await expect(allocations.unpause(0n)).to.be.revertedWithCustomError(allocations, "OnlyUnpauser");
      const [pauser, unpauser] = [await as(eigen, PAUSER), await as(eigen, UNPAUSER)];
      await pauser.pause(3n);
      await expect(pauser.pause(1n)).to.be.revertedWithCustomError(allocations, "InvalidNewPausedStatus");
      await expect(unpauser.unpause(4n)).to.be.revertedWithCustomError(allocations, "InvalidNewPausedStatus");
      await unpauser.unpause(1n);
      expect(await allocations["paused()"]()).to.equal(1n);
    });
  });

  describe("PermissionController", () => {
    it("lets an account appoint another for one function of one contract, once", async () => {
      const { permissions, alice, bob, carol } = await withMember();
      const [target, selector] = [EIGENLAYER.allocationManager, "0x12345678"];
      const may = (who: { address: string }, of: string = target, what = selector): Promise<boolean> =>
        permissions.canCall(alice.address, who.address, of, what);
      await expect(
        permissions.connect(bob).setAppointee(alice.address, bob.address, target, selector),
      ).to.be.revertedWithCustomError(permissions, "NotAdmin");
      await expect(permissions.connect(alice).setAppointee(alice.address, bob.address, target, selector))
        .to.emit(permissions, "AppointeeSet")
        .withArgs(alice.address, bob.address, target, selector);
      await expect(
        permissions.connect(alice).setAppointee(alice.address, bob.address, target, selector),
      ).to.be.revertedWithCustomError(permissions, "AppointeeAlreadySet");
      expect(
        await Promise.all([
          may(alice),
          may(bob),
          may(carol),
          may(bob, EIGENLAYER.keyRegistrar),
          may(bob, target, "0x12345679"),
        ]),
      ).to.deep.equal([true, true, false, false, false]);
    });
  });
});
