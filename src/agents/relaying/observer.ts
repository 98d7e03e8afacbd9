import { ZeroHash, type InterfaceAbi } from "ethers";

import { followArrivals, type Arrivals } from "../../chain/arrivals.ts";
import { readBlock, type BlockRef } from "../../chain/blocks.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import type { Follower } from "../../chain/follower.ts";
import { followLanes, wordAt, type LaneHistory, type Lanes, type SentMessage } from "../../chain/lanes.ts";
import { readDelivered } from "../../chain/readDelivered.ts";
import { readHeld } from "../../chain/readHeld.ts";
import { readTableInForce, type TableInForce } from "../../chain/readTableInForce.ts";
import { ParleyError } from "../../errors.ts";
import { countOf, Level, type Hex, type OperatorTable, type SettlementRef } from "../../wire/index.ts";
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
  readonly readTable: TableReader;
  /** Undelivered messages of a lane that one step looks at. */
  readonly window: number;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  /** Messages that are looked at and tried, whether they are due or not; undefined for all that are due. */
  readonly only?: ReadonlySet<Hex> | undefined;
};

/** What a destination is like at its latest block. */
type Destination = {
  readonly member: RelayedMember;
  readonly block: BlockRef;
  readonly arrivals: Arrivals;
  readonly inForce: TableInForce;
  readonly table: OperatorTable | undefined;
};

/** What can be said of a source's lanes. */
type Source = {
  readonly member: RelayedMember;
  readonly final: { readonly block: BlockRef; readonly lanes: Lanes };
  /** Undefined if nobody listens at level fast. */
  readonly latest: { readonly block: BlockRef; readonly lanes: Lanes } | undefined;
};

/** Sees all lanes between members: what was sent, what arrived, and on what word the rest can be delivered. */
export class Observer {
  readonly #plan: ObserverPlan;
  readonly #lanes: ReadonlyMap<Hex, Follower<Lanes>>;
  readonly #arrivals: ReadonlyMap<Hex, Follower<Arrivals>>;

  constructor(plan: ObserverPlan) {
    this.#plan = plan;
    this.#lanes = new Map(plan.members.map((member) => [member.id, followLanes(member)]));
    this.#arrivals = new Map(plan.members.map((member) => [member.id, followArrivals(member)]));
  }

