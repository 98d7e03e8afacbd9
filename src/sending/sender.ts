import type { Provider, Signer, TransactionReceipt } from "ethers";

import type { Confirmations } from "../chain/memberNode.ts";
import { accountOf } from "./account.ts";
import { InFlight } from "./inFlight.ts";
import { Outgoing, type SendingStep } from "./outgoing.ts";
import type { AccountRef, PendingTransactions } from "./pendingTransactions.ts";
import type { NodeRefusal } from "./refusals.ts";
import { SenderChain } from "./senderChain.ts";
import { reverted, stillPending, stopped } from "./sendingErrors.ts";
import { DEFAULT_SETTINGS, type SenderSettings } from "./settings.ts";
import type { Call, TransactionSender } from "./transactionSender.ts";
import { tryOut } from "./tryOut.ts";

/** What a sender is made of. */
export type SenderOptions = {
  readonly chainId: bigint;
  /** The account's own, connected to the chain. */
  readonly signer: Signer;
  readonly provider: Provider;
  /** After how many blocks a transaction is forgotten, since nothing undoes it. */
  readonly confirmations: Confirmations;
  readonly store: PendingTransactions;
  readonly settings?: Partial<SenderSettings>;
  readonly onStep?: (step: SendingStep) => void | Promise<void>;
  /** Milliseconds since 1970; this machine's clock by default. */
  readonly clock?: () => number;
};

/** How things stand with an account. */
export type SenderStatus = AccountRef & {
  /** Transactions that are in no block. */
  readonly onTheirWay: number;
  /** When the oldest of them was first sent, milliseconds since 1970. */
  readonly oldest: number | undefined;
  /** Nonces of those that would have to pay more than the ceiling. */
  readonly capped: readonly number[];
  /** What the node last said against one. */
  readonly refusal: NodeRefusal | undefined;
};

/** What becomes of a transaction that was given a nonce. */
type Dispatched = { readonly outcome: Promise<TransactionReceipt> };

/**
 * Sends the transactions of one account on one chain, several at a time: gives out nonces without gaps, names fees and raises
 * them, sends again what nodes forget or chains undo. What it has begun is in its store before it leaves, so that one that is
 * killed goes on where it was. Nobody else may use the account.
 */
export class Sender implements TransactionSender {
  readonly #ref: AccountRef;
  readonly #provider: Provider;
  readonly #settings: SenderSettings;
  readonly #inFlight: InFlight;
  readonly #outgoing: Outgoing;
  /** By key: from the call on until it has a nonce. */
  readonly #beginning = new Map<string, Promise<Dispatched>>();
  /** Calls that have room and no outcome yet. */
  #sending = 0;
  /** Calls that wait for room. */
  readonly #waiting: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  private constructor(ref: AccountRef, provider: Provider, settings: SenderSettings, parts: [InFlight, Outgoing]) {
    this.#ref = ref;
    this.#provider = provider;
    this.#settings = settings;
    [this.#inFlight, this.#outgoing] = parts;
  }

  /** A sender that knows what its account has on its way, from its store and from the chain. Rejects as the node does. */
  static async open(options: SenderOptions): Promise<Sender> {
    const { chainId, signer, provider, confirmations, store, onStep, clock = Date.now } = options;
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    const account = await accountOf(signer, chainId);
    const ref = { chainId, address: account.address };
    const inFlight = await InFlight.open(ref, store);
    const outgoing = new Outgoing({
      ...{ ref, provider, account, inFlight, settings, clock },
      chain: new SenderChain(provider, confirmations, clock),
      isFinalAtOnce: confirmations === 0,
      step: async (step) => await onStep?.(step),
    });
    const sender = new Sender(ref, provider, settings, [inFlight, outgoing]);
    await outgoing.begin();
    await sender.look();
    return sender;
  }

  get width(): number {
    return this.#settings.maxInFlight;
  }

