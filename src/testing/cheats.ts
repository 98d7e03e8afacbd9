/** What one may do on simulated chains: be rich, speak for any address, make time pass. */
import { dataSlice, getAddress, id } from "ethers";

import { ParleyError } from "../errors.ts";
import type { ChainProvider } from "./eigenlayer.ts";

/** An address that nobody has the key of, named by a text. */
export const addressOf = (text: string): string => getAddress(dataSlice(id(text), 12));

/** Sets an account's balance, in wei. */
export async function fund(provider: ChainProvider, account: string, balance: bigint): Promise<void> {
  await provider.request({ method: "hardhat_setBalance", params: [account, `0x${balance.toString(16)}`] });
}

/** Lets the chain take unsigned transactions from an account. */
export async function impersonate(provider: ChainProvider, account: string): Promise<void> {
  await provider.request({ method: "hardhat_impersonateAccount", params: [account] });
}

/** Mines empty blocks. */
export async function mine(provider: ChainProvider, blocks: number): Promise<void> {
  if (blocks > 0) await provider.request({ method: "hardhat_mine", params: [`0x${blocks.toString(16)}`] });
}

/** Sends a transaction from an account that the chain impersonates. Throws `transaction/failed`, or as the provider does. */
export async function sendFrom(
  provider: ChainProvider,
  transaction: { from: string; to: string; data: string },
): Promise<void> {
  const gas = await provider.request({ method: "eth_estimateGas", params: [transaction] });
  const hash = await provider.request({ method: "eth_sendTransaction", params: [{ ...transaction, gas }] });
  const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
  if (typeof receipt !== "object" || receipt === null || !("status" in receipt) || receipt.status !== "0x1") {
    throw new ParleyError(
      "transaction/failed",
      `Transaction ${String(hash)} to ${transaction.to} was not mined at once, or failed.`,
      "A simulated chain must mine each transaction as it comes (`mining.auto`).",
    );
  }
}
