import type { Migration } from "./index.ts";

/** How relayers share work. All of it may be lost: then something is done again too early, never twice. */
export const work: Migration = {
  name: "work",
  statements: [
    // Who works on what, by the database's clock. What nobody holds has an empty holder.
    `CREATE TABLE leases (
      name text PRIMARY KEY,
      holder text NOT NULL DEFAULT '',
      expires timestamptz NOT NULL DEFAULT '-infinity',
      served timestamptz NOT NULL DEFAULT '-infinity'
    )`,
    // What is left alone for a while, because it did not succeed.
    `CREATE TABLE pauses (
      subject text PRIMARY KEY,
      attempts int8 NOT NULL,
      until timestamptz NOT NULL,
      code text NOT NULL,
      reason text NOT NULL
    )`,
    // The relayers that were there lately.
    `CREATE TABLE relayers (
      name text PRIMARY KEY,
      seen timestamptz NOT NULL
    )`,
  ],
};
