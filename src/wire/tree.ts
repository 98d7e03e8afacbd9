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
  const leaves = checkpoints.map((checkpoint, place) => ({ leaf: checkpointLeaf(checkpoint), place }));
  leaves.sort((a, b) => (a.leaf < b.leaf ? -1 : a.leaf > b.leaf ? 1 : 0));
  // The root is node 0, the children of node i are 2i + 1 and 2i + 2, and the leaves are last, in falling order.
  const last = 2 * leaves.length - 2;
  const nodes = new Array<Hex>(last + 1);
  for (const [place, { leaf }] of leaves.entries()) nodes[last - place] = leaf;
  for (let node = last - leaves.length; node >= 0; --node) {
    nodes[node] = parentOf(nodeAt(nodes, 2 * node + 1), nodeAt(nodes, 2 * node + 2));
  }
  const siblings = new Array<Hex[]>(leaves.length);
  for (const [place, leaf] of leaves.entries()) siblings[leaf.place] = siblingsOf(nodes, last - place);
  return { root: nodeAt(nodes, 0), siblings };
}

/** The root to which siblings lead from a leaf (OpenZeppelin's `MerkleProof.processProof`). Throws `wire/hex`, `wire/length`. */
export function rootOf(leaf: string, siblings: readonly string[]): Hex {
  return siblings.reduce<Hex>((node, value) => parentOf(node, bytes32(value, "sibling")), bytes32(leaf, "leaf"));
}

const parentOf = (a: Hex, b: Hex): Hex => keccak256(a < b ? join(a, b) : join(b, a));

function siblingsOf(nodes: readonly Hex[], leaf: number): Hex[] {
  const siblings: Hex[] = [];
  for (let node = leaf; node > 0; node = Math.floor((node - 1) / 2)) {
    siblings.push(nodeAt(nodes, node % 2 === 0 ? node - 1 : node + 1));
  }
  return siblings;
}

function nodeAt(nodes: readonly Hex[], place: number): Hex {
  const node = nodes[place];
  if (node === undefined) throw new Error("every node of a tree but the root has a sibling");
  return node;
}
