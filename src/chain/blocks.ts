import type { Provider } from "ethers";

import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** A block on one branch of a chain. */
export type BlockRef = {
  readonly number: number;
  readonly hash: Hex;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
};

/** The latest block that is final on a member's chain. Throws `chain/no-block`. */
export async function readFinalBlock(node: Pick<MemberNode, "provider" | "confirmations">): Promise<BlockRef> {
  if (node.confirmations === "finalized") return await readBlock(node.provider, "finalized");
  const latest = await readBlock(node.provider, "latest");
  return node.confirmations === 0
    ? latest
    : await readBlock(node.provider, Math.max(0, latest.number - node.confirmations));
}

/** A block by its number, its hash, or what nodes call it (`latest`, `finalized`). Throws `chain/no-block`. */
export async function readBlock(provider: Pick<Provider, "getBlock">, block: number | string): Promise<BlockRef> {
  const found = await provider.getBlock(block);
  if (found === null || found.hash === null) {
    throw new ParleyError(
      "chain/no-block",
      `the node knows no block ${block}`,
      "Wait until the node has caught up; a hash that stays unknown belongs to a branch that the node never saw.",
    );
  }
  return { number: found.number, hash: found.hash, timestamp: BigInt(found.timestamp) };
}

/** Whether the block is on the branch that the node follows now. */
export async function isCanonical(
  provider: Pick<Provider, "getBlock">,
  block: Pick<BlockRef, "number" | "hash">,
): Promise<boolean> {
  return (await provider.getBlock(block.number))?.hash === block.hash;
}
