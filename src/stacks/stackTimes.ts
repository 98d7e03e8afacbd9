/** How long what a rollup sends takes to L1: docs/SECURITY.md ("Time budget") has the arithmetic. */
import type { Stack } from "./stack.ts";
import type { StackTimes } from "./stackBridge.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** Seconds. `nominal`: from a block of the rollup to a word of it in Settlement, if nobody disputes. */
export const STACK_TIMES: Readonly<Record<Stack, StackTimes & { readonly nominal: bigint }>> = {
  optimism: {
    // 3,600 blocks of L1, the sequencing window.
    forcedInclusion: 12n * HOUR,
    // A proposal within hours, then 7 days from the proof on (longer than a game's 3.5 days and the 3.5 days after it).
    nominal: 7n * DAY + 12n * HOUR,
    // A game takes 7 days on its clocks, and at most 9 more by their extensions; 3.5 days after it.
    disputedSettlement: 20n * DAY,
  },
  arbitrum: {
    forcedInclusion: DAY,
    // An assertion within hours, then 45,818 blocks of L1.
    nominal: 6n * DAY + 20n * HOUR,
    // BoLD: twice that, and two days.
    disputedSettlement: 15n * DAY,
  },
  zksync: {
    // Nothing forces a ZK Stack chain: more than any budget.
    forcedInclusion: 365n * DAY,
    // A proof within hours, and the delay before a batch is executed.
    nominal: DAY,
    // Nobody disputes a proof, but the Security Council may freeze the chain for 7 days.
    disputedSettlement: 8n * DAY,
  },
  // Nobody censors or disputes on a development node.
  devnet: { forcedInclusion: 0n, nominal: 0n, disputedSettlement: 0n },
};

const MARGIN = 3n * DAY;

/** How long the stacks take that lie between a rollup and L1: its own, of an L3 its parent's too. */
export function timesOf(stacks: readonly Stack[]): StackTimes & { readonly nominal: bigint } {
  const sum = (of: (stack: Stack) => bigint): bigint => stacks.reduce((total, stack) => total + of(stack), 0n);
  return {
    forcedInclusion: sum((stack) => STACK_TIMES[stack].forcedInclusion),
    nominal: sum((stack) => STACK_TIMES[stack].nominal),
    disputedSettlement: sum((stack) => STACK_TIMES[stack].disputedSettlement),
  };
}

/** How old a member's settled words may be, unless it is said otherwise. Seconds. Of an L3 name its parent's stack too. */
export const maxSettleAgeOf = (...stacks: readonly Stack[]): bigint => timesOf(stacks).disputedSettlement + MARGIN;
