import type { Provider, TransactionRequest } from "ethers";

/** Gas that a transaction may have at most (EIP-7825). */
const MOST_GAS = 16_777_216n;

/** A quarter more gas than a transaction takes now: what it takes follows L1's base fee, which may change before it is in a block. */
export async function amplyEstimated(reader: Provider, transaction: TransactionRequest): Promise<bigint> {
  const estimated = await reader.estimateGas(transaction);
  const ample = (estimated * 5n) / 4n;
  return ample < MOST_GAS ? ample : MOST_GAS;
}
