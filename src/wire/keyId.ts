import { keccak256 } from "ethers";

import { address, hex, hexOfSize, sizeOf, type Hex } from "./bytes.ts";
import { G1_LENGTH } from "./bn254/points.ts";

/**
 * What stands for an operator's signing key wherever it is named: of an ECDSA key (20 bytes) its address; of a BN254 key (64 bytes, in
 * G1) the last 20 bytes of its hash, written as an address is. Throws `wire/address`, `wire/hex`, `wire/length`.
 */
export const keyId = (key: Hex): string =>
  sizeOf(hex(key, "key")) === 20
    ? address(key, "key")
    : address(`0x${keccak256(hexOfSize(key, G1_LENGTH, "key")).slice(-40)}`, "key id");
