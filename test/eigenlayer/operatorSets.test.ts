import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { allocate } from "../../src/testing/eigenlayer.ts";
import { deployEigenLayer, SET_ID, slash, STAKE, WAD, withMember, withOperator } from "./fixture.ts";

describe("EigenLayer: operator sets and their members", () => {
  describe("updateAVSMetadataURI", () => {
    it("announces where the AVS describes itself", async () => {
      const { allocations, bob } = await deployEigenLayer();
      await expect(allocations.connect(bob).updateAVSMetadataURI(bob.address, "ipfs://bob"))
        .to.emit(allocations, "AVSMetadataURIUpdated")
        .withArgs(bob.address, "ipfs://bob");
    });

    it("is for the AVS alone: InvalidPermissions", async () => {
      const { allocations, avs, bob } = await deployEigenLayer();
      await expect(
        allocations.connect(bob).updateAVSMetadataURI(avs.address, "ipfs://bob"),
      ).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
    });
  });

  describe("setAVSRegistrar", () => {
    it("names the registrar; before, the AVS is its own", async () => {
      const { allocations, ethers, bob } = await deployEigenLayer();
      expect(await allocations.getAVSRegistrar(bob.address)).to.equal(bob.address);
      const registrar = await ethers.deployContract("OpenRegistrar", [bob.address]);
      await expect(allocations.connect(bob).setAVSRegistrar(bob.address, registrar))
        .to.emit(allocations, "AVSRegistrarSet")
        .withArgs(bob.address, await registrar.getAddress());
      expect(await allocations.getAVSRegistrar(bob.address)).to.equal(await registrar.getAddress());
    });

    it("refuses a registrar of another AVS: InvalidAVSRegistrar", async () => {
      const { allocations, registrar, bob } = await deployEigenLayer();
      await expect(allocations.connect(bob).setAVSRegistrar(bob.address, registrar)).to.be.revertedWithCustomError(
        allocations,
        "InvalidAVSRegistrar",
      );
    });

    it("is for the AVS alone: InvalidPermissions", async () => {
      const { allocations, avs, registrar, bob } = await deployEigenLayer();
      await expect(allocations.connect(bob).setAVSRegistrar(avs.address, registrar)).to.be.revertedWithCustomError(
        allocations,
        "InvalidPermissions",
      );
    });
  });

  describe("createOperatorSets", () => {
    it("makes a set with its strategies and slasher", async () => {
      const { allocations, avs, stranger, strategy, set } = await deployEigenLayer();
      expect(await allocations.isOperatorSet(set)).to.equal(true);
      expect(await allocations.isOperatorSet({ avs: avs.address, id: SET_ID + 1n })).to.equal(false);
      expect(await allocations.getOperatorSetCount(avs.address)).to.equal(1n);
      expect(await allocations.getSlasher(set)).to.equal(stranger.address);
      expect(await allocations.getStrategiesInOperatorSet(set)).to.deep.equal([strategy]);
      expect(await allocations.getMemberCount(set)).to.equal(0n);
    });

    it("knows no slasher of a set that does not exist", async () => {
      const { allocations, avs } = await deployEigenLayer();
      expect(await allocations.getSlasher({ avs: avs.address, id: 8n })).to.equal(ZeroAddress);
    });

    it("announces the set, its strategies and its slasher", async () => {
      const { allocations, avs, bob, strategy, ethers } = await deployEigenLayer();
      const made = allocations
        .connect(avs)
        .createOperatorSets(avs.address, [{ operatorSetId: 8n, strategies: [strategy], slasher: bob.address }]);
      const set = [avs.address, 8n];
      await expect(made).to.emit(allocations, "OperatorSetCreated").withArgs(set);
      await expect(made).to.emit(allocations, "StrategyAddedToOperatorSet").withArgs(set, strategy);
      await expect(made)
        .to.emit(allocations, "SlasherUpdated")
        .withArgs(set, bob.address, await ethers.provider.getBlockNumber());
    });

    it("wants the AVS to describe itself first: NonexistentAVSMetadata", async () => {
      const { allocations, bob } = await deployEigenLayer();
      await expect(allocations.connect(bob).createOperatorSets(bob.address, [])).to.be.revertedWithCustomError(
        allocations,
        "NonexistentAVSMetadata",
      );
    });

    it("refuses a number twice: InvalidOperatorSet", async () => {
      const { allocations, avs, strategy } = await deployEigenLayer();
      await expect(
        allocations
          .connect(avs)
          .createOperatorSets(avs.address, [{ operatorSetId: SET_ID, strategies: [strategy], slasher: avs.address }]),
      ).to.be.revertedWithCustomError(allocations, "InvalidOperatorSet");
    });

    it("refuses a strategy twice: StrategyAlreadyInOperatorSet", async () => {
      const { allocations, avs, strategy } = await deployEigenLayer();
      await expect(
        allocations
          .connect(avs)
          .createOperatorSets(avs.address, [
            { operatorSetId: 8n, strategies: [strategy, strategy], slasher: avs.address },
          ]),
      ).to.be.revertedWithCustomError(allocations, "StrategyAlreadyInOperatorSet");
    });

    it("refuses a set without a slasher: InputAddressZero", async () => {
      const { allocations, avs, strategy } = await deployEigenLayer();
      await expect(
        allocations
          .connect(avs)
          .createOperatorSets(avs.address, [{ operatorSetId: 8n, strategies: [strategy], slasher: ZeroAddress }]),
      ).to.be.revertedWithCustomError(allocations, "InputAddressZero");
    });

    it("is for the AVS alone: InvalidPermissions", async () => {
      const { allocations, avs, bob } = await deployEigenLayer();
      await expect(allocations.connect(bob).createOperatorSets(avs.address, [])).to.be.revertedWithCustomError(
        allocations,
        "InvalidPermissions",
      );
    });
  });

  describe("removeStrategiesFromOperatorSet", () => {
    it("trap 11: takes stake out of reach at once, while getMinimumSlashableStake goes on counting it", async () => {
      const eigen = await withMember();
      const { allocations, avs, alice, set, strategy, ethers } = eigen;
      await expect(allocations.connect(avs).removeStrategiesFromOperatorSet(avs.address, SET_ID, [strategy]))
        .to.emit(allocations, "StrategyRemovedFromOperatorSet")
        .withArgs([avs.address, SET_ID], strategy);
      expect(await allocations.getStrategiesInOperatorSet(set)).to.deep.equal([]);
      await expect(slash(eigen, { wad: WAD })).to.be.revertedWithCustomError(allocations, "StrategyNotInOperatorSet");
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
        [2n * STAKE],
      ]);
      await allocate(alice, { operatorSet: set, strategy, magnitude: 0n });
      expect(await allocations.getAllocatableMagnitude(alice.address, strategy)).to.equal(WAD);
    });

    it("is for the AVS alone, of strategies that are there: InvalidPermissions, InvalidOperatorSet, StrategyNotInOperatorSet", async () => {
      const { allocations, avs, alice, strategy } = await withMember();
      const remove = (from: typeof avs, id: bigint, removed: string) =>
        allocations.connect(from).removeStrategiesFromOperatorSet(avs.address, id, [removed]);
      await expect(remove(alice, SET_ID, strategy)).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
      await expect(remove(avs, 8n, strategy)).to.be.revertedWithCustomError(allocations, "InvalidOperatorSet");
      await expect(remove(avs, SET_ID, alice.address)).to.be.revertedWithCustomError(
        allocations,
        "StrategyNotInOperatorSet",
      );
    });
  });

  describe("registerForOperatorSets", () => {
    const enter = (avs: string, id: bigint = SET_ID, data = "0x") => ({ avs, operatorSetIds: [id], data });

    it("makes the operator a member and calls the registrar back with its data", async () => {
      const { allocations, avs, alice, registrar, set } = await withOperator();
      const entered = allocations
        .connect(alice)
        .registerForOperatorSets(alice.address, enter(avs.address, SET_ID, "0xc0de"));
      await expect(entered)
        .to.emit(allocations, "OperatorAddedToOperatorSet")
        .withArgs(alice.address, [avs.address, SET_ID]);
      await expect(entered)
        .to.emit(registrar, "OperatorRegistered")
        .withArgs(EIGENLAYER.allocationManager, alice.address, avs.address, [SET_ID], "0xc0de");
      expect(await allocations.getMembers(set)).to.deep.equal([alice.address]);
      expect(await allocations.getMemberCount(set)).to.equal(1n);
      expect(await allocations.isMemberOfOperatorSet(alice.address, set)).to.equal(true);
      expect(await allocations.isOperatorSlashable(alice.address, set)).to.equal(true);
      expect(await allocations.getRegisteredSets(alice.address)).to.deep.equal([[avs.address, SET_ID]]);
    });

    it("fails as the registrar does, and leaves no member", async () => {
      const { allocations, avs, alice, registrar, set } = await withOperator();
      await registrar.close();
      await expect(
        allocations.connect(alice).registerForOperatorSets(alice.address, enter(avs.address)),
      ).to.be.revertedWithCustomError(registrar, "Closed");
      expect(await allocations.getMembers(set)).to.deep.equal([]);
    });

    it("refuses one who is no operator: InvalidOperator", async () => {
      const { allocations, avs, bob } = await withOperator();
      await expect(
        allocations.connect(bob).registerForOperatorSets(bob.address, enter(avs.address)),
      ).to.be.revertedWithCustomError(allocations, "InvalidOperator");
    });

    it("refuses a set that does not exist: InvalidOperatorSet", async () => {
      const { allocations, avs, alice } = await withOperator();
      await expect(
        allocations.connect(alice).registerForOperatorSets(alice.address, enter(avs.address, 8n)),
      ).to.be.revertedWithCustomError(allocations, "InvalidOperatorSet");
    });

    it("refuses a member: AlreadyMemberOfSet", async () => {
      const { allocations, avs, alice } = await withMember();
      await expect(
        allocations.connect(alice).registerForOperatorSets(alice.address, enter(avs.address)),
      ).to.be.revertedWithCustomError(allocations, "AlreadyMemberOfSet");
    });

    it("refuses one that has left until it can be slashed no more, and takes it back then", async () => {
      const { allocations, avs, alice, set, networkHelpers } = await withMember();
      await allocations
        .connect(alice)
        .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
      // The next transaction runs in the last block of the delay.
      await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await expect(
        allocations.connect(alice).registerForOperatorSets(alice.address, enter(avs.address)),
      ).to.be.revertedWithCustomError(allocations, "AlreadyMemberOfSet");
      await networkHelpers.mine(1);
      await allocations.connect(alice).registerForOperatorSets(alice.address, enter(avs.address));
      expect(await allocations.isMemberOfOperatorSet(alice.address, set)).to.equal(true);
    });

    it("is for the operator alone: InvalidPermissions", async () => {
      const { allocations, avs, alice } = await withOperator();
      await expect(
        allocations.connect(avs).registerForOperatorSets(alice.address, enter(avs.address)),
      ).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
    });
  });

  describe("deregisterFromOperatorSets", () => {
    const leave = (operator: string, avs: string, id: bigint = SET_ID) => ({ operator, avs, operatorSetIds: [id] });

    it("lets the operator leave and calls the registrar back", async () => {
      const { allocations, avs, alice, registrar, set } = await withMember();
      const left = allocations.connect(alice).deregisterFromOperatorSets(leave(alice.address, avs.address));
      await expect(left)
        .to.emit(allocations, "OperatorRemovedFromOperatorSet")
        .withArgs(alice.address, [avs.address, SET_ID]);
      await expect(left)
        .to.emit(registrar, "OperatorDeregistered")
        .withArgs(EIGENLAYER.allocationManager, alice.address, avs.address, [SET_ID]);
      expect(await allocations.getMembers(set)).to.deep.equal([]);
      expect(await allocations.isMemberOfOperatorSet(alice.address, set)).to.equal(false);
      expect(await allocations.getRegisteredSets(alice.address)).to.deep.equal([]);
    });

    it("lets the AVS remove an operator", async () => {
      const { allocations, avs, alice, set } = await withMember();
      await allocations.connect(avs).deregisterFromOperatorSets(leave(alice.address, avs.address));
      expect(await allocations.getMemberCount(set)).to.equal(0n);
    });

    it("keeps the operator slashable through the last block of the delay", async () => {
      const { allocations, avs, alice, set, networkHelpers } = await withMember();
      await allocations.connect(alice).deregisterFromOperatorSets(leave(alice.address, avs.address));
      await networkHelpers.mine(DEALLOCATION_DELAY);
      expect(await allocations.isOperatorSlashable(alice.address, set)).to.equal(true);
      await networkHelpers.mine(1);
      expect(await allocations.isOperatorSlashable(alice.address, set)).to.equal(false);
    });

    it("fails as the registrar does, and keeps the member", async () => {
      const { allocations, avs, alice, registrar, set } = await withMember();
      await registrar.close();
      await expect(
        allocations.connect(alice).deregisterFromOperatorSets(leave(alice.address, avs.address)),
      ).to.be.revertedWithCustomError(registrar, "Closed");
      expect(await allocations.isMemberOfOperatorSet(alice.address, set)).to.equal(true);
    });

    it("is for the operator and the AVS alone: InvalidCaller", async () => {
      const { allocations, avs, alice, bob } = await withMember();
      await expect(
        allocations.connect(bob).deregisterFromOperatorSets(leave(alice.address, avs.address)),
      ).to.be.revertedWithCustomError(allocations, "InvalidCaller");
    });

    it("refuses a set that does not exist: InvalidOperatorSet", async () => {
      const { allocations, avs, alice } = await withMember();
      await expect(
        allocations.connect(alice).deregisterFromOperatorSets(leave(alice.address, avs.address, 8n)),
      ).to.be.revertedWithCustomError(allocations, "InvalidOperatorSet");
    });

    it("refuses one who is no member: NotMemberOfSet", async () => {
      const { allocations, avs, alice } = await withOperator();
      await expect(
        allocations.connect(alice).deregisterFromOperatorSets(leave(alice.address, avs.address)),
      ).to.be.revertedWithCustomError(allocations, "NotMemberOfSet");
    });
  });
});
