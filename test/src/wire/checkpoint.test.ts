import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { concat, keccak256, TypedDataEncoder, ZeroHash } from "ethers";
import fc from "fast-check";

import {
  CERTIFICATE_TYPEHASH,
  certificateDigest,
  CHECKPOINT_TYPES,
  checkpointLeaf,
  checkpointTree,
  Level,
  rootOf,
} from "../../../src/wire/index.ts";
import { checkpoint, hash } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/checkpoint", () => {
  const { checkpoints, trees, digests, invalid } = vectors("checkpoint");

  it("replays the vectors: leaves", () => {
    for (const one of checkpoints) expect(checkpointLeaf(one.checkpoint)).to.equal(one.leaf);
  });

  it("replays the vectors: trees", () => {
    for (const { size, root, siblings } of trees) {
      const part = checkpoints.slice(0, size);
      expect(checkpointTree(part.map((one) => one.checkpoint))).to.deep.equal({ root, siblings });
      for (const [index, { leaf }] of part.entries()) expect(rootOf(leaf, siblings[index]!)).to.equal(root);
    }
  });

  it("replays the vectors: digests", () => {
    for (const { domain, domainSeparator, root, digest } of digests) {
      expect(certificateDigest(domain, root)).to.equal(digest);
      const struct = keccak256(concat([CERTIFICATE_TYPEHASH, root]));
      expect(keccak256(concat(["0x1901", domainSeparator, struct]))).to.equal(digest);
    }
  });

  for (const { name, checkpoint: refused, error } of invalid) {
    it(`refuses a checkpoint: ${name}`, () => {
      expectRefusal(() => checkpointLeaf(refused), error);
    });
  }

  it("has the EIP-712 struct hash as its leaf", () => {
    check(
      fc.property(checkpoint, (one) => {
        expect(checkpointLeaf(one)).to.equal(TypedDataEncoder.hashStruct("Checkpoint", CHECKPOINT_TYPES, one));
      }),
    );
  });

  it("has a tree whose siblings lead every checkpoint to the root, and no other", () => {
    check(
      fc.property(fc.array(checkpoint, { minLength: 1, maxLength: 12 }), checkpoint, (all, other) => {
        const { root, siblings } = checkpointTree(all);
        for (const [index, one] of all.entries()) {
          expect(rootOf(checkpointLeaf(one), siblings[index]!)).to.equal(root);
          expect(rootOf(checkpointLeaf(other), siblings[index]!)).to.not.equal(root);
        }
      }),
    );
  });

  it("has the tree that OpenZeppelin's library makes of its leaves", () => {
    check(
      fc.property(fc.array(checkpoint, { minLength: 1, maxLength: 40 }), (all) => {
        const reference = SimpleMerkleTree.of(all.map(checkpointLeaf), { sortLeaves: true });
        const siblings = all.map((_, index) => reference.getProof(index));
        expect(checkpointTree(all)).to.deep.equal({ root: reference.root, siblings });
      }),
    );
  });

  it("has the same root whatever the order of its checkpoints", () => {
    check(
      fc.property(fc.array(checkpoint, { minLength: 1, maxLength: 12 }), (all) => {
        expect(checkpointTree([...all].reverse()).root).to.equal(checkpointTree(all).root);
      }),
    );
  });

  it("has the leaf as root if it is alone", () => {
    check(
      fc.property(checkpoint, (one) => {
        expect(checkpointTree([one])).to.deep.equal({ root: checkpointLeaf(one), siblings: [[]] });
      }),
    );
  });

  it("refuses a tree of nothing, and siblings that are no hashes", () => {
    expectRefusal(() => checkpointTree([]), "wire/empty");
    expectRefusal(() => rootOf(ZeroHash, ["0x00"]), "wire/length");
  });

  it("gives each chain and ServiceManager a digest of its own", () => {
    check(
      fc.property(hash, (root) => {
        const serviceManager = `0x${"11".repeat(20)}`;
        const here = certificateDigest({ settlementChainId: 1n, serviceManager }, root);
        expect(certificateDigest({ settlementChainId: 5n, serviceManager }, root)).to.not.equal(here);
        const elsewhere = { settlementChainId: 1n, serviceManager: `0x${"22".repeat(20)}` };
        expect(certificateDigest(elsewhere, root)).to.not.equal(here);
      }),
    );
  });

  it("knows its levels by number and order", () => {
    expect(Level).to.deep.equal({ fast: 1, final: 2, settled: 3 });
  });
});
