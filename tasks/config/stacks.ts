/** The bridges by which a rollup can be joined to L1. */
export const STACKS = ["devnet"] as const;

/** `devnet`: a stand-in for a rollup's own bridge, on simulated chains. */
export type Stack = (typeof STACKS)[number];
