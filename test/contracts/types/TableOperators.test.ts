import { expect } from "chai";
import fc from "fast-check";
import { network } from "hardhat";

import type { TablesHarness } from "../../../types/ethers-contracts/index.ts";
import { uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";

const RUNS = 60;

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const sum = (weights: readonly bigint[]): bigint => weights.reduce((all, weight) => all + weight, 0n);
const cut = (weights: readonly bigint[], cap: bigint): bigint[] =>
  weights.map((weight) => (weight > cap ? cap : weight));

/** The weights cut at the highest cap that is at most a third of what they then sum to, found by trying each. */
function reference(weights: readonly bigint[]): bigint[] {
  let cap = weights.reduce((most, weight) => (weight > most ? weight : most), 0n);
  while (weights.length > 2 && 3n * cap > sum(cut(weights, cap))) cap -= 1n;
  return cut(weights, cap);
}

describe("types/TableOperators", () => {
  let solidity: TablesHarness;
  before(async () => {
    const { ethers } = await network.create();
    solidity = await ethers.deployContract("TablesHarness");
  });

  /** The weights after clamping; keys have to stay as they were. */
  async function clamp(weights: readonly bigint[]): Promise<bigint[]> {
    const keyOf = (index: number): bigint => (2n ** 159n + BigInt(index)) << 96n;
    const [operators, total] = await solidity.clamped(weights.map((weight, index) => keyOf(index) | weight));
    const clamped = operators.map((operator, index) => operator - keyOf(index));
    expect(total).to.equal(sum(clamped));
    return clamped;
  }

  describe("sortWords", () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33]) {
      it(`puts ${length} words into order, from whatever order`, async () => {
        const words = Array.from({ length }, (_, index) => BigInt(index) << 250n);
        for (const shift of [0, 1, length >> 1]) {
          const turned = [...words.slice(shift), ...words.slice(0, shift)];
          expect(await solidity.sorted(turned)).to.deep.equal(words);
          expect(await solidity.sorted([...turned].reverse())).to.deep.equal(words);
        }
      });
    }

    it("keeps words that are there twice", async () => {
      await checkAsync(
        fc.asyncProperty(fc.array(fc.oneof(uint(2), uint(256)), { maxLength: 40 }), async (words) => {
          expect(await solidity.sorted(words)).to.deep.equal([...words].sort(ascending));
        }),
        RUNS,
      );
    });
  });

  describe("R31 clampWeights", () => {
    it("leaves fewer than three as they are", async () => {
      for (const weights of [[], [5n], [5n, 1_000n], [1_000n, 5n]]) expect(await clamp(weights)).to.deep.equal(weights);
    });

    it("leaves those of whom none has more than a third", async () => {
      for (const weights of [
        [7n, 7n, 7n],
        [2n, 1n, 2n, 1n],
        [4n, 3n, 5n],
      ])
        expect(await clamp(weights)).to.deep.equal(reference(weights));
      expect(await clamp([2n, 1n, 2n, 1n])).to.deep.equal([2n, 1n, 2n, 1n]);
    });

    it("cuts one to half of what the others have, wherever it stands", async () => {
      expect(await clamp([90n, 10n, 11n, 9n])).to.deep.equal([15n, 10n, 11n, 9n]);
      expect(await clamp([10n, 11n, 9n, 90n])).to.deep.equal([10n, 11n, 9n, 15n]);
    });

    it("cuts two to what all others have", async () => {
      expect(await clamp([90n, 10n, 80n, 1n])).to.deep.equal([11n, 10n, 11n, 1n]);
      expect(await clamp([80n, 1n, 90n])).to.deep.equal([1n, 1n, 1n]);
      expect(await clamp([50n, 50n, 3n])).to.deep.equal([3n, 3n, 3n]);
    });

    it("cuts one to half of what the others have, rounded down, though another has as much as that", async () => {
      expect(await clamp([9n, 2n, 2n, 1n])).to.deep.equal([2n, 2n, 2n, 1n]);
    });

    it("counts who weighs nothing", async () => {
      expect(await clamp([0n, 0n, 0n])).to.deep.equal([0n, 0n, 0n]);
      expect(await clamp([9n, 0n, 0n])).to.deep.equal([0n, 0n, 0n]);
    });

    it("counts weights of up to 96 bits, and no bit of a key", async () => {
      const heavy = 2n ** 96n - 1n;
      expect(await clamp([heavy, 3n, 4n, 5n])).to.deep.equal([6n, 3n, 4n, 5n]);
      expect(await clamp([heavy, heavy, heavy])).to.deep.equal([heavy, heavy, heavy]);
    });

    it("finds the cap that trying each one finds", async () => {
      const weight = fc.oneof(uint(3, 1n), uint(9, 1n));
      await checkAsync(
        fc.asyncProperty(fc.array(weight, { maxLength: 8 }), async (weights) => {
          expect(await clamp(weights)).to.deep.equal(reference(weights));
        }),
        RUNS,
      );
    });
  });
});
