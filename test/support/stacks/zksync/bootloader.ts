/**
 * L1's transactions as a ZK Stack chain's bootloader treats them (era-contracts, system-contracts/bootloader/bootloader.yul): ether is
 * minted to the sender, pays for the gas, and what is left goes to the refund's recipient, also if the call fails. The EVM is
 * emulated: a unit of its gas costs five of the chain's. What bytes cost that are published is not played.
 */
import { getAddress, toBeHex } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";
import type { L2CanonicalTransactionStructOutput } from "../../../../types/ethers-contracts/test/zksync/BridgehubStandIn.js";
import type { ConnectionLike } from "../connection.ts";

const GAS_PER_EVM_GAS = 5n;

/** What a transaction costs at least, in the chain's gas. */
const INTRINSIC_GAS = 167_157n;

/** A transaction that L1 queued. */
export interface PriorityTransaction {
  /** By which L1 and the rollup know it. */
  readonly hash: Hex;
  readonly number: bigint;
  readonly from: string;
  readonly to: string;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
  readonly minted: bigint;
  readonly refundRecipient: string;
  /** Bytes of its encoding. */
  readonly length: number;
}

/** What became of it. */
export interface Execution {
  /** On the simulated chain. */
  readonly txHash: Hex;
  readonly succeeded: boolean;
  /** In the chain's gas. */
  readonly gasUsed: bigint;
  /** In that of the EVM, of the call alone. */
  readonly evmGasUsed: bigint;
  readonly refunded: bigint;
}

const accountOf = (word: bigint): string => getAddress(toBeHex(word, 20));

/** Reads the transaction that `NewPriorityRequest` tells of. */
export function readTransaction(
  transaction: L2CanonicalTransactionStructOutput,
  length: number,
  hash: Hex,
): PriorityTransaction {
  if (transaction.value !== 0n) throw new Error("A transaction whose call has value: not played.");
  return {
    hash,
    number: transaction.nonce,
    from: accountOf(transaction.from),
    to: accountOf(transaction.to),
    data: transaction.data,
    gasLimit: transaction.gasLimit,
    gasPrice: transaction.maxFeePerGas,
    minted: transaction.reserved[0],
    refundRecipient: accountOf(transaction.reserved[1]),
    length,
  };
}

/** Executes it. */
export async function execute(rollup: ConnectionLike, transaction: PriorityTransaction): Promise<Execution> {
  const { ethers, networkHelpers } = rollup;
  const { from, to, data, gasLimit, gasPrice, minted, refundRecipient, length } = transaction;
  const overhead = BigInt(Math.max(10_000, 10 * length)) + INTRINSIC_GAS;
  const before = await ethers.provider.getBalance(from);
  // Gas is paid for apart, at the price that is played.
  await networkHelpers.setBalance(from, 10n ** 24n);
  await networkHelpers.impersonateAccount(from);
  const sender = await ethers.getSigner(from);
  // A failing transaction is in a block too, the last one.
  const gas = (gasLimit - overhead) / GAS_PER_EVM_GAS;
  await sender.sendTransaction({ to, data, gasLimit: gas }).catch(() => undefined);
  await networkHelpers.stopImpersonatingAccount(from);
  await networkHelpers.setBalance(from, before);

  const block = await ethers.provider.getBlock("latest");
  const receipt = await ethers.provider.getTransactionReceipt(block?.transactions[0] ?? "");
  if (receipt?.from !== from) throw new Error(`The rollup did not take transaction ${transaction.number}.`);
  const gasUsed = overhead + receipt.gasUsed * GAS_PER_EVM_GAS;
  const refunded = minted - gasUsed * gasPrice;
  const balance = await ethers.provider.getBalance(refundRecipient);
  await networkHelpers.setBalance(refundRecipient, balance + refunded);
  return { txHash: receipt.hash, succeeded: receipt.status === 1, gasUsed, evmGasUsed: receipt.gasUsed, refunded };
}
