import { z } from "zod";

import { ParleyError } from "../errors.ts";
import type { AccountRef, Attempt, PendingTransaction, PendingTransactions } from "../sending/pendingTransactions.ts";
import type { Database } from "./database.ts";

const Amount = z.string().regex(/^\d+$/).transform(BigInt);
const Bytes = z.string().regex(/^0x(?:[0-9a-f]{2})*$/i);

const StoredAttempt = z
  .object({
    fees: z.union([
      z.object({ gasPrice: Amount }).strict(),
      z.object({ maxFeePerGas: Amount, maxPriorityFeePerGas: Amount }).strict(),
    ]),
    hash: Bytes.nullable(),
    raw: Bytes.nullable(),
    sentAt: z.number(),
  })
  .strict()
  .transform(({ fees, hash, raw, sentAt }): Attempt => ({
    fees,
    hash: hash ?? undefined,
    raw: raw ?? undefined,
    sentAt,
  }));

const StoredTransaction = z
  .object({
    key: z.string(),
    covers: z.array(z.string()),
    to: z.string(),
    data: Bytes,
    value: Amount,
    gasLimit: Amount,
    attempts: z.tuple([StoredAttempt]).rest(StoredAttempt),
  })
  .strict();

/** What accounts have on their way, in a database. */
export class DatabasePendingTransactions implements PendingTransactions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load({ chainId, address }: AccountRef): Promise<PendingTransaction[]> {
    const rows = await this.#database.query<{ nonce: bigint; transaction: string }>(
      "SELECT nonce, transaction FROM pending_transactions WHERE chain_id = $1 AND account = $2 ORDER BY nonce",
      [chainId, address],
    );
    return rows.map(({ nonce, transaction }) => ({ nonce: Number(nonce), ...parse(transaction) }));
  }

  async put({ chainId, address }: AccountRef, { nonce, ...transaction }: PendingTransaction): Promise<void> {
    await this.#database.query(
      `INSERT INTO pending_transactions (chain_id, account, nonce, transaction) VALUES ($1, $2, $3, $4)
       ON CONFLICT (chain_id, account, nonce) DO UPDATE SET transaction = excluded.transaction`,
      [chainId, address, nonce, format(transaction)],
    );
  }

  async remove({ chainId, address }: AccountRef, nonce: number): Promise<void> {
    await this.#database.query("DELETE FROM pending_transactions WHERE chain_id = $1 AND account = $2 AND nonce = $3", [
      chainId,
      address,
      nonce,
    ]);
  }
}

/** Amounts as decimal digits; what is not there as null. */
const format = (transaction: Omit<PendingTransaction, "nonce">): string =>
  JSON.stringify(
    {
      ...transaction,
      attempts: transaction.attempts.map(({ hash, raw, ...rest }) => ({
        ...rest,
        hash: hash ?? null,
        raw: raw ?? null,
      })),
    },
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
  );

function parse(text: string): Omit<PendingTransaction, "nonce"> {
  try {
    return StoredTransaction.parse(JSON.parse(text));
  } catch (cause) {
    throw new ParleyError(
      "store/unreadable-transaction",
      "the database has a pending transaction that this version cannot read",
      "Use the version that wrote it until nothing is on its way, or delete the rows of pending_transactions: gas may be paid twice then.",
      { cause },
    );
  }
}
