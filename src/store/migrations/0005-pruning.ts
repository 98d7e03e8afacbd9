import type { Migration } from "./index.ts";

/** Payloads of messages that were delivered long ago are not kept. */
export const pruning: Migration = {
  name: "pruning",
  statements: [
    "ALTER TABLE messages ALTER COLUMN payload DROP NOT NULL",
    "CREATE INDEX messages_with_payload ON messages (destination) WHERE is_delivered AND payload IS NOT NULL",
  ],
};
