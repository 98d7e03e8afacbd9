/** A fabric on simulated chains, for tests of what is built on Parley. No Hardhat inside. */
export { addressOf, fund, impersonate, mine } from "./cheats.ts";
export { deploymentOf } from "./deploymentOf.ts";
export { derive, DERIVATION, type BridgeEnd, type DevnetBridge } from "./derivation.ts";
export * from "./eigenlayer.ts";
export * from "./exchange.ts";
export * from "./fabric.ts";
export * from "./fabricAgents.ts";
export { placeEigenLayer } from "./placeEigenLayer.ts";
export { createOperators, devnetOperator, OPERATOR_STAKE, type DevnetOperator } from "./operators.ts";
export { branchPoint, reorganise, type BranchPoint } from "./reorganise.ts";
export * from "./faults/index.ts";
