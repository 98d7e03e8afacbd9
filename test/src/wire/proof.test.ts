import { expect } from "chai";
import { ZeroHash } from "ethers";
import fc from "fast-check";

import { decodeAdvanceProof, decodeProof, encodeAdvanceProof, encodeProof, Level } from "../../../src/wire/index.ts";
import { bytes as someBytes, hash, near, proof } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/proof", () => {
  const { deliver, advance } = vectors("proof");
  const advanceProof = fc.record({
    siblings: fc.array(fc.array(hash, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    certificate: someBytes(1, 130),
  });

  it("replays the vectors", () => {
    for (const one of deliver.valid) {
      expect(encodeProof(one.proof)).to.equal(one.bytes);
      expect(decodeProof(one.bytes)).to.deep.equal(one.proof);
    }
    for (const one of advance.valid) {
      expect(encodeAdvanceProof(one.proof)).to.equal(one.bytes);
      expect(decodeAdvanceProof(one.bytes, one.checkpoints)).to.deep.equal(one.proof);
    }
  });

  for (const { name, bytes, error } of deliver.invalid) {
    it(`refuses a proof of deliver: ${name}`, () => {
      expectRefusal(() => decodeProof(bytes), error);
    });
  }

  for (const { name, bytes, checkpoints, error } of advance.invalid) {
    it(`refuses a proof of advance: ${name}`, () => {
      expectRefusal(() => decodeAdvanceProof(bytes, checkpoints), error);
    });
  }

  it("gives back what it encoded", () => {
    check(
      fc.property(proof, (one) => {
        expect(decodeProof(encodeProof(one))).to.deep.equal(one);
      }),
    );
    check(
      fc.property(advanceProof, (one) => {
        expect(decodeAdvanceProof(encodeAdvanceProof(one), one.siblings.length)).to.deep.equal(one);
      }),
    );
  });

  it("has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(proof.map(encodeProof)), (bytes) => {
        const accepted = acceptedBy(() => decodeProof(bytes));
        if (accepted !== undefined) expect(encodeProof(accepted)).to.equal(bytes);
      }),
    );
  });

  it("refuses to encode what no Inbox takes", () => {
    const base = {
      kind: "certificate" as const,
      level: Level.final,
      reachedBy: 1n,
      blockHash: ZeroHash,
      siblings: [],
      certificate: "0xab",
    };
    expectRefusal(() => encodeProof({ ...base, level: Level.settled }), "wire/level");
    expectRefusal(() => encodeProof({ ...base, level: Level.fast }), "wire/block-hash");
    expectRefusal(() => encodeProof({ ...base, blockHash: `0x${"11".repeat(32)}` }), "wire/block-hash");
    expectRefusal(() => encodeProof({ ...base, reachedBy: 2n ** 64n }), "wire/range");
    expectRefusal(() => encodeProof({ ...base, siblings: Array.from({ length: 256 }, () => ZeroHash) }), "wire/range");
    expectRefusal(() => encodeProof({ ...base, certificate: "0x" }), "wire/empty");
    expectRefusal(() => encodeAdvanceProof({ siblings: [[]], certificate: "0x" }), "wire/empty");
  });
});
