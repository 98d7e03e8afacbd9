import type { Provider, TransactionReceipt } from "ethers";

import type { Fees } from "../chain/feesNow.ts";
import type { SendingAccount } from "./account.ts";
import { firstFees, priceOf, replacementFees, type Market } from "./fees.ts";
import type { InFlight } from "./inFlight.ts";
import { missingNonces, nextNonce } from "./nonces.ts";
import type { AccountRef, Attempt, PendingTransaction } from "./pendingTransactions.ts";
import { lastAttempt, planRefusal, planTransaction, type RefusalStep } from "./planTransaction.ts";
import { classifyRefusal, type NodeRefusal } from "./refusals.ts";
import type { SenderChain } from "./senderChain.ts";
import { displaced, noFunds, refused, tooDear } from "./sendingErrors.ts";
import type { SenderSettings } from "./settings.ts";
import type { Call } from "./transactionSender.ts";

/** Where a sender may be stopped: right before and after whatever outlives it. */
export const SENDING_STEPS = [
  "sender:numbered",
  "sender:recorded",
  "sender:handed",
  "sender:mined",
  "sender:replacing",
  "sender:forgotten",
] as const;

export type SendingStep = (typeof SENDING_STEPS)[number];

/** What there is to send with. */
export type OutgoingParts = {
  readonly ref: AccountRef;
  readonly provider: Provider;
  readonly account: SendingAccount;
  readonly chain: SenderChain;
  readonly inFlight: InFlight;
  readonly settings: SenderSettings;
  /** Blocks are final at once. */
  readonly isFinalAtOnce: boolean;
  readonly clock: () => number;
  readonly step: (step: SendingStep) => Promise<void>;
};

/** How often a transaction that no node took is prepared anew. */
const TRIES = 5;

