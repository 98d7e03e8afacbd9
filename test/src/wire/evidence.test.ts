import { expect } from "chai";
import fc from "fast-check";

import { checkConflict, decodeEquivocation, encodeEquivocation, Level, ZERO_WORD } from "../../../src/wire/index.ts";
import { equivocation, near } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/evidence", () => {
  const { conflicts, noConflicts, invalid } = vectors("evidence");

  for (const { name, evidence, bytes } of conflicts) {
    it(`R22 replays a conflict: ${name}`, () => {
      expect(encodeEquivocation(evidence)).to.equal(bytes);
      expect(decodeEquivocation(bytes)).to.deep.equal(evidence);
      expect(() => checkConflict(decodeEquivocation(bytes))).to.not.throw();
    });
  }

  for (const { name, evidence, bytes, error } of noConflicts) {
    it(`R22 finds no conflict: ${name}`, () => {
      expect(decodeEquivocation(bytes)).to.deep.equal(evidence);
      expectRefusal(() => checkConflict(evidence), error);
    });
  }

  for (const { name, bytes, error } of invalid) {
    it(`refuses evidence: ${name}`, () => {
      expectRefusal(() => decodeEquivocation(bytes), error);
    });
  }

  it("refuses evidence with a checkpoint that means nothing", () => {
    const { a, b } = conflicts[0]!.evidence;
    const settled = { ...a, checkpoint: { ...a.checkpoint, level: Level.settled } };
    expectRefusal(() => encodeEquivocation({ a: settled, b, from: ZERO_WORD, messageHashes: [] }), "wire/level");
  });

  it("gives back what it encoded", () => {
    check(
      fc.property(equivocation, (one) => {
        expect(decodeEquivocation(encodeEquivocation(one))).to.deep.equal(one);
      }),
    );
  });

  it("has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(equivocation.map(encodeEquivocation)), (bytes) => {
        const accepted = acceptedBy(() => decodeEquivocation(bytes));
        if (accepted !== undefined) expect(encodeEquivocation(accepted)).to.equal(bytes);
      }),
    );
  });
});
