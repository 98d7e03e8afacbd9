import { ZeroHash, type InterfaceAbi } from "ethers";

import type { BlockRef } from "../../chain/blocks.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { wordAt } from "../../chain/lanes.ts";
import { readDelivered } from "../../chain/readDelivered.ts";
import { readHeld } from "../../chain/readHeld.ts";
import { readTableInForce, type TableInForce } from "../../chain/readTableInForce.ts";
import { ParleyError } from "../../errors.ts";
import { countOf, Level, type Hex, type OperatorTable, type SettlementRef } from "../../wire/index.ts";
import type { History, LaneEnds, OpenLane, OpenMessage } from "./history.ts";
import { isDue } from "./isDue.ts";
import type { Candidate, Horizon, LaneView } from "./lanes.ts";
import { readDemands, type Demands, type NotCertifiable } from "./readDemands.ts";
import { simulateMessage } from "./simulateMessage.ts";
import type { FailedMessage, RelayedMember, StepProblem } from "./types.ts";

/** What there is to do, and what stands in the way. */
export type Observation = {
  readonly views: readonly LaneView[];
  /** Messages that failed before and are not tried now. */
  readonly waiting: readonly FailedMessage[];
  readonly problems: readonly StepProblem[];
};

/** Reads a table by its id. */
export type TableReader = (id: Hex) => Promise<OperatorTable>;

/** What an observer is made of. */
export type ObserverPlan = {
  readonly members: readonly RelayedMember[];
  readonly settlement: SettlementRef;
  readonly history: History;
  readonly readTable: TableReader;
  /** Undelivered messages of a lane that one step looks at. */
  readonly window: number;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  /** Messages that are looked at and tried, whether they are due or not; undefined for all that are due. */
  readonly only?: ReadonlySet<Hex> | undefined;
  /**
   * Whether the Inbox and the recipient are asked about each message before it is tried: two calls a message. Otherwise only about
   * those that failed before; one that fails for the first time then fails among others, which costs them nothing.
   */
  readonly isThorough: boolean;
};

/** What a destination is like at its latest block. */
type Destination = {
  readonly member: RelayedMember;
  readonly block: BlockRef;
  readonly inForce: TableInForce;
  readonly table: OperatorTable | undefined;
};

/** Up to where a source is read. */
type Source = { readonly member: RelayedMember; readonly final: BlockRef; readonly latest: BlockRef };

/** What a lane comes to. */
type LaneObservation = {
  readonly view: LaneView | undefined;
  readonly waiting: readonly FailedMessage[];
  readonly problems: readonly NotCertifiable[];
};

const NOTHING: LaneObservation = { view: undefined, waiting: [], problems: [] };

/** Sees lanes between members: what was sent, what arrived, and on what word the rest can be delivered. */
export class Observer {
  readonly #plan: ObserverPlan;

  constructor(plan: ObserverPlan) {
    this.#plan = plan;
  }

