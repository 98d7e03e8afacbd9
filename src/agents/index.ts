/** Those who carry messages: operators sign, relayers deliver. No Hardhat inside. */
export type { Confirmations, MemberNode } from "../chain/memberNode.ts";
export { decodeCallError, decodeFailure, type DecodedFailure } from "../chain/decodeFailure.ts";
export { FileSigningStore } from "./fileSigningStore.ts";
export { MemorySigningStore } from "./memorySigningStore.ts";
export { Operator, type MemberView, type OperatorOptions } from "./operator.ts";
export { FileHaltBook } from "./signing/fileHaltBook.ts";
export { MemoryHaltBook, type Halt, type HaltBook } from "./signing/halts.ts";
export { OPERATOR_STEPS, type OnOperatorStep, type OperatorStep } from "./signing/steps.ts";
export type { Certification, OperatorClient, Refusal } from "./operatorClient.ts";
export { operatorSigner, type OperatorKey, type OperatorSigner } from "./operatorSigner.ts";
export { planSignature, type SignaturePlan } from "./planSignature.ts";
export { HttpOperator } from "./http/httpOperator.ts";
export { openOperator } from "./http/openOperator.ts";
export { run, type LoopOptions } from "./loop.ts";
export { Relayer } from "./relayer.ts";
export { RELAYER_STEPS, type OnRelayerStep, type RelayerStep } from "./relaying/steps.ts";
export type * from "./relaying/types.ts";
export {
  Heartbeats,
  type BeatingMember,
  type HeartbeatOptions,
  type HeartbeatReport,
  type SettledSource,
} from "./heartbeats.ts";
export { Watcher } from "./watcher.ts";
export { FileHeardStatements, type HeardStatements } from "./watching/heardStatements.ts";
export { watched } from "./watching/watched.ts";
export type * from "./watching/types.ts";
export { laneKey, type LaneRef, type SignedWord, type SigningHistory, type SigningStore } from "./signingStore.ts";
