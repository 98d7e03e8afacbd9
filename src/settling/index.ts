/** The settled path, where no operator is needed. No Hardhat inside. */
export * from "./carryUp.ts";
export * from "./planSettling.ts";
export * from "./readSettling.ts";
export * from "./settleMessage.ts";
