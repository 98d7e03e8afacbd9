/** Bridges of members, by their stacks: what waits on them, what it waits for, what sending costs. No Hardhat inside. */
export * from "./bridgeOf.ts";
export type * from "./stackBridge.ts";
