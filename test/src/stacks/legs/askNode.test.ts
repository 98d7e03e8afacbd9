import { expect } from "chai";
import { BrowserProvider } from "ethers";

import { ParleyError } from "../../../../src/errors.ts";
import { askNode } from "../../../../src/stacks/legs/askNode.ts";

/** What nodes say, and what that comes to; undefined: nothing that anybody could name. */
const SAID: readonly (readonly [said: string, code: number, as: string | undefined])[] = [
  ["the method zks_getL2ToL1LogProof does not exist/is not available", -32_601, "settle/no-method"], // geth
  ["Method not found", -32_601, "settle/no-method"], // Nethermind, reth
  ["The method 'eth_getProof' is not supported.", -32_004, "settle/no-method"], // EIP-1474's code
  ["missing trie node 5b3f (path ) state 0x5b3f is not available", -32_000, "settle/pruned-node"], // geth
  ["historical state 5b3f is not available", -32_000, "settle/pruned-node"], // geth, by paths
  ["No state available for block 12", -32_002, "settle/pruned-node"], // Nethermind
  ["distance to target block exceeds maximum proof window", -32_602, "settle/pruned-node"], // reth
  [
    "requested block is too old, block must be within 1000 blocks of the head block number",
    -32_000,
    "settle/pruned-node",
  ], // Erigon
  ["rate limit exceeded", -32_005, undefined],
];

describe("Nodes that do not answer what a proof is made by", () => {
  for (const [said, code, as] of SAID) {
    it(`${as ?? "as the node says"}: ${said.slice(0, 40)}`, async () => {
      const request = (): Promise<never> => Promise.reject(Object.assign(new Error(said), { code }));
      const provider = new BrowserProvider({ request }, 10, { staticNetwork: true });
      const asked = askNode({ name: "base", at: "a node", provider }, "eth_getProof", []);
      const error: unknown = await asked.catch((caught: unknown) => caught);
      provider.destroy();
      expect(error instanceof ParleyError ? error.code : undefined).to.equal(as);
      expect(error).to.be.instanceOf(Error).with.property("message").that.contains(said);
    });
  }
});
