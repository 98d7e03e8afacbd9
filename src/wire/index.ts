/** The wire format (docs/PROTOCOL.md): the one place in TypeScript that knows it. */
export * from "./batch.ts";
export type { Hex } from "./bytes.ts";
export * from "./certificate.ts";
export { CHECKPOINT_TYPEHASH, CHECKPOINT_TYPES, checkpointLeaf, toCheckpoint, type Checkpoint } from "./checkpoint.ts";
export * from "./conviction.ts";
export { decodeEnvelope, encodeEnvelope } from "./envelope.ts";
export * from "./evidence.ts";
export * from "./interoperableAddress.ts";
export * from "./item.ts";
export * from "./lane.ts";
export * from "./levels.ts";
export * from "./member.ts";
export * from "./message.ts";
export * from "./options.ts";
export * from "./proof.ts";
export * from "./table.ts";
export * from "./tree.ts";
