import { keccak256 } from "ethers";

import { bytes32, join, type Hex } from "../bytes.ts";
import { GROUP_ORDER } from "./field.ts";
import { hashToG1 } from "./hashToG1.ts";
import type { Bn254PublicKey } from "./keys.ts";
import {
  decodeG1,
  decodeG2,
  encodeG1,
  encodeG2,
  G1_GENERATOR,
  G2_GENERATOR,
  pairsToOne,
  sumG1,
  sumG2,
  type G1,
} from "./points.ts";

/**
 * The signatures of several keys over one digest as one. Throws `wire/identity` if they cancel out (or there are none), and as
 * `decodeG1` does.
 */
export const aggregateSignatures = (signatures: readonly Hex[]): Hex =>
  encodeG1(sumG1(signatures.map((signature) => decodeG1(signature, "signature"))));

/** The key of several signers together. Throws `wire/identity` if they cancel out (or there are none), and as `decodeG1`, `decodeG2` do. */
export const aggregateKeys = (keys: readonly Bn254PublicKey[]): Bn254PublicKey => ({
  g1: aggregateG1Keys(keys.map(({ g1 }) => g1)),
  g2: aggregateG2Keys(keys.map(({ g2 }) => g2)),
});

/** The half in G1 of several signers' key. Throws as {@link aggregateKeys} does. */
export const aggregateG1Keys = (keys: readonly Hex[]): Hex =>
  encodeG1(sumG1(keys.map((key) => decodeG1(key, "key in G1"))));

/** The half in G2 of several signers' key. Throws as {@link aggregateKeys} does. */
export const aggregateG2Keys = (keys: readonly Hex[]): Hex =>
  encodeG2(sumG2(keys.map((key) => decodeG2(key, "key in G2"))));

/**
 * Whether the secret of this key signed the digest, and both halves of the key are of that secret: the equation that operator tables
 * check (docs/PROTOCOL.md, BN254). Throws as `decodeG1`, `decodeG2` do, and `wire/no-point`.
 */
export function isSignedBy(key: Bn254PublicKey, digest: string, signature: string): boolean {
  const sigma = decodeG1(signature, "signature");
  const [inG1, inG2] = [decodeG1(key.g1, "key in G1"), decodeG2(key.g2, "key in G2")];
  const { point: hashed } = hashToG1(digest);
  const gamma = randomiser(digest, key, sigma, hashed);
  return pairsToOne([
    { g1: sigma.add(inG1.multiplyUnsafe(gamma)), g2: G2_GENERATOR.negate() },
    { g1: hashed.add(G1_GENERATOR.multiplyUnsafe(gamma)), g2: inG2 },
  ]);
}

/** What binds both halves of a key to one another: of all that goes into the equation. */
function randomiser(digest: string, { g1, g2 }: Bn254PublicKey, sigma: G1, hashed: G1): bigint {
  const all = join(bytes32(digest, "digest"), g1, g2, encodeG1(sigma), encodeG1(hashed));
  return BigInt(keccak256(all)) % GROUP_ORDER;
}
