import { expect } from "chai";

import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { deployEigenLayer } from "./fixture.ts";

const TARGET = EIGENLAYER.allocationManager;

describe("EigenLayer: who may act for an account", () => {
  const updateUri = async () => {
    const eigen = await deployEigenLayer();
    const { selector } = eigen.allocations.getFunction("updateAVSMetadataURI").fragment;
    return { ...eigen, selector };
  };

  it("is the account itself alone at first", async () => {
    const { permissions, alice, bob, selector } = await updateUri();
    expect(await permissions.isAdmin(alice.address, alice.address)).to.equal(true);
    expect(await permissions.canCall(alice.address, alice.address, TARGET, selector)).to.equal(true);
    expect(await permissions.isAdmin(alice.address, bob.address)).to.equal(false);
    expect(await permissions.canCall(alice.address, bob.address, TARGET, selector)).to.equal(false);
  });

  describe("appointees", () => {
    it("call one function of one contract in the account's name", async () => {
      const { permissions, allocations, avs, bob, registrar, selector } = await updateUri();
      await expect(permissions.connect(avs).setAppointee(avs.address, bob.address, TARGET, selector))
        .to.emit(permissions, "AppointeeSet")
        .withArgs(avs.address, bob.address, TARGET, selector);
      await expect(allocations.connect(bob).updateAVSMetadataURI(avs.address, "ipfs://bob"))
        .to.emit(allocations, "AVSMetadataURIUpdated")
        .withArgs(avs.address, "ipfs://bob");
      await expect(allocations.connect(bob).setAVSRegistrar(avs.address, registrar)).to.be.revertedWithCustomError(
        allocations,
        "InvalidPermissions",
      );
      expect(await permissions.canCall(avs.address, bob.address, EIGENLAYER.keyRegistrar, selector)).to.equal(false);
      expect(await permissions.isAdmin(avs.address, bob.address)).to.equal(false);
    });

    it("leave the account its own rights", async () => {
      const { permissions, allocations, avs, bob, selector } = await updateUri();
      await permissions.connect(avs).setAppointee(avs.address, bob.address, TARGET, selector);
      await expect(allocations.connect(avs).updateAVSMetadataURI(avs.address, "ipfs://avs")).to.emit(
        allocations,
        "AVSMetadataURIUpdated",
      );
    });

    it("call it no more once they are removed", async () => {
      const { permissions, allocations, avs, bob, selector } = await updateUri();
      await permissions.connect(avs).setAppointee(avs.address, bob.address, TARGET, selector);
      await expect(permissions.connect(avs).removeAppointee(avs.address, bob.address, TARGET, selector))
        .to.emit(permissions, "AppointeeRemoved")
        .withArgs(avs.address, bob.address, TARGET, selector);
      await expect(
        allocations.connect(bob).updateAVSMetadataURI(avs.address, "ipfs://bob"),
      ).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
    });

    it("are appointed once and removed once: AppointeeAlreadySet, AppointeeNotSet", async () => {
      const { permissions, avs, bob, selector } = await updateUri();
      const call = [avs.address, bob.address, TARGET, selector] as const;
      const asAvs = permissions.connect(avs);
      await expect(asAvs.removeAppointee(...call)).to.be.revertedWithCustomError(permissions, "AppointeeNotSet");
      await asAvs.setAppointee(...call);
      await expect(asAvs.setAppointee(...call)).to.be.revertedWithCustomError(permissions, "AppointeeAlreadySet");
    });

    it("are named by administrators alone, not by appointees: NotAdmin", async () => {
      const { permissions, avs, bob, carol, selector } = await updateUri();
      const setAppointee = permissions.interface.getFunction("setAppointee").selector;
      await permissions
        .connect(avs)
        .setAppointee(avs.address, bob.address, EIGENLAYER.permissionController, setAppointee);
      await expect(
        permissions.connect(bob).setAppointee(avs.address, carol.address, TARGET, selector),
      ).to.be.revertedWithCustomError(permissions, "NotAdmin");
      await expect(
        permissions.connect(bob).removeAppointee(avs.address, bob.address, TARGET, selector),
      ).to.be.revertedWithCustomError(permissions, "NotAdmin");
    });
  });

  describe("administrators", () => {
    it("are so once they accept, and then the account itself is none", async () => {
      const { permissions, allocations, avs, bob } = await updateUri();
      await expect(permissions.connect(avs).addPendingAdmin(avs.address, bob.address))
        .to.emit(permissions, "PendingAdminAdded")
        .withArgs(avs.address, bob.address);
      expect(await permissions.isAdmin(avs.address, bob.address)).to.equal(false);
      expect(await permissions.isAdmin(avs.address, avs.address)).to.equal(true);
      await expect(permissions.connect(bob).acceptAdmin(avs.address))
        .to.emit(permissions, "AdminSet")
        .withArgs(avs.address, bob.address);
      expect(await permissions.isAdmin(avs.address, bob.address)).to.equal(true);
      expect(await permissions.isAdmin(avs.address, avs.address)).to.equal(false);
      await allocations.connect(bob).updateAVSMetadataURI(avs.address, "ipfs://bob");
      await expect(
        allocations.connect(avs).updateAVSMetadataURI(avs.address, "ipfs://avs"),
      ).to.be.revertedWithCustomError(allocations, "InvalidPermissions");
    });

    it("remove one another, but never the last: CannotHaveZeroAdmins", async () => {
      const { permissions, avs, bob, carol } = await updateUri();
      await permissions.connect(avs).addPendingAdmin(avs.address, bob.address);
      await permissions.connect(bob).acceptAdmin(avs.address);
      const asBob = permissions.connect(bob);
      await expect(asBob.removeAdmin(avs.address, bob.address)).to.be.revertedWithCustomError(
        permissions,
        "CannotHaveZeroAdmins",
      );
      await asBob.addPendingAdmin(avs.address, carol.address);
      await permissions.connect(carol).acceptAdmin(avs.address);
      await expect(asBob.removeAdmin(avs.address, avs.address)).to.be.revertedWithCustomError(
        permissions,
        "AdminNotSet",
      );
      await expect(permissions.connect(carol).removeAdmin(avs.address, bob.address))
        .to.emit(permissions, "AdminRemoved")
        .withArgs(avs.address, bob.address);
      expect(await permissions.isAdmin(avs.address, bob.address)).to.equal(false);
    });

    it("are asked by administrators, once: NotAdmin, AdminNotPending, AdminAlreadyPending, AdminAlreadySet", async () => {
      const { permissions, avs, bob, carol } = await updateUri();
      const ask = (as: typeof avs) => permissions.connect(as).addPendingAdmin(avs.address, bob.address);
      await expect(ask(carol)).to.be.revertedWithCustomError(permissions, "NotAdmin");
      await expect(permissions.connect(bob).acceptAdmin(avs.address)).to.be.revertedWithCustomError(
        permissions,
        "AdminNotPending",
      );
      await ask(avs);
      await expect(ask(avs)).to.be.revertedWithCustomError(permissions, "AdminAlreadyPending");
      await permissions.connect(bob).acceptAdmin(avs.address);
      await expect(ask(bob)).to.be.revertedWithCustomError(permissions, "AdminAlreadySet");
      await expect(permissions.connect(carol).removeAdmin(avs.address, bob.address)).to.be.revertedWithCustomError(
        permissions,
        "NotAdmin",
      );
    });
  });
});
