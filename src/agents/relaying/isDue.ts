import type { Failures } from "./history.ts";

const HOUR = 3_600n;
const WEEK = 168n * HOUR;

/** Attempts in a row that may fail although the simulations before them did not. */
const TRUST = 3;

/**
 * Whether a message that is not delivered is worth an attempt. One that never failed is. One that did waits until its
 * recipient would accept it; and in case that the simulation is wrong either way, it is tried again after an hour, four
 * hours, and so on, at last every week: nothing is given up.
 * @param failures How it failed before; undefined if it did not.
 * @param now The destination's clock.
 * @param isAccepted What the simulation says.
 */
export function isDue(failures: Failures | undefined, now: bigint, isAccepted: boolean): boolean {
  if (failures === undefined) return true;
  if (isAccepted && failures.attempts < TRUST) return true;
  return now >= triedAgainAt(failures);
}

/** When a message that fails is tried again although its recipient would refuse it; seconds since 1970. */
export function triedAgainAt({ attempts, at }: Failures): bigint {
  const pause = HOUR << BigInt(2 * Math.min(attempts - 1, 6));
  return at + (pause < WEEK ? pause : WEEK);
}
