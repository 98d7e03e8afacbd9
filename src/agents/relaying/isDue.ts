import type { FailedAttempts } from "../../chain/arrivals.ts";

const HOUR = 3_600n;
const WEEK = 168n * HOUR;

/** Attempts in a row that may fail although the simulations before them did not. */
const TRUST = 3;

/**
 * Whether a message that is not delivered is worth an attempt. One that never failed is. One that did waits until its
 * recipient would accept it; and in case that the simulation is wrong either way, it is tried again after an hour, four
 * hours, and so on, at last every week: nothing is given up.
 * @param failed How it failed before; undefined if it did not.
 * @param failedAt When it failed last, seconds since 1970.
 * @param now The destination's clock.
 * @param isAccepted What the simulation says.
 */
export function isDue(failed: FailedAttempts | undefined, failedAt: bigint, now: bigint, isAccepted: boolean): boolean {
  if (failed === undefined) return true;
  if (isAccepted && failed.attempts < TRUST) return true;
  const pause = HOUR << BigInt(2 * Math.min(failed.attempts - 1, 6));
  return now >= failedAt + (pause < WEEK ? pause : WEEK);
}
