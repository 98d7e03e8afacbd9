import { expect } from "chai";
import fc from "fast-check";

import { certificateDigest, checkpointLeaf, checkpointTree, rootOf } from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { address, checkpoint, hash, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Checkpoint", () => {
  const { checkpoints, trees, digests } = vectors("checkpoint");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  it("replays the vectors: leaves", async () => {
    for (const one of checkpoints) expect(await solidity.leaf(one.checkpoint)).to.equal(one.leaf);
  });

  it("replays the vectors: trees", async () => {
    for (const { size, root, siblings } of trees) {
      for (const [index, { leaf }] of checkpoints.slice(0, size).entries()) {
        expect(await solidity.root(leaf, [...siblings[index]!])).to.equal(root);
      }
    }
  });

  it("replays the vectors: digests", async () => {
    for (const { domain, domainSeparator, root, digest } of digests) {
      expect(await solidity.digest(domain.settlementChainId, domain.serviceManager, root)).to.deep.equal([
        domainSeparator,
        digest,
      ]);
    }
  });

  it("hashes checkpoints as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(checkpoint, async (one) => {
        expect(await solidity.leaf(one)).to.equal(checkpointLeaf(one));
      }),
    );
  });

  it("climbs trees as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(fc.array(checkpoint, { minLength: 1, maxLength: 9 }), fc.nat(), async (all, pick) => {
        const { root, siblings } = checkpointTree(all);
        const index = pick % all.length;
        expect(await solidity.root(checkpointLeaf(all[index]!), [...siblings[index]!])).to.equal(root);
      }),
    );
    await checkAsync(
      fc.asyncProperty(hash, fc.array(hash, { maxLength: 8 }), async (leaf, siblings) => {
        expect(await solidity.root(leaf, siblings)).to.equal(rootOf(leaf, siblings));
      }),
    );
  });

  it("digests roots as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(uint(256), address, hash, async (settlementChainId, serviceManager, root) => {
        const [, digest] = await solidity.digest(settlementChainId, serviceManager, root);
        expect(digest).to.equal(certificateDigest({ settlementChainId, serviceManager }, root));
      }),
    );
  });
});
