import { getAddress } from "ethers";

import { ParleyError } from "../errors.ts";

/** Bytes as `0x` and an even number of lower-case hex digits. */
export type Hex = string;

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** An integer of `bits` bits: the largest one, 2^bits − 1. */
export const maxUint = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Length of `value` in bytes. `value` must be {@link Hex}. */
export const sizeOf = (value: Hex): number => (value.length - 2) / 2;

/** Shortens long bytes for an error message. */
export const shown = (value: string): string =>
  value.length <= 140 ? value : `${value.slice(0, 66)}… (${value.length} characters)`;

/**
 * Checks that `value` is whole bytes in hex, and writes it in lower case. `what` names it in errors.
 * Throws `wire/hex`.
 */
export function hex(value: string, what: string): Hex {
  if (!HEX.test(value)) {
    throw new ParleyError(
      "wire/hex",
      `${what} is not bytes in hex: ${shown(value)}`,
      "Write bytes as 0x and an even number of hex digits.",
    );
  }
  return value.toLowerCase();
}

/**
 * Checks that `value` is exactly `size` bytes in hex, and writes it in lower case.
 * Throws `wire/hex`, `wire/length`.
 */
export function hexOfSize(value: string, size: number, what: string): Hex {
  const bytes = hex(value, what);
  if (sizeOf(bytes) !== size) {
    throw new ParleyError(
      "wire/length",
      `${what} has ${sizeOf(bytes)} bytes instead of ${size}: ${shown(bytes)}`,
      `Give exactly ${size} bytes.`,
    );
  }
  return bytes;
}

/** Checks that `value` is 32 bytes in hex, and writes it in lower case. Throws `wire/hex`, `wire/length`. */
export const bytes32 = (value: string, what: string): Hex => hexOfSize(value, 32, what);

/** Addresses as they were given, and with their checksums: a checksum takes a hash, and the same ones come again and again. */
const checked = new Map<string, string>();
const MOST_CHECKED = 10_000;

/**
 * Checks that `value` is an address and writes it with its checksum (EIP-55), as ethers does.
 * Throws `wire/address`.
 */
export function address(value: string, what: string): string {
  const known = checked.get(value);
  if (known !== undefined) return known;
  if (ADDRESS.test(value)) {
    try {
      const written = getAddress(value);
      if (checked.size >= MOST_CHECKED) checked.clear();
      checked.set(value, written);
      return written;
    } catch {
      // Falls through: the only thing that getAddress refuses in 20 bytes of hex is the checksum.
    }
  }
  throw new ParleyError(
    "wire/address",
    `${what} is not an address: ${shown(value)}`,
    "Write 0x and 40 hex digits, in one case or with the right checksum (EIP-55).",
  );
}

/**
 * Checks that `value` lies within `min` … `max` (both inclusive), and returns it.
 * Throws `wire/range`.
 */
export function inRange(value: bigint, min: bigint, max: bigint, what: string): bigint {
  if (value < min || value > max) {
    throw new ParleyError(
      "wire/range",
      `${what} is ${value}, outside ${min} … ${max}`,
      `Give a value from ${min} to ${max}.`,
    );
  }
  return value;
}

/**
 * Writes an unsigned integer, big-endian, in `size` bytes.
 * Throws `wire/range` if it is negative or does not fit.
 */
export function uint(value: bigint, size: number, what: string): Hex {
  return `0x${inRange(value, 0n, maxUint(8 * size), what)
    .toString(16)
    .padStart(2 * size, "0")}`;
}

/** Puts bytes behind one another. Every part must be {@link Hex}. */
export const join = (...parts: Hex[]): Hex => `0x${parts.map((part) => part.slice(2)).join("")}`;

/** An address as a 32-byte word of the Solidity ABI. Throws `wire/address`. */
export const addressWord = (value: string, what: string): Hex =>
  `0x${address(value, what).slice(2).toLowerCase().padStart(64, "0")}`;

/** An address as 20 bytes. Throws `wire/address`. */
export const addressBytes = (value: string, what: string): Hex => address(value, what).toLowerCase();
