import type { SendingPolicy } from "./planTransaction.ts";

/** How an account sends. */
export type SenderSettings = SendingPolicy & {
  /** Transactions on their way at once. */
  readonly maxInFlight: number;
  /** Milliseconds between two looks at what is on its way. */
  readonly lookEvery: number;
  /** Milliseconds after which whoever waits for a transaction is told that it is still pending. */
  readonly patience: number;
};

/** geth promises an account 16 places in its pool. */
export const DEFAULT_SETTINGS: SenderSettings = {
  replaceAfter: 30_000,
  displacedAfter: 30_000,
  ceiling: undefined,
  maxInFlight: 16,
  lookEvery: 1_000,
  patience: 120_000,
};
