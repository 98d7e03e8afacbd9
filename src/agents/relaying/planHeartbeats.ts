import type { Hex } from "../../wire/index.ts";

/** What there is to know before sources are made to settle. Times in seconds since 1970. */
export type HeartbeatView = {
  /** L1's clock. */
  readonly now: bigint;
  /** Seconds between heartbeats. */
  readonly every: bigint;
  readonly members: readonly {
    readonly id: Hex;
    readonly liveFrom: bigint;
    /** 0 if nobody takes its place. */
    readonly retiredFrom: bigint;
    /** Of the latest current word that it settled on L1; 0 if there is none. */
    readonly settledTime: bigint;
    /** No certificate about it counts any more (R28). */
    readonly isFaulted: boolean;
    /** Of the latest current word that its bridge sent up, arrived or not; 0 if none is known. */
    readonly sentTime: bigint;
    readonly lanes: readonly {
      readonly destination: Hex;
      /** Messages on it that no current word settles yet. */
      readonly unsettled: bigint;
    }[];
  }[];
};

/** A word to be settled. */
export type Heartbeat = { readonly source: Hex; readonly destination: Hex };

/** Whether a member, for what L1 says of it, has been silent for so long; what is on its way is not looked at. */
export const isSilent = (
  {
    liveFrom,
    retiredFrom,
    settledTime,
    isFaulted,
  }: Omit<HeartbeatView["members"][number], "id" | "sentTime" | "lanes">,
  { now, every }: Pick<HeartbeatView, "now" | "every">,
): boolean => {
  const isLive = liveFrom <= now && (retiredFrom === 0n || now < retiredFrom);
  return isLive && !isFaulted && now >= max(settledTime, liveFrom) + every;
};

/**
 * Sources that are to settle a current word now, so that certificates about them go on to count (R20): each by the lane of which
 * the most messages are unsettled, since that serves them too.
 */
export function planHeartbeats(view: HeartbeatView): Heartbeat[] {
  return view.members.flatMap((member) => {
    if (!isSilent(member, view) || view.now < member.sentTime + view.every) return [];
    const [first, ...others] = member.lanes;
    if (first === undefined) return [];
    const busiest = others.reduce((best, lane) => (lane.unsettled > best.unsettled ? lane : best), first);
    return [{ source: member.id, destination: busiest.destination }];
  });
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
