import type { History, LaneEnds, OpenLane, OpenQuery } from "../agents/relaying/history.ts";
import { readFinalBlock, type BlockRef } from "../chain/blocks.ts";
import type { LaneHistory, SentMessage } from "../chain/lanes.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import type { Database } from "../store/database.ts";
import { genesis, laneWord, PAGE_SIZE, type Hex } from "../wire/index.ts";
import type { Indexer } from "./indexer.ts";

/** Messages that a batch skips at most to reach a word that its destination holds: their hashes must fit into a transaction. */
const MOST_SKIPPED = 2_900n;
/** Settled words of a lane that are looked at. */
const MOST_SETTLED = 64;

/** What members' logs say, from a database that an indexer fills. */
export class IndexedHistory implements History {
  readonly #database: Database;
  readonly #indexer: Indexer;
  /** The latest block of each member of which all is stored; or why there is none. */
  readonly #latest = new Map<Hex, BlockRef | Error>();
  readonly #final = new Map<Hex, BlockRef>();

  constructor(database: Database, indexer: Indexer) {
    this.#database = database;
    this.#indexer = indexer;
  }

  /** Reads what is new at all of these. Why one cannot be read is said when it is asked for. */
  async refresh(members: readonly MemberNode[]): Promise<void> {
    await Promise.all(
      members.map(async (member) => {
        try {
          this.#latest.set(member.id, await this.#indexer.catchUp(member));
        } catch (error) {
          this.#latest.set(member.id, error instanceof Error ? error : new Error(String(error)));
        }
      }),
    );
  }

  /** Why a member could not be read when that was last tried. */
  errorOf({ id }: MemberNode): Error | undefined {
    const latest = this.#latest.get(id);
    return latest instanceof Error ? latest : undefined;
  }

  readArrived({ id }: MemberNode): Promise<BlockRef> {
    const latest = this.#latest.get(id);
    if (latest === undefined) throw new Error("it is read before it is asked for");
    return latest instanceof Error ? Promise.reject(latest) : Promise.resolve(latest);
  }

  async readSent(member: MemberNode): Promise<{ final: BlockRef; latest: BlockRef }> {
    const latest = await this.readArrived(member);
    // Where every block is final at once, a newer one may be there already, of which nothing is stored.
    const found = member.confirmations === 0 ? latest : await readFinalBlock(member);
    const final = found.number > latest.number ? latest : found;
    this.#final.set(member.id, final);
    return { final, latest };
  }

