import { bn254 } from "@noble/curves/bn254.js";

import { ParleyError } from "../../errors.ts";
import { hexOfSize, type Hex } from "../bytes.ts";

/** The prime of the field that coordinates are of. */
export const FIELD_PRIME: bigint = bn254.fields.Fp.ORDER;

/** How many points each group has: secrets and scalars are below it. */
export const GROUP_ORDER: bigint = bn254.fields.Fr.ORDER;

/**
 * A coordinate, from 32 bytes. `what` names it in errors.
 * Throws `wire/unreduced` unless it is below the field's prime, and `wire/hex`, `wire/length`.
 */
export function fieldElement(bytes: Hex, what: string): bigint {
  const value = BigInt(hexOfSize(bytes, 32, what));
  if (value >= FIELD_PRIME) {
    throw new ParleyError(
      "wire/unreduced",
      `${what} is ${value}, not below the field's prime`,
      "Give the remainder modulo the prime: a value has one encoding.",
    );
  }
  return value;
}
