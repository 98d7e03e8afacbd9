import { expect } from "chai";
import { computeAddress, concat, keccak256, type SigningKey, toBeHex, TypedDataEncoder, ZeroAddress } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER, KEY_CURVE } from "../../src/chain/eigenlayer.ts";
import { registerKey } from "../../src/testing/eigenlayer.ts";
import { type Eigen, deployEigenLayer, SET_ID, signingKey, withMember } from "./fixture.ts";

const KEY = signingKey(1);
const KEY_ADDRESS = computeAddress(KEY.publicKey);

/** Registers a key for Alice with a signature over whatever digest is wanted. */
async function register(
  { keys, alice, set }: Eigen,
  key: SigningKey,
  overrides: { pubkey?: string; digest?: string } = {},
) {
  const address = computeAddress(key.publicKey);
  const digest = overrides.digest ?? (await keys.getECDSAKeyRegistrationMessageHash(alice.address, set, address));
  return keys.connect(alice).registerKey(alice.address, set, overrides.pubkey ?? address, key.sign(digest).serialized);
}

describe("EigenLayer: keys", () => {
  describe("configureOperatorSet", () => {
    it("gives a set its curve; the set need not exist", async () => {
      const { keys, avs } = await deployEigenLayer();
      const set = { avs: avs.address, id: 8n };
      expect(await keys.getOperatorSetCurveType(set)).to.equal(KEY_CURVE.none);
      await expect(keys.connect(avs).configureOperatorSet(set, KEY_CURVE.ecdsa))
        .to.emit(keys, "OperatorSetConfigured")
        .withArgs([avs.address, 8n], KEY_CURVE.ecdsa);
      expect(await keys.getOperatorSetCurveType(set)).to.equal(KEY_CURVE.ecdsa);
    });

    it("refuses to change it: ConfigurationAlreadySet", async () => {
      const { keys, avs, set } = await deployEigenLayer();
      await expect(keys.connect(avs).configureOperatorSet(set, KEY_CURVE.ecdsa)).to.be.revertedWithCustomError(
        keys,
        "ConfigurationAlreadySet",
      );
    });

    it("refuses no curve: InvalidCurveType", async () => {
      const { keys, avs } = await deployEigenLayer();
      await expect(
        keys.connect(avs).configureOperatorSet({ avs: avs.address, id: 8n }, KEY_CURVE.none),
      ).to.be.revertedWithCustomError(keys, "InvalidCurveType");
    });

    it("is for the AVS alone: InvalidPermissions", async () => {
      const { keys, bob, avs } = await deployEigenLayer();
      await expect(
        keys.connect(bob).configureOperatorSet({ avs: avs.address, id: 8n }, KEY_CURVE.ecdsa),
      ).to.be.revertedWithCustomError(keys, "InvalidPermissions");
    });
  });

  describe("registerKey", () => {
    it("keeps the key of one who proves to hold it", async () => {
      const eigen = await deployEigenLayer();
      const { keys, alice, avs, set } = eigen;
      expect(await keys.isRegistered(set, alice.address)).to.equal(false);
      expect(await keys.isKeyGloballyRegistered(keccak256(KEY_ADDRESS))).to.equal(false);
      await expect(register(eigen, KEY))
        .to.emit(keys, "KeyRegistered")
        .withArgs([avs.address, SET_ID], alice.address, KEY_CURVE.ecdsa, KEY_ADDRESS.toLowerCase());
      expect(await keys.isRegistered(set, alice.address)).to.equal(true);
      expect(await keys.getECDSAKey(set, alice.address)).to.equal(KEY_ADDRESS.toLowerCase());
      expect(await keys.getECDSAAddress(set, alice.address)).to.equal(KEY_ADDRESS);
      expect(await keys.getOperatorFromSigningKey(set, KEY_ADDRESS)).to.deep.equal([alice.address, true]);
      expect(await keys.isKeyGloballyRegistered(keccak256(KEY_ADDRESS))).to.equal(true);
    });

    it("asks for an EIP-712 signature under EigenLayer's domain", async () => {
      const { keys, alice, set, ethers } = await deployEigenLayer();
      const { chainId } = await ethers.provider.getNetwork();
      const domain = { name: "EigenLayer", version: "1", chainId, verifyingContract: EIGENLAYER.keyRegistrar };
      const types = {
        ECDSAKeyRegistration: [
          { name: "operator", type: "address" },
          { name: "avs", type: "address" },
          { name: "operatorSetId", type: "uint32" },
          { name: "keyAddress", type: "address" },
        ],
      };
      const message = { operator: alice.address, avs: set.avs, operatorSetId: set.id, keyAddress: KEY_ADDRESS };
      expect(await keys.domainSeparator()).to.equal(TypedDataEncoder.hashDomain(domain));
      expect(await keys.getECDSAKeyRegistrationMessageHash(alice.address, set, KEY_ADDRESS)).to.equal(
        TypedDataEncoder.hash(domain, types, message),
      );
    });

    it("trap 9: refuses a signature of another key, over another operator, and in another set: InvalidSignature", async () => {
      const eigen = await deployEigenLayer();
      const { keys, alice, bob, set } = eigen;
      const digestOf = (operator: string, id: bigint) =>
        keys.getECDSAKeyRegistrationMessageHash(operator, { ...set, id }, KEY_ADDRESS);
      const other = computeAddress(signingKey(2).publicKey);
      for (const overrides of [
        { pubkey: other, digest: await keys.getECDSAKeyRegistrationMessageHash(alice.address, set, other) },
        { digest: await digestOf(bob.address, SET_ID) },
        { digest: await digestOf(alice.address, SET_ID + 1n) },
      ]) {
        await expect(register(eigen, KEY, overrides)).to.be.revertedWithCustomError(keys, "InvalidSignature");
      }
    });

    it("takes the signature of a key whose account has code (EIP-7702)", async () => {
      const eigen = await deployEigenLayer();
      const { keys, alice, set, registrar, networkHelpers } = eigen;
      await networkHelpers.setCode(KEY_ADDRESS, `0xef0100${(await registrar.getAddress()).slice(2).toLowerCase()}`);
      await register(eigen, KEY);
      expect(await keys.getECDSAAddress(set, alice.address)).to.equal(KEY_ADDRESS);
    });

    it("refuses a signature with a high s: InvalidSignature", async () => {
      const { keys, alice, set } = await deployEigenLayer();
      const { r, s, v } = KEY.sign(await keys.getECDSAKeyRegistrationMessageHash(alice.address, set, KEY_ADDRESS));
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const high = concat([r, toBeHex(order - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
      await expect(
        keys.connect(alice).registerKey(alice.address, set, KEY_ADDRESS, high),
      ).to.be.revertedWithCustomError(keys, "InvalidSignature");
    });

    it("needs no membership", async () => {
      const eigen = await deployEigenLayer();
      const { keys, allocations, alice, set } = eigen;
      await register(eigen, KEY);
      expect(await allocations.isMemberOfOperatorSet(alice.address, set)).to.equal(false);
      expect(await keys.isRegistered(set, alice.address)).to.equal(true);
    });

    it("refuses a key that any operator has, in any set: KeyAlreadyRegistered", async () => {
      const eigen = await deployEigenLayer();
      const { keys, avs, bob } = eigen;
      await register(eigen, KEY);
      const elsewhere = { avs: avs.address, id: 8n };
      await keys.connect(avs).configureOperatorSet(elsewhere, KEY_CURVE.ecdsa);
      const digest = await keys.getECDSAKeyRegistrationMessageHash(bob.address, elsewhere, KEY_ADDRESS);
      await expect(
        keys.connect(bob).registerKey(bob.address, elsewhere, KEY_ADDRESS, KEY.sign(digest).serialized),
      ).to.be.revertedWithCustomError(keys, "KeyAlreadyRegistered");
    });

    it("refuses a second key in the set: OperatorAlreadyRegistered", async () => {
      const eigen = await deployEigenLayer();
      await register(eigen, KEY);
      await expect(register(eigen, signingKey(2))).to.be.revertedWithCustomError(
        eigen.keys,
        "OperatorAlreadyRegistered",
      );
    });

    it("refuses what is not 20 bytes, and zero: InvalidKeyFormat, ZeroPubkey", async () => {
      const eigen = await deployEigenLayer();
      for (const pubkey of ["0x", KEY_ADDRESS.slice(0, -2), `${KEY_ADDRESS}00`]) {
        await expect(register(eigen, KEY, { pubkey })).to.be.revertedWithCustomError(eigen.keys, "InvalidKeyFormat");
      }
      await expect(register(eigen, KEY, { pubkey: ZeroAddress })).to.be.revertedWithCustomError(
        eigen.keys,
        "ZeroPubkey",
      );
    });

    it("refuses a set without a curve: OperatorSetNotConfigured", async () => {
      const { keys, alice, avs } = await deployEigenLayer();
      await expect(
        keys.connect(alice).registerKey(alice.address, { avs: avs.address, id: 8n }, KEY_ADDRESS, "0x"),
      ).to.be.revertedWithCustomError(keys, "OperatorSetNotConfigured");
    });

    it("is for the operator alone: InvalidPermissions", async () => {
      const { keys, alice, bob, set } = await deployEigenLayer();
      await expect(keys.connect(bob).registerKey(alice.address, set, KEY_ADDRESS, "0x")).to.be.revertedWithCustomError(
        keys,
        "InvalidPermissions",
      );
    });
  });

  describe("deregisterKey", () => {
    /** Alice, with a key, has just left the set. */
    async function withLeaver() {
      const eigen = await withMember();
      const { allocations, alice, avs } = eigen;
      await registerKey(alice, eigen.set, KEY);
      await allocations
        .connect(alice)
        .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
      return eigen;
    }

    it("waits until the operator can be slashed no more: OperatorStillSlashable", async () => {
      const { keys, alice, avs, set, networkHelpers } = await withLeaver();
      await networkHelpers.mine(DEALLOCATION_DELAY - 1n);
      await expect(keys.connect(alice).deregisterKey(alice.address, set))
        .to.be.revertedWithCustomError(keys, "OperatorStillSlashable")
        .withArgs([avs.address, SET_ID], alice.address);
      await networkHelpers.mine(1);
      await expect(keys.connect(alice).deregisterKey(alice.address, set))
        .to.emit(keys, "KeyDeregistered")
        .withArgs([avs.address, SET_ID], alice.address, KEY_CURVE.ecdsa);
    });

    it("keeps whose key it was, for ever, and never takes it back", async () => {
      const eigen = await withLeaver();
      const { keys, alice, set, networkHelpers } = eigen;
      await networkHelpers.mine(DEALLOCATION_DELAY);
      await keys.connect(alice).deregisterKey(alice.address, set);
      expect(await keys.isRegistered(set, alice.address)).to.equal(false);
      expect(await keys.getOperatorFromSigningKey(set, KEY_ADDRESS)).to.deep.equal([alice.address, false]);
      expect(await keys.isKeyGloballyRegistered(keccak256(KEY_ADDRESS))).to.equal(true);
      await expect(register(eigen, KEY)).to.be.revertedWithCustomError(keys, "KeyAlreadyRegistered");
      await register(eigen, signingKey(2));
      expect(await keys.getOperatorFromSigningKey(set, KEY_ADDRESS)).to.deep.equal([alice.address, true]);
    });

    it("wants a key to remove: KeyNotFound", async () => {
      const { keys, alice, avs, set } = await deployEigenLayer();
      await expect(keys.connect(alice).deregisterKey(alice.address, set))
        .to.be.revertedWithCustomError(keys, "KeyNotFound")
        .withArgs([avs.address, SET_ID], alice.address);
    });

    it("refuses a set without a curve: OperatorSetNotConfigured", async () => {
      const { keys, alice, avs } = await deployEigenLayer();
      await expect(
        keys.connect(alice).deregisterKey(alice.address, { avs: avs.address, id: 8n }),
      ).to.be.revertedWithCustomError(keys, "OperatorSetNotConfigured");
    });

    it("is for the operator alone: InvalidPermissions", async () => {
      const { keys, alice, bob, set } = await deployEigenLayer();
      await expect(keys.connect(bob).deregisterKey(alice.address, set)).to.be.revertedWithCustomError(
        keys,
        "InvalidPermissions",
      );
    });
  });

  describe("views", () => {
    it("trap 12: an operator without a key reads as zero", async () => {
      const { keys, alice, set } = await deployEigenLayer();
      expect(await keys.getECDSAKey(set, alice.address)).to.equal("0x");
      expect(await keys.getECDSAAddress(set, alice.address)).to.equal(ZeroAddress);
    });

    it("know no owner of a key nobody registered", async () => {
      const { keys, set } = await deployEigenLayer();
      expect(await keys.getOperatorFromSigningKey(set, KEY_ADDRESS)).to.deep.equal([ZeroAddress, false]);
    });

    it("refuse a set without a curve: InvalidCurveType", async () => {
      const { keys, alice, avs } = await deployEigenLayer();
      const set = { avs: avs.address, id: 8n };
      await expect(keys.getECDSAKey(set, alice.address)).to.be.revertedWithCustomError(keys, "InvalidCurveType");
      await expect(keys.getECDSAAddress(set, alice.address)).to.be.revertedWithCustomError(keys, "InvalidCurveType");
      await expect(keys.getOperatorFromSigningKey(set, KEY_ADDRESS)).to.be.revertedWithCustomError(
        keys,
        "InvalidCurveType",
      );
    });
  });

  it("knows the AllocationManager at its mainnet address", async () => {
    const { keys } = await deployEigenLayer();
    expect(await keys.allocationManager()).to.equal(EIGENLAYER.allocationManager);
  });
});
