/** What is known of an account's nonces. */
export type NonceView = {
  /** No nonce below this is free: transactions with them are in blocks, or in the node's pool. */
  readonly floor: number;
  /** Nonces that were given out. */
  readonly given: ReadonlySet<number>;
};

/** The nonce of the next transaction: the lowest that nothing has, so that no gap is left behind. */
export function nextNonce({ floor, given }: NonceView): number {
  let nonce = floor;
  while (given.has(nonce)) ++nonce;
  return nonce;
}

/**
 * Nonces below one that was given out which nothing has: nothing behind them can be in a block before something takes them. They
 * come about when a node forgets a transaction of which nothing was written down.
 * @param mined How many transactions of the account are in blocks.
 * @param pooled How many of them are in blocks or, without a gap, in the node's pool.
 */
export function missingNonces(mined: number, pooled: number, given: ReadonlySet<number>): number[] {
  const last = Math.max(-1, ...given);
  const missing: number[] = [];
  for (let nonce = Math.max(mined, pooled); nonce < last; ++nonce) if (!given.has(nonce)) missing.push(nonce);
  return missing;
}