  async openLane({ source, destination }: LaneEnds, { limit, only }: OpenQuery): Promise<OpenLane | undefined> {
    if (!(await this.#isStored([source, destination]))) return undefined;
    const rows = await this.#database.query<MessageRow & { is_doubtful: boolean }>(
      `SELECT ${COLUMNS}, EXISTS (SELECT FROM pauses WHERE subject = messages.id) AS is_doubtful
       FROM messages WHERE source = $1 AND destination = $2 AND NOT is_delivered AND
         CASE WHEN $4::text[] IS NULL
           THEN NOT EXISTS (SELECT FROM pauses WHERE subject = messages.id AND until > now())
           ELSE id = ANY ($4::text[])
         END
       ORDER BY nonce LIMIT $3`,
      [source, destination, limit, only === undefined ? null : [...only]],
    );
    const messages = rows.map(toMessage);
    const [first, last] = [messages[0], messages.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const failures = new Map(
      (
        await this.#database.query<{ id: Hex; attempts: bigint; time: bigint }>(
          "SELECT id, count(*) AS attempts, max(time) AS time FROM failures WHERE member = $1 AND id = ANY ($2::text[]) GROUP BY id",
          [destination, messages.map(({ id }) => id)],
        )
      ).map(({ id, attempts, time }) => [id, { attempts: Number(attempts), at: time }]),
    );
    const settled = await this.#database.query<{ count: bigint }>(
      `SELECT DISTINCT count FROM settled_words WHERE member = $1 AND source = $2 AND count > $3 AND count <= $4
       ORDER BY count LIMIT ${MOST_SETTLED}`,
      [destination, source, first.nonce, last.nonce + PAGE_SIZE],
    );
    const certified = await this.#database.query("SELECT FROM certified_sources WHERE member = $1 AND source = $2", [
      destination,
      source,
    ]);
    return {
      open: messages.map((message, place) => ({
        message,
        failures: failures.get(message.id),
        isDoubtful: rows[place]?.is_doubtful ?? false,
      })),
      counts: {
        final: await this.#countAt(source, destination, this.#final.get(source)),
        latest: await this.#countAt(source, destination, await this.readArrived({ id: source } as MemberNode)),
      },
      settledCounts: settled.map(({ count }) => count),
      isCertified: certified.length > 0,
    };
  }

  async lane(
    { source, destination }: LaneEnds,
    messages: readonly SentMessage[],
    counts: readonly bigint[],
  ): Promise<LaneHistory> {
    const [lane] = await this.#database.query<{ chain_id: bigint; is_open: boolean; word: Hex | null }>(
      `SELECT chain_id, closed_at IS NULL AS is_open, (
         SELECT after FROM messages WHERE source = $1 AND destination = $2 ORDER BY nonce DESC LIMIT 1
       ) AS word FROM lanes WHERE source = $1 AND destination = $2`,
      [source, destination],
    );
    const rows = await this.#database.query<MessageRow>(
      `SELECT ${COLUMNS_WITHOUT_PAYLOAD} FROM messages
       JOIN unnest($3::int8[], $4::int8[]) AS range (first, last) ON nonce BETWEEN first AND last
       WHERE source = $1 AND destination = $2`,
      [source, destination, ...rangesOf(messages, counts)],
    );
    const known: SentMessage[] = [];
    for (const row of rows) known[Number(row.nonce)] = toMessage(row);
    for (const message of messages) known[Number(message.nonce)] = message;
    const start = genesis(source, destination);
    return {
      source,
      destination,
      destinationChainId: lane?.chain_id ?? 0n,
      genesis: start,
      word: lane?.word === null || lane === undefined ? start : laneWord(lane.word),
      messages: known,
      isOpen: lane?.is_open ?? false,
    };
  }

  /** Whether all that was read of these is stored now: another process, or another member's reorganisation, may have it read anew. */
  async #isStored(members: readonly Hex[]): Promise<boolean> {
    const rows = await this.#database.query<{ member: Hex; number: bigint }>(
      "SELECT member, max(number) AS number FROM blocks WHERE member = ANY ($1::text[]) GROUP BY member",
      [members],
    );
    const stored = new Map(rows.map(({ member, number }) => [member, number]));
    for (const member of members) {
      const { number } = await this.readArrived({ id: member } as MemberNode);
      if ((stored.get(member) ?? -1n) < BigInt(number)) return false;
    }
    return true;
  }

  /** Messages of a lane up to a block of its source. */
  async #countAt(source: Hex, destination: Hex, block: BlockRef | undefined): Promise<bigint> {
    const [row] = await this.#database.query<{ nonce: bigint }>(
      "SELECT nonce FROM messages WHERE source = $1 AND destination = $2 AND block <= $3 ORDER BY nonce DESC LIMIT 1",
      [source, destination, block?.number ?? -1],
    );
    return row === undefined ? 0n : row.nonce + 1n;
  }
}

/**
 * The nonces that batches of these messages need, as ranges that do not overlap, by their first and last ones: a page from each message
 * on, and all up to the words that its destination holds.
 */
export function rangesOf(
  messages: readonly Pick<SentMessage, "nonce">[],
  counts: readonly bigint[],
): [first: string[], last: string[]] {
  const ranges: { first: bigint; last: bigint }[] = [];
  for (const { nonce } of messages) {
    const [word] = counts
      .filter((count) => count > nonce && count - nonce <= MOST_SKIPPED)
      .sort((a, b) => Number(a - b));
    const page = nonce + PAGE_SIZE;
    const last = word === undefined || word < page ? page : word;
    const open = ranges.at(-1);
    if (open === undefined || nonce > open.last + 1n) ranges.push({ first: nonce, last });
    else if (last > open.last) open.last = last;
  }
  return [ranges.map(({ first }) => String(first)), ranges.map(({ last }) => String(last))];
}

const COLUMNS_WITHOUT_PAYLOAD =
  "nonce, id, hash, before, after, sender, recipient, options, '0x' AS payload, block, tx_hash";
const COLUMNS = COLUMNS_WITHOUT_PAYLOAD.replace("'0x' AS payload", "payload");

type MessageRow = {
  nonce: bigint;
  id: Hex;
  hash: Hex;
  before: string;
  after: string;
  sender: string;
  recipient: string;
  options: string;
  payload: Hex;
  block: bigint;
  tx_hash: Hex;
};

const toMessage = ({
  nonce,
  id,
  hash,
  before,
  after,
  sender,
  recipient,
  options,
  payload,
  block,
  tx_hash,
}: MessageRow): SentMessage => ({
  ...{ nonce, id, hash, sender, recipient, payload },
  before: laneWord(before),
  after: laneWord(after),
  options: BigInt(options),
  blockNumber: Number(block),
  txHash: tx_hash,
});
