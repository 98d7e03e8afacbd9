import { expect } from "chai";
import fc from "fast-check";

import { join } from "../../../src/wire/bytes.ts";
import {
  decodeAttributes,
  encodeAttributes,
  GAS_LIMIT_SELECTOR,
  MIN_FINALITY_SELECTOR,
  packOptions,
  unpackOptions,
  type Level,
} from "../../../src/wire/index.ts";
import { bytes, near, options, uint } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/options", () => {
  const { selectors, valid, invalidAttributes, invalidPacked } = vectors("options");

  it("replays the vectors", () => {
    expect({ gasLimit: GAS_LIMIT_SELECTOR, minFinality: MIN_FINALITY_SELECTOR }).to.deep.equal(selectors);
    for (const one of valid) {
      expect(encodeAttributes(one.options)).to.deep.equal(one.attributes);
      expect(decodeAttributes(one.attributes)).to.deep.equal(one.options);
      expect(packOptions(one.options)).to.equal(one.packed);
      expect(unpackOptions(one.packed)).to.deep.equal(one.options);
    }
  });

  for (const { name, attributes, error } of invalidAttributes) {
    it(`R7 refuses attributes: ${name}`, () => {
      expectRefusal(() => decodeAttributes(attributes), error);
    });
  }

  for (const { name, packed, error } of invalidPacked) {
    it(`refuses packed options: ${name}`, () => {
      expectRefusal(() => unpackOptions(packed), error);
    });
  }

  it("refuses to encode what the Gateway would refuse", () => {
    for (const encode of [encodeAttributes, packOptions]) {
      expectRefusal(() => encode({ gasLimit: 0n }), "wire/range");
      expectRefusal(() => encode({ gasLimit: 8_000_001n }), "wire/range");
      expectRefusal(() => encode({ minFinality: 4 as Level }), "wire/level");
    }
  });

  it("gives back what it encoded, in both forms", () => {
    check(
      fc.property(options, (one) => {
        expect(decodeAttributes(encodeAttributes(one))).to.deep.equal(one);
        expect(unpackOptions(packOptions(one))).to.deep.equal(one);
      }),
    );
  });

  it("R7 has one encoding: whatever it accepts, it would have written so", () => {
    const value = fc.oneof(fc.bigInt({ min: 0n, max: 8_000_002n }), uint(256));
    const attribute = fc.oneof(
      fc
        .tuple(fc.constantFrom(GAS_LIMIT_SELECTOR, MIN_FINALITY_SELECTOR), value)
        .map(([selector, number]) => join(selector, `0x${number.toString(16).padStart(64, "0")}`)),
      bytes(0, 40),
    );
    check(
      fc.property(fc.array(near(attribute), { maxLength: 3 }), (attributes) => {
        const accepted = acceptedBy(() => decodeAttributes(attributes));
        if (accepted !== undefined) expect(encodeAttributes(accepted)).to.deep.equal(attributes);
      }),
    );
    check(
      fc.property(uint(64), (packed) => {
        const accepted = acceptedBy(() => unpackOptions(packed));
        if (accepted !== undefined) expect(packOptions(accepted)).to.equal(packed);
      }),
    );
  });
});
