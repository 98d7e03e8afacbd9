import { id } from "ethers";

import { ParleyError } from "../errors.ts";
import { hex, inRange, join, maxUint, shown, uint, type Hex } from "./bytes.ts";
import { toLevel, type Level } from "./levels.ts";
import { Reader } from "./reader.ts";

/** The largest gas limit that a message may ask for, in gas. */
export const MAX_GAS_LIMIT = 8_000_000n;

/** The gas that a message gets which asks for none: a constant of the Inbox, in gas. */
export const DEFAULT_GAS_LIMIT = 200_000n;

/** Selector of the attribute `gasLimit(uint256)` (ERC-7786). */
export const GAS_LIMIT_SELECTOR: Hex = id("gasLimit(uint256)").slice(0, 10);

/** Selector of the attribute `minFinality(uint8)` (ERC-7786). */
export const MIN_FINALITY_SELECTOR: Hex = id("minFinality(uint8)").slice(0, 10);

/** What a sender may ask for. What is left out is not asked for. */
export type Options = {
  /** The gas that the recipient's call gets at least: 1 … 8,000,000. Without it the Inbox gives 200,000. */
  readonly gasLimit?: bigint;
  /** The level below which the message is not to be executed. */
  readonly minFinality?: Level;
};

/** The options as 8 bytes, the way a message's hash and a batch hold them. Throws `wire/range`, `wire/level`. */
export function packOptions(options: Options): bigint {
  const gasLimit = options.gasLimit === undefined ? 0n : checkedGasLimit(options.gasLimit);
  const minFinality = options.minFinality === undefined ? 0 : toLevel(options.minFinality, "minFinality");
  return (BigInt(minFinality) << 56n) | gasLimit;
}

/** The options that 8 bytes stand for. Throws `wire/range`, `wire/level`. */
export function unpackOptions(packed: bigint): Options {
  inRange(packed, 0n, maxUint(64), "options");
  const gasLimit = packed & maxUint(56);
  const minFinality = packed >> 56n;
  return {
    ...(gasLimit === 0n ? {} : { gasLimit: checkedGasLimit(gasLimit) }),
    ...(minFinality === 0n ? {} : { minFinality: toLevel(minFinality, "minFinality") }),
  };
}

/** The options as attributes for ERC-7786's `sendMessage`, in the only order allowed. Throws `wire/range`, `wire/level`. */
export function encodeAttributes(options: Options): Hex[] {
  const attributes: Hex[] = [];
  if (options.gasLimit !== undefined) {
    attributes.push(join(GAS_LIMIT_SELECTOR, uint(checkedGasLimit(options.gasLimit), 32, "gasLimit")));
  }
  if (options.minFinality !== undefined) {
    attributes.push(
      join(MIN_FINALITY_SELECTOR, uint(BigInt(toLevel(options.minFinality, "minFinality")), 32, "minFinality")),
    );
  }
  return attributes.sort();
}

/**
 * The options that ERC-7786 attributes stand for. Throws `wire/order` unless they ascend strictly by selector,
 * `wire/truncated` or `wire/trailing` unless each has 36 bytes, `wire/attribute-unknown`, `wire/range`, `wire/level`,
 * `wire/hex`.
 */
export function decodeAttributes(attributes: readonly string[]): Options {
  let options: Options = {};
  let previous: Hex = "";
  for (const attribute of attributes) {
    const reader = new Reader(attribute, "attribute");
    const selector = reader.bytes(4, "selector");
    if (selector <= previous) {
      throw new ParleyError(
        "wire/order",
        `attribute ${selector} does not ascend from ${previous}`,
        "Give each attribute once, in ascending order of selectors.",
      );
    }
    previous = selector;
    options = { ...options, ...decodeAttribute(selector, reader) };
  }
  return options;
}

function decodeAttribute(selector: Hex, reader: Reader): Options {
  if (selector !== GAS_LIMIT_SELECTOR && selector !== MIN_FINALITY_SELECTOR) {
    throw new ParleyError(
      "wire/attribute-unknown",
      `attribute ${shown(hex(selector, "selector"))} is none that the Gateway supports`,
      "Use gasLimit(uint256) and minFinality(uint8) alone; supportsAttribute tells what a Gateway knows.",
    );
  }
  const value = reader.uint(32, "value");
  reader.end();
  return selector === GAS_LIMIT_SELECTOR
    ? { gasLimit: checkedGasLimit(value) }
    : { minFinality: toLevel(value, "minFinality") };
}

const checkedGasLimit = (value: bigint): bigint => inRange(value, 1n, MAX_GAS_LIMIT, "gasLimit");
