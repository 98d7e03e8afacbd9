import { DatabaseError, Pool, types, type PoolClient } from "pg";

import { ParleyError } from "../errors.ts";
import { INT8, type Database, type Queries } from "./database.ts";

/** Connections of a process. */
const CONNECTIONS = 8;
const CONNECT_TIMEOUT = 10_000;
/** Milliseconds after which a statement is given up, so that nothing hangs on a lock for ever. */
const STATEMENT_TIMEOUT = 60_000;
/** How often a transaction is tried that others stand in the way of. */
const ATTEMPTS = 6;

/** Serialisation failure and deadlock: the same again may succeed. */
const IN_THE_WAY = new Set(["40001", "40P01"]);

/** How pg reads a type by itself; its own declaration knows types by name alone. */
const parserOf = types.getTypeParser as (type: number, format?: "text" | "binary") => (text: string) => unknown;

/** Connects to a PostgreSQL server. Throws `store/unreachable`. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    application_name: "parley",
    types: {
      getTypeParser: (type: number, format?: "text" | "binary") => (type === INT8 ? BigInt : parserOf(type, format)),
    },
  });
  // An idle connection that the server ends is replaced by the next one that is needed.
  pool.on("error", () => undefined);
  try {
    await pool.query("SELECT 1");
  } catch (error) {
    await pool.end();
    throw unreachable(url, error);
  }
  return {
    ...queriesOf(pool),
    isShared: true,
    transaction: async (work) => {
      for (let attempt = 1; ; ++attempt) {
        try {
          return await transact(pool, work);
        } catch (error) {
          if (attempt === ATTEMPTS || !(error instanceof DatabaseError) || !IN_THE_WAY.has(error.code ?? ""))
            throw error;
        }
      }
    },
    close: () => pool.end(),
  };
}

const queriesOf = (runner: Pick<PoolClient, "query"> | Pick<Pool, "query">): Queries => ({
  query: async <Row extends object>(sql: string, params: readonly unknown[] = []) =>
    (await runner.query<Row & Record<string, unknown>>(sql, [...params])).rows,
});

async function transact<Result>(pool: Pool, work: (tx: Queries) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(queriesOf(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((lost: unknown) => (broken = lost as Error));
    throw error;
  } finally {
    // A connection on which even that fails is not used again.
    client.release(broken);
  }
}

function unreachable(url: string, error: unknown): ParleyError {
  return new ParleyError(
    "store/unreachable",
    `the database at ${withoutSecret(url)} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    "Check the URL (postgresql://user:password@host:5432/database), and that the server runs and lets this user in.",
    { cause: error },
  );
}

/** Where the server is, without who may enter. */
export function withoutSecret(url: string): string {
  const { host, pathname } = URL.parse(url) ?? {};
  return host === undefined ? "the given URL" : `${host}${pathname ?? ""}`;
}
