import type { Provider, TransactionReceipt } from "ethers";

import { readFinalBlock } from "../chain/blocks.ts";
import type { Confirmations } from "../chain/memberNode.ts";
import type { Market } from "./fees.ts";
import type { PendingTransaction } from "./pendingTransactions.ts";

/** Milliseconds for which fees that were read count. */
const MARKET_AGE = 2_000;

/** What a chain shows of an account's transactions. */
export class SenderChain {
  readonly #provider: Provider;
  readonly #confirmations: Confirmations;
  readonly #clock: () => number;
  #market: { readonly market: Market; readonly readAt: number } | undefined;

  constructor(provider: Provider, confirmations: Confirmations, clock: () => number) {
    this.#provider = provider;
    this.#confirmations = confirmations;
    this.#clock = clock;
  }

  /** What gas costs now; read anew if it is old, or `fresh` is asked for. */
  async market(fresh = false): Promise<Market> {
    const now = this.#clock();
    if (!fresh && this.#market !== undefined && now < this.#market.readAt + MARKET_AGE) return this.#market.market;
    const market = await readMarket(this.#provider);
    this.#market = { market, readAt: now };
    return market;
  }

  /** How many of the account's transactions are in blocks, and how many with those in the node's pool. */
  async counts(address: string): Promise<{ mined: number; pooled: number }> {
    const [mined, pooled] = await Promise.all([
      this.#provider.getTransactionCount(address, "latest"),
      this.#provider.getTransactionCount(address, "pending"),
    ]);
    return { mined, pooled: Math.max(mined, pooled) };
  }

  /** Number of the last block that is final. */
  async finalBlock(): Promise<number> {
    return (await readFinalBlock({ provider: this.#provider, confirmations: this.#confirmations })).number;
  }

  /** The receipt of whichever attempt is in a block. */
  async receiptOf({ attempts }: PendingTransaction): Promise<TransactionReceipt | undefined> {
    for (const { hash } of [...attempts].reverse()) {
      const receipt = hash === undefined ? null : await this.#provider.getTransactionReceipt(hash);
      if (receipt !== null) return receipt;
    }
    return undefined;
  }

  /** Whether the node has a transaction, in a block or in its pool. */
  async knows(hash: string): Promise<boolean> {
    return (await this.#provider.getTransaction(hash)) !== null;
  }
}

/** What a chain asks for now. */
export async function readMarket(provider: Provider): Promise<Market> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await provider.getFeeData();
  if (maxFeePerGas === null || maxPriorityFeePerGas === null) return { kind: "legacy", gasPrice: gasPrice ?? 0n };
  // What ethers gives is twice the base fee, and the tip.
  return { kind: "eip1559", baseFee: (maxFeePerGas - maxPriorityFeePerGas) / 2n, tip: maxPriorityFeePerGas };
}
