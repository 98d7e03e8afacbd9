import type { Provider } from "ethers";

/** Wei a unit of gas, as a transaction names them: of EIP-1559, or where a chain knows nothing newer, one price. */
export type Fees =
  { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint } | { readonly gasPrice: bigint };

/** What a transaction sent now should name. What a stack asks for may follow from the price: quote with it, and send with it. */
export async function feesNow(reader: Provider): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await reader.getFeeData();
  return maxFeePerGas === null || maxPriorityFeePerGas === null
    ? { gasPrice: gasPrice ?? 0n }
    : { maxFeePerGas, maxPriorityFeePerGas };
}

/** The highest price that a transaction with these can pay. */
export const highestOf = (fees: Fees): bigint => ("gasPrice" in fees ? fees.gasPrice : fees.maxFeePerGas);
