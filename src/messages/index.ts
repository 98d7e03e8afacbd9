/** Messages over a fabric that runs: send, find, follow, trace, relay. No Hardhat inside. */
export * from "./askOperators.ts";
export * from "./fabricView.ts";
export * from "./followMessages.ts";
export * from "./judgement.ts";
export * from "./listMessages.ts";
export * from "./messageStatus.ts";
export * from "./sendMessages.ts";
