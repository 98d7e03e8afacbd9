import { keccak256 } from "ethers";

import { addressWord, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";

/** A Gateway on a chain. Chain ids of members are 1 … 2^64 − 1. */
export type MemberRef = {
  readonly chainId: bigint;
  readonly gateway: string;
};

/** The Settlement contract at which members are registered, and the id of its chain (L1). */
export type SettlementRef = {
  readonly chainId: bigint;
  readonly settlement: string;
};

/**
 * The id of a member: 32 bytes that no other member of any Settlement has (docs/PROTOCOL.md, Members).
 * Throws `wire/range` (chain id), `wire/address`.
 */
export function memberId(at: SettlementRef, member: MemberRef): Hex {
  return keccak256(
    join(
      uint(at.chainId, 32, "settlement chain id"),
      addressWord(at.settlement, "settlement"),
      uint(inRange(member.chainId, 1n, maxUint(64), "chain id"), 32, "chain id"),
      addressWord(member.gateway, "gateway"),
    ),
  );
}
