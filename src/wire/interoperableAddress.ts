import { ParleyError } from "../errors.ts";
import { addressBytes, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";
import { Reader } from "./reader.ts";

/** An account of an EVM chain. */
export type InteroperableAddress = {
  readonly chainId: bigint;
  readonly address: string;
};

const VERSION = 1n;
const EIP155 = 0n;

/**
 * The ERC-7930 form, version 1, chain type 0 (EIP-155), of an account; chain ids are 1 … 2^256 − 1.
 * Throws `wire/range`, `wire/address`.
 */
export function encodeInteroperableAddress(account: InteroperableAddress): Hex {
  const chainId = inRange(account.chainId, 1n, maxUint(256), "chain id");
  const size = Math.ceil(chainId.toString(16).length / 2);
  return join(
    uint(VERSION, 2, "version"),
    uint(EIP155, 2, "chain type"),
    uint(BigInt(size), 1, "length of the chain id"),
    uint(chainId, size, "chain id"),
    uint(20n, 1, "length of the address"),
    addressBytes(account.address, "address"),
  );
}

/**
 * The account that an ERC-7930 interoperable address names, in its one canonical form alone (docs/PROTOCOL.md, Messages).
 * Throws `wire/hex`, `wire/truncated`, `wire/trailing`, `wire/unsupported` (version, chain type, or an address that is
 * not of 20 bytes), `wire/range` (length of the chain id), `wire/not-canonical` (leading zeros).
 */
export function decodeInteroperableAddress(bytes: string): InteroperableAddress {
  const reader = new Reader(bytes, "interoperable address");
  expect(reader.uint(2, "version"), VERSION, "version");
  expect(reader.uint(2, "chain type"), EIP155, "chain type");
  const size = Number(inRange(reader.uint(1, "length of the chain id"), 1n, 32n, "length of the chain id"));
  const reference = reader.bytes(size, "chain id");
  if (reference.startsWith("0x00")) {
    throw new ParleyError(
      "wire/not-canonical",
      `the chain id ${reference} of an interoperable address begins with a zero byte`,
      "Write the chain id in as few bytes as it needs; there is no chain 0.",
    );
  }
  expect(reader.uint(1, "length of the address"), 20n, "length of the address");
  const account = { chainId: BigInt(reference), address: reader.address("address") };
  reader.end();
  return account;
}

function expect(value: bigint, expected: bigint, what: string): void {
  if (value !== expected) {
    throw new ParleyError(
      "wire/unsupported",
      `the ${what} of an interoperable address is ${value} instead of ${expected}`,
      "Use ERC-7930 version 1 with chain type 0 (EIP-155) and an address of 20 bytes.",
    );
  }
}
