/** What a ZK Stack chain says in a batch, and the Merkle tree over it that L1 keeps the root of. */
import { concat, keccak256, solidityPackedKeccak256, toBeHex, ZeroHash } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";

/** A tree has room for 2^14 logs; above it stands one node more, for what chains say that settle on this one. */
const DEPTH = 14;

/** What L1 demands before the path: version 1, its length, and that the batch is settled on L1 itself. */
const METADATA = toBeHex((1n << 248n) | (BigInt(DEPTH + 1) << 240n) | (1n << 224n), 32);

/** Hash of the log that fills what is empty: 88 bytes of zero. */
const EMPTY_LOG = keccak256(new Uint8Array(88));

/** The system contract that sends messages. */
export const L1_MESSENGER = "0x0000000000000000000000000000000000008008";

/** Hash of the log with which the L1Messenger sends a message. */
export const logOf = (txNumberInBatch: bigint, sender: string, messageHash: Hex): Hex =>
  solidityPackedKeccak256(
    ["uint8", "bool", "uint16", "address", "bytes32", "bytes32"],
    [0, true, txNumberInBatch, L1_MESSENGER, toBeHex(BigInt(sender), 32), messageHash],
  );

const nodeOf = (left: Hex, right: Hex): Hex => keccak256(concat([left, right]));

/** The levels of the tree over these logs, as far as they are not filled up, and what fills each. */
function levels(logs: readonly Hex[]): { nodes: Hex[]; filler: Hex }[] {
  const tree = [{ nodes: [...logs], filler: EMPTY_LOG }];
  for (let depth = 0; depth < DEPTH; ++depth) {
    const { nodes, filler } = tree.at(-1)!;
    tree.push({
      nodes: Array.from({ length: Math.ceil(nodes.length / 2) }, (_, i) =>
        nodeOf(nodes[2 * i]!, nodes[2 * i + 1] ?? filler),
      ),
      filler: nodeOf(filler, filler),
    });
  }
  return tree;
}

/** Root of a batch with these logs. */
export function batchRoot(logs: readonly Hex[]): Hex {
  const { nodes, filler } = levels(logs).at(-1)!;
  return nodeOf(nodes[0] ?? filler, ZeroHash);
}

/** The path from the log at an index to the root, without the word before it. */
export const pathOf = (logs: readonly Hex[], index: number): Hex[] => [
  ...levels(logs)
    .slice(0, DEPTH)
    .map(({ nodes, filler }, depth) => nodes[(index >> depth) ^ 1] ?? filler),
  ZeroHash,
];

/** The proof of the log at an index, as `zks_getL2ToL1LogProof` answers. */
export const proofOf = (logs: readonly Hex[], index: number): Hex[] => [METADATA, ...pathOf(logs, index)];
