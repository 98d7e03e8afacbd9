import type { Fees } from "../chain/feesNow.ts";

/** What a chain asks for now, wei a unit of gas. */
export type Market =
  | { readonly kind: "eip1559"; readonly baseFee: bigint; readonly tip: bigint }
  /** A chain that knows nothing newer. */
  | { readonly kind: "legacy"; readonly gasPrice: bigint };

/** What an account pays at most, wei a unit of gas; undefined for whatever the chain asks. */
export type FeeCeiling = bigint | undefined;

/** By how much a transaction must pay more than the one it replaces, in eighths: geth asks for a tenth, others for an eighth. */
const BUMP_DIVISOR = 8n;

/** The least that a fee is raised to. */
export const bumped = (fee: bigint): bigint => {
  const raise = (fee + BUMP_DIVISOR - 1n) / BUMP_DIVISOR;
  return fee + (raise === 0n ? 1n : raise);
};

/** What a unit of gas costs in the next block. */
export const priceOf = (market: Market): bigint =>
  market.kind === "legacy" ? market.gasPrice : market.baseFee + market.tip;

/**
 * Fees of a transaction that was not sent before: room for the base fee to double, within the ceiling. Undefined if even the
 * next block asks for more than the ceiling.
 */
export function firstFees(market: Market, ceiling: FeeCeiling): Fees | undefined {
  if (ceiling !== undefined && priceOf(market) > ceiling) return undefined;
  if (market.kind === "legacy") return { gasPrice: market.gasPrice };
  const { baseFee, tip } = market;
  return { maxFeePerGas: atMost(2n * baseFee + tip, ceiling), maxPriorityFeePerGas: tip };
}

/**
 * Fees of a transaction that replaces one with these: what the chain asks now, and an eighth more than before at least, or nodes
 * refuse it. Undefined if that is above the ceiling. The kind of fees stays.
 */
export function replacementFees(before: Fees, market: Market, ceiling: FeeCeiling): Fees | undefined {
  if ("gasPrice" in before) {
    const gasPrice = larger(bumped(before.gasPrice), atMost(priceOf(market), ceiling));
    return isAbove(gasPrice, ceiling) ? undefined : { gasPrice };
  }
  const least = bumped(before.maxFeePerGas);
  if (isAbove(least, ceiling)) return undefined;
  const fresh = firstFees(market, undefined);
  const [wanted, tip] =
    fresh === undefined || "gasPrice" in fresh ? [least, 0n] : [fresh.maxFeePerGas, fresh.maxPriorityFeePerGas];
  const maxFeePerGas = larger(least, atMost(wanted, ceiling));
  const maxPriorityFeePerGas = larger(bumped(before.maxPriorityFeePerGas), tip);
  // A tip above the whole fee is invalid; one that cannot be raised as nodes ask for is no replacement.
  if (bumped(before.maxPriorityFeePerGas) > maxFeePerGas) return undefined;
  return { maxFeePerGas, maxPriorityFeePerGas: atMost(maxPriorityFeePerGas, maxFeePerGas) };
}

/** Whether a transaction with these fees can be in the next block. */
export const covers = (fees: Fees, market: Market): boolean =>
  "gasPrice" in fees
    ? fees.gasPrice >= (market.kind === "legacy" ? market.gasPrice : market.baseFee)
    : market.kind === "legacy" || fees.maxFeePerGas >= market.baseFee;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const atMost = (fee: bigint, ceiling: FeeCeiling): bigint => (ceiling !== undefined && fee > ceiling ? ceiling : fee);
const isAbove = (fee: bigint, ceiling: FeeCeiling): boolean => ceiling !== undefined && fee > ceiling;
