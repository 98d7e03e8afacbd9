import type { BatchPolicy } from "./policy.ts";

/** A batch that could be sent now. */
export type WaitingBatch = {
  /** What its transaction takes. */
  readonly gas: bigint;
  /** Its messages. */
  readonly messages: readonly {
    /** From when on it could have been delivered, milliseconds since 1970. */
    readonly since: number;
    /** Wei that it is worth to deliver it a second earlier. */
    readonly worth: bigint;
  }[];
};

/** What a unit of gas costs, wei. */
export type GasMarket = {
  readonly price: bigint;
  /** Over the last while; undefined if not known yet. */
  readonly median: bigint | undefined;
};

/** What to do with a batch, and why. */
export type BatchDecision =
  | { readonly send: true; readonly because: "full" | "old" | "cheap" | "worth" }
  /** It is to be looked at again by then, milliseconds since 1970: then it is old. */
  | { readonly send: false; readonly until: number };

const BPS = 10_000n;

/**
 * Whether to send a batch now, or to wait for more messages and cheaper gas. It waits as long as what that cost its messages so far
 * is less than what it can save: what a transaction takes whatever is in it, and the rest at a price above the median. So it costs
 * at most twice what somebody would pay who knows what comes (as of acknowledgements that wait for more: Dooly, Goldman, Scott 1998).
 */
export function decide(batch: WaitingBatch, market: GasMarket, policy: BatchPolicy, now: number): BatchDecision {
  const { messages, gas } = batch;
  const { price, median } = market;
  if (messages.length >= policy.fullAt) return { send: true, because: "full" };
  const oldest = messages.reduce((first, { since }) => Math.min(first, since), Infinity);
  if (now >= oldest + policy.maxWait) return { send: true, because: "old" };
  if (median === undefined || price * BPS <= median * policy.cheapBps) return { send: true, because: "cheap" };

  const shared = gas < policy.sharedGas ? gas : policy.sharedGas;
  const saving = shared * price + (gas - shared) * (price - median);
  const cost = messages.reduce((sum, { since, worth }) => sum + worth * BigInt(Math.max(0, now - since)), 0n) / 1_000n;
  return cost >= saving ? { send: true, because: "worth" } : { send: false, until: oldest + policy.maxWait };
}
