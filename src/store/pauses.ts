import type { Database } from "./database.ts";

/** Something that is left alone for a while. */
export type Pause = {
  readonly subject: string;
  /** How often in a row it did not succeed. */
  readonly attempts: number;
  /** Seconds from now on. */
  readonly seconds: number;
  readonly code: string;
  readonly reason: string;
};

/** For how long something is left alone: the time doubles with each attempt in a row. Seconds. */
export type PauseLengths = { readonly first: number; readonly most: number };

/** What did not succeed, and when it is looked at again. */
export class Pauses {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Leaves something alone, longer than last time. */
  async begin(subject: string, { first, most }: PauseLengths, code: string, reason: string): Promise<void> {
    await this.#database.query(
      `INSERT INTO pauses (subject, attempts, until, code, reason)
       VALUES ($1, 1, now() + least($2::float8, $3::float8) * interval '1 second', $4, $5)
       ON CONFLICT (subject) DO UPDATE SET
         attempts = pauses.attempts + 1,
         until = now() + least($2::float8 * 2 ^ least(pauses.attempts, 40), $3::float8) * interval '1 second',
         code = excluded.code, reason = excluded.reason`,
      [subject, first, most, code, reason],
    );
  }

  /** They succeeded: the next pause is a first one again. */
  async end(subjects: readonly string[]): Promise<void> {
    if (subjects.length === 0) return;
    await this.#database.query("DELETE FROM pauses WHERE subject = ANY ($1::text[])", [subjects]);
  }

  /** Forgets what was left alone long ago. */
  async forget(): Promise<void> {
    await this.#database.query("DELETE FROM pauses WHERE until < now() - interval '1 day'");
  }

  /** What is left alone now, of these or of all, those first that were tried most often. */
  async current(subjects?: readonly string[]): Promise<Pause[]> {
    const rows = await this.#database.query<{
      subject: string;
      attempts: bigint;
      seconds: number;
      code: string;
      reason: string;
    }>(
      `SELECT subject, attempts, extract(epoch FROM until - now())::float8 AS seconds, code, reason FROM pauses
       WHERE until > now() AND ($1::text[] IS NULL OR subject = ANY ($1::text[])) ORDER BY attempts DESC, subject LIMIT 1000`,
      [subjects ?? null],
    );
    return rows.map(({ attempts, ...pause }) => ({ ...pause, attempts: Number(attempts) }));
  }
}
