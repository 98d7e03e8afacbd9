import type { BlockRef } from "../chain/blocks.ts";
import type { LaneHistory, Lanes } from "../chain/lanes.ts";
import type { Database, Queries } from "../store/database.ts";
import { genesis, laneWord, type Hex } from "../wire/index.ts";
import { superfluousBlocks } from "./keptBlocks.ts";
import type { Page } from "./readPage.ts";

/** Number of the lock under which one process at a time writes what logs say: "logs" in ASCII. */
export const LOG_LOCK = 0x6c6f6773n;
/** The tables of what arrived at members. */
const ARRIVED = ["deliveries", "failures", "settled_words", "certified_sources"];
/** Rows in a statement. */
const ROWS = 1_000;

/** How far a member's logs are read, and what its lanes are then: words, without their messages. */
export type Reached = { readonly block: BlockRef | undefined; readonly lanes: Lanes };

/** Keeps what members' logs say. Whoever writes says how far it believes them to be read, and writes nothing if that is wrong. */
export class LogStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Blocks of the branch that was read, ascending: the last one is how far it is read. */
  async blocks(member: Hex): Promise<BlockRef[]> {
    return await blocksOf(this.#database, member);
  }

  /** How far a member's logs are read, and its lanes at that block. */
  async reached(member: Hex): Promise<Reached> {
    for (;;) {
      const block = (await this.blocks(member)).at(-1);
      const lanes = await lanesOf(this.#database, member);
      const after = (await this.blocks(member)).at(-1);
      if (block?.hash === after?.hash) return { block, lanes };
    }
  }

  /** Adds what was read from `before` on, up to `block`. False, with nothing done, if others have written meanwhile. */
  async add(member: Hex, before: BlockRef | undefined, block: BlockRef, page: Page): Promise<boolean> {
    return await this.#write(member, before, async (tx) => {
      for (const [destination, { chainId, block: at }] of page.opened.map((one) => [one.destination, one] as const)) {
        await tx.query("INSERT INTO lanes (source, destination, chain_id, opened_at) VALUES ($1, $2, $3, $4)", [
          member,
          destination,
          chainId,
          at,
        ]);
      }
      for (const { destination, block: at } of page.closed) {
        await tx.query("UPDATE lanes SET closed_at = $3 WHERE source = $1 AND destination = $2", [
          member,
          destination,
          at,
        ]);
      }
      await addMessages(tx, member, page);
      await addArrivals(tx, member, page);
      await tx.query(
        "INSERT INTO blocks (member, number, hash, time) VALUES ($1, $2, $3, $4) ON CONFLICT (member, number) DO NOTHING",
        [member, block.number, block.hash, block.timestamp],
      );
      const numbers = (await blocksOf(tx, member)).map(({ number }) => BigInt(number));
      await tx.query("DELETE FROM blocks WHERE member = $1 AND number = ANY ($2::int8[])", [
        member,
        superfluousBlocks(numbers).map(String),
      ]);
    });
  }

  /**
   * Takes back what was read after `block`, all if it is undefined. Where that takes the delivery of a message back of which the payload is
   * kept no more, everything of all members is taken back, to be read anew. False, with nothing done, if others have written meanwhile.
   */
  async takeBack(member: Hex, before: BlockRef, block: BlockRef | undefined): Promise<boolean> {
    const to = block?.number ?? -1;
    return await this.#write(member, before, async (tx) => {
      await tx.query(
        `UPDATE messages SET is_delivered = false FROM deliveries
         WHERE deliveries.member = $1 AND deliveries.block > $2 AND messages.id = deliveries.id AND messages.destination = $1`,
        [member, to],
      );
      const pruned = await tx.query(
        "SELECT FROM messages WHERE destination = $1 AND NOT is_delivered AND payload IS NULL LIMIT 1",
        [member],
      );
      if (pruned.length > 0) {
        for (const table of [...ARRIVED, "messages", "lanes", "blocks"]) await tx.query(`DELETE FROM ${table}`);
        return;
      }
      for (const table of ARRIVED) {
        await tx.query(`DELETE FROM ${table} WHERE member = $1 AND block > $2`, [member, to]);
      }
      await tx.query("DELETE FROM messages WHERE source = $1 AND block > $2", [member, to]);
      await tx.query("DELETE FROM lanes WHERE source = $1 AND opened_at > $2", [member, to]);
      await tx.query("UPDATE lanes SET closed_at = NULL WHERE source = $1 AND closed_at > $2", [member, to]);
      await tx.query("DELETE FROM blocks WHERE member = $1 AND number > $2", [member, to]);
    });
  }

  async #write(member: Hex, before: BlockRef | undefined, work: (tx: Queries) => Promise<void>): Promise<boolean> {
    return await this.#database.transaction(async (tx) => {
      // Messages and deliveries of two members are compared: neither may miss what the other is about to add.
      await tx.query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK]);
      const [newest] = await tx.query<{ hash: Hex }>(
        "SELECT hash FROM blocks WHERE member = $1 ORDER BY number DESC LIMIT 1",
        [member],
      );
      if (newest?.hash !== before?.hash) return false;
      await work(tx);
      return true;
    });
  }
}

