import type { CanonicalStack } from "./stack.ts";

/** The one combination of stacks for which there is a hop (`contracts/bridges/hop/`): an L3's own, and its parent's. */
export const HOP = { rollup: "arbitrum", parent: "optimism" } as const satisfies Record<string, CanonicalStack>;
