import type { TransactionReceipt } from "ethers";

import type { AccountRef, PendingTransaction, PendingTransactions } from "./pendingTransactions.ts";

/** Who waits for a transaction to be in a block. */
type Waiter = {
  readonly promise: Promise<TransactionReceipt>;
  readonly resolve: (receipt: TransactionReceipt) => void;
  readonly reject: (error: unknown) => void;
};

/** The transactions of an account that are not final: as the store has them, and who waits for them. */
export class InFlight {
  readonly #account: AccountRef;
  readonly #store: PendingTransactions;
  readonly #transactions = new Map<number, PendingTransaction>();
  /** Those that were seen in a block. */
  readonly #mined = new Set<number>();
  readonly #waiters = new Map<number, Waiter>();

  private constructor(account: AccountRef, store: PendingTransactions) {
    this.#account = account;
    this.#store = store;
  }

  static async open(account: AccountRef, store: PendingTransactions): Promise<InFlight> {
    const inFlight = new InFlight(account, store);
    for (const transaction of await store.load(account)) inFlight.#transactions.set(transaction.nonce, transaction);
    return inFlight;
  }

  /** All, by nonce. */
  all(): PendingTransaction[] {
    return [...this.#transactions.values()].sort((a, b) => a.nonce - b.nonce);
  }

  /** Those that are in no block, as far as is known. */
  unmined(): PendingTransaction[] {
    return this.all().filter(({ nonce }) => !this.#mined.has(nonce));
  }

  get(nonce: number): PendingTransaction | undefined {
    return this.#transactions.get(nonce);
  }

  get nonces(): ReadonlySet<number> {
    return new Set(this.#transactions.keys());
  }

  /** Whether anybody waits for a transaction. */
  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** The one that is on its way for this. */
  forKey(key: string): PendingTransaction | undefined {
    return this.unmined().find((transaction) => transaction.key === key);
  }

  async put(transaction: PendingTransaction): Promise<void> {
    await this.#store.put(this.#account, transaction);
    this.#transactions.set(transaction.nonce, transaction);
  }

  async remove(nonce: number): Promise<void> {
    await this.#store.remove(this.#account, nonce);
    this.#transactions.delete(nonce);
    this.#mined.delete(nonce);
  }

  /** Answers once the one with this nonce is in a block. */
  wait(nonce: number): Promise<TransactionReceipt> {
    const known = this.#waiters.get(nonce);
    if (known !== undefined) return known.promise;
    let settle: Pick<Waiter, "resolve" | "reject"> | undefined;
    const promise = new Promise<TransactionReceipt>((resolve, reject) => {
      settle = { resolve, reject };
    });
    // Whoever asked may have given up waiting.
    promise.catch(() => undefined);
    if (settle !== undefined) this.#waiters.set(nonce, { promise, ...settle });
    return promise;
  }

  /** It is in a block. */
  mined(nonce: number, receipt: TransactionReceipt): void {
    this.#mined.add(nonce);
    this.#waiters.get(nonce)?.resolve(receipt);
    this.#waiters.delete(nonce);
  }

  /** Its block was reorganised. */
  unmine(nonce: number): void {
    this.#mined.delete(nonce);
  }

  /** Whoever waits for it need not. */
  fail(nonce: number, error: unknown): void {
    this.#waiters.get(nonce)?.reject(error);
    this.#waiters.delete(nonce);
  }
}
