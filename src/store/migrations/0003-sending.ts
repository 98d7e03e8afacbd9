import type { Migration } from "./index.ts";

/** What accounts have on its way: the one table that cannot be read from the chains anew. */
export const sending: Migration = {
  name: "sending",
  statements: [
    // The transaction is JSON, as src/store/pendingTransactions.ts writes it.
    `CREATE TABLE pending_transactions (
      chain_id int8 NOT NULL,
      account text NOT NULL,
      nonce int8 NOT NULL,
      transaction text NOT NULL,
      PRIMARY KEY (chain_id, account, nonce)
    )`,
  ],
};
