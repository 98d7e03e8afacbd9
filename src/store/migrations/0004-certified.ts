import type { Migration } from "./index.ts";

/**
 * Sources of which a certified word ever arrived at a member: about the others its Inbox need not be asked. What was read before
 * does not say, so that all is read again.
 */
export const certified: Migration = {
  name: "certified",
  statements: [
    `CREATE TABLE certified_sources (
      member text NOT NULL,
      source text NOT NULL,
      block int8 NOT NULL,
      PRIMARY KEY (member, source)
    )`,
    ...["blocks", "lanes", "messages", "deliveries", "failures", "settled_words"].map(
      (table) => `DELETE FROM ${table}`,
    ),
  ],
};