  /** What there is to do now. A chain that cannot be read is a problem, and holds up its own lanes alone. */
  async observe(): Promise<Observation> {
    const problems: StepProblem[] = [];
    const attempt = async <T>(subject: string, action: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await action();
      } catch (error) {
        problems.push({ subject, ...problemOf(error) });
        return undefined;
      }
    };
    const destinations = await Promise.all(
      this.#plan.members.map((member) => attempt(member.name, () => this.#readDestination(member))),
    );
    const views: LaneView[] = [];
    const waiting: FailedMessage[] = [];
    await Promise.all(
      this.#plan.members.map(async (member) => {
        const listeners = await Promise.all(
          destinations
            .filter((destination) => destination !== undefined)
            .filter((destination) => destination.member.id !== member.id)
            .map((destination) =>
              attempt(`${member.name} → ${destination.member.name}`, async () => ({
                destination,
                demands: await this.#readDemands(destination, member.id),
              })),
            ),
        );
        const present = listeners.filter((listener) => listener !== undefined);
        const isFast = present.some(({ demands }) => "minLevel" in demands && demands.minLevel === Level.fast);
        const source = await attempt(member.name, () => this.#readSource(member, isFast));
        if (source === undefined) return;
        for (const { destination, demands } of present) {
          const subject = `${member.name} → ${destination.member.name}`;
          const lane = await attempt(subject, () => this.#readLane(source, destination, demands));
          if (lane === undefined) continue;
          if (lane.view !== undefined) views.push(lane.view);
          waiting.push(...lane.waiting);
          problems.push(...lane.problems.map((problem) => ({ subject, ...problem })));
        }
      }),
    );
    return { views, waiting, problems };
  }

  async #readDestination(member: RelayedMember): Promise<Destination> {
    const { block, state } = await this.#follower(this.#arrivals, member).latest();
    const inForce = await readTableInForce(member);
    const table = inForce.id === undefined ? undefined : await this.#plan.readTable(inForce.id);
    return { member, block, arrivals: state, inForce, table };
  }

  async #readDemands(destination: Destination, source: Hex): Promise<Demands | NotCertifiable> {
    const { member, inForce, table, block } = destination;
    return await readDemands(member, source, inForce, table, this.#plan.settlement, block);
  }

  async #readSource(member: RelayedMember, isFast: boolean): Promise<Source> {
    const follower = this.#follower(this.#lanes, member);
    const final = await follower.final();
    const latest = isFast ? await follower.latest() : undefined;
    return {
      member,
      final: { block: final.block, lanes: final.state },
      latest: latest === undefined ? undefined : { block: latest.block, lanes: latest.state },
    };
  }

  async #readLane(
    source: Source,
    destination: Destination,
    demands: Demands | NotCertifiable,
  ): Promise<{ view: LaneView | undefined; waiting: FailedMessage[]; problems: NotCertifiable[] }> {
    const lane = (source.latest ?? source.final).lanes.get(destination.member.id);
    const nothing = { view: undefined, waiting: [], problems: [] };
    if (lane === undefined) return nothing;
    const { arrivals, member } = destination;
    const { only, window } = this.#plan;
    const open = lane.messages
      .filter(({ id }) => !arrivals.delivered.has(id) && (only === undefined || only.has(id)))
      .slice(0, window);
    if (open.length === 0) return nothing;

    const held = (await readHeld(member, lane.source, [...(arrivals.settledCounts.get(lane.source) ?? [])])).filter(
      ({ word }) => wordAt(lane, countOf(word)) === word,
    );
    const horizons = "judges" in demands ? horizonsOf(source, lane, demands.minLevel) : new Map<Level, Horizon>();
    const undelivered = await this.#withoutDelivered(member, lane, open);
    const { candidates, waiting } = await this.#tryOut(source.member, destination, undelivered);
    const isStuck =
      "code" in demands && undelivered.some(({ nonce }) => held.every(({ word }) => countOf(word) <= nonce));
    return {
      view: {
        source: source.member,
        destination: member,
        lane,
        judges: "judges" in demands ? demands.judges : undefined,
        horizons,
        held,
        candidates,
      },
      waiting,
      problems: isStuck ? [demands] : [],
    };
  }

  /** Logs are read once, so the Inbox has the last word. */
  async #withoutDelivered(
    member: RelayedMember,
    lane: LaneHistory,
    open: readonly SentMessage[],
  ): Promise<SentMessage[]> {
    const nonces = open.map(({ nonce }) => nonce);
    const delivered = await readDelivered(member, lane.source, nonces);
    return open.filter(({ nonce }) => !delivered.has(nonce));
  }

  /** Sorts out which messages are worth an attempt now, and which of these are likely to fail. */
  async #tryOut(
    source: RelayedMember,
    { member, arrivals, block }: Destination,
    messages: readonly SentMessage[],
  ): Promise<{ candidates: Candidate[]; waiting: FailedMessage[] }> {
    const candidates: Candidate[] = [];
    const waiting: FailedMessage[] = [];
    const refusals = await Promise.all(
      messages.map((message) => simulateMessage(source, member, message, this.#plan.abis)),
    );
    for (const [place, message] of messages.entries()) {
      const refusal = refusals[place];
      const failed = arrivals.failed.get(message.id);
      const failedAt = failed === undefined ? 0n : (await readBlock(member.provider, failed.blockNumber)).timestamp;
      if (this.#plan.only !== undefined || isDue(failed, failedAt, block.timestamp, refusal === undefined)) {
        candidates.push({ message, isSuspect: refusal !== undefined || failed !== undefined });
      } else {
        const { id, nonce } = message;
        const reason = refusal ?? "it failed before, although its recipient seems to accept it";
        waiting.push({ source: source.name, destination: member.name, id, nonce, reason, txHash: undefined });
      }
    }
    return { candidates, waiting };
  }

  #follower<T>(followers: ReadonlyMap<Hex, Follower<T>>, { id }: RelayedMember): Follower<T> {
    const follower = followers.get(id);
    if (follower === undefined) throw new Error("every member has a follower");
    return follower;
  }
}

/** Up to where a lane can be certified at each level that its destination takes. */
function horizonsOf(source: Source, lane: LaneHistory, minLevel: Level): Map<Level, Horizon> {
  const horizons = new Map<Level, Horizon>();
  const final = source.final.lanes.get(lane.destination);
  if (final !== undefined) {
    const { timestamp } = source.final.block;
    horizons.set(Level.final, { count: countOf(final.word), reachedBy: timestamp, blockHash: ZeroHash });
  }
  if (minLevel === Level.fast && source.latest !== undefined) {
    const { timestamp, hash } = source.latest.block;
    horizons.set(Level.fast, { count: countOf(lane.word), reachedBy: timestamp, blockHash: hash });
  }
  return horizons;
}

function problemOf(error: unknown): { code: string; reason: string } {
  return error instanceof ParleyError
    ? { code: error.code, reason: error.message }
    : { code: "relayer/unreadable", reason: decodeCallError(error).text };
}
