import { dataLength } from "ethers";

import { DEFAULT_GAS_LIMIT, unpackOptions, type BatchItem } from "../../wire/index.ts";

/** Gas that a transaction may ask for at most (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216n;

// Gas, each above what the Gateway was measured to need.
const TRANSACTION = 21_000n;
/** A call data byte that is not zero, and what it costs at least in all (EIP-7623). */
const DATA_BYTE = 16n;
const DATA_BYTE_FLOOR = 40n;
/** Everything of `deliver` but signatures and items. */
const DELIVER = 80_000n;
const SIGNATURE = 6_000n;
const SKIP = 1_500n;
/** A message's fold, mark (of a new page), event, and the reserve that is kept back from its call. */
const MESSAGE = 70_000n;
/** A word of payload is hashed, copied and given memory. */
const PAYLOAD_WORD = 24n;
/** Bytes of `deliver` beside its items and signatures: arguments, and a proof with a long way to its root. */
const ARGUMENTS = 1_000n;
const SIGNATURE_BYTES = 65n;

/** The gas that a message's recipient gets at least. */
export const gasLimitOf = (options: bigint): bigint => unpackOptions(options).gasLimit ?? DEFAULT_GAS_LIMIT;

/**
 * Gas with which `deliver` gives every message of a batch at least what its sender asked for, whatever the recipients do.
 * @param signatures At most so many are in the proof.
 */
export function batchGas(items: readonly BatchItem[], signatures: number): bigint {
  const signers = BigInt(signatures);
  let execution = DELIVER + SIGNATURE * signers;
  let bytes = ARGUMENTS + SIGNATURE_BYTES * signers;
  let longest = 0n;
  for (const item of items) {
    bytes += itemSize(item);
    if (item.kind === "skip") {
      execution += SKIP;
      continue;
    }
    const gasLimit = gasLimitOf(item.options);
    if (gasLimit > longest) longest = gasLimit;
    execution += MESSAGE + gasLimit + PAYLOAD_WORD * BigInt(Math.ceil(dataLength(item.payload) / 32));
  }
  // A call leaves a 64th of the gas behind (EIP-150).
  execution += longest / 63n;
  const spent = DATA_BYTE * bytes + execution;
  const floor = DATA_BYTE_FLOOR * bytes;
  return TRANSACTION + (spent > floor ? spent : floor);
}

/** Bytes of an item in a batch. */
export const itemSize = (item: BatchItem): bigint => BigInt(item.kind === "skip" ? 33 : 51 + dataLength(item.payload));
