import { expect } from "chai";
import fc from "fast-check";

import { join, uint as uintBytes } from "../../../src/wire/bytes.ts";
import {
  decodeAttributes,
  encodeAttributes,
  GAS_LIMIT_SELECTOR,
  MIN_FINALITY_SELECTOR,
  packOptions,
  type Hex,
  type Options,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { bytes, near, options, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf, refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Options", () => {
  const { valid, invalidAttributes } = vectors("options");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  /** What Solidity is to make of options. */
  const packed = (one: Options): unknown[] => [packOptions(one), BigInt(one.minFinality ?? 0), one.gasLimit ?? 0n];

  it("replays the vectors", async () => {
    for (const one of valid) {
      expect(await solidity.attributes(one.attributes)).to.deep.equal(packed(one.options));
    }
  });

  for (const { name, attributes } of invalidAttributes) {
    it(`R7 refuses attributes: ${name}`, async () => {
      expect(await refusalOf(solidity, solidity.attributes([...attributes]))).to.be.oneOf([
        "UnsupportedAttribute",
        "InvalidAttributeLength",
        "AttributesNotAscending",
        "InvalidGasLimit",
        "InvalidMinFinality",
      ]);
    });
  }

  it("R7 accepts the attributes that the TypeScript accepts, refuses all others, and reads them alike", async () => {
    const one = fc
      .tuple(
        fc.constantFrom(GAS_LIMIT_SELECTOR, MIN_FINALITY_SELECTOR),
        fc.oneof(fc.constantFrom(0n, 1n, 2n, 3n, 4n, 257n, 8_000_000n, 8_000_001n), uint(256)),
      )
      .map(([selector, value]) => join(selector, uintBytes(value, 32, "value")));
    const list: fc.Arbitrary<Hex[]> = fc.oneof(
      options.map(encodeAttributes),
      fc.array(one, { maxLength: 3 }),
      fc.array(near(one), { minLength: 1, maxLength: 3 }),
      fc.array(bytes(0, 40), { minLength: 1, maxLength: 2 }),
      fc.constantFrom(...invalidAttributes.map(({ attributes }) => [...attributes])),
    );
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(list, async (attributes) => {
        const here = acceptedBy(() => decodeAttributes(attributes));
        const there = await outcomeOf(solidity, solidity.attributes(attributes));
        expect(there.accepted).to.equal(here !== undefined);
        if (there.accepted && here !== undefined) {
          accepted += 1;
          expect(there.value).to.deep.equal(packed(here));
        }
      }),
      400,
    );
    expect(accepted).to.be.within(40, 360);
  });
});
