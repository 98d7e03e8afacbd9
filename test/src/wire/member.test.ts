import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";

import { memberId } from "../../../src/wire/index.ts";
import { address, uint } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/member", () => {
  const { valid, invalid } = vectors("member");

  it("replays the vectors", () => {
    for (const { at, member, memberId: id } of valid) expect(memberId(at, member)).to.equal(id);
  });

  for (const { name, at, member, error } of invalid) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => memberId(at, member), error);
    });
  }

  it("hashes what Solidity's abi.encode writes", () => {
    check(
      fc.property(uint(256), address, uint(64, 1n), address, (settlementChainId, settlement, chainId, gateway) => {
        const types = ["uint256", "address", "uint256", "address"];
        const encoded = AbiCoder.defaultAbiCoder().encode(types, [settlementChainId, settlement, chainId, gateway]);
        expect(memberId({ chainId: settlementChainId, settlement }, { chainId, gateway })).to.equal(keccak256(encoded));
      }),
    );
  });
});
