import { AbiCoder } from "ethers";

import { ParleyError } from "../errors.ts";
import { hex, shown, type Hex } from "./bytes.ts";

/** What a bridge carries between L1 and a rollup: `abi.encode(bytes[] items)`. Throws `wire/hex`. */
export function encodeEnvelope(items: readonly string[]): Hex {
  return AbiCoder.defaultAbiCoder().encode(["bytes[]"], [items.map((item) => hex(item, "item"))]);
}

/** The items of an envelope. Throws `wire/hex`, and `wire/abi` unless it is exactly what `abi.encode` writes for them. */
export function decodeEnvelope(bytes: string): Hex[] {
  return strictAbi(
    bytes,
    "envelope",
    (data) => {
      const [items] = AbiCoder.defaultAbiCoder().decode(["bytes[]"], data) as unknown as [string[]];
      return [...items];
    },
    encodeEnvelope,
  );
}

/**
 * Decodes ABI-encoded bytes, and refuses with `wire/abi` whatever `encode` would have written otherwise: offsets out of
 * order, dirty padding, bytes behind the end.
 */
export function strictAbi<T>(bytes: string, what: string, decode: (data: Hex) => T, encode: (value: T) => Hex): T {
  const data = hex(bytes, what);
  let value: T;
  try {
    value = decode(data);
  } catch (cause) {
    throw badAbi(`${what} is no ABI encoding of its type: ${shown(data)}`, cause);
  }
  if (encode(value) !== data) throw badAbi(`${what} is not in the form that abi.encode writes: ${shown(data)}`);
  return value;
}

function badAbi(message: string, cause?: unknown): ParleyError {
  return new ParleyError("wire/abi", message, "Pass the bytes exactly as abi.encode writes them.", { cause });
}
