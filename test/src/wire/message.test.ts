import { expect } from "chai";
import { TypedDataEncoder, AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";

import { MESSAGE_TYPEHASH, messageHash } from "../../../src/wire/index.ts";
import { message } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/message", () => {
  const { valid, invalid } = vectors("message");

  it("replays the vectors", () => {
    for (const one of valid) expect(messageHash(one.message)).to.equal(one.messageHash);
  });

  for (const { name, message: refused, error } of invalid) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => messageHash(refused), error);
    });
  }

  const fields = [
    { name: "source", type: "bytes32" },
    { name: "destinationChainId", type: "uint256" },
    { name: "sender", type: "address" },
    { name: "recipient", type: "address" },
    { name: "options", type: "uint64" },
    { name: "payload", type: "bytes" },
  ];

  it("is an EIP-712 struct hash, and the hash of 224 bytes that abi.encode writes", () => {
    check(
      fc.property(message, (one) => {
        const hash = messageHash(one);
        expect(TypedDataEncoder.hashStruct("Message", { Message: fields }, one)).to.equal(hash);
        const types = ["bytes32", "bytes32", "uint256", "address", "address", "uint64", "bytes32"];
        const encoded = AbiCoder.defaultAbiCoder().encode(types, [
          MESSAGE_TYPEHASH,
          one.source,
          one.destinationChainId,
          one.sender,
          one.recipient,
          one.options,
          keccak256(one.payload),
        ]);
        expect(keccak256(encoded)).to.equal(hash);
      }),
    );
  });

  it("depends on every field", () => {
    check(
      fc.property(message, message, fc.constantFrom(...fields), (one, other, { name }) => {
        const changed = { ...one, [name]: other[name as keyof typeof other] };
        fc.pre(JSON.stringify(Object.values(changed).map(String)) !== JSON.stringify(Object.values(one).map(String)));
        expect(messageHash(changed)).to.not.equal(messageHash(one));
      }),
    );
  });
});
