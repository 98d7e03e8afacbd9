import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { addressWord, bytes32, hex, join, sizeOf, uint } from "../../wire/bytes.ts";
import type { Hex, MemberRef } from "../../wire/index.ts";

/** What `deliver` is called with. */
export type DeliverCall = {
  readonly source: MemberRef;
  readonly items: Hex;
  readonly proof: Hex;
  readonly from: Hex;
};

const SELECTOR = interfaceOf(IGateway__factory).getFunction("deliver").selector;
/** `source` takes two words; the places of `items` and `proof`, and `from`, one each. */
const HEAD = 5n * 32n;

/** The data of a call of `deliver`, as the Solidity ABI has it. By hand: ethers takes milliseconds for as many bytes. */
export function encodeDeliver({ source, items, proof, from }: DeliverCall): Hex {
  const [first, second] = [bytesOf(items, "items"), bytesOf(proof, "proof")];
  return join(
    SELECTOR,
    uint(source.chainId, 32, "chain id"),
    addressWord(source.gateway, "gateway"),
    uint(HEAD, 32, "place"),
    uint(HEAD + BigInt(sizeOf(first)), 32, "place"),
    bytes32(from, "from"),
    first,
    second,
  );
}

/** The length of bytes, and the bytes in whole words. */
function bytesOf(value: Hex, what: string): Hex {
  const bytes = hex(value, what);
  const size = sizeOf(bytes);
  return join(uint(BigInt(size), 32, "length"), bytes, `0x${"00".repeat((32 - (size % 32)) % 32)}`);
}
