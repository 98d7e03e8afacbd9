import type { Stack } from "./stack.ts";

/** Gas that L1's transaction takes at most which sends a table of 200 operators down (docs/STACKS.md, Gas); `local`: to L1's own Gateway. */
export const PUBLISH_GAS: Readonly<Record<Stack | "local", bigint>> = {
  optimism: 3_500_000n,
  arbitrum: 300_000n,
  zksync: 400_000n,
  devnet: 400_000n,
  local: 2_500_000n,
};
