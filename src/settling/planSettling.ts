/** The way of a message by a settled word: where it stands, and what is next. Pure. */
import type { NextOfJourney } from "../stacks/index.ts";
import { PAGE_SIZE } from "../wire/index.ts";

/** A word of the message's lane on its way over a bridge. */
export interface TravellingWord {
  readonly count: bigint;
  readonly next: NextOfJourney;
}

/** A word that the destination will hold once its owner's delay is over. */
export interface DelayedWord {
  readonly count: bigint;
  /** Seconds since 1970, by the destination's clock. */
  readonly until: bigint;
}

/** What the chains show of a message's lane. Words are named by their counts. */
export interface SettlingView {
  readonly nonce: bigint;
  readonly isDelivered: boolean;
  /** Messages on the lane. */
  readonly laneCount: bigint;
  /** False once another member took the destination's place on its chain. */
  readonly isLaneOpen: boolean;
  /** Settled words that the destination holds, and lets prove messages now. */
  readonly held: readonly bigint[];
  readonly delayed: readonly DelayedWord[];
  /** From L1 to the destination. */
  readonly descending: readonly TravellingWord[];
  /** Words that Settlement on L1 has. */
  readonly settled: readonly bigint[];
  /** From the source to L1. */
  readonly rising: readonly TravellingWord[];
}

/**
 * Where a message stands on the settled path, and by which word (`count`) it goes. `settle`, `forward` and `deliver` are transactions
 * that anyone can send now; `rising` and `descending`: on a bridge; `delayed`: by the destination's owner.
 */
export type SettlingState =
  | { readonly stage: "settle"; readonly count: bigint; readonly word: "current" }
  | { readonly stage: "settle"; readonly count: bigint; readonly word: "anchor"; readonly page: bigint }
  | { readonly stage: "rising"; readonly count: bigint; readonly next: NextOfJourney }
  | { readonly stage: "forward"; readonly count: bigint }
  | { readonly stage: "descending"; readonly count: bigint; readonly next: NextOfJourney }
  | { readonly stage: "delayed"; readonly count: bigint; readonly until: bigint }
  | { readonly stage: "deliver"; readonly count: bigint }
  | { readonly stage: "delivered" };

export type SettlingStage = SettlingState["stage"];

/** Whether the word at a count proves a message: the fold to it is no longer than a page. */
export const isWithinReach = (nonce: bigint, count: bigint): boolean => count > nonce && count <= nonce + PAGE_SIZE;

/** Where a message stands. What is furthest on its way counts: nothing is done again that is done already. */
export function planSettling(view: SettlingView): SettlingState {
  const { nonce, isDelivered, held, delayed, descending, settled, rising } = view;
  if (isDelivered) return { stage: "delivered" };
  const reaches = ({ count }: { readonly count: bigint }): boolean => isWithinReach(nonce, count);

  const usable = nearest(held.map((count) => ({ count })).filter(reaches));
  if (usable !== undefined) return { stage: "deliver", ...usable };
  const [soonest] = delayed.filter(reaches).sort((a, b) => Number(a.until - b.until) || Number(a.count - b.count));
  if (soonest !== undefined) return { stage: "delayed", ...soonest };
  const arriving = nearest(descending.filter(reaches));
  if (arriving !== undefined) return { stage: "descending", ...arriving };
  const known = nearest(settled.map((count) => ({ count })).filter(reaches));
  if (known !== undefined) return { stage: "forward", ...known };
  const sent = nearest(rising.filter(reaches));
  if (sent !== undefined) return { stage: "rising", ...sent };
  return planSettle(view);
}

/**
 * The word to settle. As long as the message's page is not full, the lane's current word is within reach, and settling it keeps the
 * source certifiable too; then the page's anchor is, however many messages follow. A closed lane has anchors alone.
 */
function planSettle({ nonce, laneCount, isLaneOpen }: SettlingView): SettlingState {
  const page = nonce / PAGE_SIZE;
  const pageEnd = (page + 1n) * PAGE_SIZE;
  if (isLaneOpen && laneCount <= pageEnd) return { stage: "settle", count: laneCount, word: "current" };
  return { stage: "settle", count: laneCount < pageEnd ? laneCount : pageEnd, word: "anchor", page };
}

function nearest<Word extends { readonly count: bigint }>(words: readonly Word[]): Word | undefined {
  return [...words].sort((a, b) => Number(a.count - b.count))[0];
}
