import { expect } from "chai";
import { AbiCoder, computeAddress, SigningKey } from "ethers";
import fc from "fast-check";

import { ParleyError } from "../../../src/errors.ts";
import { join, uint } from "../../../src/wire/bytes.ts";
import { eigenLayerHashToG1, pointByRoots, tryOf } from "../../../src/wire/bn254/hashToG1.ts";
import {
  curveRightSide,
  decodeG1,
  decodeG2,
  encodeG1,
  encodeG2,
  G1_GENERATOR,
  G2_GENERATOR,
  pairsToOne,
} from "../../../src/wire/bn254/points.ts";
import { areSignedBy, type SignedByKey } from "../../../src/wire/bn254/signatureBatch.ts";
import {
  aggregateG1Keys,
  aggregateG2Keys,
  aggregateKeys,
  aggregateSignatures,
  Bn254Key,
  checkBn254Certificate,
  checkPublicKey,
  decodeBn254Certificate,
  decodeRegistrarKey,
  decodeTable,
  encodeBn254Certificate,
  encodeRegistrarKey,
  encodeTable,
  FIELD_PRIME,
  GROUP_ORDER,
  hashToG1,
  isPossessed,
  isSignedBy,
  keyId,
  makeCertificate,
  presentOf,
  signBn254,
  signedWeight,
  signerOf,
  tableId,
  type Hex,
} from "../../../src/wire/index.ts";
import { hash, near } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/bn254", () => {
  const given = vectors("bn254");
  const keys = given.operators.map(({ secret }) => new Bn254Key(secret));
  const signers = { keys: given.operators.map(({ g1 }) => g1), allKey: given.allG2 };
  const hex = (value: bigint): Hex => uint(value, 32, "scalar");

  it("verifies many signatures at once as it does one by one, and finds those that are wrong", () => {
    const digest = given.hashes[0]!.digest;
    const [one, two, three, four] = keys.map((key) => ({ ...key.publicKey, signature: key.sign(digest) })) as [
      SignedByKey,
      SignedByKey,
      SignedByKey,
      SignedByKey,
    ];
    const all = keys.map((key) => ({ ...key.publicKey, signature: key.sign(digest) }));
    expect(areSignedBy(digest, all)).to.deep.equal(all.map(() => true));
    expect(areSignedBy(digest, [])).to.deep.equal([]);
    // Wrong by opposite amounts: their sum is right.
    const shift = decodeG1(two.g1, "point");
    const [more, less] = [
      { ...one, signature: encodeG1(decodeG1(one.signature, "signature").add(shift)) },
      { ...three, signature: encodeG1(decodeG1(three.signature, "signature").subtract(shift)) },
    ];
    const sums = [
      [one, three],
      [more, less],
    ].map((pair) => aggregateSignatures(pair.map(({ signature }) => signature)));
    expect(sums[0]).to.equal(sums[1]);
    const wrong: SignedByKey[] = [
      more,
      less,
      { ...one, signature: two.signature },
      { ...two, g1: one.g1 },
      { ...two, g2: one.g2 },
      { ...four, signature: keys[3]!.sign(given.hashes[1]!.digest) },
    ];
    const mixed = [one, ...wrong, two, three];
    const expected = [true, ...wrong.map(() => false), true, true];
    expect(areSignedBy(digest, mixed)).to.deep.equal(expected);
    expect(mixed.map((each) => isSignedBy(each, digest, each.signature))).to.deep.equal(expected);
    const none = { ...one, signature: `0x${"00".repeat(64)}` };
    const [refused, taken] = areSignedBy(digest, [none, four]);
    expect(refused).to.be.instanceOf(ParleyError).with.property("code", "wire/identity");
    expect(taken).to.equal(true);
    expect(areSignedBy("0x12", [four])[0])
      .to.be.instanceOf(ParleyError)
      .with.property("code", "wire/length");
  });

  it("replays the vectors of hashes to the curve", () => {
    for (const { digest, point, roots } of given.hashes) {
      const hashed = hashToG1(digest);
      expect(encodeG1(hashed.point)).to.equal(point);
      expect(hashed.roots).to.deep.equal(roots);
      expect(encodeG1(pointByRoots(digest, roots))).to.equal(point);
    }
    expect(given.hashes.map(({ roots }) => roots.length)).to.deep.equal([1, 2, 3, 4, 7]);
  });

  it("hashes to the first try that is on the curve, and shows by a root that none before it is", () => {
    check(
      fc.property(hash, (digest) => {
        const { point, roots } = hashToG1(digest);
        const { x, y } = point.toAffine();
        expect(x).to.equal(tryOf(digest, roots.length - 1));
        expect((y * y) % FIELD_PRIME).to.equal(curveRightSide(x));
        for (const [count, bytes] of roots.entries()) {
          const root = BigInt(bytes);
          expect(root < FIELD_PRIME && root % 2n === 0n).to.equal(true);
          const right = curveRightSide(tryOf(digest, count));
          const isLast = count === roots.length - 1;
          expect((root * root) % FIELD_PRIME).to.equal(isLast ? right : FIELD_PRIME - right);
        }
        expect(pointByRoots(digest, roots).equals(point)).to.equal(true);
      }),
    );
  });

  it("takes no other roots than those", () => {
    check(
      fc.property(hash, fc.nat(), fc.bigInt({ min: 0n, max: FIELD_PRIME - 1n }), (digest, place, other) => {
        const { roots } = hashToG1(digest);
        const at = place % roots.length;
        fc.pre(hex(other) !== roots[at]);
        const changed = roots.map((root, index) => (index === at ? hex(other) : root));
        expectRefusal(() => pointByRoots(digest, changed), "wire/root");
      }),
    );
  });

  it("replays the vectors of keys, and of what EigenLayer registers", () => {
    for (const [index, { secret, g1, g2, registrarKey }] of given.operators.entries()) {
      const key = keys[index]!;
      expect(key.publicKey).to.deep.equal({ g1, g2 });
      expect(key.secret).to.equal(secret);
      expect(encodeRegistrarKey(key.publicKey)).to.equal(registrarKey);
      expect(decodeRegistrarKey(registrarKey)).to.deep.equal(key.publicKey);
    }
    const [key] = given.operators;
    const [x, y, ...inG2] = AbiCoder.defaultAbiCoder().decode(
      ["uint256", "uint256", "uint256[2]", "uint256[2]"],
      key!.registrarKey,
    ) as unknown as [bigint, bigint, [bigint, bigint], [bigint, bigint]];
    expect(decodeG1(key!.g1, "key").toAffine()).to.deep.equal({ x, y });
    const [[x1, x0], [y1, y0]] = inG2;
    expect(decodeG2(key!.g2, "key").toAffine()).to.deep.equal({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
    expect(aggregateG1Keys(signers.keys)).to.equal(given.allG1);
    expect(aggregateG2Keys(given.operators.map(({ g2 }) => g2))).to.equal(given.allG2);
  });

  it("has the generators as the keys of the secret 1, and no key of 0 or of the order", () => {
    const { g1, g2 } = new Bn254Key(hex(1n)).publicKey;
    expect(g1).to.equal(join(hex(1n), hex(2n)));
    // EIP-197's generator, imaginary parts first.
    expect(g2).to.equal(
      join(
        hex(11559732032986387107991004021392285783925812861821192530917403151452391805634n),
        hex(10857046999023057135944570762232829481370756359578518086990519993285655852781n),
        hex(4082367875863433681332203403145435568316851327593401208105741076214120093531n),
        hex(8495653923123431417604973247489272438418190587263600148770280649306958101930n),
      ),
    );
    for (const secret of [0n, GROUP_ORDER, GROUP_ORDER + 1n]) {
      expectRefusal(() => new Bn254Key(hex(secret)), "wire/secret");
    }
    expectRefusal(() => new Bn254Key("0x01"), "wire/length");
    expect(Bn254Key.random().secret).to.not.equal(Bn254Key.random().secret);
  });

  it("does not show its secret where an object is printed", () => {
    const key = keys[0]!;
    expect(JSON.stringify(key)).to.not.contain(key.secret.slice(2));
  });

  it("replays the vectors of signatures and proofs of possession", () => {
    for (const { operator, digest, signature } of given.signatures) {
      expect(keys[operator]!.sign(digest)).to.equal(signature);
      expect(isSignedBy(keys[operator]!.publicKey, digest, signature!)).to.equal(true);
    }
    for (const { operator, digest, signature } of given.possessions) {
      expect(keys[operator]!.provePossession(digest)).to.equal(signature);
      expect(isPossessed(keys[operator]!.publicKey, digest, signature!)).to.equal(true);
    }
    const [first] = given.possessions;
    expect(isPossessed(keys[1]!.publicKey, first!.digest, first!.signature!)).to.equal(false);
    expect(encodeG1(eigenLayerHashToG1(first!.digest))).to.not.equal(encodeG1(hashToG1(first!.digest).point));
  });

  it("adds signatures up to one that the sum of the keys verifies, and no other", () => {
    const secret = fc.bigInt({ min: 1n, max: GROUP_ORDER - 1n }).map((value) => new Bn254Key(hex(value)));
    check(
      fc.property(fc.array(secret, { minLength: 2, maxLength: 3 }), hash, hash, (some, digest, other) => {
        fc.pre(digest !== other);
        const sum = aggregateKeys(some.map(({ publicKey }) => publicKey));
        const signature = aggregateSignatures(some.map((key) => key.sign(digest)));
        expect(isSignedBy(sum, digest, signature)).to.equal(true);
        expect(isSignedBy(sum, other, signature)).to.equal(false);
        expect(isSignedBy(some[0]!.publicKey, digest, signature)).to.equal(false);
      }),
      6,
    );
  });

  it("is not taken in by a key whose halves have two secrets, nor by one that cancels out", () => {
    const [one, two] = [keys[0]!, keys[1]!];
    const mixed = { g1: one.publicKey.g1, g2: two.publicKey.g2 };
    const { digest } = given.hashes[0]!;
    for (const key of [one, two]) expect(isSignedBy(mixed, digest, key.sign(digest))).to.equal(false);
    expectRefusal(() => checkPublicKey(mixed), "wire/key-mismatch");
    expectRefusal(() => decodeRegistrarKey(join(mixed.g1, mixed.g2)), "wire/key-mismatch");
    expectRefusal(() => decodeRegistrarKey(join(one.publicKey.g1, one.publicKey.g2, "0x00")), "wire/trailing");
    const minus = new Bn254Key(hex(GROUP_ORDER - BigInt(one.secret)));
    expectRefusal(() => aggregateKeys([one.publicKey, minus.publicKey]), "wire/identity");
    expectRefusal(() => aggregateG2Keys([one.publicKey.g2, minus.publicKey.g2]), "wire/identity");
    expectRefusal(() => aggregateSignatures([one.sign(digest), minus.sign(digest)]), "wire/identity");
    expectRefusal(() => aggregateSignatures([]), "wire/identity");
  });

  it("replays the vectors of certificates", () => {
    for (const { digest, absent, signature, signersKey, bytes } of given.certificates) {
      const key = absent.length === 0 ? undefined : signersKey;
      expect(encodeBn254Certificate({ signature, absent, signersKey: key }, digest)).to.equal(bytes);
      expect(decodeBn254Certificate(bytes, digest)).to.deep.equal({ signature, absent, signersKey: key });
      expect(checkBn254Certificate(signers, digest, bytes)).to.deep.equal(presentOf(absent, signers.keys.length));
    }
  });

  for (const { name, bytes, error } of given.invalidCertificates) {
    it(`R17 refuses a certificate: ${name}`, () => {
      expectRefusal(() => checkBn254Certificate(signers, given.invalidDigest, bytes), error);
    });
  }

  for (const { name, bytes, error } of given.invalidG1) {
    it(`refuses a point of G1: ${name}`, () => {
      expectRefusal(() => decodeG1(bytes, "point"), error);
    });
  }

  for (const { name, bytes, error } of given.invalidG2) {
    it(`refuses a point of G2: ${name}`, () => {
      expectRefusal(() => decodeG2(bytes, "point"), error);
    });
  }

  it("has one encoding of a certificate: whatever it accepts, it would have written so", () => {
    const some = fc
      .constantFrom(...given.certificates)
      .chain(({ digest, bytes }) => near(fc.constant(bytes)).map((changed) => ({ digest, bytes: changed })));
    check(
      fc.property(some, ({ digest, bytes }) => {
        const accepted = acceptedBy(() => decodeBn254Certificate(bytes, digest));
        if (accepted !== undefined) expect(encodeBn254Certificate(accepted, digest)).to.equal(bytes);
      }),
    );
  });

  it("writes no certificate that it would not read", () => {
    const { digest, signature, signersKey } = given.certificates[1]!;
    const write = (absent: number[], key: Hex | undefined) => () =>
      encodeBn254Certificate({ signature, absent, signersKey: key }, digest);
    expectRefusal(write([3], undefined), "wire/signers-key");
    expectRefusal(write([], signersKey), "wire/signers-key");
    expectRefusal(write([4, 3], signersKey), "wire/order");
    expectRefusal(write([3, 3], signersKey), "wire/order");
    expectRefusal(write([256], signersKey), "wire/range");
    expectRefusal(write([-1], signersKey), "wire/range");
  });

  it("takes no key in two halves of different secrets to EigenLayer, nor signers' keys that are none", () => {
    const mixed = { g1: keys[0]!.publicKey.g1, g2: keys[1]!.publicKey.g2 };
    const { digest, signature } = given.possessions[0]!;
    expectRefusal(() => encodeRegistrarKey(mixed), "wire/key-mismatch");
    expectRefusal(() => isPossessed(mixed, digest, signature!), "wire/key-mismatch");
    for (const { bytes, error } of given.invalidG2) {
      const certificate = { signature: signature!, absent: [1], signersKey: bytes };
      expectRefusal(() => encodeBn254Certificate(certificate, digest), error);
    }
  });

  it("calls the identity what has no coordinate but zeros, and nothing else", () => {
    for (const [x, y] of [
      [0n, 1n],
      [1n, 0n],
    ] as const) {
      expectRefusal(() => decodeG1(join(hex(x), hex(y)), "point"), "wire/off-curve");
      expectRefusal(() => decodeG2(join(hex(x), hex(0n), hex(y), hex(0n)), "point"), "wire/off-curve");
      expectRefusal(() => decodeG2(join(hex(0n), hex(x), hex(0n), hex(y)), "point"), "wire/off-curve");
    }
  });

  it("names what it refuses", () => {
    const { digest, signature: proof } = given.possessions[0]!;
    const [key, signature] = [keys[0]!.publicKey, keys[0]!.sign(digest)];
    const none = given.invalidG1[0]!;
    const none2 = given.invalidG2[0]!;
    const encode = (bytes: Hex, absent: number[] = []) =>
      encodeBn254Certificate({ signature: bytes, absent, signersKey: undefined }, digest);
    for (const [act, code, name] of [
      [() => hashToG1("0x01"), "wire/length", /^digest /],
      [() => eigenLayerHashToG1("0x01"), "wire/length", /^digest /],
      [() => pointByRoots(digest, []), "wire/range", /^number of roots /],
      [() => encode("0x01"), "wire/length", /^signature /],
      [() => encode(signature, [1, 2]), "wire/signers-key", /^2 operators .* is missing$/],
      [
        () => encodeBn254Certificate({ signature, absent: [], signersKey: key.g2 }, digest),
        "wire/signers-key",
        /^0 operators .* is given$/,
      ],
      [() => decodeRegistrarKey("0x01"), "wire/truncated", /"g1"/],
      [() => decodeRegistrarKey(join(key.g1, "0x01")), "wire/truncated", /"g2"/],
      [() => isPossessed(key, digest, none.bytes), none.error, /proof of possession/],
      [() => checkPublicKey({ ...key, g1: none.bytes }), none.error, /key in G1/],
      [() => checkPublicKey({ ...key, g2: none2.bytes }), none2.error, /key in G2/],
      [() => aggregateSignatures([none.bytes]), none.error, /signature/],
      [() => aggregateG1Keys([none.bytes]), none.error, /key in G1/],
      [() => aggregateG2Keys([none2.bytes]), none2.error, /key in G2/],
      [() => isSignedBy(key, digest, none.bytes), none.error, /signature/],
      [() => isSignedBy({ ...key, g1: none.bytes }, digest, signature), none.error, /key in G1/],
      [() => isSignedBy({ ...key, g2: none2.bytes }, digest, signature), none2.error, /key in G2/],
    ] as const) {
      expect(expectRefusal(act, code).message).to.match(name);
    }
    expect(isPossessed(key, digest, proof!)).to.equal(true);
  });

  it("pairs identities to one, and counts them for nothing beside others", () => {
    const [zero1, zero2] = [G1_GENERATOR.subtract(G1_GENERATOR), G2_GENERATOR.subtract(G2_GENERATOR)];
    const identities = [
      { g1: zero1, g2: G2_GENERATOR },
      { g1: G1_GENERATOR, g2: zero2 },
      { g1: zero1, g2: zero2 },
    ];
    expect(pairsToOne([])).to.equal(true);
    expect(pairsToOne(identities)).to.equal(true);
    const one = { g1: G1_GENERATOR, g2: G2_GENERATOR };
    expect(pairsToOne([...identities, one])).to.equal(false);
    expect(pairsToOne([...identities, one, { ...one, g1: G1_GENERATOR.negate() }])).to.equal(true);
  });

  it("reads what it writes of points", () => {
    const { g1, g2 } = given.operators[0]!;
    expect(encodeG1(decodeG1(g1, "point"))).to.equal(g1);
    expect(encodeG2(decodeG2(g2, "point"))).to.equal(g2);
  });

  it("replays the vectors of tables", () => {
    for (const { table, item, tableId: id } of given.tables) {
      expect(encodeTable({ ...table, operators: [...table.operators].reverse() }, given.settlement)).to.equal(item);
      expect(decodeTable(item, given.settlement)).to.deep.equal(table);
      expect(tableId(item)).to.equal(id);
    }
  });

  for (const { name, bytes, error } of given.invalidTables) {
    it(`refuses a table: ${name}`, () => {
      expectRefusal(() => decodeTable(bytes, given.settlement), error);
    });
  }

  it("R17 adds up the weight that signed, and makes the certificates of the vectors of each one's signature", () => {
    const { table } = given.tables[0]!;
    for (const { digest, absent, bytes, signedWeight: weight } of given.certificates) {
      expect(signedWeight(table, digest, bytes)).to.equal(weight);
      const signatures = presentOf(absent, keys.length).map((index) => {
        const signature = signBn254(keys[index]!, digest);
        expect(signerOf(digest, signature)).to.equal(given.operators[index]!.keyId);
        expect(keyId(table.operators[index]!.key)).to.equal(given.operators[index]!.keyId);
        return { index, signature };
      });
      expect(makeCertificate(table, digest, signatures)).to.equal(bytes);
    }
  });

  it("knows nobody by a signature over something else, or with another's key", () => {
    const [one, two] = [keys[0]!, keys[1]!];
    const { digest } = given.hashes[0]!;
    const signature = signBn254(one, digest);
    expectRefusal(() => signerOf(given.invalidDigest, signature), "wire/signature");
    expectRefusal(() => signerOf(digest, join(one.sign(digest), two.publicKey.g1, two.publicKey.g2)), "wire/signature");
    expectRefusal(() => signerOf(digest, join(one.sign(digest), two.publicKey.g1, one.publicKey.g2)), "wire/signature");
    expectRefusal(() => signerOf(digest, signature.slice(0, -2)), "wire/signature");
    expect(signerOf(digest, new SigningKey(hex(1n)).sign(digest).serialized)).to.equal(computeAddress(hex(1n)));
  });
});
