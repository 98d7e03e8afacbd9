/** Reorganisations of simulated chains: what happened since a block is taken back, and something else happens instead. */
import { id } from "ethers";

import { ParleyError } from "../errors.ts";
import { mine } from "./cheats.ts";
import type { ChainProvider } from "./eigenlayer.ts";

/** A block of a simulated chain, the latest when it was taken, at which another branch can begin. Serves once. */
export interface BranchPoint {
  readonly provider: ChainProvider;
  readonly snapshot: unknown;
}

/** The place where a chain stands now, for {@link reorganise}. */
export async function branchPoint(provider: ChainProvider): Promise<BranchPoint> {
  return { provider, snapshot: await provider.request({ method: "evm_snapshot", params: [] }) };
}

/**
 * Takes back everything that happened on a chain since the point, lets `instead` happen there, and mines until the new
 * branch is one block longer than the one that it replaces: nodes follow no shorter one. None of its blocks is a block of
 * the old branch, even if the same happens again. What other chains derived from the old branch stays: a rollup to which
 * `derive` carried something from L1 since then has to be reorganised too.
 * Answers the point anew. Throws `reorganise/no-point` if the point was used, or lies on a branch that was taken back.
 *
 *     const point = await branchPoint(provider);
 *     await token.transfer(alice, 1n);
 *     await reorganise(point, () => token.transfer(bob, 1n));
 */
export async function reorganise(point: BranchPoint, instead?: () => Promise<unknown>): Promise<BranchPoint> {
  const { provider, snapshot } = point;
  const [oldHeight, oldHash] = await readHead(provider);
  if ((await provider.request({ method: "evm_revert", params: [snapshot] })) !== true) {
    throw new ParleyError(
      "reorganise/no-point",
      `The chain knows no snapshot ${String(snapshot)}.`,
      "A point serves once: go on with the one that reorganise answers, or take another.",
    );
  }
  const again = await branchPoint(provider);
  // Equal blocks would have equal hashes.
  await provider.request({ method: "hardhat_setPrevRandao", params: [id(oldHash)] });
  await instead?.();
  const [height] = await readHead(provider);
  if (height <= oldHeight) await mine(provider, Number(oldHeight - height) + 1);
  return again;
}

async function readHead(provider: ChainProvider): Promise<[height: bigint, hash: string]> {
  const block = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  const { number, hash } = block as { number: string; hash: string };
  return [BigInt(number), hash];
}
