import type { Log } from "ethers";

import type { Hex } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** Blocks that are asked for at once: more than this many are refused by some nodes. */
const RANGE = 10_000;

/** The logs of a member's Gateway with these topics, both ends of the range included, in order. */
export async function readLogs(
  { provider, gateway }: Pick<MemberNode, "provider" | "gateway">,
  topics: readonly (Hex | null | Hex[])[],
  from: number,
  to: number,
): Promise<Log[]> {
  const logs: Log[] = [];
  for (let start = from; start <= to; start += RANGE) {
    const toBlock = Math.min(to, start + RANGE - 1);
    logs.push(...(await provider.getLogs({ address: gateway, topics: [...topics], fromBlock: start, toBlock })));
  }
  return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
}