async function blocksOf(queries: Queries, member: Hex): Promise<BlockRef[]> {
  const rows = await queries.query<{ number: bigint; hash: Hex; time: bigint }>(
    "SELECT number, hash, time FROM blocks WHERE member = $1 ORDER BY number",
    [member],
  );
  return rows.map(({ number, hash, time }) => ({ number: Number(number), hash, timestamp: time }));
}

async function lanesOf(queries: Queries, source: Hex): Promise<Lanes> {
  const rows = await queries.query<{ destination: Hex; chain_id: bigint; is_open: boolean; word: Hex | null }>(
    `SELECT destination, chain_id, closed_at IS NULL AS is_open, (
       SELECT after FROM messages WHERE source = lanes.source AND destination = lanes.destination ORDER BY nonce DESC LIMIT 1
     ) AS word
     FROM lanes WHERE source = $1 ORDER BY opened_at`,
    [source],
  );
  return new Map(
    rows.map(({ destination, chain_id, is_open, word }): [Hex, LaneHistory] => {
      const start = genesis(source, destination);
      return [
        destination,
        {
          source,
          destination,
          destinationChainId: chain_id,
          genesis: start,
          word: word === null ? start : laneWord(word),
          messages: [],
          isOpen: is_open,
        },
      ];
    }),
  );
}

async function addMessages(tx: Queries, source: Hex, { sent }: Page): Promise<void> {
  for (let start = 0; start < sent.length; start += ROWS) {
    const rows = sent.slice(start, start + ROWS).map((message) => ({
      ...message,
      nonce: String(message.nonce),
      options: String(message.options),
      block: message.blockNumber,
      tx_hash: message.txHash,
    }));
    await tx.query(
      `INSERT INTO messages (source, destination, nonce, id, hash, before, after, sender, recipient, options, payload,
         block, tx_hash, is_delivered)
       SELECT $1, destination, nonce, id, hash, before, after, sender, recipient, options, payload, block, tx_hash,
         EXISTS (SELECT FROM deliveries WHERE deliveries.member = row.destination AND deliveries.id = row.id)
       FROM jsonb_to_recordset($2::jsonb) AS row (destination text, nonce int8, id text, hash text, before text,
         after text, sender text, recipient text, options text, payload text, block int8, tx_hash text)`,
      [source, JSON.stringify(rows)],
    );
  }
}

async function addArrivals(tx: Queries, member: Hex, { delivered, failed, settled, certified }: Page): Promise<void> {
  for (let start = 0; start < delivered.length; start += ROWS) {
    const rows = delivered.slice(start, start + ROWS);
    await tx.query(
      `INSERT INTO deliveries (member, id, block)
       SELECT $1, id, block FROM jsonb_to_recordset($2::jsonb) AS row (id text, block int8)`,
      [member, JSON.stringify(rows)],
    );
    await tx.query("UPDATE messages SET is_delivered = true WHERE destination = $1 AND id = ANY ($2::text[])", [
      member,
      rows.map(({ id }) => id),
    ]);
  }
  for (const { id, block, index, time, reason } of failed) {
    await tx.query(
      "INSERT INTO failures (member, block, log_index, id, time, reason) VALUES ($1, $2, $3, $4, $5, $6)",
      [member, block, index, id, time, reason],
    );
  }
  for (const { source, count, block, index } of settled) {
    await tx.query("INSERT INTO settled_words (member, block, log_index, source, count) VALUES ($1, $2, $3, $4, $5)", [
      member,
      block,
      index,
      source,
      count,
    ]);
  } // The first one of a source is enough: a reorganisation that takes it back takes all back.
  for (const { source, block } of certified) {
    await tx.query(
      "INSERT INTO certified_sources (member, source, block) VALUES ($1, $2, $3) ON CONFLICT (member, source) DO NOTHING",
      [member, source, block],
    );
  }
}
