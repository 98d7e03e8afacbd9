/** Signatures of many keys over one digest, verified together. */
import { pippenger } from "@noble/curves/abstract/curve.js";
import { bn254 } from "@noble/curves/bn254.js";
import { hexlify, randomBytes } from "ethers";

import type { Hex } from "../bytes.ts";
import { hashToG1 } from "./hashToG1.ts";
import type { Bn254PublicKey } from "./keys.ts";
import { decodeG1, decodeG2, G1_GENERATOR, G2_GENERATOR, pairsToOne, type G1, type G2 } from "./points.ts";

/** A signature, and the key that is said to have made it. */
export type SignedByKey = Bn254PublicKey & { readonly signature: Hex };

/** The same, as points that were checked. */
type Points = { readonly sigma: G1; readonly inG1: G1; readonly inG2: G2 };

/**
 * For each whether the secret of its key signed the digest, and both halves of the key are of that secret, as `isSignedBy` says; or why it
 * is none. All are verified by one check of three pairings, and only if that fails, halves of them. What `hashToG1` throws of the digest
 * is said of each.
 */
export function areSignedBy(digest: string, signed: readonly SignedByKey[]): (boolean | Error)[] {
  let hashed: G1 | undefined;
  const decoded = signed.map((one): Points | Error => {
    try {
      hashed ??= hashToG1(digest).point;
      return {
        sigma: decodeG1(one.signature, "signature"),
        inG1: decodeG1(one.g1, "key in G1"),
        inG2: keyInG2(one.g2),
      };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  });
  const points = decoded.filter((one): one is Points => !(one instanceof Error));
  const good = new Set(hashed === undefined ? [] : goodOnes(hashed, points));
  return decoded.map((one) => (one instanceof Error ? one : good.has(one)));
}

/** Those of them that verify. */
function goodOnes(hashed: G1, points: readonly Points[]): readonly Points[] {
  if (points.length === 0 || verifyTogether(hashed, points)) return points;
  if (points.length === 1) return [];
  const half = Math.ceil(points.length / 2);
  return [...goodOnes(hashed, points.slice(0, half)), ...goodOnes(hashed, points.slice(half))];
}

/**
 * Whether all of them verify: the sum of what each one's two equations are wrong by, each so many times that nobody could foresee. Were
 * any of them wrong, the sum would be right once in 2^128; without the factors, two that are wrong by opposite amounts would pass.
 */
function verifyTogether(hashed: G1, points: readonly Points[]): boolean {
  const [ofSignatures, ofKeys] = [points.map(factor), points.map(factor)];
  const keys = points.map(({ inG2 }) => inG2);
  const left = pippenger(
    bn254.G1.Point,
    [...points.map(({ sigma }) => sigma), ...points.map(({ inG1 }) => inG1)],
    [...ofSignatures, ...ofKeys],
  );
  return pairsToOne([
    { g1: left, g2: G2_GENERATOR.negate() },
    { g1: hashed, g2: pippenger(bn254.G2.Point, keys, ofSignatures) },
    { g1: G1_GENERATOR, g2: pippenger(bn254.G2.Point, keys, ofKeys) },
  ]);
}

/** From 1 to 2^128. */
const factor = (): bigint => BigInt(hexlify(randomBytes(16))) + 1n;

/** Keys in G2 that were found to be such: it takes as long as a pairing, and the same operators answer again and again. */
const known = new Map<Hex, G2>();
const MOST_KNOWN = 1_000;

function keyInG2(bytes: Hex): G2 {
  const found = known.get(bytes);
  if (found !== undefined) return found;
  const point = decodeG2(bytes, "key in G2");
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(bytes, point);
  return point;
}
