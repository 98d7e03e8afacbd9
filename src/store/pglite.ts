import { mkdir } from "node:fs/promises";
import path from "node:path";

import { PGlite } from "@electric-sql/pglite";

import { storeError } from "../agents/storeErrors.ts";
import { lockStore, type StoreLock } from "../agents/storeLock.ts";
import { ParleyError } from "../errors.ts";
import { INT8, type Database, type Queries } from "./database.ts";

const PARSERS = { [INT8]: (text: string): bigint => BigInt(text) };

/**
 * Opens a PostgreSQL inside this process: in a directory, which nobody else may have open, or in memory.
 * Throws `store/in-use`, `store/unreadable`, `store/not-writable`.
 */
export async function openPglite(directory?: string): Promise<Database> {
  const lock = directory === undefined ? undefined : await lockDirectory(directory);
  try {
    const pglite = await open(directory);
    return {
      ...queriesOf(pglite),
      isShared: false,
      transaction: (work) => pglite.transaction((tx) => work(queriesOf(tx))),
      close: async () => {
        await pglite.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

const queriesOf = (runner: Pick<PGlite, "query">): Queries => ({
  query: async <Row extends object>(sql: string, params: readonly unknown[] = []) =>
    (await runner.query<Row>(sql, [...params])).rows,
});

async function open(directory: string | undefined): Promise<PGlite> {
  try {
    return await PGlite.create({ parsers: PARSERS, ...(directory === undefined ? {} : { dataDir: directory }) });
  } catch (error) {
    throw new ParleyError(
      "store/unreadable",
      `the database in ${directory ?? "memory"} cannot be opened: ${String(error)}`,
      "Move the directory away and start again: everything in it is read from the chains anew.",
      { cause: error },
    );
  }
}

async function lockDirectory(directory: string): Promise<StoreLock> {
  try {
    await mkdir(path.dirname(path.resolve(directory)), { recursive: true });
    return await lockStore(path.resolve(directory));
  } catch (cause) {
    const error = storeError(directory, cause);
    if (!(error instanceof ParleyError) || error.code !== "signing/in-use") throw error;
    throw new ParleyError(
      "store/in-use",
      `another process has the database in ${directory} open`,
      `Stop it first, or name another directory; several processes share work by --database-url. If it is certainly gone, remove ${directory}.lock.`,
      { cause: error },
    );
  }
}
