/**
 * The test kit: a whole fabric on simulated chains, faults for it, and chai's matchers. Hardhat is loaded by `createDevnet` alone:
 * everything else works without it.
 */
export * from "../src/testing/index.ts";
export { createDevnet } from "./createDevnet.ts";
export type { DeliverAllOptions, DeliveryReport } from "./delivering.ts";
export type { Devnet } from "./devnet.ts";
export type { DevnetMember, Letter } from "./devnetMember.ts";
export type { DevnetOptions } from "./devnetOptions.ts";
export type { DevnetMessage, MessageBook, Refusal } from "./messageBook.ts";
export type { RollupNames, RollupsOption } from "./names.ts";
export type { DevnetSnapshot } from "./snapshots.ts";
export type { TransactionLike } from "./transactionHash.ts";
export { parleyMatchers } from "./matchers/index.ts";
