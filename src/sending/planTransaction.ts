import type { Fees } from "../chain/feesNow.ts";
import { replacementFees, type FeeCeiling, type Market } from "./fees.ts";
import type { Attempt, PendingTransaction } from "./pendingTransactions.ts";
import type { RefusalKind } from "./refusals.ts";

/** What the chain shows of a transaction on its way. */
export type TransactionView = {
  /** How many transactions of the account are in blocks. */
  readonly mined: number;
  /** Block of the attempt that is in one; undefined if none is. */
  readonly minedIn: number | undefined;
  /** Blocks up to this one are final. */
  readonly finalBlock: number;
  /** Whether the node has the last attempt, in a block or in its pool. */
  readonly isKnown: boolean;
  /** Since when its nonce is taken and no attempt is in a block; milliseconds since 1970. */
  readonly missingSince: number | undefined;
};

/** How patient an account is. */
export type SendingPolicy = {
  /** Milliseconds after which a transaction that is in no block is replaced by one that pays more. */
  readonly replaceAfter: number;
  /** Milliseconds after which one whose nonce something else took counts as displaced: a node's answers may lag behind each other. */
  readonly displacedAfter: number;
  /** Wei a unit of gas at most; undefined for whatever the chain asks. */
  readonly ceiling: FeeCeiling;
};

/** What to do about a transaction on its way. */
export type TransactionStep =
  /** Its block is final: nothing can undo it. */
  | { readonly kind: "forget" }
  /** It is in a block that may still be reorganised. */
  | { readonly kind: "watch" }
  /** Something else used its nonce. */
  | { readonly kind: "displaced" }
  | { readonly kind: "wait" }
  /** The node forgot it, or its block was reorganised: hand it over as it is. */
  | { readonly kind: "resubmit" }
  | { readonly kind: "replace"; readonly fees: Fees }
  /** It should pay more than the ceiling. */
  | { readonly kind: "capped" };

/** What to do next about a transaction. */
export function planTransaction(
  transaction: PendingTransaction,
  view: TransactionView,
  market: Market,
  policy: SendingPolicy,
  now: number,
): TransactionStep {
  if (view.minedIn !== undefined) return { kind: view.minedIn <= view.finalBlock ? "forget" : "watch" };
  if (transaction.nonce < view.mined) {
    const since = view.missingSince ?? now;
    return { kind: now >= since + policy.displacedAfter ? "displaced" : "wait" };
  }
  if (!view.isKnown) return { kind: "resubmit" };
  const last = lastAttempt(transaction);
  if (now < last.sentAt + policy.replaceAfter) return { kind: "wait" };
  const fees = replacementFees(last.fees, market, policy.ceiling);
  return fees === undefined ? { kind: "capped" } : { kind: "replace", fees };
}

export const lastAttempt = ({ attempts }: PendingTransaction): Attempt => attempts.at(-1) ?? attempts[0];

/** What to make of a node's answer to an attempt. */
export type RefusalStep =
  /** It is on its way all the same. */
  | "sent"
  /** Its nonce is another's: give it the next one. */
  | "renumber"
  /** Ask for the fees anew, and send it with them. */
  | "reprice"
  /** It is forgotten, and its nonce given to another. */
  | "drop"
  /** It will never be taken, but its nonce has to be used: send an empty transaction in its place. */
  | "cancel"
  /** It keeps its nonce, and is tried again later. */
  | "keep";

/** How a transaction stands that a node refused. */
export type Standing = {
  /** No node ever took any attempt of it. */
  readonly isFresh: boolean;
  /** The node has the attempt although it refused it: some execute a transaction, and answer with its revert. */
  readonly isKnown: boolean;
  /** Nothing of the account is on its way with a lower nonce. */
  readonly isFirst: boolean;
};

/**
 * What to do after a refusal. Only what no node ever took is dropped or gets another nonce: anything else may be in a block yet.
 */
export function planRefusal(kind: RefusalKind, { isFresh, isKnown, isFirst }: Standing): RefusalStep {
  if (isKnown || kind === "already-known") return "sent";
  switch (kind) {
    case "nonce-too-low":
    case "replacement-underpriced":
      return isFresh ? "renumber" : "keep";
    case "nonce-too-high":
      // Behind nothing of ours: the chain expects a lower one.
      return isFresh && isFirst ? "renumber" : "keep";
    case "underpriced":
      return isFresh ? "reprice" : "keep";
    case "invalid":
    case "reverted":
      return isFresh ? "drop" : "cancel";
    case "insufficient-funds":
    case "unknown":
      return isFresh ? "drop" : "keep";
    case "unavailable":
      return "keep";
  }
}
