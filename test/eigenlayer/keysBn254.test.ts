import { expect } from "chai";
import { dataSlice, id, keccak256, toBeHex, TypedDataEncoder } from "ethers";

import { EIGENLAYER, KEY_CURVE } from "../../src/chain/eigenlayer.ts";
import { registerKey } from "../../src/testing/eigenlayer.ts";
import { join, uint } from "../../src/wire/bytes.ts";
import { Bn254Key, encodeRegistrarKey, FIELD_PRIME, GROUP_ORDER, type Hex } from "../../src/wire/index.ts";
import { type Eigen, deployEigenLayer } from "./fixture.ts";

/** A fixed key that nobody has on mainnet. */
const bn254Key = (n: number): Bn254Key =>
  new Bn254Key(uint(BigInt(id(`parley.test.eigenlayer.bn254.${n}`)) % GROUP_ORDER, 32, "secret"));

const KEY = bn254Key(1);
const KEY_DATA = encodeRegistrarKey(KEY.publicKey);

/** EigenLayer with a set of this curve. */
async function withSet(): Promise<Eigen> {
  const eigen = await deployEigenLayer();
  const set = { avs: eigen.avs.address, id: 9n };
  await eigen.keys.connect(eigen.avs).configureOperatorSet(set, KEY_CURVE.bn254);
  return { ...eigen, set };
}

/** Registers a key for Alice with a proof of possession by whatever key of whatever digest is wanted. */
async function register(
  { keys, alice, set }: Eigen,
  overrides: { data?: Hex; by?: Bn254Key; digest?: Hex; proof?: Hex } = {},
) {
  const data = overrides.data ?? KEY_DATA;
  const digest = overrides.digest ?? (await keys.getBN254KeyRegistrationMessageHash(alice.address, set, data));
  const proof = overrides.proof ?? (overrides.by ?? KEY).provePossession(digest);
  return keys.connect(alice).registerKey(alice.address, set, data, proof, { gasLimit: 5_000_000 });
}