  onTheirWay(): ReadonlySet<string> {
    return new Set(this.#inFlight.unmined().flatMap(({ covers }) => covers));
  }

  status(): SenderStatus {
    const unmined = this.#inFlight.unmined();
    const starts = unmined.map(({ attempts }) => attempts[0].sentAt);
    return {
      ...this.#ref,
      onTheirWay: unmined.length,
      oldest: starts.length === 0 ? undefined : Math.min(...starts),
      capped: [...this.#outgoing.capped],
      refusal: this.#outgoing.refusal,
    };
  }

  /** Throws `sending/…`, and what the node says where it does not answer. */
  async send(call: Call): Promise<TransactionReceipt> {
    if (this.#isStopping) throw stopped(call.key);
    const known = this.#inFlight.forKey(call.key);
    if (known !== undefined) return await this.#outcomeOf(call.key, this.#inFlight.wait(known.nonce));
    const beginning = this.#beginning.get(call.key) ?? this.#begin(call);
    this.#beginning.set(call.key, beginning);
    try {
      return await this.#outcomeOf(call.key, (await beginning).outcome);
    } finally {
      if (this.#beginning.get(call.key) === beginning) this.#beginning.delete(call.key);
    }
  }

  /** Looks what became of all that is on its way, and does what that asks for. Runs by itself as long as there is anything. */
  async look(): Promise<void> {
    try {
      await this.#inTurn(() => this.#outgoing.look());
    } finally {
      this.#changed();
    }
  }

  /** Sends nothing more, and waits at most so many milliseconds for what is on its way. Answers how much is then left. */
  async drain(limit: number): Promise<number> {
    this.#isStopping = true;
    const begun = [...this.#beginning.values()].map(async (beginning) => await (await beginning).outcome);
    const outcomes = this.#inFlight.unmined().map(({ nonce }) => this.#inFlight.wait(nonce));
    this.#schedule();
    await within(limit, Promise.allSettled([...outcomes, ...begun]));
    this.close();
    return this.#inFlight.unmined().length;
  }

  /** Stops at once. What is on its way stays in the store. */
  close(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { nonce, key } of this.#inFlight.all()) this.#inFlight.fail(nonce, stopped(key));
    this.#changed();
  }

  /** Tries a call out once there is room for it, and sends it. */
  async #begin(call: Call): Promise<Dispatched> {
    await this.#room();
    ++this.#sending;
    try {
      if (this.#isStopping) throw stopped(call.key);
      const gasLimit = call.gasLimit ?? (await tryOut(this.#provider, this.#ref, call));
      const nonce = await this.#inTurn(() => this.#outgoing.dispatch(call, gasLimit));
      const outcome = this.#inFlight.wait(nonce);
      await this.#outgoing.lookAtOnce(nonce);
      return { outcome };
    } finally {
      --this.#sending;
      this.#changed();
    }
  }

  /** Answers once fewer transactions are on their way than there may be. */
  async #room(): Promise<void> {
    while (!this.#isStopping && this.#inFlight.unmined().length + this.#sending >= this.#settings.maxInFlight) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
    this.#schedule();
  }

  async #outcomeOf(key: string, outcome: Promise<TransactionReceipt>): Promise<TransactionReceipt> {
    const receipt = await within(this.#settings.patience, outcome);
    if (receipt === undefined) throw stillPending(key, this.#settings.patience / 1_000);
    if (receipt.status === 0) throw reverted(key, receipt.hash);
    return receipt;
  }

  #schedule(): void {
    const isDone = this.#isStopping && !this.#inFlight.isAwaited;
    if (this.#timer !== undefined || isDone || this.#inFlight.all().length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // What a node fails to answer is asked again at the next look.
      void this.look().catch(() => undefined);
    }, this.#settings.lookEvery);
    if (!this.#inFlight.isAwaited) this.#timer.unref();
  }

  /** One after the other: whatever gives out nonces or sends. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** The promise's value, or undefined if it takes longer than so many milliseconds. */
async function within<T>(limit: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
