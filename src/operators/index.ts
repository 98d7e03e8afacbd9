/** Operators' accounts on L1: signing keys, the way into the operator set, and out of it. No Hardhat inside. */
export * from "./depositAmount.ts";
export * from "./deregisterOperator.ts";
export * from "./keystore.ts";
export * from "./membership.ts";
export * from "./planAllocation.ts";
export * from "./planRegistration.ts";
export * from "./registerOperator.ts";
