/** What the relayer's database takes: in this process, and on a server. */
import type { RelayedMember } from "../../src/agents/index.ts";
import { Indexer } from "../../src/indexing/indexer.ts";
import { LogStore } from "../../src/indexing/logStore.ts";
import type { Database } from "../../src/store/database.ts";
import { DatabasePendingTransactions, openDatabase, type DatabasePlace } from "../../src/store/index.ts";
import { emptyDatabase, missingPostgres } from "../../test/support/postgres.ts";
import type { Backlog } from "./backlog.ts";
import { timed } from "./relay.ts";

/** What was measured of a database. */
export type StoreFigures = {
  /** Messages a second, read from members' logs into it. */
  readonly indexed: number;
  /** Pending transactions of 20,000 bytes that are written down and forgotten again, a second. */
  readonly pending: number;
};

/** Figures by the names of databases; of PostgreSQL none where it is not installed. */
export async function measureStores(backlog: Backlog): Promise<Record<string, StoreFigures>> {
  const figures: Record<string, StoreFigures> = { pglite: await measure(backlog, { memory: true }) };
  if (missingPostgres() === undefined) figures["postgresql"] = await measure(backlog, { url: await emptyDatabase() });
  return figures;
}

async function measure(backlog: Backlog, place: DatabasePlace): Promise<StoreFigures> {
  const { fabric, members, messages } = backlog;
  const fabricRef = { chainId: fabric.members[0].chainId, settlement: fabric.contracts.settlement };
  const database = await openDatabase(place, fabricRef);
  try {
    const indexing = await timed(() => indexAll(database, members.slice(1)));
    const pending = await timed(() => writePending(database));
    return { indexed: Math.round(messages / indexing.seconds), pending: Math.round(PENDING / pending.seconds) };
  } finally {
    await database.close();
  }
}

async function indexAll(database: Database, members: readonly RelayedMember[]): Promise<void> {
  const indexer = new Indexer({ logs: new LogStore(database) });
  for (const member of members) await indexer.catchUp(member);
}

const PENDING = 200;

async function writePending(database: Database): Promise<void> {
  const store = new DatabasePendingTransactions(database);
  const account = { chainId: 1n, address: `0x${"aa".repeat(20)}` };
  const data = `0x${"ab".repeat(20_000)}`;
  for (let nonce = 0; nonce < PENDING; ++nonce) {
    const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
    const call = { key: `call ${nonce}`, covers: [], to: account.address, data, value: 0n, gasLimit: 1n };
    await store.put(account, { nonce, ...call, attempts: [{ fees, hash: "0x01", raw: data, sentAt: 0 }] });
    await store.remove(account, nonce);
  }
}
