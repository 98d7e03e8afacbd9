import type { Migration } from "./index.ts";

/** What members' logs say. Every row has the block of its log, so that a reorganisation takes it back. */
export const logs: Migration = {
  name: "logs",
  statements: [
    `CREATE TABLE fabric (
      only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
      chain_id int8 NOT NULL,
      settlement text NOT NULL
    )`,
    // Blocks up to which a member's logs were read; the newest says how far they are read, the others serve to find the last
    // one before a reorganisation. Times in seconds since 1970.
    `CREATE TABLE blocks (
      member text NOT NULL,
      number int8 NOT NULL,
      hash text NOT NULL,
      time int8 NOT NULL,
      PRIMARY KEY (member, number)
    )`,
    `CREATE TABLE lanes (
      source text NOT NULL,
      destination text NOT NULL,
      chain_id int8 NOT NULL,
      opened_at int8 NOT NULL,
      closed_at int8,
      PRIMARY KEY (source, destination)
    )`,
    // "is_delivered" repeats what deliveries say, so that what is not delivered is found without reading what is.
    `CREATE TABLE messages (
      source text NOT NULL,
      destination text NOT NULL,
      nonce int8 NOT NULL,
      id text NOT NULL,
      hash text NOT NULL,
      before text NOT NULL,
      after text NOT NULL,
      sender text NOT NULL,
      recipient text NOT NULL,
      options text NOT NULL,
      payload text NOT NULL,
      block int8 NOT NULL,
      tx_hash text NOT NULL,
      is_delivered boolean NOT NULL,
      PRIMARY KEY (source, destination, nonce)
    )`,
    "CREATE INDEX messages_by_id ON messages (id)",
    "CREATE INDEX messages_by_block ON messages (source, block)",
    "CREATE INDEX messages_open ON messages (source, destination, nonce) WHERE NOT is_delivered",
    `CREATE TABLE deliveries (
      member text NOT NULL,
      id text NOT NULL,
      block int8 NOT NULL,
      PRIMARY KEY (member, id)
    )`,
    "CREATE INDEX deliveries_by_block ON deliveries (member, block)",
    `CREATE TABLE failures (
      member text NOT NULL,
      block int8 NOT NULL,
      log_index int8 NOT NULL,
      id text NOT NULL,
      time int8 NOT NULL,
      reason text NOT NULL,
      PRIMARY KEY (member, block, log_index)
    )`,
    "CREATE INDEX failures_by_id ON failures (member, id)",
    `CREATE TABLE settled_words (
      member text NOT NULL,
      block int8 NOT NULL,
      log_index int8 NOT NULL,
      source text NOT NULL,
      count int8 NOT NULL,
      PRIMARY KEY (member, block, log_index)
    )`,
    "CREATE INDEX settled_words_by_count ON settled_words (member, source, count)",
  ],
};
