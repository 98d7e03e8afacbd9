/** A chain and its node in memory, with the rules of a mempool: what tests cannot have of EDR, they script here. */
import { FeeData, id, Transaction, type Provider, type TransactionReceipt } from "ethers";

import type { Hex } from "../../../src/wire/index.ts";

/** A transaction in a block. */
type Mined = { readonly transaction: Transaction; readonly status: 0 | 1 };

/** An error as a node answers it, wrapped as ethers does. */
export const nodeError = (message: string, code = -32000): Error =>
  Object.assign(new Error(`could not coalesce error (${message})`), {
    error: { code, message },
    code: "UNKNOWN_ERROR",
  });

export class FakeChain {
  /** What the next transactions are refused with; undefined to judge one by the rules. */
  readonly refusals: ((transaction: Transaction) => Error | undefined)[] = [];
  /** Transactions that were handed over, taken or not. */
  readonly handed: Transaction[] = [];
  readonly pool = new Map<number, Transaction>();
  baseFee = 10n;
  tip = 1n;
  isLegacy = false;
  balance = 10n ** 18n;
  /** Why calls revert when they are tried out. */
  wouldRevert: Error | undefined;
  reverting = new Set<Hex>();
  /** A node behind whose back the receipts come late. */
  hidesReceipts = false;
  #blocks: Mined[][] = [[]];

  get head(): number {
    return this.#blocks.length - 1;
  }

  /** What is in blocks, in order. */
  get mined(): Transaction[] {
    return this.#blocks.flat().map(({ transaction }) => transaction);
  }

  /** Puts what the pool has, and can pay, into a block: at most so many. */
  mine(most = Infinity): void {
    const block: Mined[] = [];
    for (;;) {
      const next = this.pool.get(this.mined.length + block.length);
      if (next === undefined || block.length >= most || priceCap(next) < this.baseFee) break;
      this.pool.delete(next.nonce);
      block.push({ transaction: next, status: this.reverting.has(next.data) ? 0 : 1 });
    }
    this.#blocks.push(block);
  }

  /** Puts a transaction of another process into a block. */
  mineForeign(data = "0xf0"): void {
    const transaction = Transaction.from({ to: `0x${"11".repeat(20)}`, data, nonce: this.mined.length, chainId: 7n });
    this.#blocks.push([{ transaction, status: 1 }]);
  }

  /** Replaces the last blocks by empty ones: what was in them is nowhere. */
  reorganise(depth: number): void {
    this.#blocks = this.#blocks.slice(0, Math.max(1, this.#blocks.length - depth));
    for (let block = 0; block < depth; ++block) this.#blocks.push([]);
  }

  /** A node of this chain, for a process that may be dead. */
  provider(isDead: () => boolean = () => false): Provider {
    const alive = <T>(answer: () => T): Promise<T> =>
      isDead() ? Promise.reject(new Error("the process is gone")) : Promise.resolve().then(answer);
    const known = (hash: string): Transaction | undefined =>
      [...this.pool.values(), ...this.mined].find((transaction) => hashOf(transaction) === hash);
    const provider = {
      getNetwork: () => alive(() => ({ chainId: 7n })),
      getTransactionCount: (_: string, tag: string) =>
        alive(() => {
          let count = this.mined.length;
          while (tag === "pending" && this.pool.has(count)) ++count;
          return count;
        }),
      getFeeData: () =>
        alive(() =>
          this.isLegacy
            ? new FeeData(this.baseFee + this.tip, null, null)
            : new FeeData(this.baseFee + this.tip, 2n * this.baseFee + this.tip, this.tip),
        ),
      getBlock: (tag: number | string) =>
        alive(() => {
          const number = typeof tag === "number" ? tag : this.head;
          return { number, hash: id(`block ${number}`), timestamp: number, gasLimit: 30_000_000n };
        }),
      getTransaction: (hash: string) => alive(() => known(hash) ?? null),
      getTransactionReceipt: (hash: string) => alive(() => this.#receipt(hash)),
      estimateGas: () =>
        alive(() => {
          if (this.wouldRevert !== undefined) throw this.wouldRevert;
          return 40_000n;
        }),
      broadcastTransaction: (raw: string) => alive(() => this.#take(Transaction.from(raw))),
    };
    return provider as unknown as Provider;
  }

  #receipt(hash: string): TransactionReceipt | null {
    if (this.hidesReceipts) return null;
    for (const [blockNumber, block] of this.#blocks.entries()) {
      const found = block.find(({ transaction }) => hashOf(transaction) === hash);
      if (found !== undefined) return { hash, blockNumber, status: found.status } as unknown as TransactionReceipt;
    }
    return null;
  }

  #take(transaction: Transaction): { hash: string } {
    this.handed.push(transaction);
    const scripted = this.refusals.shift()?.(transaction);
    if (scripted !== undefined) throw scripted;
    const { nonce } = transaction;
    const next = this.mined.length;
    if (nonce < next) throw nodeError(`nonce too low: next nonce ${next}, tx nonce ${nonce}`);
    if (transaction.gasLimit * priceCap(transaction) > this.balance) {
      throw nodeError(`insufficient funds for gas * price + value: balance ${this.balance}`);
    }
    const other = this.pool.get(nonce);
    if (other !== undefined) {
      if (hashOf(other) === hashOf(transaction)) throw nodeError("already known");
      const isRaised = (before: bigint, after: bigint): boolean => after > before && after * 10n >= before * 11n;
      if (!isRaised(priceCap(other), priceCap(transaction)) || !isRaised(tipOf(other), tipOf(transaction))) {
        throw nodeError("replacement transaction underpriced");
      }
    }
    this.pool.set(nonce, transaction);
    return { hash: hashOf(transaction) };
  }
}

const hashOf = (transaction: Transaction): string => transaction.hash ?? id(`unsigned ${transaction.data}`);
const priceCap = (transaction: Transaction): bigint => transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n;
const tipOf = (transaction: Transaction): bigint => transaction.maxPriorityFeePerGas ?? priceCap(transaction);
