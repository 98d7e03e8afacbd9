import { setTimeout as sleep } from "node:timers/promises";

import type { OperatorClient } from "../operatorClient.ts";
import { openOperator } from "./openOperator.ts";

/** How operators are reached that do not answer at first. */
export type ReachOptions = {
  /** Milliseconds between two attempts. */
  readonly every: number;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
  /** Hears of each that does not answer at first, once, and of when it does. */
  readonly onLate?: (url: string, operator: OperatorClient | undefined) => void;
};

/** The operators at these URLs that answer; those that do not are tried again, and are in the list once they do. */
export async function reachOperators(
  urls: readonly string[],
  options: ReachOptions,
): Promise<readonly OperatorClient[]> {
  const reached: OperatorClient[] = [];
  await Promise.all(
    urls.map(async (url) => {
      const operator = await openOperator(url).catch(() => undefined);
      if (operator !== undefined) reached.push(operator);
      else void reachLater(url, reached, options);
    }),
  );
  return reached;
}

async function reachLater(
  url: string,
  reached: OperatorClient[],
  { every, signal, onLate }: ReachOptions,
): Promise<void> {
  onLate?.(url, undefined);
  for (;;) {
    // An end while it sleeps ends it.
    await sleep(every, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const operator = await openOperator(url).catch(() => undefined);
    if (operator === undefined) continue;
    reached.push(operator);
    onLate?.(url, operator);
    return;
  }
}
