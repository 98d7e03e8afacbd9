/** Messages over a fabric that runs: send, find, follow, trace, relay. No Hardhat inside. */
export * from "./askOperators.ts";
export * from "./fabricStatus.ts";
export * from "./fabricView.ts";
export * from "./followMessages.ts";
export * from "./judgement.ts";
export * from "./listMessages.ts";
export * from "./messageStatus.ts";
export * from "./relayMessages.ts";
export * from "./sendMessages.ts";
export * from "./traceMessage.ts";
export type { FailedAttempt } from "./tracing/readAttempts.ts";
export type { Delivery, DeliveryProof } from "./tracing/readDelivery.ts";
export { askForVoices, type Voices } from "./tracing/readVoices.ts";
export * from "./tryMessage.ts";