describe("EigenLayer: BN254 keys", () => {
  it("keeps the key of one who proves to have its secret, and says whose it is by its half in G1", async () => {
    const eigen = await withSet();
    const { keys, alice, set } = eigen;
    expect(await keys.getOperatorSetCurveType(set)).to.equal(KEY_CURVE.bn254);
    await expect(register(eigen))
      .to.emit(keys, "KeyRegistered")
      .withArgs([set.avs, set.id], alice.address, KEY_CURVE.bn254, KEY_DATA);
    const { g1Point, g2Point } = await keys.getBN254Key(set, alice.address);
    expect(join(...[g1Point.X, g1Point.Y].map((part) => uint(part, 32, "part")))).to.equal(KEY.publicKey.g1);
    expect(join(...[...g2Point.X, ...g2Point.Y].map((part) => uint(part, 32, "part")))).to.equal(KEY.publicKey.g2);
    expect(
      await keys.encodeBN254KeyData({ X: g1Point.X, Y: g1Point.Y }, { X: [...g2Point.X], Y: [...g2Point.Y] }),
    ).to.equal(KEY_DATA);
    expect(await keys.getOperatorFromSigningKey(set, KEY.publicKey.g1)).to.deep.equal([alice.address, true]);
    expect(await keys.getOperatorFromSigningKey(set, KEY_DATA)).to.deep.equal([alice.address, true]);
    expect(await keys.isKeyGloballyRegistered(keccak256(KEY.publicKey.g1))).to.equal(true);
  });

  it("asks for a signature over an EIP-712 digest under its domain", async () => {
    const { keys, alice, set, ethers } = await withSet();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "EigenLayer", version: "1", chainId, verifyingContract: EIGENLAYER.keyRegistrar };
    const types = {
      BN254KeyRegistration: [
        { name: "operator", type: "address" },
        { name: "avs", type: "address" },
        { name: "operatorSetId", type: "uint32" },
        { name: "keyData", type: "bytes" },
      ],
    };
    const message = { operator: alice.address, avs: set.avs, operatorSetId: set.id, keyData: KEY_DATA };
    expect(await keys.getBN254KeyRegistrationMessageHash(alice.address, set, KEY_DATA)).to.equal(
      TypedDataEncoder.hash(domain, types, message),
    );
  });

  it("trap 9: refuses a proof by another key, over another operator, set or key, and no signature at all: InvalidSignature", async () => {
    const eigen = await withSet();
    const { keys, alice, bob, set } = eigen;
    const other = bn254Key(2);
    const digestOf = (operator: string, setId: bigint, data: Hex): Promise<Hex> =>
      keys.getBN254KeyRegistrationMessageHash(operator, { ...set, id: setId }, data);
    const mixed = join(KEY.publicKey.g1, other.publicKey.g2);
    for (const overrides of [
      { by: other },
      { digest: await digestOf(bob.address, set.id, KEY_DATA) },
      { digest: await digestOf(alice.address, set.id + 1n, KEY_DATA) },
      { data: mixed },
      { data: mixed, by: other },
      { proof: toBeHex(0, 64) },
      { proof: "0x" },
      { proof: dataSlice(KEY.provePossession(id("it")), 0, 63) },
    ]) {
      await expect(register(eigen, overrides)).to.be.revertedWithCustomError(keys, "InvalidSignature");
    }
  });

  it("refuses what is not 192 bytes, and the identity: InvalidKeyFormat, ZeroPubkey; and reverts at what is no point", async () => {
    const eigen = await withSet();
    const { keys, ethers } = eigen;
    for (const data of ["0x", dataSlice(KEY_DATA, 0, 191), join(KEY_DATA, "0x00"), KEY.publicKey.g1]) {
      await expect(register(eigen, { data })).to.be.revertedWithCustomError(keys, "InvalidKeyFormat");
    }
    const zero = join(toBeHex(0, 64), KEY.publicKey.g2);
    await expect(register(eigen, { data: zero })).to.be.revertedWithCustomError(keys, "ZeroPubkey");
    const x = BigInt(dataSlice(KEY_DATA, 0, 32));
    for (const data of [
      join(uint(x + FIELD_PRIME, 32, "x"), dataSlice(KEY_DATA, 32)),
      join(uint(x + 1n, 32, "x"), dataSlice(KEY_DATA, 32)),
      join(dataSlice(KEY_DATA, 0, 191), toBeHex(Number(dataSlice(KEY_DATA, 191)) ^ 1, 1)),
    ]) {
      await expect(register(eigen, { data })).to.be.revert(ethers);
    }
    await expect(register(eigen, { proof: join(toBeHex(1, 32), toBeHex(1, 32)) })).to.be.revert(ethers);
  });

  it("refuses a key that any operator has, in any set, with whatever proof of it: KeyAlreadyRegistered", async () => {
    const eigen = await withSet();
    const { keys, avs, bob } = eigen;
    await register(eigen);
    const elsewhere = { avs: avs.address, id: 10n };
    await keys.connect(avs).configureOperatorSet(elsewhere, KEY_CURVE.bn254);
    const proof = KEY.provePossession(await keys.getBN254KeyRegistrationMessageHash(bob.address, elsewhere, KEY_DATA));
    await expect(keys.connect(bob).registerKey(bob.address, elsewhere, KEY_DATA, proof)).to.be.revertedWithCustomError(
      keys,
      "KeyAlreadyRegistered",
    );
  });

  it("trap 12: an operator without a key reads as the identity; and each curve has its own getter: InvalidCurveType", async () => {
    const { keys, alice, set, avs } = await withSet();
    const { g1Point, g2Point } = await keys.getBN254Key(set, alice.address);
    expect([...g1Point, ...g2Point.X, ...g2Point.Y]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    await expect(keys.getECDSAKey(set, alice.address)).to.be.revertedWithCustomError(keys, "InvalidCurveType");
    for (const curve of [KEY_CURVE.none, KEY_CURVE.ecdsa]) {
      const other = { avs: avs.address, id: 20n + curve };
      if (curve !== KEY_CURVE.none) await keys.connect(avs).configureOperatorSet(other, curve);
      await expect(keys.getBN254Key(other, alice.address)).to.be.revertedWithCustomError(keys, "InvalidCurveType");
    }
  });

  it("is registered by `registerKey` of the library, which asks the KeyRegistrar what to sign", async () => {
    const { keys, alice, set } = await withSet();
    await registerKey(alice, set, KEY);
    expect(await keys.isRegistered(set, alice.address)).to.equal(true);
  });
});
