/** What runs statements of PostgreSQL. Parameters are `$1`, `$2`, …; eight-byte integers come as bigint. */
export type Queries = {
  /** The rows that a statement answers. The caller knows their shape: it wrote the statement. */
  query<Row extends object>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
};

/** A database: PGlite in this process, or a PostgreSQL server that any number of processes share. */
export type Database = Queries & {
  /** Whether other processes work in it too. */
  readonly isShared: boolean;
  /**
   * Does all of the work, or, if it rejects, nothing. Where the database gives up because two transactions stand in each
   * other's way, the work is done again: it must have no other effect. Inside, ask `tx` alone.
   */
  transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>;
  /** Waits for what is under way. */
  close(): Promise<void>;
};

/** PostgreSQL's number of the type int8. */
export const INT8 = 20;
