/** Operator tables: what they are, and publishing them. No Hardhat inside. */
export * from "./planPublication.ts";
export * from "./readFabricTables.ts";
