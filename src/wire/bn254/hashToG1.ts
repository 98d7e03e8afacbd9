import { bn254 } from "@noble/curves/bn254.js";
import { hexlify, keccak256, toUtf8Bytes } from "ethers";

import { ParleyError } from "../../errors.ts";
import { bytes32, inRange, join, uint, type Hex } from "../bytes.ts";
import { fieldElement, FIELD_PRIME } from "./field.ts";
import { curveRightSide, type G1 } from "./points.ts";

/** A point of G1 that a digest leads to, and the square roots that show it to be the right one. */
export type HashedToG1 = {
  readonly point: G1;
  /**
   * 32 bytes each, one for each try: the even root of −(x³ + 3) where x³ + 3 is no square, at last the even root of x³ + 3, which
   * is the point's y.
   */
  readonly roots: readonly Hex[];
};

/** Tries at most: a digest that needs more is refused. One in 2^32 does. */
export const MAX_TRIES = 32;

const DOMAIN: Hex = hexlify(toUtf8Bytes("parley.bn254.g1.v1"));

/** The x of a try, counted from 0. Throws `wire/hex`, `wire/length`. */
export const tryOf = (digest: string, count: number): bigint =>
  BigInt(keccak256(join(DOMAIN, bytes32(digest, "digest"), uint(BigInt(count), 1, "try")))) % FIELD_PRIME;

/**
 * Hashes a digest to the curve (docs/PROTOCOL.md, BN254): the first try whose x is one of a point.
 * Throws `wire/no-point` if none of 32 is, and `wire/hex`, `wire/length`.
 */
export function hashToG1(digest: string): HashedToG1 {
  const roots: Hex[] = [];
  for (let count = 0; count < MAX_TRIES; count += 1) {
    const x = tryOf(digest, count);
    const square = curveRightSide(x);
    const { root, isOfNegative } = evenRoot(square);
    roots.push(uint(root, 32, "root"));
    if (!isOfNegative) return { point: bn254.G1.Point.fromAffine({ x, y: root }), roots };
  }
  throw new ParleyError("wire/no-point", `no try of ${digest} is a point`, "Sign another tree of checkpoints.");
}

/**
 * The point that roots show a digest to lead to, without taking one. Throws `wire/root` if one is odd or of something else,
 * `wire/range` (their number), `wire/unreduced`, `wire/hex`, `wire/length`.
 */
export function pointByRoots(digest: string, roots: readonly Hex[]): G1 {
  const { Fp } = bn254.fields;
  inRange(BigInt(roots.length), 1n, BigInt(MAX_TRIES), "number of roots");
  for (const [count, bytes] of roots.entries()) {
    const y = fieldElement(bytes, `root ${count}`);
    if (y % 2n === 1n) throw badRoot(count, bytes, "is odd");
    const x = tryOf(digest, count);
    const square = curveRightSide(x);
    const isLast = count === roots.length - 1;
    if (Fp.sqr(y) !== (isLast ? square : Fp.neg(square))) {
      throw badRoot(count, bytes, isLast ? "is not that of a point" : "does not show that this try is no point");
    }
    if (isLast) return bn254.G1.Point.fromAffine({ x, y });
  }
  throw new Error("there is a last root");
}

/**
 * A digest's point as EigenLayer has it: the first x from the digest itself upwards that is one of a point, and the root that raising to
 * (p + 1) / 4 gives. For its proof of possession alone. Throws `wire/hex`, `wire/length`.
 */
export function eigenLayerHashToG1(digest: string): G1 {
  const { Fp } = bn254.fields;
  for (let x = BigInt(bytes32(digest, "digest")) % FIELD_PRIME; ; x = Fp.add(x, 1n)) {
    const square = curveRightSide(x);
    const y = Fp.pow(square, (FIELD_PRIME + 1n) / 4n);
    if (Fp.sqr(y) === square) return bn254.G1.Point.fromAffine({ x, y });
  }
}

/** The even one of the roots of a value, or of its negative: of just one of them there are any, as −1 is no square. */
function evenRoot(value: bigint): { root: bigint; isOfNegative: boolean } {
  const { Fp } = bn254.fields;
  const power = Fp.pow(value, (FIELD_PRIME + 1n) / 4n);
  const root = power % 2n === 0n ? power : FIELD_PRIME - power;
  return { root, isOfNegative: Fp.sqr(power) !== value };
}

const badRoot = (count: number, bytes: Hex, defect: string): ParleyError =>
  new ParleyError(
    "wire/root",
    `root ${count}, ${bytes}, ${defect}`,
    "Give for each try the even root of x³ + 3, or of its negative where that is no square.",
  );
