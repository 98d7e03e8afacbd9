import { expect } from "chai";
import fc from "fast-check";

import {
  checkConflict,
  countOf,
  decodeEquivocation,
  encodeEquivocation,
  fold,
  wordOf,
  type Checkpoint,
  type Equivocation,
  type Statement,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { checkpoint, equivocation, hash, near, word } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { equivocationFields as fields, equivocationInput, wireHarness } from "./harness.ts";

describe("types/Equivocation", () => {
  const { conflicts, noConflicts } = vectors("evidence");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  const isConflictHere = (evidence: Equivocation): boolean =>
    acceptedBy(() => {
      checkConflict(evidence);
      return true;
    }) === true;

  for (const { name, evidence, bytes } of conflicts) {
    it(`R22 replays a conflict: ${name}`, async () => {
      expect(await solidity.readEvidence(bytes)).to.deep.equal([fields(evidence), true]);
    });
  }

  for (const { name, evidence, bytes } of noConflicts) {
    it(`R22 finds no conflict: ${name}`, async () => {
      expect(await solidity.readEvidence(bytes)).to.deep.equal([fields(evidence), false]);
    });
  }

  /** Statements of one lane, that conflict or miss a conflict by little. */
  const candidates: fc.Arbitrary<Equivocation> = fc
    .record({
      a: checkpoint,
      b: checkpoint,
      from: word,
      messageHashes: fc.array(hash, { maxLength: 4 }),
      shape: fc.constantFrom("same count", "fold", "fold from a", "free"),
      flaw: fc.constantFrom("none", "none", "source", "destination", "block", "count", "hashes"),
    })
    .map(({ a, b, from, messageHashes, shape, flaw }) => {
      const lane = { source: a.source, destination: a.destination, level: a.level, blockHash: a.blockHash };
      let left: Checkpoint = { ...a };
      let right: Checkpoint = { ...b, ...lane };
      if (shape === "same count") right = { ...right, laneWord: wordOf(b.laneWord.slice(0, 56), countOf(a.laneWord)) };
      if (shape === "fold") left = { ...left, laneWord: wordOf(a.laneWord.slice(0, 56), countOf(from)) };
      if (shape === "fold from a") left = { ...left, laneWord: from };
      if (shape === "fold" || shape === "fold from a") right = { ...right, laneWord: fold(from, messageHashes) };
      if (flaw === "source") right = { ...right, source: b.source };
      if (flaw === "destination") right = { ...right, destination: b.destination };
      if (flaw === "block") right = { ...right, level: b.level, blockHash: b.blockHash };
      if (flaw === "count")
        left = { ...left, laneWord: wordOf(left.laneWord.slice(0, 56), countOf(left.laneWord) + 1n) };
      const statement = (one: Checkpoint): Statement => ({ checkpoint: one, siblings: [], certificate: "0x" });
      return {
        a: statement(left),
        b: statement(right),
        from,
        messageHashes: flaw === "hashes" ? messageHashes.slice(1) : messageHashes,
      };
    });

  it("R22 finds the conflicts that the TypeScript finds", async () => {
    let found = 0;
    await checkAsync(
      fc.asyncProperty(candidates, async (evidence) => {
        const expected = isConflictHere(evidence);
        if (expected) found += 1;
        expect((await solidity.readEvidence(encodeEquivocation(evidence))).isConflict).to.equal(expected);
      }),
      400,
    );
    expect(found).to.be.within(40, 360);
  });

  it("encodes and reads evidence as the TypeScript does, and reads all that it accepts", async () => {
    await checkAsync(
      fc.asyncProperty(equivocation, async (one) => {
        const bytes = encodeEquivocation(one);
        expect(await solidity.evidence(equivocationInput(one))).to.equal(bytes);
      }),
    );
    await checkAsync(
      fc.asyncProperty(near(equivocation.map(encodeEquivocation)), async (bytes) => {
        const here = acceptedBy(() => decodeEquivocation(bytes));
        const there = await outcomeOf(solidity, solidity.readEvidence(bytes));
        // The other way round does not hold: abi.decode also takes what abi.encode does not write.
        if (here !== undefined) {
          expect(there.accepted && there.value).to.deep.equal([fields(here), isConflictHere(here)]);
        }
      }),
    );
  });
});
