import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { keccak256 } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, join, type Hex } from "./bytes.ts";
import { checkpointLeaf, type Checkpoint } from "./checkpoint.ts";

/** A tree of checkpoints. */
export type CheckpointTree = {
  readonly root: Hex;
  /** `siblings[i]` leads from the i-th checkpoint's leaf to the root, from the bottom up. */
  readonly siblings: readonly Hex[][];
};

/**
 * The Merkle tree over checkpoints, in any order (OpenZeppelin's `SimpleMerkleTree` with sorted leaves).
 * Throws `wire/empty` if there are none, and as `checkpointLeaf` does.
 */
export function checkpointTree(checkpoints: readonly Checkpoint[]): CheckpointTree {
  if (checkpoints.length === 0) {
    throw new ParleyError("wire/empty", "a tree has no checkpoints", "Give one checkpoint at least.");
  }
  const tree = SimpleMerkleTree.of(checkpoints.map(checkpointLeaf), { sortLeaves: true });
  return { root: tree.root, siblings: checkpoints.map((_, index) => tree.getProof(index)) };
}

/** The root to which siblings lead from a leaf (OpenZeppelin's `MerkleProof.processProof`). Throws `wire/hex`, `wire/length`. */
export function rootOf(leaf: string, siblings: readonly string[]): Hex {
  return siblings.reduce<Hex>(
    (node, value) => {
      const sibling = bytes32(value, "sibling");
      return keccak256(node < sibling ? join(node, sibling) : join(sibling, node));
    },
    bytes32(leaf, "leaf"),
  );
}
