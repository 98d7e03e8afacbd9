/** The BN254 scheme of certificates (docs/PROTOCOL.md, BN254). */
export * from "./certificate.ts";
export * from "./checkCertificate.ts";
export { FIELD_PRIME, GROUP_ORDER } from "./field.ts";
export { hashToG1, MAX_TRIES, type HashedToG1 } from "./hashToG1.ts";
export * from "./keys.ts";
export { G1_LENGTH, G2_LENGTH } from "./points.ts";
export * from "./signatures.ts";
