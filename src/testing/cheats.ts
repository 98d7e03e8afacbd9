/** What one may do on simulated chains: be rich, speak for any address, make time pass. */
import { setTimeout as sleep } from "node:timers/promises";

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

/** Milliseconds between looks for a receipt, and for how long a transaction may wait for a block. */
const RECEIPT = { every: 50, within: 3_700_000 };

/**
 * Sends a transaction from an account that the chain impersonates, and waits until it is in a block. Throws `transaction/failed`,
 * or as the provider does.
 */
export async function sendFrom(
  provider: ChainProvider,
  transaction: { from: string; to: string; data: string },
): Promise<void> {
  const gas = await provider.request({ method: "eth_estimateGas", params: [transaction] });
  const hash = await provider.request({ method: "eth_sendTransaction", params: [{ ...transaction, gas }] });
  await requireMined(provider, { to: transaction.to, hash });
}

/** A transaction that was sent. */
export interface Sent {
  readonly to: string;
  readonly hash: unknown;
}

/**
 * Sends calls from an account, unsigned, with so much gas each: the chain impersonates it meanwhile. Waits for none of them; answers
 * what `requireMined` waits for. Throws as the provider does.
 */
export async function sendAs(
  provider: ChainProvider,
  { from, gas }: { readonly from: string; readonly gas: bigint },
  calls: readonly { readonly to: string; readonly data: string; readonly value: bigint }[],
): Promise<Sent[]> {
  const sent: Sent[] = [];
  await impersonate(provider, from);
  try {
    for (const { to, data, value } of calls) {
      const transaction = { from, to, data, value: `0x${value.toString(16)}`, gas: `0x${gas.toString(16)}` };
      sent.push({ to, hash: await provider.request({ method: "eth_sendTransaction", params: [transaction] }) });
    }
  } finally {
    await provider.request({ method: "hardhat_stopImpersonatingAccount", params: [from] });
  }
  return sent;
}

/** Waits until a transaction is in a block. Throws `transaction/failed`. */
export async function requireMined(provider: ChainProvider, { to, hash }: Sent): Promise<void> {
  const receipt = await receiptOf(provider, hash);
  if (typeof receipt === "object" && receipt !== null && "status" in receipt && receipt.status === "0x1") return;
  throw new ParleyError(
    "transaction/failed",
    `Transaction ${String(hash)} to ${to} failed, or was never mined.`,
    "Look at the transaction on that chain; a simulated chain must mine (`mining`).",
  );
}

/** A transaction's receipt, as soon as there is one; null if there is none in time. */
async function receiptOf(provider: ChainProvider, hash: unknown): Promise<unknown> {
  const start = performance.now();
  for (;;) {
    const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (receipt !== null || performance.now() - start > RECEIPT.within) return receipt;
    await sleep(RECEIPT.every);
  }
}
