/** Retryable tickets: what the Inbox packs, and the id that follows from it. */
import {
  concat,
  dataLength,
  dataSlice,
  encodeRlp,
  getAddress,
  keccak256,
  toBeHex,
  toBigInt,
  ZeroAddress,
} from "ethers";

import type { Hex } from "../../wire/index.ts";

/** A ticket's submission, as the parent chain's contracts tell of it. */
export interface Submission {
  /** Of the rollup. */
  readonly chainId: bigint;
  /** Of the message in the Bridge's queue. */
  readonly number: bigint;
  /** Who made it, aliased, as the Bridge says. */
  readonly sender: string;
  readonly l1BaseFee: bigint;
  /** As the Inbox packs it (`InboxMessageDelivered`). */
  readonly packed: Hex;
}

const WORD = 32;

/** The call that a ticket makes, of a submission as the Inbox packs it (nitro-contracts 3.2.0, AbsInbox.sol). */
export function ticketCall(packed: Hex): { to: string; data: Hex } {
  const length = Number(word(packed, 8));
  return { to: address(packed, 0), data: length === 0 ? "0x" : dataSlice(packed, 9 * WORD, 9 * WORD + length) };
}

/**
 * The ticket's id: the hash of the transaction that submits it on the rollup, of type 0x69 (github.com/OffchainLabs/go-ethereum,
 * ArbitrumSubmitRetryableTx; arbitrum-sdk, calculateSubmitRetryableId).
 */
export function ticketId({ chainId, number, sender, l1BaseFee, packed }: Submission): Hex {
  if (dataLength(packed) < 9 * WORD) throw new Error("a submission has nine words");
  const { to, data } = ticketCall(packed);
  const fields = [
    integer(chainId),
    toBeHex(number, WORD),
    sender,
    integer(l1BaseFee),
    integer(word(packed, 2)), // deposit
    integer(word(packed, 7)), // maxFeePerGas
    integer(word(packed, 6)), // gasLimit
    to === ZeroAddress ? "0x" : to,
    integer(word(packed, 1)), // l2CallValue
    address(packed, 5), // callValueRefundAddress
    integer(word(packed, 3)), // maxSubmissionCost
    address(packed, 4), // excessFeeRefundAddress
    data,
  ];
  return keccak256(concat(["0x69", encodeRlp(fields)]));
}

const word = (packed: Hex, index: number): bigint => toBigInt(dataSlice(packed, index * WORD, (index + 1) * WORD));
const address = (packed: Hex, index: number): string => getAddress(toBeHex(word(packed, index), 20));
/** As RLP has numbers: without leading zeros. */
const integer = (value: bigint): Hex => (value === 0n ? "0x" : toBeHex(value));