  /**
   * What there is to do now. A chain that cannot be read is a problem, and holds up its own lanes alone.
   * @param lanes Those that are looked at; all by default.
   */
  async observe(lanes: readonly LaneEnds[] = this.#allLanes()): Promise<Observation> {
    const problems: StepProblem[] = [];
    const attempt = async <T>(subject: string, action: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await action();
      } catch (error) {
        problems.push({ subject, ...problemOf(error) });
        return undefined;
      }
    };
    const read = async <T>(
      ids: readonly Hex[],
      action: (member: RelayedMember) => Promise<T>,
    ): Promise<Map<Hex, T>> => {
      const wanted = this.#plan.members.filter(({ id }) => ids.includes(id));
      const found = await Promise.all(wanted.map((member) => attempt(member.name, () => action(member))));
      return new Map(
        wanted.flatMap(({ id }, place) => {
          const one = found[place];
          return one === undefined ? [] : [[id, one] as const];
        }),
      );
    };
    const destinations = await read(
      lanes.map(({ destination }) => destination),
      (member) => this.#readDestination(member),
    );
    const sources = await read(
      lanes.map(({ source }) => source),
      async (member): Promise<Source> => ({ member, ...(await this.#plan.history.readSent(member)) }),
    );
    const observed = await Promise.all(
      lanes.map(async (ends): Promise<LaneObservation> => {
        const [source, destination] = [sources.get(ends.source), destinations.get(ends.destination)];
        if (source === undefined || destination === undefined) return NOTHING;
        const subject = `${source.member.name} → ${destination.member.name}`;
        const lane = (await attempt(subject, () => this.#readLane(source, destination))) ?? NOTHING;
        problems.push(...lane.problems.map((problem) => ({ subject, ...problem })));
        return lane;
      }),
    );
    return {
      views: observed.flatMap(({ view }) => view ?? []),
      waiting: observed.flatMap(({ waiting }) => waiting),
      problems,
    };
  }

  #allLanes(): LaneEnds[] {
    const ids = this.#plan.members.map(({ id }) => id);
    return ids.flatMap((source) => ids.filter((id) => id !== source).map((destination) => ({ source, destination })));
  }

  async #readDestination(member: RelayedMember): Promise<Destination> {
    const block = await this.#plan.history.readArrived(member);
    const inForce = await readTableInForce(member);
    const table = inForce.id === undefined ? undefined : await this.#plan.readTable(inForce.id);
    return { member, block, inForce, table };
  }

  async #readDemands(destination: Destination, source: Hex): Promise<Demands | NotCertifiable> {
    const { member, inForce, table, block } = destination;
    return await readDemands(member, source, inForce, table, this.#plan.settlement, block);
  }

  async #readLane(source: Source, destination: Destination): Promise<LaneObservation> {
    const { only, window, history } = this.#plan;
    const { member } = destination;
    const ends = { source: source.member.id, destination: member.id };
    const waits = await history.openLane(ends, { limit: window, only });
    if (waits === undefined) return NOTHING;

    const demands = await this.#readDemands(destination, ends.source);
    const horizons = "judges" in demands ? horizonsOf(source, waits, demands.minLevel) : new Map<Level, Horizon>();
    const claimed = await readHeld(member, ends.source, waits.settledCounts, waits);
    // What is not even final waits without a word.
    const known = [waits.counts.final, ...[...horizons.values()].map(({ count }) => count)];
    const reach = [...known, ...claimed.map(({ word }) => countOf(word))].reduce((a, b) => (a > b ? a : b));
    const open = waits.open.filter(({ message }) => message.nonce < reach);
    if (open.length === 0) return NOTHING;
    const lane = await history.lane(
      ends,
      open.map(({ message }) => message),
      claimed.map(({ word }) => countOf(word)),
    );
    const held = claimed.filter(({ word }) => wordAt(lane, countOf(word)) === word);
    const { undelivered, taken } = await this.#askInbox(source.member, member, open);
    const { candidates, waiting } = await this.#tryOut(source.member, destination, undelivered);
    const isStuck =
      "code" in demands && undelivered.some(({ message }) => held.every(({ word }) => countOf(word) <= message.nonce));
    const judges = "judges" in demands ? demands.judges : undefined;
    return {
      view: { source: source.member, destination: member, lane, judges, horizons, held, candidates },
      waiting: [...waiting, ...taken],
      problems: isStuck ? [demands] : [],
    };
  }

  /** Logs are read once, so the Inbox has the last word: on all messages, or those of which an attempt came to nothing. */
  async #askInbox(
    source: RelayedMember,
    member: RelayedMember,
    open: readonly OpenMessage[],
  ): Promise<{ undelivered: OpenMessage[]; taken: FailedMessage[] }> {
    const { isThorough } = this.#plan;
    const asked = open.filter(({ isDoubtful }) => isThorough || isDoubtful).map(({ message }) => message.nonce);
    const delivered = await readDelivered(member, source.id, asked);
    const names = { source: source.name, destination: member.name, txHash: undefined };
    const reason =
      "its place on the lane is marked: it was delivered just now, or another one before its source was reorganised";
    return {
      undelivered: open.filter(({ message }) => !delivered.has(message.nonce)),
      taken: open
        .filter(({ message }) => !isThorough && delivered.has(message.nonce))
        .map(({ message: { id, nonce } }) => ({ ...names, id, nonce, reason })),
    };
  }

  /** Sorts out which messages are worth an attempt now, and which of these are likely to fail. */
  async #tryOut(
    source: RelayedMember,
    { member, block }: Destination,
    messages: readonly OpenMessage[],
  ): Promise<{ candidates: Candidate[]; waiting: FailedMessage[] }> {
    const { abis, only, isThorough } = this.#plan;
    const candidates: Candidate[] = [];
    const waiting: FailedMessage[] = [];
    const refusals = await Promise.all(
      messages.map(async ({ message, failures }) =>
        isThorough || failures !== undefined ? await simulateMessage(source, member, message, abis) : undefined,
      ),
    );
    for (const [place, { message, failures }] of messages.entries()) {
      const refusal = refusals[place];
      if (only !== undefined || isDue(failures, block.timestamp, refusal === undefined)) {
        candidates.push({ message, isSuspect: refusal !== undefined || failures !== undefined });
      } else {
        const { id, nonce } = message;
        const reason = refusal ?? "it failed before, although its recipient seems to accept it";
        waiting.push({ source: source.name, destination: member.name, id, nonce, reason, txHash: undefined });
      }
    }
    return { candidates, waiting };
  }
}

/** Up to where a lane can be certified at each level that its destination takes. */
function horizonsOf({ final, latest }: Source, { counts }: OpenLane, minLevel: Level): Map<Level, Horizon> {
  const horizons = new Map<Level, Horizon>();
  if (counts.final > 0n) {
    horizons.set(Level.final, { count: counts.final, reachedBy: final.timestamp, blockHash: ZeroHash });
  }
  if (minLevel === Level.fast) {
    horizons.set(Level.fast, { count: counts.latest, reachedBy: latest.timestamp, blockHash: latest.hash });
  }
  return horizons;
}

function problemOf(error: unknown): { code: string; reason: string } {
  return error instanceof ParleyError
    ? { code: error.code, reason: error.message }
    : { code: "relayer/unreadable", reason: decodeCallError(error).text };
}
