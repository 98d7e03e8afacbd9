import { expect } from "chai";
import fc from "fast-check";

import { checkConflict, decodeEquivocationEvidence, encodeEquivocationEvidence } from "../../../src/wire/index.ts";
import { equivocationEvidence, near } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/evidence: against one operator", () => {
  const { conflicts, noConflicts, invalid, invalidListings } = vectors("equivocation");

  for (const { name, evidence, bytes } of conflicts) {
    it(`R24, R25 replays a conflict: ${name}`, () => {
      expect(encodeEquivocationEvidence(evidence)).to.equal(bytes);
      expect(decodeEquivocationEvidence(bytes)).to.deep.equal(evidence);
      expect(() => checkConflict(decodeEquivocationEvidence(bytes).equivocation)).to.not.throw();
    });
  }

  for (const { name, evidence, bytes, error } of noConflicts) {
    it(`R24 finds no conflict: ${name}`, () => {
      expect(encodeEquivocationEvidence(evidence)).to.equal(bytes);
      expect(decodeEquivocationEvidence(bytes)).to.deep.equal(evidence);
      expectRefusal(() => checkConflict(evidence.equivocation), error);
    });
  }

  for (const { name, bytes, error } of [...invalid, ...invalidListings]) {
    it(`refuses evidence: ${name}`, () => expectRefusal(() => decodeEquivocationEvidence(bytes), error));
  }

  it("refuses to write an index that no table has", () => {
    const { evidence } = conflicts[0]!;
    for (const index of [-1, 256]) {
      const listing = { ...evidence.a, index };
      expectRefusal(() => encodeEquivocationEvidence({ ...evidence, a: listing }), "wire/range");
      expectRefusal(() => encodeEquivocationEvidence({ ...evidence, b: listing }), "wire/range");
    }
  });

  it("gives back what it encoded, and accepts nothing that it would have written otherwise", () => {
    check(
      fc.property(equivocationEvidence, (one) => {
        expect(decodeEquivocationEvidence(encodeEquivocationEvidence(one))).to.deep.equal(one);
      }),
    );
    check(
      fc.property(near(equivocationEvidence.map(encodeEquivocationEvidence)), (bytes) => {
        const accepted = acceptedBy(() => decodeEquivocationEvidence(bytes));
        if (accepted !== undefined) expect(encodeEquivocationEvidence(accepted)).to.equal(bytes);
      }),
    );
  });
});
