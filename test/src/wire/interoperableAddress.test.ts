import { expect } from "chai";
import fc from "fast-check";

import { decodeInteroperableAddress, encodeInteroperableAddress } from "../../../src/wire/index.ts";
import { address, near, uint } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/interoperableAddress", () => {
  const { valid, invalid } = vectors("interoperableAddress");
  const account = fc.record({ chainId: fc.oneof(uint(16, 1n), uint(64, 1n), uint(256, 1n)), address });

  it("replays the vectors", () => {
    for (const one of valid) {
      expect(encodeInteroperableAddress(one.account)).to.equal(one.bytes);
      expect(decodeInteroperableAddress(one.bytes)).to.deep.equal(one.account);
    }
  });

  it("encodes the example of ERC-7930", () => {
    expect(encodeInteroperableAddress({ chainId: 1n, address: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045" })).to.equal(
      "0x00010000010114d8da6bf26964af9d7eed9e03e53415d37aa96045",
    );
  });

  for (const { name, bytes, error } of invalid) {
    it(`R6 refuses ${name}`, () => {
      expectRefusal(() => decodeInteroperableAddress(bytes), error);
    });
  }

  it("refuses to encode chain 0", () => {
    expectRefusal(() => encodeInteroperableAddress({ chainId: 0n, address: `0x${"11".repeat(20)}` }), "wire/range");
  });

  it("gives back what it encoded", () => {
    check(
      fc.property(account, (one) => {
        expect(decodeInteroperableAddress(encodeInteroperableAddress(one))).to.deep.equal(one);
      }),
    );
  });

  it("R6 has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(account.map(encodeInteroperableAddress)), (bytes) => {
        const accepted = acceptedBy(() => decodeInteroperableAddress(bytes));
        if (accepted !== undefined) expect(encodeInteroperableAddress(accepted)).to.equal(bytes);
      }),
    );
  });
});
