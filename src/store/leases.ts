import type { Database } from "./database.ts";

/** Shares work among the processes of a database: what one holds, no other takes before it is released or its time is over. */
export class Leases {
  readonly #database: Database;
  readonly #holder: string;
  readonly #seconds: number;

  /**
   * @param holder Who takes: a name that no other process has.
   * @param seconds After which a lease that is not renewed is over, by the database's clock.
   */
  constructor(database: Database, holder: string, seconds: number) {
    this.#database = database;
    this.#holder = holder;
    this.#seconds = seconds;
  }

  /** Takes at most `limit` of these that nobody else holds, those first that were taken longest ago. Answers what it took. */
  async take(names: readonly string[], limit: number): Promise<string[]> {
    if (names.length === 0 || limit === 0) return [];
    // In one order, so that nobody waits for who waits for him.
    const sorted = [...names].sort();
    await this.#database.query("INSERT INTO leases (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", [sorted]);
    const taken = await this.#database.query<{ name: string }>(
      `WITH free AS (
         SELECT name FROM leases WHERE name = ANY ($1::text[]) AND (expires <= now() OR holder = $2)
         ORDER BY served, name LIMIT $3 FOR UPDATE SKIP LOCKED
       )
       UPDATE leases SET holder = $2, expires = now() + $4 * interval '1 second', served = now()
       FROM free WHERE leases.name = free.name RETURNING leases.name`,
      [sorted, this.#holder, limit, this.#seconds],
    );
    return taken.map(({ name }) => name);
  }

  /** Keeps these for as long again. Answers those that it still held. */
  async renew(names: readonly string[]): Promise<string[]> {
    const renewed = await this.#database.query<{ name: string }>(
      `UPDATE leases SET expires = now() + $3 * interval '1 second'
       WHERE name = ANY ($1::text[]) AND holder = $2 AND expires > now() RETURNING name`,
      [names, this.#holder, this.#seconds],
    );
    return renewed.map(({ name }) => name);
  }

  /** Lets others take these at once. */
  async release(names: readonly string[]): Promise<void> {
    await this.#database.query(
      "UPDATE leases SET holder = '', expires = '-infinity' WHERE name = ANY ($1::text[]) AND holder = $2",
      [names, this.#holder],
    );
  }

  /** Says that this process is there. Answers how many are: those that said so within the time of a lease. */
  async attend(): Promise<number> {
    await this.#database.query(
      "INSERT INTO relayers (name, seen) VALUES ($1, now()) ON CONFLICT (name) DO UPDATE SET seen = now()",
      [this.#holder],
    );
    const [row] = await this.#database.query<{ present: bigint }>(
      "SELECT count(*) AS present FROM relayers WHERE seen > now() - $1 * interval '1 second'",
      [this.#seconds],
    );
    return Number(row?.present ?? 1n);
  }

  /** Says that this process ends, and lets others have all that it holds. */
  async leave(): Promise<void> {
    await this.#database.query("UPDATE leases SET holder = '', expires = '-infinity' WHERE holder = $1", [
      this.#holder,
    ]);
    await this.#database.query("DELETE FROM relayers WHERE name = $1 OR seen < now() - interval '1 day'", [
      this.#holder,
    ]);
  }
}
