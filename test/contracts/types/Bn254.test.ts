import { expect } from "chai";
import { dataLength, dataSlice, id, toBeHex, type Result } from "ethers";
import { network } from "hardhat";

import {
  encodeG1,
  encodeG2,
  G1_GENERATOR,
  G2_GENERATOR,
  sumG1,
  type G1,
  type G2,
} from "../../../src/wire/bn254/points.ts";
import { join, uint } from "../../../src/wire/bytes.ts";
import { FIELD_PRIME, GROUP_ORDER, hashToG1, keyId, type Hex } from "../../../src/wire/index.ts";
import { bn254Key, certifyBn254, inOrder, jointKey, makeBn254Operators } from "../../fixtures/bn254.ts";
import { vectors } from "../../support/vectors.ts";
import type { Bn254Harness } from "../../../types/ethers-contracts/index.ts";

type Point = [x: bigint, y: bigint];

const IDENTITY: Point = [0n, 0n];
/** Satisfies no curve's equation that anybody uses. */
const NO_POINT: Point = [1n, 1n];

const words = (bytes: Hex): bigint[] =>
  Array.from({ length: dataLength(bytes) / 32 }, (_, i) => BigInt(dataSlice(bytes, 32 * i, 32 * i + 32)));
const g1 = (point: G1): Point => (point.is0() ? IDENTITY : (words(encodeG1(point)) as Point));
const g2 = (point: G2): bigint[] => words(encodeG2(point));

/** Points that are easy to tell from each other. */
const points = [1n, 2n, 5n, 1n << 200n, GROUP_ORDER - 1n].map((scalar) => G1_GENERATOR.multiply(scalar));

