import type { LaneEnds } from "../agents/relaying/history.ts";
import type { Database } from "../store/database.ts";
import type { Hex } from "../wire/index.ts";

/** What waits on a lane. */
export type LaneBacklog = LaneEnds & {
  /** Messages that are not delivered. */
  readonly messages: number;
  /** Those of them that are looked at now: the others failed, and are left alone for a while. */
  readonly due: number;
  readonly oldest: { readonly id: Hex; readonly nonce: bigint; readonly blockNumber: number };
};

/** The subject of a lane's pause, and the name of its lease. */
export const laneName = ({ source, destination }: LaneEnds): string => `lane:${source}:${destination}`;

/** All lanes on which something waits. */
export async function readBacklog(database: Database): Promise<LaneBacklog[]> {
  const rows = await database.query<{
    source: Hex;
    destination: Hex;
    messages: bigint;
    paused: bigint;
    id: Hex;
    nonce: bigint;
    block: bigint;
  }>(
    `SELECT waiting.*, first.id, first.block FROM (
       SELECT source, destination, count(*) AS messages, min(nonce) AS nonce, count(pauses.subject) AS paused
       FROM messages LEFT JOIN pauses ON pauses.subject = messages.id AND pauses.until > now()
       WHERE NOT is_delivered GROUP BY source, destination
     ) AS waiting
     JOIN messages AS first USING (source, destination, nonce)
     ORDER BY source, destination`,
  );
  return rows.map(({ source, destination, messages, paused, id, nonce, block }) => ({
    source,
    destination,
    messages: Number(messages),
    due: Number(messages - paused),
    oldest: { id, nonce, blockNumber: Number(block) },
  }));
}

/** A message that was tried and is not delivered. */
export type FailingMessage = LaneEnds & {
  readonly id: Hex;
  readonly nonce: bigint;
  readonly attempts: number;
  /** When the last attempt failed; seconds since 1970, by the destination's clock. */
  readonly failedAt: bigint;
  /** What it answered last, at most 256 bytes. */
  readonly reason: Hex;
};

/** Messages that failed and are not delivered, those first that failed last. */
export async function readFailing(database: Database, limit: number): Promise<FailingMessage[]> {
  const rows = await database.query<Omit<FailingMessage, "attempts" | "failedAt"> & { attempts: bigint; time: bigint }>(
    `SELECT messages.source, messages.destination, messages.id, messages.nonce, count(*) AS attempts, max(failures.time) AS time,
       (array_agg(failures.reason ORDER BY failures.block DESC, failures.log_index DESC))[1] AS reason
     FROM messages JOIN failures ON failures.member = messages.destination AND failures.id = messages.id
     WHERE NOT is_delivered
     GROUP BY messages.source, messages.destination, messages.id, messages.nonce
     ORDER BY time DESC, messages.id LIMIT $1`,
    [limit],
  );
  return rows.map(({ attempts, time, ...row }) => ({ ...row, attempts: Number(attempts), failedAt: time }));
}
