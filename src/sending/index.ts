/** Sending transactions that arrive: nonces, fees, replacement, and what is on its way across restarts. Knows ethers alone. */
export { classifyRefusal, type NodeRefusal, type RefusalKind } from "./refusals.ts";
export * from "./fees.ts";
export * from "./pendingTransactions.ts";
export { Sender, type SenderOptions, type SenderStatus } from "./sender.ts";
export { SENDING_STEPS, type SendingStep } from "./outgoing.ts";
export { DEFAULT_SETTINGS, type SenderSettings } from "./settings.ts";
export { directSender, type Call, type TransactionSender } from "./transactionSender.ts";
export { decide, type BatchDecision, type GasMarket, type WaitingBatch } from "./batching/decide.ts";
export { medianPrice, noPrices, withPrice, type GasPrices } from "./batching/gasPrices.ts";
export { DEFAULT_BATCH_POLICY, worthOf, type BatchPolicy, type WorthRule } from "./batching/policy.ts";
