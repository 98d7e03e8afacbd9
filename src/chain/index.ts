/** Reading members' chains. Knows ethers' providers alone. */
export * from "./arrivals.ts";
export * from "./blocks.ts";
export * from "./decodeFailure.ts";
export { Follower, type Fold, type Followed } from "./follower.ts";
export * from "./lanes.ts";
export type { Confirmations, MemberNode } from "./memberNode.ts";
export * from "./readDelivered.ts";
export * from "./readHeld.ts";
export * from "./readLaneTo.ts";
export * from "./readLogs.ts";
export * from "./readTable.ts";
export * from "./readTableInForce.ts";
export * from "./readerOf.ts";
