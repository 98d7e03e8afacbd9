import { dataLength } from "ethers";

import {
  DEFAULT_GAS_LIMIT,
  SCHEME_BN254,
  unpackOptions,
  type BatchItem,
  type OperatorTable,
} from "../../wire/index.ts";

/** Gas that a transaction may ask for at most (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216n;

// Gas, each above what the Gateway was measured to need.
const TRANSACTION = 21_000n;
/** A call data byte that is not zero, and what it costs at least in all (EIP-7623). */
const DATA_BYTE = 16n;
const DATA_BYTE_FLOOR = 40n;
/** Everything of `deliver` but a certificate and items. */
const DELIVER = 80_000n;
/** Of an ECDSA certificate, one operator's part. */
const SIGNATURE = 6_000n;
const SIGNATURE_BYTES = 65n;
/** A BN254 certificate without an absent operator, and each that is absent. Its roots are 2 on average, more than 20 in one of a million. */
const PAIRINGS = 180_000n;
const PAIRINGS_BYTES = 900n;
const ABSENT = 1_500n;
const SKIP = 1_500n;
/** A message's fold, mark (of a new page), event, and the reserve that is kept back from its call. */
const MESSAGE = 70_000n;
/** A word of payload is hashed, copied and given memory. */
const PAYLOAD_WORD = 24n;
/** Bytes of `deliver` beside its items and a certificate: arguments, and a proof with a long way to its root. */
const ARGUMENTS = 1_000n;

/** The gas that a message's recipient gets at least. */
export const gasLimitOf = (options: bigint): bigint => unpackOptions(options).gasLimit ?? DEFAULT_GAS_LIMIT;

/** What a certificate costs, at most. */
export type CertificateCost = { readonly gas: bigint; readonly bytes: bigint };

/** Of a word that is held already. */
export const NO_CERTIFICATE: CertificateCost = { gas: 0n, bytes: 0n };

/** By the operators of a table. */
export function certificateCost({ scheme, operators }: OperatorTable): CertificateCost {
  const count = BigInt(operators.length);
  return scheme === SCHEME_BN254
    ? { gas: PAIRINGS + ABSENT * count, bytes: PAIRINGS_BYTES + count }
    : { gas: SIGNATURE * count, bytes: SIGNATURE_BYTES * count };
}

/**
 * Gas with which `deliver` gives every message of a batch at least what its sender asked for, whatever the recipients do.
 * @param certificate Of its proof.
 */
export function batchGas(items: readonly BatchItem[], certificate: CertificateCost): bigint {
  let execution = DELIVER + certificate.gas;
  let bytes = ARGUMENTS + certificate.bytes;
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
