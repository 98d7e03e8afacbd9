import { expect } from "chai";
import { dataLength, dataSlice, id, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import { decodeG1, encodeG1, G1_GENERATOR } from "../../../src/wire/bn254/points.ts";
import { join, uint } from "../../../src/wire/bytes.ts";
import {
  Bn254Key,
  encodeBn254Certificate,
  FIELD_PRIME,
  GROUP_ORDER,
  hashToG1,
  type Hex,
} from "../../../src/wire/index.ts";
import type { Bn254OperatorTable, Bn254TableFactory } from "../../../types/ethers-contracts/index.js";
import {
  bn254Key,
  bn254OperatorBytes,
  certifyBn254,
  deployBn254Table,
  deployBn254TableAt,
  inOrder,
  jointKey,
  makeBn254Operators,
  type Bn254Operator,
  type Bn254TableParts,
} from "../../fixtures/bn254.ts";
import type { Source } from "../../fixtures/tables.ts";
import { vectors } from "../../support/vectors.ts";

const QUORUM = 6_667n;
const digest = id("what operators sign");
const given = vectors("bn254");

/** How the contract names what the TypeScript refuses by these codes. */
const ERRORS: Record<string, string> = {
  "wire/truncated": "MalformedCertificate",
  "wire/order": "MalformedCertificate",
  "wire/range": "MalformedCertificate",
  "wire/root": "WrongRoot",
};

/** What a table says of a source, in one word. */
const statusOf = (source: Source): bigint => (source.certifiableUntil << 8n) | BigInt(source.flags);

describe("BN254 operator tables", () => {
  let connection: Awaited<ReturnType<typeof network.create>>;
  let factory: Bn254TableFactory;
  before(async () => {
    connection = await network.create();
    factory = await connection.ethers.deployContract("Bn254TableFactory");
  });

  const deploy = (parts: Bn254TableParts): Promise<Bn254OperatorTable> => deployBn254Table(connection, factory, parts);

  describe("certificates", () => {
    const refuse = async (certificate: Hex, error: string, over: Hex = digest, of = table): Promise<void> => {
      await expect(of.verify(over, certificate, QUORUM, ZeroHash)).to.be.revertedWithCustomError(of, error);
      await expect(of.verifyEvidence(over, certificate)).to.be.revertedWithCustomError(of, error);
    };
    const operators = makeBn254Operators(5, [10n, 10n, 10n, 10n, 10n]);
    let table: Bn254OperatorTable;
    before(async () => {
      table = await deploy({ operators });
    });

    it("takes the vectors' certificates, and refuses what the TypeScript refuses", async () => {
      const listed = given.operators.map(({ secret, weight }) => ({ key: new Bn254Key(secret), weight }));
      const total = listed.reduce((sum, { weight }) => sum + weight, 0n);
      const vectored = await deploy({ operators: bn254OperatorBytes(listed, given.allG2) });
      for (const { digest: over, bytes, signedWeight, absent } of given.certificates) {
        const verified = vectored.verify(over, bytes, QUORUM, ZeroHash);
        if (signedWeight * 10_000n > total * QUORUM) expect(await verified, absent.join()).to.equal(0n);
        else
          await expect(verified)
            .to.be.revertedWithCustomError(vectored, "QuorumNotReached")
            .withArgs(signedWeight, total, QUORUM);
      }
      for (const { name, bytes, error } of given.invalidCertificates) {
        const call = vectored.verify(given.invalidDigest, bytes, QUORUM, ZeroHash);
        const expected = ERRORS[error];
        if (expected === undefined) await expect(call, name).to.be.revert(connection.ethers);
        else await expect(call, name).to.be.revertedWithCustomError(vectored, expected);
      }
    });

    it("R17, invariant 3: exactly at the quorum is refused, one unit of weight above is accepted, and rounding is against the signers (trap 2)", async () => {
      for (const [signed, total, accepted] of [
        [6_667n, 10_000n, false],
        [6_668n, 10_000n, true],
        [6_667n, 10_001n, false],
        [6_668n, 10_001n, true],
      ] as const) {
        const two = makeBn254Operators(2, [signed, total - signed]);
        const of = await deploy({ operators: two });
        const verified = of.verify(digest, certifyBn254(two, digest, [1]), QUORUM, ZeroHash);
        if (accepted) expect(await verified).to.equal(0n);
        else
          await expect(verified).to.be.revertedWithCustomError(of, "QuorumNotReached").withArgs(signed, total, QUORUM);
      }
    });

    it("R17: whoever is absent, those who are not weigh and sign: every subset of five", async () => {
      for (let set = 0; set < 31; ++set) {
        const absent = operators.flatMap((_, index) => ((set >> index) & 1 ? [index] : []));
        const verified = table.verify(digest, certifyBn254(operators, digest, absent), QUORUM, ZeroHash);
        if (absent.length <= 1) expect(await verified).to.equal(0n);
        else await expect(verified).to.be.revertedWithCustomError(table, "QuorumNotReached");
      }
    });

    it("trap 1: the empty set signs nothing: all absent, with an identity for a signature and a key, at any quorum", async () => {
      const roots = dataSlice(certifyBn254(operators, digest), 64);
      const all = operators.map((_, index) => uint(BigInt(index), 1, "index"));
      const identity = toBeHex(0, 64);
      await refuse(join(identity, roots, toBeHex(0, 128), ...all), "InvalidAggregate");
      await refuse(join(identity, roots), "InvalidAggregate");
      const signature = bn254Key(0).sign(digest);
      await refuse(join(signature, roots, toBeHex(0, 128), ...all), "MalformedCertificate");
      await refuse(join(signature, roots, bn254Key(0).publicKey.g2, ...all), "MalformedCertificate");
    });

    it("trap 1: signers whose keys cancel each other out have signed nothing", async () => {
      const negated = new Bn254Key(uint(GROUP_ORDER - BigInt(bn254Key(0).secret), 32, "secret"));
      const three = inOrder([bn254Key(0), negated, bn254Key(1)].map((key) => ({ key, weight: 1n })));
      const of = await deploy({ operators: three });
      const absent = three.findIndex(({ key }) => key.secret === bn254Key(1).secret);
      const roots = dataSlice(certifyBn254(three, digest), 64);
      const index = uint(BigInt(absent), 1, "index");
      for (const key of [toBeHex(0, 128), bn254Key(1).publicKey.g2]) {
        await refuse(join(bn254Key(1).sign(digest), roots, key, index), "InvalidAggregate", digest, of);
        await refuse(join(toBeHex(0, 64), roots, key, index), "InvalidAggregate", digest, of);
      }
    });

    it("randomiser: a signature and a signers' key that are wrong by what makes up for each other are refused", async () => {
      // Without a randomiser, one pairing check of both would hold for a signature σ − A and a key that A was added to, and the like.
      const absent = [4];
      const joint = jointKey(operators.slice(0, 4));
      const other = bn254Key(50);
      const wrongKey = jointKey([...operators.slice(0, 4), { key: other }]);
      const certificate = (signature: Hex, signersKey: Hex): Hex =>
        encodeBn254Certificate({ signature, absent, signersKey }, digest);
      expect(
        await table.verify(digest, certificate(joint.sign(digest), joint.publicKey.g2), QUORUM, ZeroHash),
      ).to.equal(0n);
      await refuse(certificate(wrongKey.sign(digest), wrongKey.publicKey.g2), "InvalidAggregate");
      await refuse(certificate(joint.sign(digest), wrongKey.publicKey.g2), "InvalidAggregate");
      await refuse(certificate(wrongKey.sign(digest), joint.publicKey.g2), "InvalidAggregate");
      await refuse(certificate(other.sign(digest), other.publicKey.g2), "InvalidAggregate");
      // What a key that nobody bound to the table's would sign for: by the pairing of signature and key alone it is right.
      const stranger = jointKey([{ key: other }, { key: bn254Key(51) }]);
      await refuse(certificate(stranger.sign(digest), stranger.publicKey.g2), "InvalidAggregate");
      // σ = s·(H + γ·P1) − γ·A, for a secret s of one's own: right by the whole check, had γ been known before σ was chosen.
      const hashed = hashToG1(digest).point;
      const signers = decodeG1(joint.publicKey.g1, "signers");
      const before = keccak256(join(digest, joint.publicKey.g1, stranger.publicKey.g2, encodeG1(hashed)));
      for (const gamma of [1n, 2n, (1n << 128n) - 1n, BigInt(before) % GROUP_ORDER]) {
        const both = hashed.add(G1_GENERATOR.multiply(gamma)).multiply(BigInt(stranger.secret));
        const forged = encodeG1(both.subtract(signers.multiply(gamma)));
        await refuse(certificate(forged, stranger.publicKey.g2), "InvalidAggregate");
      }
    });

    it("R17: signatures over another digest, of too few or too many, and of a stranger are refused", async () => {
      const roots = dataSlice(certifyBn254(operators, digest), 64);
      const by = (signers: readonly { readonly key: Bn254Key }[], over = digest): Hex => jointKey(signers).sign(over);
      await refuse(join(by(operators.slice(1)), roots), "InvalidAggregate");
      await refuse(join(by([...operators, { key: bn254Key(60) }]), roots), "InvalidAggregate");
      await refuse(join(by(operators, id("another")), roots), "InvalidAggregate");
      await refuse(certifyBn254(operators, id("another")), "WrongRoot");
      const negated = by(operators);
      const y = FIELD_PRIME - BigInt(dataSlice(negated, 32));
      await refuse(join(dataSlice(negated, 0, 32), uint(y, 32, "y"), roots), "InvalidAggregate");
    });

    it("R18: an expired table verifies no certificate, but evidence; below its floor it verifies nothing (R17, trap 1)", async () => {
      const all = certifyBn254(operators, digest);
      const now = BigInt(await connection.networkHelpers.time.latest());
      const expired = await deploy({ operators, expiry: now - 1n });
      await expect(expired.verify(digest, all, QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(expired, "TableExpired")
        .withArgs(now - 1n, (time: bigint) => time >= now);
      await expired.verifyEvidence(digest, all);
      const expiry = now + 3_600n;
      const live = await deploy({ operators, expiry });
      await connection.networkHelpers.time.increaseTo(expiry - 1n);
      expect(await live.verify(digest, all, QUORUM, ZeroHash)).to.equal(0n);
      await connection.networkHelpers.time.increaseTo(expiry);
      await expect(live.verify(digest, all, QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(live, "TableExpired")
        .withArgs(expiry, expiry);
      const below = await deploy({ operators, weightFloor: 51n });
      await refuse(all, "WeightBelowFloor", digest, below);
      const at = await deploy({ operators, weightFloor: 50n });
      expect(await at.verify(digest, all, QUORUM, ZeroHash)).to.equal(0n);
    });

    it("R17: every byte of a certificate counts, and none may be cut off or added", async () => {
      const good = certifyBn254(operators, digest, [2]);
      const size = dataLength(good);
      await table.verifyEvidence(digest, good);
      const places = [
        0,
        31,
        32,
        63,
        64,
        65,
        96,
        size - 129,
        size - 128,
        size - 97,
        size - 65,
        size - 33,
        size - 2,
        size - 1,
      ];
      for (const place of places) {
        const byte = Number(dataSlice(good, place, place + 1)) ^ 1;
        const changed = join(dataSlice(good, 0, place), toBeHex(byte, 1), dataSlice(good, place + 1));
        await expect(table.verifyEvidence(digest, changed), String(place)).to.be.revert(connection.ethers);
      }
      for (const length of [0, 1, 63, 64, 65, 96, 97, size - 128, size - 1]) {
        await expect(table.verifyEvidence(digest, dataSlice(good, 0, length)), String(length)).to.be.revert(
          connection.ethers,
        );
      }
      for (const more of ["0x00", "0x02", "0x05", "0xff"]) {
        await refuse(join(good, more), "MalformedCertificate");
        await refuse(join(certifyBn254(operators, digest), more), "MalformedCertificate");
      }
    });
  });

  describe("what it says of itself", () => {
    it("answers its id, times, total weight and operators; and finds every source among any number (R20)", async () => {
      const operators = makeBn254Operators(3, [5n, 6n, 7n]);
      for (const count of [0, 1, 2, 63]) {
        const sources: Source[] = Array.from({ length: count }, (_, i) => ({
          id: id(`source ${i}`),
          certifiableUntil: (1n << 63n) + BigInt(i),
          flags: i,
        })).sort((a, b) => (a.id < b.id ? -1 : 1));
        const table = await deploy({ operators, sources, id: id("me"), snapshot: 77n, expiry: 1n << 63n });
        expect(await table.table()).to.deep.equal([id("me"), 77n, 1n << 63n, 18n]);
        expect(await table.operators()).to.equal(dataSlice(bn254OperatorBytes(operators), 128));
        for (const source of sources) {
          expect(await table.sourceStatus(source.id)).to.equal(statusOf(source));
          expect(await table.sourceStatus(toBeHex(BigInt(source.id) + 1n, 32))).to.equal(0n);
        }
        const some = sources[count >> 1];
        if (some === undefined) continue;
        const verified = await table.verify(digest, certifyBn254(operators, digest, [0]), QUORUM, some.id);
        expect(verified).to.equal(statusOf(some));
      }
    });
  });

  it("keeps its data as the contract says: the trailer behind its code, the operators behind a STOP", async () => {
    const { provider } = connection.ethers;
    const operators = makeBn254Operators(3, [5n, 6n, 7n]);
    const source = { id: id("a source"), certifiableUntil: 3n, flags: 4 };
    const header = { id: id("me"), snapshot: 77n, expiry: (1n << 64n) - 2n, weightFloor: 9n };
    const table = await deploy({ operators, sources: [source], ...header });
    const code = await provider.getCode(table);
    const joint = jointKey(operators).publicKey;
    const account = dataSlice(code, -96 - 20, -96);
    const trailer = join(
      ...[source.id, toBeHex((source.certifiableUntil << 8n) | BigInt(source.flags), 32)],
      ...[joint.g1, joint.g2, toBeHex(0, 12), account, header.id],
      ...[uint(header.snapshot, 8, "snapshot"), uint(header.expiry, 8, "expiry"), toBeHex(0, 12), toBeHex(1, 4)],
      ...[uint(header.weightFloor, 12, "floor"), uint(18n, 20, "total")],
    );
    expect(dataSlice(code, -dataLength(trailer))).to.equal(trailer);
    expect(await provider.getCode(account)).to.equal(join("0x00", dataSlice(bn254OperatorBytes(operators), 128)));
  });

  describe("factory", () => {
    const three = makeBn254Operators(3, [1n, 2n, 3n]);
    const makes = async (parts: Bn254TableParts): Promise<boolean> =>
      (await deployBn254TableAt(factory, parts)) !== ZeroAddress;
    const entry = (key: Hex, weight = 1n): Hex => join(key, uint(weight, 12, "weight"));
    const aggregate = (operators: readonly Bn254Operator[]): Hex => jointKey(operators).publicKey.g2;

    it("is of scheme 2, and makes a table of 256 operators that verifies with 85 of them absent", async () => {
      expect(await factory.scheme()).to.equal(2n);
      const many = makeBn254Operators(256);
      const table = await deploy({ operators: many });
      const absent = Array.from({ length: 85 }, (_, i) => 3 * i + 1);
      expect(await table.verify(digest, certifyBn254(many, digest, absent), QUORUM, ZeroHash)).to.equal(0n);
      expect(await table.verify(digest, certifyBn254(many, digest), 9_000n, ZeroHash)).to.equal(0n);
    }).timeout(60_000);

    it("invariant 3, incident: Ronin 2024: makes no table of none or too many, without weight or floor, or of more than 96 bits", async () => {
      expect(await makes({ operators: three })).to.equal(true);
      expect(await makes({ operators: three, weightFloor: 0n })).to.equal(false);
      expect(await makes({ operators: "0x" })).to.equal(false);
      expect(await makes({ operators: aggregate(three) })).to.equal(false);
      expect(await makes({ operators: dataSlice(bn254OperatorBytes(three), 0, 128 + 75) })).to.equal(false);
      expect(await makes({ operators: join(bn254OperatorBytes(three), "0x00") })).to.equal(false);
      const weightless = makeBn254Operators(3, [1n, 0n, 3n]);
      expect(await makes({ operators: weightless })).to.equal(false);
      const most = (1n << 96n) - 1n;
      expect(await makes({ operators: makeBn254Operators(2, [most - 1n, 1n]) })).to.equal(true);
      expect(await makes({ operators: makeBn254Operators(2, [most, 1n]) })).to.equal(false);
      expect(await makes({ operators: join(aggregate(three), toBeHex(0, 76 * 257)) })).to.equal(false);
    });

    it("trap 12: makes no table with the identity or no point for a key, with keys twice or out of order", async () => {
      for (const { name, bytes } of given.invalidG1) {
        expect(await makes({ operators: join(aggregate(three), entry(bytes)) }), name).to.equal(false);
      }
      const [a, b, c] = three as [Bn254Operator, Bn254Operator, Bn254Operator];
      for (const wrong of [
        [a, c, b],
        [b, a, c],
        [a, a, b],
        [a, b, b],
      ]) {
        expect(await makes({ operators: bn254OperatorBytes(wrong) })).to.equal(false);
      }
    });

    it("trap 12: the generator is a key like any other", async () => {
      expect(await makes({ operators: [{ key: new Bn254Key(uint(1n, 32, "secret")), weight: 1n }] })).to.equal(true);
    });

    it("trap 9: makes no table with an aggregate key but the sum of its operators'; and none of keys that cancel out", async () => {
      for (const wrong of [aggregate(three.slice(1)), toBeHex(0, 128), ...given.invalidG2.map(({ bytes }) => bytes)]) {
        expect(await makes({ operators: bn254OperatorBytes(three, wrong) })).to.equal(false);
      }
      // Nor with that of those who come before one who has no weight, or a key that is none.
      const [a, b, c] = three as [Bn254Operator, Bn254Operator, Bn254Operator];
      const weightless = bn254OperatorBytes([a, b, { ...c, weight: 0n }], aggregate([a, b]));
      expect(await makes({ operators: weightless })).to.equal(false);
      expect(await makes({ operators: join(bn254OperatorBytes([a, b]), entry(toBeHex(0, 64))) })).to.equal(false);
      const negated = new Bn254Key(uint(GROUP_ORDER - BigInt(bn254Key(0).secret), 32, "secret"));
      const none = inOrder([bn254Key(0), negated].map((key) => ({ key, weight: 1n })));
      for (const key of [toBeHex(0, 128), bn254Key(0).publicKey.g2]) {
        expect(await makes({ operators: bn254OperatorBytes(none, key) })).to.equal(false);
      }
    });

    it("makes no table with sources twice, out of order, or too many", async () => {
      const source = (n: number): Source => ({ id: toBeHex(n, 32), certifiableUntil: 1n, flags: 0 });
      const many = (count: number): Source[] => Array.from({ length: count }, (_, n) => source(n + 1));
      expect(await makes({ operators: three, sources: many(64) })).to.equal(true);
      for (const sources of [many(65), [source(2), source(1)], [source(1), source(1)], [source(0)]]) {
        expect(await makes({ operators: three, sources })).to.equal(false);
      }
    });
  });
});
