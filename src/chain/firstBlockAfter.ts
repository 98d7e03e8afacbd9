import type { Provider } from "ethers";

import { readBlock } from "./blocks.ts";

/** The first block from `start` on whose time is later than this, in seconds since 1970; one more than the latest if none is. */
export async function firstBlockAfter(provider: Provider, start: number, time: bigint): Promise<number> {
  let [low, high] = [start, (await provider.getBlockNumber()) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await readBlock(provider, middle)).timestamp > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
