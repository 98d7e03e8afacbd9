/** Whether a fabric is as it should be. No Hardhat inside. */
export type { Finding } from "./finding.ts";
export * from "./judgeFabric.ts";
export * from "./readFabricHealth.ts";
export * from "./timeBudget.ts";
