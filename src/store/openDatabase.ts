import type { SettlementRef } from "../wire/index.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openPglite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";

/** Where a database is: a server, a directory of this process's own, or memory. */
export type DatabasePlace = { readonly url: string } | { readonly directory: string } | { readonly memory: true };

/** Opens a fabric's database, and makes its tables. Throws `store/…`. */
export async function openDatabase(place: DatabasePlace, fabric: SettlementRef): Promise<Database> {
  const database =
    "url" in place
      ? await openPostgres(place.url)
      : await openPglite("directory" in place ? place.directory : undefined);
  try {
    await migrate(database, fabric);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
