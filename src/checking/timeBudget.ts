/** Whether a lie can be proven, and slashed, before the stake behind it may be gone (R33; docs/SECURITY.md, Time budget). Seconds. */
import type { StackTimes } from "../stacks/index.ts";

const HOUR = 3_600n;

/** A rollup's clock may be so far behind L1's, and a table expires there by it. */
const CLOCK_LAG = 72n * HOUR;

/** `reachedBy` may be so far ahead of a chain's clock. */
const CLOCK_DRIFT = HOUR;

/** Getting a conviction onto a censoring or congested L1. */
const EXECUTION_MARGIN = 36n * HOUR;

/** The shortest slot of L1 that is planned (EIP-7782). */
const SHORTEST_SLOT = 6n;

export interface TimeBudget {
  /** What a lie about the member takes at most to be convicted of. */
  readonly needed: bigint;
  /** For how long stake stays slashable at least. */
  readonly available: bigint;
  readonly isMet: boolean;
}

/** The budget for lies about a member. `delay` is DEALLOCATION_DELAY, in blocks of L1. */
export function timeBudget(tableAge: bigint, times: StackTimes, delay: bigint): TimeBudget {
  const { forcedInclusion, disputedSettlement } = times;
  const needed = tableAge + CLOCK_LAG + CLOCK_DRIFT + forcedInclusion + disputedSettlement + EXECUTION_MARGIN;
  const available = delay * SHORTEST_SLOT;
  return { needed, available, isMet: needed < available };
}