/** Hands transactions to a node, and looks after them until they are final. One thing at a time. */
export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #missingSince = new Map<number, number>();
  /** Those of which the node said that it has them, though it cannot find them by their hash. */
  readonly #taken = new Set<number>();
  /** Nonces of transactions that would have to pay more than the ceiling. */
  readonly capped = new Set<number>();
  /** What the node last said against one. */
  refusal: NodeRefusal | undefined;
  #floor = 0;
  /** All nonces below are of transactions that are final. */
  #finalFloor = 0;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  /** Learns from the chain which nonces are free. */
  async begin(): Promise<void> {
    this.#floor = (await this.#parts.chain.counts(this.#parts.ref.address)).pooled;
  }

  /** Gives a call a nonce, writes that down, and hands it to the node. Answers the nonce. */
  async dispatch({ key, to, data, covers = [], value = 0n }: Call, gasLimit: bigint): Promise<number> {
    const { chain, inFlight, account, settings, clock, step } = this.#parts;
    let market = await chain.market();
    for (let tries = 1; ; ++tries) {
      const fees = firstFees(market, settings.ceiling);
      if (fees === undefined) throw tooDear(key, priceOf(market), settings.ceiling);
      const nonce = nextNonce({ floor: this.#floor, given: inFlight.nonces });
      const fields = { nonce, key, covers, to, data, value, gasLimit };
      await step("sender:numbered");
      const attempt = await account.prepare(fields, fees, clock());
      const transaction: PendingTransaction = { ...fields, attempts: [attempt] };
      await inFlight.put(transaction);
      await step("sender:recorded");
      const refusal = await this.#hand(transaction, attempt);
      const next = refusal === undefined ? "sent" : await this.#judge(transaction, refusal, true);
      if (refusal === undefined || next === "sent" || next === "keep") return nonce;

      await inFlight.remove(nonce);
      if ((next !== "renumber" && next !== "reprice") || tries === TRIES) throw this.#errorOf(transaction, refusal);
      if (next === "reprice") market = await chain.market(true);
      else await this.#learnFloor(nonce, refusal);
    }
  }

  /** Many chains have a transaction in a block as soon as they have it: whoever waits need not until the next look. */
  async lookAtOnce(nonce: number): Promise<void> {
    const { inFlight, chain, isFinalAtOnce } = this.#parts;
    const transaction = inFlight.get(nonce);
    if (transaction === undefined) return;
    const receipt = await chain.receiptOf(transaction).catch(() => undefined);
    if (receipt === undefined) return;
    await this.#mined(nonce, receipt);
    if (isFinalAtOnce) await this.#forget(nonce);
  }

  /** Looks what became of all that is on its way, and does what that asks for. */
  async look(): Promise<void> {
    const { chain, inFlight, ref } = this.#parts;
    const transactions = inFlight.all();
    if (transactions.length === 0) return;
    const { mined, pooled } = await chain.counts(ref.address);
    const [market, finalBlock] = await Promise.all([chain.market(), chain.finalBlock()]);
    const receipts = await Promise.all(
      transactions.map(async (one) => (one.nonce < mined ? await chain.receiptOf(one) : undefined)),
    );
    for (const [place, transaction] of transactions.entries()) {
      await this.#advance(transaction, receipts[place], { mined, market, finalBlock });
    }
    await this.#fillGaps(mined, pooled, market);
  }

  /** Hands an attempt to the node, and writes down the hash if the node says it only then. Answers why it was refused. */
  async #hand(transaction: PendingTransaction, attempt: Attempt): Promise<NodeRefusal | undefined> {
    const { account, inFlight, step } = this.#parts;
    let hash: string;
    try {
      hash = await account.hand(transaction, attempt);
    } catch (error) {
      this.refusal = classifyRefusal(error);
      return this.refusal;
    }
    if (attempt.hash === undefined) {
      const [first, ...rest] = transaction.attempts;
      const named = (one: Attempt): Attempt => (one === attempt ? { ...one, hash } : one);
      await inFlight.put({ ...transaction, attempts: [named(first), ...rest.map(named)] });
    }
    this.refusal = undefined;
    await step("sender:handed");
    return undefined;
  }

  async #judge(transaction: PendingTransaction, { kind }: NodeRefusal, isFresh: boolean): Promise<RefusalStep> {
    const { hash } = lastAttempt(transaction);
    const isAsked = kind !== "unavailable" && hash !== undefined;
    const isKnown = isAsked && (await this.#parts.chain.knows(hash).catch(() => false));
    const isFirst = [...this.#parts.inFlight.nonces].every((nonce) => nonce >= transaction.nonce);
    return planRefusal(kind, { isFresh, isKnown, isFirst });
  }

  async #learnFloor(nonce: number, { kind }: NodeRefusal): Promise<void> {
    const { pooled } = await this.#parts.chain.counts(this.#parts.ref.address);
    this.#floor = kind === "nonce-too-high" ? pooled : Math.max(pooled, nonce + 1);
  }

  #errorOf({ key }: PendingTransaction, refusal: NodeRefusal): Error {
    return refusal.kind === "insufficient-funds" ? noFunds(key, this.#parts.ref, refusal) : refused(key, refusal);
  }

  async #mined(nonce: number, receipt: TransactionReceipt): Promise<void> {
    await this.#parts.step("sender:mined");
    this.capped.delete(nonce);
    this.#parts.inFlight.mined(nonce, receipt);
  }

  async #forget(nonce: number): Promise<void> {
    this.#finalFloor = Math.max(this.#finalFloor, nonce + 1);
    this.#floor = Math.max(this.#floor, this.#finalFloor);
    for (const kept of [this.#taken, this.capped, this.#missingSince]) kept.delete(nonce);
    await this.#parts.inFlight.remove(nonce);
    await this.#parts.step("sender:forgotten");
  }

  async #advance(
    transaction: PendingTransaction,
    receipt: TransactionReceipt | undefined,
    { mined, market, finalBlock }: { mined: number; market: Market; finalBlock: number },
  ): Promise<void> {
    const { inFlight, settings, clock, ref } = this.#parts;
    const { nonce, key } = transaction;
    const now = clock();
    if (receipt === undefined) inFlight.unmine(nonce);
    else await this.#mined(nonce, receipt);
    const isMissing = receipt === undefined && nonce < mined;
    if (!isMissing) this.#missingSince.delete(nonce);
    const view = {
      mined,
      minedIn: receipt?.blockNumber,
      finalBlock,
      isKnown: receipt !== undefined || isMissing || (await this.#isKnown(transaction)),
      missingSince: this.#missingSince.get(nonce),
    };
    this.capped.delete(nonce);
    const next = planTransaction(transaction, view, market, settings, now);
    switch (next.kind) {
      case "forget": {
        await this.#forget(nonce);
        return;
      }
      case "displaced":
        inFlight.fail(nonce, displaced(key, ref, transaction));
        {
          await this.#forget(nonce);
          return;
        }
      case "resubmit": {
        await this.#resubmit(transaction, market);
        return;
      }
      case "replace": {
        await this.#replace(transaction, next.fees);
        return;
      }
      case "capped":
        this.capped.add(nonce);
        return;
      case "wait":
        if (isMissing && !this.#missingSince.has(nonce)) this.#missingSince.set(nonce, now);
        return;
      case "watch":
        return;
    }
  }

  async #isKnown(transaction: PendingTransaction): Promise<boolean> {
    const { hash } = lastAttempt(transaction);
    return this.#taken.has(transaction.nonce) || (hash !== undefined && (await this.#parts.chain.knows(hash)));
  }

  /** Hands the last attempt over again; one that will never be taken makes room for an empty transaction. */
  async #resubmit(transaction: PendingTransaction, market: Market): Promise<void> {
    const attempt = lastAttempt(transaction);
    const refusal = await this.#hand(transaction, attempt);
    if (refusal === undefined) return;
    const { kind } = refusal;
    // Where the node signs, what it has is not known by its hash.
    if (kind === "already-known" || kind === "replacement-underpriced") this.#taken.add(transaction.nonce);
    if (kind === "underpriced") {
      // It pays too little for the chain as it is now: nothing is gained by patience.
      const fees = replacementFees(attempt.fees, market, this.#parts.settings.ceiling);
      if (fees === undefined) this.capped.add(transaction.nonce);
      else await this.#replace(transaction, fees);
    } else if ((await this.#judge(transaction, refusal, false)) === "cancel" && !isFiller(transaction)) {
      this.#parts.inFlight.fail(transaction.nonce, this.#errorOf(transaction, refusal));
      await this.#fill(transaction.nonce, market, transaction);
    }
  }

  async #replace(transaction: PendingTransaction, fees: Fees): Promise<void> {
    await this.#parts.step("sender:replacing");
    const attempt = await this.#parts.account.prepare(transaction, fees, this.#parts.clock());
    await this.#record({ ...transaction, attempts: [...transaction.attempts, attempt] }, attempt);
  }

  async #fillGaps(mined: number, pooled: number, market: Market): Promise<void> {
    const missing = missingNonces(Math.max(mined, this.#finalFloor), pooled, this.#parts.inFlight.nonces);
    const now = this.#parts.clock();
    for (const nonce of missing) {
      const since = this.#missingSince.get(nonce) ?? now;
      this.#missingSince.set(nonce, since);
      if (now >= since + this.#parts.settings.displacedAfter) await this.#fill(nonce, market);
    }
  }

  /** Uses a nonce for nothing, so that what is behind it can go on. */
  async #fill(nonce: number, market: Market, instead?: PendingTransaction): Promise<void> {
    const { settings, account, clock } = this.#parts;
    const before = instead === undefined ? undefined : lastAttempt(instead).fees;
    const fees =
      before === undefined ? firstFees(market, settings.ceiling) : replacementFees(before, market, settings.ceiling);
    if (fees === undefined) return;
    const call = { key: fillerKey(nonce), covers: [], to: account.address, data: "0x", value: 0n };
    const fields = { nonce, ...call, gasLimit: FILLER_GAS };
    const attempt = await account.prepare(fields, fees, clock());
    await this.#record({ ...fields, attempts: [...(instead?.attempts ?? []), attempt] as Attempts }, attempt);
  }

  async #record(transaction: PendingTransaction, attempt: Attempt): Promise<void> {
    await this.#parts.inFlight.put(transaction);
    await this.#parts.step("sender:recorded");
    await this.#hand(transaction, attempt);
  }
}

type Attempts = PendingTransaction["attempts"];

const FILLER = "sending:fill:";
const FILLER_GAS = 21_000n;
const fillerKey = (nonce: number): string => `${FILLER}${nonce}`;
const isFiller = ({ key }: PendingTransaction): boolean => key.startsWith(FILLER);
