import { expect } from "chai";
import fc from "fast-check";

import { encodeDeliver } from "../../../src/agents/relaying/deliverCall.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { check } from "../../support/property.ts";

const bytes = (constraints: { minLength?: number; maxLength: number }): fc.Arbitrary<string> =>
  fc.uint8Array(constraints).map((some) => `0x${Buffer.from(some).toString("hex")}`);

describe("encodeDeliver", () => {
  it("writes what ethers writes", () => {
    const gateway = IGateway__factory.createInterface();
    const word = bytes({ minLength: 32, maxLength: 32 });
    const chainId = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n });
    check(
      fc.property(
        ...([
          chainId,
          bytes({ minLength: 20, maxLength: 20 }),
          bytes({ maxLength: 100 }),
          bytes({ maxLength: 100 }),
          word,
        ] as const),
        (id, address, items, proof, from) => {
          const source = { chainId: id, gateway: address };
          expect(encodeDeliver({ source, items, proof, from })).to.equal(
            gateway.encodeFunctionData("deliver", [source, items, proof, from]),
          );
        },
      ),
    );
  });
});
