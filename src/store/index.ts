/** The database of a relayer, and of relayers that share work. No Hardhat inside. */
export type { Database, Queries } from "./database.ts";
export * from "./openDatabase.ts";
export { DatabasePendingTransactions } from "./pendingTransactions.ts";
