import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";
import fc from "fast-check";

import { decodeInteroperableAddress, encodeInteroperableAddress } from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { address, bytes as someBytes, near, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf, refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/EvmAddress", () => {
  const { valid, invalid } = vectors("interoperableAddress");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  it("replays the vectors", async () => {
    for (const { account, bytes } of valid) {
      expect(await solidity.evmAddress(bytes)).to.deep.equal([account.chainId, account.address]);
    }
  });

  it("writes the vectors, each into memory of its own", async () => {
    const first = encodeInteroperableAddress({ chainId: 1n, address: getAddress(toBeHex(1n, 20)) });
    const last = encodeInteroperableAddress({ chainId: 2n ** 256n - 1n, address: getAddress(`0x${"ff".repeat(20)}`) });
    for (const { account, bytes } of valid) {
      const written = await solidity.evmAddressBytes(account.chainId, account.address);
      expect(written).to.deep.equal([first, bytes, last]);
    }
  });

  for (const { name, bytes } of invalid) {
    it(`R6 refuses ${name}`, async () => {
      expect(await refusalOf(solidity, solidity.evmAddress(bytes))).to.equal("InvalidInteroperableAddress");
    });
  }

  it("R6 accepts the addresses that the TypeScript accepts, refuses all others, and reads them alike", async () => {
    const account = fc.record({ chainId: fc.oneof(uint(16, 1n), uint(64, 1n), uint(256, 1n)), address });
    const candidates = fc.oneof(
      { weight: 4, arbitrary: near(account.map(encodeInteroperableAddress)) },
      { weight: 1, arbitrary: someBytes(0, 60) },
      { weight: 1, arbitrary: fc.constantFrom(...invalid.map(({ bytes }) => bytes)) },
    );
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(candidates, async (bytes) => {
        const here = acceptedBy(() => decodeInteroperableAddress(bytes));
        const there = await outcomeOf(solidity, solidity.evmAddress(bytes));
        expect(there.accepted).to.equal(here !== undefined);
        if (there.accepted && here !== undefined) {
          accepted += 1;
          expect(there.value).to.deep.equal([here.chainId, here.address]);
        }
      }),
      400,
    );
    expect(accepted).to.be.within(40, 360);
  });
});
