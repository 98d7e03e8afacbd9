import { readBlock } from "../chain/blocks.ts";
import type { FabricView } from "./fabricView.ts";
import { trackMessages, type MessageStatus, type TrackedMessage } from "./messageStatus.ts";

/** Which messages are listed. */
export interface MessageFilter {
  /** Names of members. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: MessageStatus | undefined;
  /** The newest ones, at most so many. */
  readonly limit: number;
}

/** A message, and when it was sent. */
export interface ListedMessage extends TrackedMessage {
  /** Seconds since 1970, by the source's clock. */
  readonly sentAt: bigint;
}

/** The newest messages of all lanes that pass the filter, newest last. */
export async function listMessages(view: FabricView, filter: MessageFilter): Promise<ListedMessage[]> {
  const { from, to, status, limit } = filter;
  const passing = trackMessages(view).filter(
    (tracked) =>
      (from === undefined || tracked.source.member.name === from) &&
      (to === undefined || tracked.destination.name === to) &&
      (status === undefined || tracked.status === status),
  );
  // Nothing older than a lane's newest `limit` is among the newest of all.
  const byLane = new Map<unknown, TrackedMessage[]>();
  for (const tracked of passing) byLane.set(tracked.lane, [...(byLane.get(tracked.lane) ?? []), tracked].slice(-limit));
  const times = new Map<string, Promise<bigint>>();
  const timeOf = ({ source: { member }, message: { blockNumber } }: TrackedMessage): Promise<bigint> => {
    const key = `${member.id}:${blockNumber}`;
    const time = times.get(key) ?? readBlock(member.provider, blockNumber).then(({ timestamp }) => timestamp);
    times.set(key, time);
    return time;
  };
  const timed = await Promise.all(
    [...byLane.values()].flat().map(async (tracked) => ({ ...tracked, sentAt: await timeOf(tracked) })),
  );
  return timed.sort((a, b) => Number(a.sentAt - b.sentAt) || Number(a.message.nonce - b.message.nonce)).slice(-limit);
}
