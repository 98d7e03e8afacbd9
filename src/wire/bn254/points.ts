import { bn254 } from "@noble/curves/bn254.js";
import type { Fp2 } from "@noble/curves/abstract/tower.js";
import type { WeierstrassPoint } from "@noble/curves/abstract/weierstrass.js";

import { ParleyError } from "../../errors.ts";
import { hexOfSize, join, shown, uint, type Hex } from "../bytes.ts";
import { Reader } from "../reader.ts";
import { fieldElement } from "./field.ts";

/** A point of the group of signatures, G1. */
export type G1 = WeierstrassPoint<bigint>;

/** A point of the group in which keys are paired with signatures, G2. */
export type G2 = WeierstrassPoint<Fp2>;

/** Bytes of a point of G1: `x ‖ y`. */
export const G1_LENGTH = 64;

/** Bytes of a point of G2: `x ‖ y`, each its imaginary part first (EIP-197). */
export const G2_LENGTH = 128;

export const G1_GENERATOR: G1 = bn254.G1.Point.BASE;
export const G2_GENERATOR: G2 = bn254.G2.Point.BASE;

/** 64 bytes. Throws `wire/identity` for the identity. */
export function encodeG1(point: G1): Hex {
  if (point.is0()) throw identity("a point of G1");
  const { x, y } = point.toAffine();
  return join(uint(x, 32, "x"), uint(y, 32, "y"));
}

/** 128 bytes. Throws `wire/identity` for the identity. */
export function encodeG2(point: G2): Hex {
  if (point.is0()) throw identity("a point of G2");
  const { x, y } = point.toAffine();
  return join(...[x.c1, x.c0, y.c1, y.c0].map((part) => uint(part, 32, "coordinate")));
}

/**
 * The point in 64 bytes; `what` names it in errors. Throws `wire/unreduced`, `wire/off-curve`, `wire/identity`, and
 * `wire/hex`, `wire/length`.
 */
export function decodeG1(bytes: string, what: string): G1 {
  const [x, y] = coordinates(hexOfSize(bytes, G1_LENGTH, what), what) as [bigint, bigint];
  const { Fp } = bn254.fields;
  if (x === 0n && y === 0n) throw identity(what);
  if (Fp.sqr(y) !== curveRightSide(x)) throw offCurve(bytes, what);
  return bn254.G1.Point.fromAffine({ x, y });
}

/**
 * The point in 128 bytes; `what` names it in errors. Throws `wire/unreduced`, `wire/off-curve`, `wire/identity`,
 * `wire/wrong-subgroup`, and `wire/hex`, `wire/length`.
 */
export function decodeG2(bytes: string, what: string): G2 {
  const parts = coordinates(hexOfSize(bytes, G2_LENGTH, what), what) as [bigint, bigint, bigint, bigint];
  const x = { c0: parts[1], c1: parts[0] };
  const y = { c0: parts[3], c1: parts[2] };
  const { Fp2 } = bn254.fields;
  if (Fp2.is0(x) && Fp2.is0(y)) throw identity(what);
  const { b } = bn254.G2.Point.CURVE();
  // No point of the group has y = 0: its order is odd.
  if (Fp2.is0(y) || !Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), b))) throw offCurve(bytes, what);
  const point = bn254.G2.Point.fromAffine({ x, y });
  if (point.isTorsionFree()) return point;
  throw new ParleyError(
    "wire/wrong-subgroup",
    `${what} lies on the curve, but not in the group of prime order: ${shown(bytes)}`,
    "Take keys and sums of keys alone: they lie in the group.",
  );
}

/** x³ + 3, which is y² on the curve of G1. */
export function curveRightSide(x: bigint): bigint {
  const { Fp } = bn254.fields;
  return Fp.add(Fp.mul(Fp.sqr(x), x), 3n);
}

/** The sum of points of G1, which the identity may be. */
export const sumG1 = (points: readonly G1[]): G1 => points.reduce((sum, point) => sum.add(point), bn254.G1.Point.ZERO);

/** The sum of points of G2, which the identity may be. */
export const sumG2 = (points: readonly G2[]): G2 => points.reduce((sum, point) => sum.add(point), bn254.G2.Point.ZERO);

/** Whether the product of the pairings is one. A pair with an identity counts nothing. */
export function pairsToOne(pairs: readonly { readonly g1: G1; readonly g2: G2 }[]): boolean {
  const { Fp12 } = bn254.fields;
  const proper = pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  return proper.length === 0 || Fp12.eql(bn254.pairingBatch(proper), Fp12.ONE);
}

/** The field elements that the bytes consist of. */
function coordinates(bytes: Hex, what: string): bigint[] {
  const reader = new Reader(bytes, what);
  const read: bigint[] = [];
  while (reader.remaining > 0) read.push(fieldElement(reader.bytes(32, "coordinate"), `a coordinate of ${what}`));
  return read;
}

const identity = (what: string): ParleyError =>
  new ParleyError(
    "wire/identity",
    `${what} is the identity`,
    "Refuse it: it stands for no key, and every message is signed by it.",
  );

const offCurve = (bytes: Hex, what: string): ParleyError =>
  new ParleyError(
    "wire/off-curve",
    `${what} is no point of the curve: ${shown(bytes)}`,
    "Give a point's x and y, each 32 bytes (in G2 each 64, the imaginary part first).",
  );
