import { getAddress, toBeHex } from "ethers";

/** AddressAliasHelper of all three stacks. */
const OFFSET = 0x1111000000000000000000000000000000001111n;

/** Who calls on a rollup for a contract of its parent chain (contracts/bridges/addressAlias.sol). */
export const aliasOf = (account: string): string =>
  getAddress(toBeHex(BigInt.asUintN(160, BigInt(account) + OFFSET), 20));
