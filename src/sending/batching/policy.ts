/** When batches are sent, and when they wait for more messages or for cheaper gas. */
export type BatchPolicy = {
  /** Milliseconds that a message waits at most, whatever gas costs. */
  readonly maxWait: number;
  /** Messages from which on a batch waits for no more. */
  readonly fullAt: number;
  /** Gas is cheap up to this part of its median, in basis points: then nothing waits. */
  readonly cheapBps: bigint;
  /** Gas that a batch takes whatever is in it: what a message saves that shares it. */
  readonly sharedGas: bigint;
  /** Wei that it is worth to deliver a message a second earlier. */
  readonly worth: bigint;
  /** Messages that are worth something else; the first that fits counts. */
  readonly worthOf: readonly WorthRule[];
};

/** What it is worth to deliver messages earlier. What is left out fits every message. */
export type WorthRule = {
  /** Name of the source. */
  readonly source?: string;
  /** Name of the destination. */
  readonly destination?: string;
  readonly recipient?: string;
  /** Wei a second. */
  readonly worth: bigint;
};

/**
 * Delivers within seconds: nothing waits longer than four, and nothing at all while gas costs no more than its median. A `deliver`
 * with its certificate takes some 130,000 gas beside its messages.
 */
export const DEFAULT_BATCH_POLICY: BatchPolicy = {
  maxWait: 4_000,
  fullAt: 100,
  cheapBps: 10_000n,
  sharedGas: 130_000n,
  worth: 10n ** 12n,
  worthOf: [],
};

/** What it is worth to deliver a message a second earlier, wei. */
export function worthOf(
  { worth, worthOf: rules }: Pick<BatchPolicy, "worth" | "worthOf">,
  message: { readonly source: string; readonly destination: string; readonly recipient: string },
): bigint {
  const rule = rules.find(
    ({ source, destination, recipient }) =>
      (source === undefined || source === message.source) &&
      (destination === undefined || destination === message.destination) &&
      (recipient === undefined || recipient.toLowerCase() === message.recipient.toLowerCase()),
  );
  return rule?.worth ?? worth;
}
