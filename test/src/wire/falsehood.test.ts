import { expect } from "chai";
import fc from "fast-check";

import {
  checkFalsehood,
  decodeFalsehoodEvidence,
  encodeFalsehoodEvidence,
  MAX_COUNT,
} from "../../../src/wire/index.ts";
import { falsehoodEvidence, near } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/falsehood", () => {
  const { contradictions, noContradictions, invalid } = vectors("falsehood");

  for (const { name, evidence, facts, bytes } of contradictions) {
    it(`R24 replays a contradiction: ${name}`, () => {
      expect(encodeFalsehoodEvidence(evidence)).to.equal(bytes);
      expect(decodeFalsehoodEvidence(bytes)).to.deep.equal(evidence);
      expect(() => checkFalsehood(evidence, facts)).to.not.throw();
      expectRefusal(() => checkFalsehood(evidence, { ...facts, word: undefined }), "wire/no-contradiction");
    });
  }

  for (const { name, evidence, facts, bytes, error } of noContradictions) {
    it(`R24 finds no contradiction: ${name}`, () => {
      expect(decodeFalsehoodEvidence(bytes)).to.deep.equal(evidence);
      expectRefusal(() => checkFalsehood(evidence, facts), error);
    });
  }

  for (const { name, bytes, error } of invalid) {
    it(`refuses evidence: ${name}`, () => expectRefusal(() => decodeFalsehoodEvidence(bytes), error));
  }

  it("refuses a count that no lane has", () => {
    const { evidence } = contradictions[0]!;
    expectRefusal(() => encodeFalsehoodEvidence({ ...evidence, settledCount: MAX_COUNT + 1n }), "wire/range");
  });

  it("gives back what it encoded, and accepts nothing that it would have written otherwise", () => {
    check(
      fc.property(falsehoodEvidence, (one) => {
        expect(decodeFalsehoodEvidence(encodeFalsehoodEvidence(one))).to.deep.equal(one);
      }),
    );
    check(
      fc.property(near(falsehoodEvidence.map(encodeFalsehoodEvidence)), (bytes) => {
        const accepted = acceptedBy(() => decodeFalsehoodEvidence(bytes));
        if (accepted !== undefined) expect(encodeFalsehoodEvidence(accepted)).to.equal(bytes);
      }),
    );
  });
});
