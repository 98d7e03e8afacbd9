import type { Fees } from "../chain/feesNow.ts";
import type { Hex } from "../wire/index.ts";

/** An account on a chain. */
export type AccountRef = {
  readonly chainId: bigint;
  /** In lower case. */
  readonly address: Hex;
};

/** A transaction as it was, or was about to be, handed to a node. */
export type Attempt = {
  readonly fees: Fees;
  /** Undefined until the node said, where the node signs. */
  readonly hash: Hex | undefined;
  /** The signed transaction; undefined where the node signs. */
  readonly raw: Hex | undefined;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
};

/** What a nonce of an account was given to, until that is final. */
export type PendingTransaction = {
  readonly nonce: number;
  /** What it is for; unique among those of the account. */
  readonly key: string;
  /** Ids of the things it does: nothing else need do them while it is on its way. */
  readonly covers: readonly string[];
  readonly to: string;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** Each replaces the one before it; one of them will be in a block. */
  readonly attempts: readonly [Attempt, ...Attempt[]];
};

/**
 * What accounts have on its way: what must outlive a process, so that what it had begun is neither lost nor done twice. One
 * process uses an account at a time.
 */
export interface PendingTransactions {
  /** All of an account, in any order. */
  load(account: AccountRef): Promise<readonly PendingTransaction[]>;
  /** Writes it in the place of the one with its nonce. Durable once it resolves. */
  put(account: AccountRef, transaction: PendingTransaction): Promise<void>;
  /** Forgets the one with this nonce, if it is there. */
  remove(account: AccountRef, nonce: number): Promise<void>;
}

/** Forgets everything when the process ends: for simulated chains, and where work done twice costs gas alone. */
export class MemoryPendingTransactions implements PendingTransactions {
  readonly #accounts = new Map<string, Map<number, PendingTransaction>>();

  load(account: AccountRef): Promise<readonly PendingTransaction[]> {
    return Promise.resolve([...this.#of(account).values()]);
  }

  put(account: AccountRef, transaction: PendingTransaction): Promise<void> {
    this.#of(account).set(transaction.nonce, transaction);
    return Promise.resolve();
  }

  remove(account: AccountRef, nonce: number): Promise<void> {
    this.#of(account).delete(nonce);
    return Promise.resolve();
  }

  #of({ chainId, address }: AccountRef): Map<number, PendingTransaction> {
    const key = `${chainId}:${address}`;
    const found = this.#accounts.get(key) ?? new Map<number, PendingTransaction>();
    this.#accounts.set(key, found);
    return found;
  }
}
