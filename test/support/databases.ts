/** The databases that tests about them run against: the one inside this process, and a server's. */
import type { Database } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openPglite } from "../../src/store/pglite.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import type { SettlementRef } from "../../src/wire/index.ts";
import { emptyDatabase, missingPostgres } from "./postgres.ts";

export const FABRIC: SettlementRef = { chainId: 1n, settlement: `0x${"5e".repeat(20)}` };

let pglite: Promise<Database> | undefined;

/**
 * A PGlite in memory with a fabric's tables, empty. There is one for the whole process, since starting one takes seconds: what was in
 * it is gone, and closing it does nothing.
 */
export async function emptyPglite(fabric: SettlementRef = FABRIC): Promise<Database> {
  pglite ??= openPglite();
  const database = await pglite;
  await database.query("DROP SCHEMA public CASCADE");
  await database.query("CREATE SCHEMA public");
  await migrate(database, fabric);
  return { ...database, close: () => Promise.resolve() };
}

/** A database of its own on a PostgreSQL server, with a fabric's tables. */
export async function emptyPostgres(fabric: SettlementRef = FABRIC): Promise<Database> {
  const database = await openPostgres(await emptyDatabase());
  await migrate(database, fabric);
  return database;
}

/** Does work in a database as if it were empty; then what was in it is there again. */
export async function aside<Result>(
  database: Database,
  fabric: SettlementRef,
  work: () => Promise<Result>,
): Promise<Result> {
  await database.query("ALTER SCHEMA public RENAME TO aside");
  await database.query("CREATE SCHEMA public");
  try {
    await migrate(database, fabric);
    return await work();
  } finally {
    await database.query("DROP SCHEMA public CASCADE");
    await database.query("ALTER SCHEMA aside RENAME TO public");
  }
}

/** Runs the same tests on both. Where no server is installed, says so in the place of the tests that need one. */
export function onBothDatabases(tests: (empty: (fabric?: SettlementRef) => Promise<Database>) => void): void {
  describe("in PGlite", () => tests(emptyPglite));
  describe("in PostgreSQL", () => {
    const missing = missingPostgres();
    if (missing === undefined) {
      tests(emptyPostgres);
      return;
    }
    it(`is left out: ${missing}`, function () {
      this.skip();
    });
  });
}
