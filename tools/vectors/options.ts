import { join, uint } from "../../src/wire/bytes.ts";
import {
  decodeAttributes,
  encodeAttributes,
  GAS_LIMIT_SELECTOR,
  MIN_FINALITY_SELECTOR,
  packOptions,
  unpackOptions,
  type Hex,
  type Options,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refused } from "./refused.ts";

/** Options, as ERC-7786 attributes and in 8 bytes. */
export const optionsVectors = ((random) => {
  const options: Options[] = [
    {},
    { gasLimit: 1n },
    { gasLimit: 8_000_000n },
    { minFinality: 1 },
    { minFinality: 2 },
    { minFinality: 3 },
    { gasLimit: 200_000n, minFinality: 2 },
    { gasLimit: 8_000_000n, minFinality: 3 },
  ];
  const gasLimit = (value: bigint): Hex => join(GAS_LIMIT_SELECTOR, uint(value, 32, "gasLimit"));
  const minFinality = (value: bigint): Hex => join(MIN_FINALITY_SELECTOR, uint(value, 32, "minFinality"));
  const bad = (name: string, error: string, attributes: Hex[]) =>
    refused(name, error, { attributes }, (input) => decodeAttributes(input.attributes));
  const badPacked = (name: string, error: string, packed: bigint) =>
    refused(name, error, { packed }, (input) => unpackOptions(input.packed));
  return {
    selectors: { gasLimit: GAS_LIMIT_SELECTOR, minFinality: MIN_FINALITY_SELECTOR },
    valid: options.map((one) => ({ options: one, attributes: encodeAttributes(one), packed: packOptions(one) })),
    invalidAttributes: [
      bad("descending", "wire/order", encodeAttributes({ gasLimit: 1n, minFinality: 1 }).reverse()),
      bad("gasLimit twice", "wire/order", [gasLimit(1n), gasLimit(1n)]),
      bad("minFinality twice", "wire/order", [minFinality(2n), minFinality(2n)]),
      bad("gasLimit 0", "wire/range", [gasLimit(0n)]),
      bad("gasLimit 8,000,001", "wire/range", [gasLimit(8_000_001n)]),
      bad("gasLimit 2^256 - 1", "wire/range", [gasLimit(2n ** 256n - 1n)]),
      bad("minFinality 0", "wire/level", [minFinality(0n)]),
      bad("minFinality 4", "wire/level", [minFinality(4n)]),
      bad("minFinality 257", "wire/level", [minFinality(257n)]),
      bad("unknown selector", "wire/attribute-unknown", [join(random.bytes(4), uint(1n, 32, "value"))]),
      bad("no bytes", "wire/truncated", ["0x"]),
      bad("three bytes", "wire/truncated", [GAS_LIMIT_SELECTOR.slice(0, 8)]),
      bad("selector alone", "wire/truncated", [GAS_LIMIT_SELECTOR]),
      bad("35 bytes", "wire/truncated", [gasLimit(1n).slice(0, -2)]),
      bad("37 bytes", "wire/trailing", [join(gasLimit(1n), "0x00")]),
      bad("value in one byte", "wire/truncated", [join(MIN_FINALITY_SELECTOR, "0x02")]),
    ],
    invalidPacked: [
      badPacked("gasLimit 8,000,001", "wire/range", 8_000_001n),
      badPacked("minFinality 4", "wire/level", 4n << 56n),
      badPacked("65 bits", "wire/range", 1n << 64n),
    ],
  };
}) satisfies Build;
