import { expect } from "chai";
import fc from "fast-check";

import { memberId, messageHash, type Message } from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { address, message, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Member, types/Message", () => {
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });
  const hashInSolidity = (one: Message): Promise<string> =>
    solidity.messageHashOf(one.source, one.destinationChainId, one.sender, one.recipient, one.options, one.payload);

  it("replays the vectors", async () => {
    for (const { at, member, memberId: id } of vectors("member").valid) {
      expect(await solidity.idOfMember(at.chainId, at.settlement, member)).to.equal(id);
    }
    for (const one of vectors("message").valid) expect(await hashInSolidity(one.message)).to.equal(one.messageHash);
  });

  it("names members as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(uint(256), address, uint(64, 1n), address, async (l1, settlement, chainId, gateway) => {
        const member = { chainId, gateway };
        const expected = memberId({ chainId: l1, settlement }, member);
        expect(await solidity.idOfMember(l1, settlement, member)).to.equal(expected);
      }),
    );
  });

  it("hashes messages as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(message, async (one) => {
        expect(await hashInSolidity(one)).to.equal(messageHash(one));
      }),
    );
  });
});