describe("types/Bn254, types/Bn254Operators, types/Bn254Certificate: function by function", () => {
  let solidity: Bn254Harness;
  before(async () => {
    const { ethers } = await network.create();
    solidity = await ethers.deployContract("Bn254Harness");
  });

  const call = (name: string, ...values: unknown[]): Promise<Result> =>
    solidity.getFunction(name).staticCallResult(...values);
  const answer = async <T>(name: string, ...values: unknown[]): Promise<T> => (await call(name, ...values))[0] as T;
  const point = async (name: string, ...values: unknown[]): Promise<bigint[]> =>
    (await answer<Result>(name, ...values)).toArray() as bigint[];
  const refuse = async (error: string, values: unknown[], name: string, ...given: unknown[]): Promise<void> => {
    await expect(call(name, ...given))
      .to.be.revertedWithCustomError(solidity, error)
      .withArgs(...values);
  };

  describe("points", () => {
    it("are of the field and the group that EIP-196 names", async () => {
      expect(await answer<bigint>("P")).to.equal(FIELD_PRIME);
      expect(await answer<bigint>("R")).to.equal(GROUP_ORDER);
    });

    it("add up, are taken away and multiplied as the curve has it, the identity among them", async () => {
      const some = [...points, sumG1([])];
      for (const a of some) {
        for (const b of some) {
          expect(await point("added", g1(a), g1(b))).to.deep.equal(g1(a.add(b)));
          expect(await point("subtracted", g1(a), g1(b))).to.deep.equal(g1(a.subtract(b)));
        }
      }
      const a = points[2]!;
      for (const scalar of [0n, 1n, 2n, 255n, 256n, 257n, (1n << 248n) + 3n, GROUP_ORDER - 1n])
        expect(await point("multiplied", g1(a), scalar)).to.deep.equal(g1(a.multiplyUnsafe(scalar)));
    });

    it("are refused by name where they are no points of the curve: PrecompileFailed", async () => {
      const [a] = points as [G1];
      for (const [one, other] of [
        [NO_POINT, g1(a)],
        [g1(a), NO_POINT],
      ]) {
        await refuse("PrecompileFailed", [6n], "added", one, other);
        await refuse("PrecompileFailed", [6n], "subtracted", one, other);
      }
      await refuse("PrecompileFailed", [7n], "multiplied", NO_POINT, 3n);
    });

    it("trap 12: are in reduced coordinates and on the curve; the identity is none", async () => {
      for (const one of points) expect(await answer<boolean>("isPoint", g1(one))).to.equal(true);
      const [x, y] = g1(points[0]!);
      for (const none of [IDENTITY, NO_POINT, [x + FIELD_PRIME, y], [x, y + FIELD_PRIME], [FIELD_PRIME, y]])
        expect(await answer<boolean>("isPoint", none)).to.equal(false);
    });

    it("have the id that the TypeScript gives them", async () => {
      for (const one of points) expect(await answer<string>("keyId", g1(one))).to.equal(keyId(encodeG1(one)));
    });

    it("are paired: as one is to the generator is the other to the key; never if one is no point", async () => {
      const [left, right, key] = [points[1]!.multiply(7n), points[1]!, g2(G2_GENERATOR.multiply(7n))];
      expect(await answer<boolean>("paired", g1(left), g1(right), key)).to.equal(true);
      expect(await answer<boolean>("paired", g1(right), g1(left), key)).to.equal(false);
      expect(await answer<boolean>("paired", g1(left), g1(points[2]!), key)).to.equal(false);
      expect(await answer<boolean>("paired", NO_POINT, g1(right), key)).to.equal(false);
      expect(await answer<boolean>("paired", g1(left), NO_POINT, key)).to.equal(false);
      for (const { bytes, name } of vectors("bn254").invalidG2) {
        if (dataLength(bytes) !== 128 || BigInt(bytes) === 0n) continue;
        expect(await answer<boolean>("paired", g1(left), g1(right), words(bytes)), name).to.equal(false);
      }
      expect(await answer<boolean>("keysOfOne", g1(G1_GENERATOR.multiply(7n)), key)).to.equal(true);
      expect(await answer<boolean>("keysOfOne", g1(G1_GENERATOR.multiply(8n)), key)).to.equal(false);
      expect(await answer<boolean>("keysOfOne", IDENTITY, [0n, 0n, 0n, 0n])).to.equal(false);
    });

    it("randomiser: of a signature and its keys any holds but zero, and none of another signature, point or key", async () => {
      const digest = id("what is signed");
      const [key, other] = [bn254Key(0), bn254Key(1)];
      const right: readonly bigint[][] = [
        words(key.sign(digest)),
        g1(hashToG1(digest).point),
        words(key.publicKey.g1),
        words(key.publicKey.g2),
      ];
      const wrong: readonly bigint[][] = [
        words(other.sign(digest)),
        g1(points[0]!),
        words(other.publicKey.g1),
        words(other.publicKey.g2),
      ];
      for (const gamma of [1n, 2n, 256n, GROUP_ORDER - 1n]) {
        expect(await answer<boolean>("bound", ...right, gamma), String(gamma)).to.equal(true);
        for (const i of [0, 1, 2, 3])
          expect(await answer<boolean>("bound", ...right.with(i, wrong[i]!), gamma), `${gamma} ${i}`).to.equal(false);
      }
      expect(await answer<boolean>("bound", ...right, 0n)).to.equal(false);
    });
  });

  describe("operators", () => {
    const operatorBytes = (operators: readonly { readonly point: G1; readonly weight: bigint }[]): Hex =>
      join("0x", ...operators.flatMap(({ point: key, weight }) => [encodeG1(key), uint(weight, 12, "weight")]));
    /** Keys and their negations, the lowest abscissa's among them. */
    const keys = Array.from({ length: 9 }, (_, i) => G1_GENERATOR.multiply(BigInt(i + 1))).flatMap((key) => [
      key,
      key.negate(),
    ]);
    const ascending = (some: readonly G1[]): G1[] => [...some].sort((a, b) => (encodeG1(a) < encodeG1(b) ? -1 : 1));

    it("R31, R32: are packed by key, each with its own weight, a key and its negation in whatever order they joined", async () => {
      const sorted = ascending(keys);
      const orders = [sorted, [...sorted].reverse(), keys, keys.slice(3), sorted.slice(0, 2).reverse(), [keys[0]!]];
      for (const joined of orders) {
        // None is above a third, but of one or two, which stay.
        const weights = joined.map((_, i) => (1n << 90n) + BigInt(i));
        const expected = ascending(joined).map((key) => ({ point: key, weight: weights[joined.indexOf(key)]! }));
        const total = weights.reduce((sum, weight) => sum + weight, 0n);
        const packed = await call("packed", joined.map(g1), weights);
        expect(packed.toArray()).to.deep.equal([operatorBytes(expected), total]);
      }
      expect((await call("packed", [], [])).toArray()).to.deep.equal(["0x", 0n]);
    });

    it("R31, R32: are packed for little gas, 256 of them too, in whatever order they joined", async () => {
      const many = Array.from({ length: 256 }, (_, i) => G1_GENERATOR.multiply(BigInt(i + 1)));
      const weights = many.map(() => 1n);
      for (const joined of [many, ascending(many).reverse()]) {
        const packed = await answer<Hex>("packed", joined.map(g1), weights, { gasLimit: 5_000_000n });
        expect(packed).to.equal(operatorBytes(ascending(many).map((key) => ({ point: key, weight: 1n }))));
      }
    });

    it("R31: weigh a third at most", async () => {
      const four = ascending(keys).slice(0, 4);
      const packed = await call("packed", four.map(g1), [10n, 10n, 400n, 10n]);
      const cut = four.map((key, i) => ({ point: key, weight: i === 2 ? 15n : 10n }));
      expect(packed.toArray()).to.deep.equal([operatorBytes(cut), 45n]);
    });

    it("are read and summed up, by the bits of their own weights", async () => {
      const most = (1n << 96n) - 1n;
      const three = ascending(keys.slice(0, 3)).map((key, i) => ({ point: key, weight: [most, 1n, most - 1n][i]! }));
      const packed = operatorBytes(three);
      const behind = `0x${"ff".repeat(128)}`;
      const sum = sumG1(three.map(({ point: key }) => key));
      const [count, ofKeys, ofWeights] = (await call("sums", packed, behind)) as unknown as [bigint, Result, bigint];
      expect([count, ofKeys.toArray(), ofWeights]).to.deep.equal([3n, g1(sum), 2n * most]);
      for (const [i, { point: key, weight }] of three.entries()) {
        const [x, y, weighs, keyAt] = (await call("operatorAt", packed, i)) as unknown as [
          bigint,
          bigint,
          bigint,
          Result,
        ];
        expect([x, y, weighs, ...(keyAt.toArray() as bigint[])]).to.deep.equal([...g1(key), weight, ...g1(key)]);
        const [added, addedWeight] = (await call("addedTo", packed, g1(points[3]!), i)) as unknown as [Result, bigint];
        expect([added.toArray(), addedWeight]).to.deep.equal([g1(points[3]!.add(key)), weight]);
        await refuse("PrecompileFailed", [6n], "addedTo", packed, NO_POINT, i);
      }
      const [none, identity, nothing] = (await call("sums", "0x", behind)) as unknown as [bigint, Result, bigint];
      expect([none, identity.toArray(), nothing]).to.deep.equal([0n, IDENTITY, 0n]);
      expect(await point("subtracted", g1(sum), ofKeys.toArray())).to.deep.equal(IDENTITY);
    });
  });

  describe("certificates", () => {
    const digest = id("what operators sign");
    const operators = makeBn254Operators(4, [1n, 1n, 1n, 1n]);

    it("say what is signed, who did, and who of all is absent", async () => {
      for (const absent of [[], [0], [3], [1, 2], [0, 1, 3]]) {
        const encoded = certifyBn254(operators, digest, absent);
        const signers = jointKey(inOrder(operators.filter((_, i) => !absent.includes(i))));
        const [signature, hashed, hasAbsent, isAbsent] = (await call("certificate", encoded, digest, 6)) as unknown as [
          Result,
          Result,
          boolean,
          Result,
        ];
        expect(signature.toArray()).to.deep.equal(words(signers.sign(digest)));
        expect(hashed.toArray()).to.deep.equal(g1(hashToG1(digest).point));
        expect(hasAbsent).to.equal(absent.length > 0);
        expect(isAbsent.toArray()).to.deep.equal([0, 1, 2, 3, 4, 5].map((i) => absent.includes(i)));
      }
    });

    it("R17: are cut off before they are anything else: MalformedCertificate; and have 1 to 32 roots", async () => {
      const read = (bytes: Hex): unknown[] => ["certificate", bytes, digest, 0];
      const refused = async (error: string, values: unknown[], bytes: Hex): Promise<void> => {
        const [name, ...given] = read(bytes) as [string, ...unknown[]];
        await refuse(error, values, name, ...given);
      };
      for (const length of [0, 1, 64, 65]) await refused("MalformedCertificate", [], toBeHex(0, length));
      await refused("InvalidAggregate", [], toBeHex(0, 66));
      const signature = bn254Key(0).sign(digest);
      const roots = (count: number, more = 0): Hex => join(signature, toBeHex(count, 1), toBeHex(0, 32 * count + more));
      for (const count of [1, 2, 32]) await refused("WrongRoot", [0n], roots(count));
      await refused("WrongRoot", [0n], roots(32, 129));
      for (const [count, more] of [
        [0, 1],
        [33, 0],
        [33, 129],
        [1, 1],
        [1, 128],
      ] as const)
        await refused("MalformedCertificate", [], roots(count, more));
    });
  });
});
