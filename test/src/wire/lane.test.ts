import { expect } from "chai";
import { keccak256, solidityPackedKeccak256, concat } from "ethers";
import fc from "fast-check";

import {
  countOf,
  fold,
  genesis,
  headOf,
  idOf,
  laneWord,
  MAX_COUNT,
  next,
  pageOf,
  wordOf,
} from "../../../src/wire/index.ts";
import { bytes, hash, uint, word } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/lane", () => {
  const { genesis: starts, steps, folds, full } = vectors("lane");

  it("replays the vectors: genesis", () => {
    for (const one of starts) expect(genesis(one.source, one.destination)).to.equal(one.word);
  });

  it("replays the vectors: steps", () => {
    for (const step of steps) {
      expect(headOf(step.word)).to.equal(step.head);
      expect(countOf(step.word)).to.equal(step.count);
      expect(idOf(step.word, step.messageHash)).to.equal(step.id);
      expect(next(step.word, step.messageHash)).to.equal(step.next);
    }
  });

  it("replays the vectors: folds", () => {
    for (const one of folds) expect(fold(one.from, one.messageHashes)).to.equal(one.word);
  });

  for (const one of full) {
    it(`refuses to add a message to ${one.name}`, () => {
      expectRefusal(() => next(one.word, one.messageHash), one.error);
    });
  }

  it("begins at the tagged hash of both ends, with count 0", () => {
    check(
      fc.property(hash, hash, (source, destination) => {
        const tagged = solidityPackedKeccak256(
          ["string", "bytes32", "bytes32"],
          ["parley.lane.v1", source, destination],
        );
        expect(genesis(source, destination)).to.equal(`${tagged.slice(0, 56)}0000000000`);
      }),
    );
  });

  it("is made of head and count", () => {
    check(
      fc.property(bytes(27), uint(40), (head, count) => {
        const made = wordOf(head, count);
        expect(headOf(made)).to.equal(head);
        expect(countOf(made)).to.equal(count);
        expect(laneWord(made.toUpperCase().replace("0X", "0x"))).to.equal(made);
      }),
    );
    expectRefusal(() => wordOf(`0x${"00".repeat(26)}`, 0n), "wire/length");
    expectRefusal(() => wordOf(`0x${"00".repeat(27)}`, MAX_COUNT + 1n), "wire/range");
  });

  it("invariant 4: each message adds one to the count and leads to the head of its id", () => {
    check(
      fc.property(word, hash, (before, messageHash) => {
        const after = next(before, messageHash);
        expect(countOf(after)).to.equal(countOf(before) + 1n);
        expect(keccak256(concat([before, messageHash])).startsWith(headOf(after))).to.equal(true);
      }),
    );
  });

  it("invariant 4: the word is the fold of the messages, however they are grouped", () => {
    check(
      fc.property(word, fc.array(hash, { maxLength: 12 }), fc.nat(12), (from, hashes, cut) => {
        const whole = fold(from, hashes);
        expect(fold(fold(from, hashes.slice(0, cut)), hashes.slice(cut))).to.equal(whole);
        expect(countOf(whole)).to.equal(countOf(from) + BigInt(hashes.length));
      }),
    );
  });

  it("counts 256 messages a page", () => {
    expect([0n, 255n, 256n, 511n, MAX_COUNT].map(pageOf)).to.deep.equal([0n, 0n, 1n, 1n, 2n ** 32n - 1n]);
    expectRefusal(() => pageOf(MAX_COUNT + 1n), "wire/range");
  });

  it("refuses words of other sizes", () => {
    expectRefusal(() => laneWord(`0x${"00".repeat(31)}`), "wire/length");
    expectRefusal(() => laneWord("lane"), "wire/hex");
  });
});
