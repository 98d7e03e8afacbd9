/** What a Nitro chain sent up, and the Merkle tree that it keeps of it. */
import { concat, keccak256, toBeHex, ZeroHash, type Contract, type EventLog, type Log } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";

/** What ArbSys was told to send, with what the Outbox needs to believe it. */
export interface Send {
  readonly position: bigint;
  readonly hash: Hex;
  /** Arguments of `executeTransaction` behind proof and position. */
  readonly fields: readonly [
    caller: string,
    destination: string,
    arbBlock: bigint,
    ethBlock: bigint,
    timestamp: bigint,
    value: bigint,
    data: Hex,
  ];
}

/** Reads what ArbSys sent in the blocks from `fromBlock` on. */
export async function readSends(arbSys: Contract, fromBlock: number): Promise<Send[]> {
  const logs: (EventLog | Log)[] = await arbSys.queryFilter("L2ToL1Tx", fromBlock);
  return logs.map((log) => {
    const [caller, destination, hash, position, ...rest] = arbSys.interface
      .decodeEventLog("L2ToL1Tx", log.data, log.topics)
      .toArray() as [string, string, bigint, bigint, bigint, bigint, bigint, bigint, Hex];
    return { position, hash: toBeHex(hash, 32), fields: [caller, destination, ...rest] };
  });
}

/** The levels of Nitro's accumulator over these hashes, leaves first: a leaf is hashed once more, what is missing is zero. */
function levels(hashes: readonly Hex[]): Hex[][] {
  const tree = [hashes.map((hash) => keccak256(hash))];
  for (let level = tree[0]!; level.length > 1; tree.push(level)) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
      keccak256(concat([below[2 * i]!, below[2 * i + 1] ?? ZeroHash])),
    );
  }
  return tree;
}

/** Root of the tree over these hashes. */
export const sendRoot = (hashes: readonly Hex[]): Hex => levels(hashes).at(-1)![0]!;

/** Siblings of the hash at a position, from the leaf up. */
export const sendProof = (hashes: readonly Hex[], position: number): Hex[] =>
  levels(hashes)
    .slice(0, -1)
    .map((level, depth) => level[(position >> depth) ^ 1] ?? ZeroHash);
