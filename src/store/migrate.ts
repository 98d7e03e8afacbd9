import { ParleyError } from "../errors.ts";
import type { SettlementRef } from "../wire/index.ts";
import type { Database, Queries } from "./database.ts";
import { MIGRATIONS } from "./migrations/index.ts";

/** Number of the lock under which one process at a time changes tables: "parley" in ASCII. */
const LOCK = 0x7061726c6579n;

/**
 * Brings a database to what this version of the code needs, and binds it to a fabric; does nothing if that is done.
 * Throws `store/newer`, `store/other-fabric`.
 */
export async function migrate(database: Database, { chainId, settlement }: SettlementRef): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await tx.query("CREATE TABLE IF NOT EXISTS migrations (number int8 PRIMARY KEY, name text NOT NULL)");
    const done = await tx.query<{ number: bigint }>("SELECT number FROM migrations ORDER BY number DESC LIMIT 1");
    const reached = Number(done[0]?.number ?? 0n);
    if (reached > MIGRATIONS.length) throw newer(reached);
    for (const [place, { name, statements }] of MIGRATIONS.entries()) {
      if (place < reached) continue;
      for (const statement of statements) await tx.query(statement);
      await tx.query("INSERT INTO migrations (number, name) VALUES ($1, $2)", [place + 1, name]);
    }
    await bind(tx, chainId, settlement.toLowerCase());
  });
}

async function bind(tx: Queries, chainId: bigint, settlement: string): Promise<void> {
  await tx.query("INSERT INTO fabric (chain_id, settlement) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    chainId,
    settlement,
  ]);
  const [bound] = await tx.query<{ chain_id: bigint; settlement: string }>("SELECT chain_id, settlement FROM fabric");
  if (bound?.chain_id === chainId && bound.settlement === settlement) return;
  throw new ParleyError(
    "store/other-fabric",
    `the database belongs to the fabric of Settlement ${bound?.settlement ?? "?"} on chain ${bound?.chain_id ?? "?"}, ` +
      `not to that of ${settlement} on chain ${chainId}`,
    "Give each fabric a database of its own.",
  );
}

const newer = (reached: number): ParleyError =>
  new ParleyError(
    "store/newer",
    `the database has been changed ${reached} times, this version knows ${MIGRATIONS.length} changes`,
    "Use the version that changed it, or begin with an empty database: everything is read from the chains anew.",
  );
