import type { Database } from "../store/database.ts";
import type { Hex } from "../wire/index.ts";
import { LOG_LOCK } from "./logStore.ts";

/** What was removed. */
export type Pruned = { readonly payloads: number; readonly failures: number };

/** Messages in a statement. */
const ROWS = 1_000;

/**
 * Removes what nobody asks for any more: the payloads of messages that were delivered to a member, and how attempts on them failed, up to
 * the last block that was read and is from `before` (seconds since 1970) or earlier. Should a reorganisation take such a delivery back,
 * everything is read from the chains anew (`LogStore.takeBack`).
 */
export async function prune(database: Database, member: Hex, before: bigint): Promise<Pruned> {
  const [block] = await database.query<{ number: bigint }>(
    "SELECT number FROM blocks WHERE member = $1 AND time <= $2 ORDER BY number DESC LIMIT 1",
    [member, before],
  );
  if (block === undefined) return { payloads: 0, failures: 0 };
  let payloads = 0;
  for (let rows = ROWS; rows === ROWS; payloads += rows) {
    rows = await database.transaction(async (tx) => {
      // Deliveries must not be taken back meanwhile.
      await tx.query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK]);
      const cleared = await tx.query(
        `UPDATE messages SET payload = NULL FROM (
           SELECT source, nonce FROM messages JOIN deliveries ON deliveries.member = $1 AND deliveries.id = messages.id
           WHERE destination = $1 AND is_delivered AND payload IS NOT NULL AND deliveries.block <= $2 LIMIT ${ROWS}
         ) AS old
         WHERE destination = $1 AND messages.source = old.source AND messages.nonce = old.nonce RETURNING 1 AS one`,
        [member, block.number],
      );
      return cleared.length;
    });
  }
  const failures = await database.query(
    `DELETE FROM failures USING deliveries WHERE failures.member = $1 AND deliveries.member = $1
       AND deliveries.id = failures.id AND deliveries.block <= $2 RETURNING 1 AS one`,
    [member, block.number],
  );
  return { payloads, failures: failures.length };
}
