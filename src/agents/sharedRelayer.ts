import { decodeCallError } from "../chain/decodeFailure.ts";
import { readTableInForce } from "../chain/readTableInForce.ts";
import { ParleyError } from "../errors.ts";
import { laneName, readBacklog, readFailing, type FailingMessage, type LaneBacklog } from "../indexing/backlog.ts";
import { IndexedHistory } from "../indexing/indexedHistory.ts";
import { Indexer } from "../indexing/indexer.ts";
import { LogStore } from "../indexing/logStore.ts";
import { prune } from "../indexing/prune.ts";
import type { Database } from "../store/database.ts";
import { Leases } from "../store/leases.ts";
import { Pauses, type Pause, type PauseLengths } from "../store/pauses.ts";
import type { Heartbeats, SettledSource } from "./heartbeats.ts";
import { relayingParts, tryPublishTables } from "./relayer.ts";
import { Carrier, type Carriage } from "./relaying/carrier.ts";
import type { Hex } from "../wire/index.ts";
import type { LaneEnds } from "./relaying/history.ts";
import { judgeLane } from "./relaying/judgeLane.ts";
import { Observer } from "./relaying/observer.ts";
import type { OnRelayerStep } from "./relaying/steps.ts";
import type { CarriedUp, RelayedMember, RelayerOptions, StepProblem, StepReport } from "./relaying/types.ts";

/** What a relayer with a database is made of. */
export type SharedRelayerOptions = Omit<RelayerOptions, "only"> & {
  readonly database: Database;
  /** Has silent sources settle; without it, nobody does. */
  readonly heartbeats?: Pick<Heartbeats, "step">;
  /** Brings on towards L1 what members' bridges sent; without it, nobody does. Called every ten minutes: it asks much of nodes. */
  readonly carryUp?: () => Promise<{ readonly sent: readonly CarriedUp[]; readonly problems: readonly StepProblem[] }>;
  /** A name that no other process has. */
  readonly name: string;
  /** Seconds after which others take over what this process holds, should it be gone; 30 by default. */
  readonly leaseSeconds?: number;
  /** Seconds between two looks at tables and heartbeats; 30 by default. */
  readonly upkeepSeconds?: number;
  /** Most lanes that one step takes; 64 by default. */
  readonly maxLanes?: number;
  /** Blocks that are asked for at once. */
  readonly pageBlocks?: number;
  /** Seconds after which the payload of a message that was delivered is kept no more; for ever, if left out. */
  readonly keepSeconds?: number | undefined;
  readonly onStep?: OnRelayerStep;
};

/** What one step did. */
export type SharedStepReport = StepReport & {
  /** Sources that were made to settle, since they had not for long. */
  readonly heartbeats: readonly SettledSource[];
  /** What was brought on towards L1. */
  readonly carriedUp: readonly CarriedUp[];
  /** Lanes that this process worked on. */
  readonly lanes: number;
};

/** How things stand, by the database. */
export type RelayerOverview = {
  readonly backlog: readonly LaneBacklog[];
  readonly failing: readonly FailingMessage[];
  readonly paused: readonly Pause[];
};

type Upkeep = Pick<SharedStepReport, "published" | "revoked" | "pushed" | "problems" | "heartbeats" | "carriedUp">;

const LEASE_SECONDS = 30;
const UPKEEP_SECONDS = 30;
const MAX_LANES = 64;
/** Milliseconds. */
const CARRY_EVERY = 600_000;
/** Milliseconds. */
const PRUNE_EVERY = 600_000;
/** How long a node may be behind what relayers that share the database have read. Milliseconds. */
const PATIENCE = 60_000;
/** Failing messages that an overview names. */
const MOST_FAILING = 100;

/** A lane that stands still: nodes and operators come back soon. A message that fails: its recipient is mended some day. */
const LANE_PAUSE: PauseLengths = { first: 1, most: 60 };
const MESSAGE_PAUSE: PauseLengths = { first: 15, most: 900 };

/**
 * A relayer that reads what is new alone, and shares work with others on the same database: each works on the lanes that it holds
 * leases of. What it has in the database can be read from the chains again; if two work on one lane nevertheless, gas is wasted, and
 * nothing else.
 */
export class SharedRelayer {
  readonly #options: SharedRelayerOptions;
  readonly #history: IndexedHistory;
  readonly #leases: Leases;
  readonly #pauses: Pauses;
  readonly #observer: Observer;
  readonly #carrier: Carrier;
  #keptUpAt: number | undefined;
  #carriedUpAt: number | undefined;
  #prunedAt: number | undefined;

  constructor(options: SharedRelayerOptions) {
    const { database, pageBlocks, onStep, name, leaseSeconds = LEASE_SECONDS } = options;
    const { observing, carrying } = relayingParts(options);
    const patience = database.isShared ? PATIENCE : 0;
    const indexer = new Indexer({ logs: new LogStore(database), pageBlocks, patience, onStep });
    this.#options = options;
    this.#history = new IndexedHistory(database, indexer);
    this.#leases = new Leases(database, name, leaseSeconds);
    this.#pauses = new Pauses(database);
    this.#observer = new Observer({ ...observing, history: this.#history, isThorough: false });
    this.#carrier = new Carrier({
      ...carrying,
      onStep,
      isAllowed: async ({ view }) => {
        const lane = laneName({ source: view.source.id, destination: view.destination.id });
        return (await this.#leases.renew([lane])).length > 0;
      },
    });
  }

  /**
   * Reads what is new, publishes tables and has silent sources settle where that is due, and delivers what waits on the lanes that it
   * can get. Rejects if the database fails; what chains, operators and recipients do is in the report.
   */
  async step(): Promise<SharedStepReport> {
    const { members, database } = this.#options;
    const present = await this.#leases.attend();
    await this.#history.refresh(members);
    const upkeep = await this.#keepUp();

    const waiting = (await readBacklog(database)).filter((lane) => lane.due > 0 && this.#canRelay(lane));
    const share = Math.min(this.#options.maxLanes ?? MAX_LANES, Math.ceil(waiting.length / present));
    const names = new Map(waiting.map((lane) => [laneName(lane), lane]));
    for (const { subject } of await this.#pauses.current([...names.keys()])) names.delete(subject);
    const taken = await this.#leases.take([...names.keys()], share);
    await this.#options.onStep?.("relayer:claimed");
    try {
      const lanes = taken.flatMap((name) => names.get(name) ?? []);
      const carriage = await this.#whileHeld(taken, () => this.#relay(lanes));
      return {
        ...upkeep,
        ...carriage,
        problems: [...this.#unreadable(), ...upkeep.problems, ...carriage.problems],
        lanes: lanes.length,
      };
    } finally {
      await this.#leases.release(taken);
      await this.#options.onStep?.("relayer:released");
    }
  }

  /** How things stand. */
  async overview(): Promise<RelayerOverview> {
    const { database } = this.#options;
    return {
      backlog: await readBacklog(database),
      failing: await readFailing(database, MOST_FAILING),
      paused: await this.#pauses.current(),
    };
  }

  /** Lets others have what it holds. */
  async leave(): Promise<void> {
    await this.#leases.leave();
  }

  async #relay(lanes: readonly LaneEnds[]): Promise<Carriage> {
    const { views, waiting, problems } = await this.#observer.observe(lanes);
    const carried = await this.#carrier.carry(views);
    const carriage: Carriage = {
      delivered: carried.delivered,
      failed: [...carried.failed, ...waiting],
      uncertified: carried.uncertified,
      problems: [...problems, ...carried.problems],
    };
    await this.#pause(lanes, carriage, carried.attempted);
    return carriage;
  }

  /** Leaves alone what did not succeed, each time for longer. */
  async #pause(lanes: readonly LaneEnds[], carriage: Carriage, attempted: readonly Hex[]): Promise<void> {
    for (const ends of lanes) {
      const [source, destination] = [this.#memberOf(ends.source), this.#memberOf(ends.destination)];
      if (source === undefined || destination === undefined) continue;
      const verdict = judgeLane({ source: source.name, destination: destination.name }, carriage);
      const name = laneName(ends);
      if (verdict === undefined) await this.#pauses.end([name]);
      else await this.#pauses.begin(name, LANE_PAUSE, verdict.code, verdict.reason);
    }
    for (const { id, reason } of carriage.failed) {
      await this.#pauses.begin(id, MESSAGE_PAUSE, "relayer/failing", reason);
    }
    await this.#pauses.end(carriage.delivered.map(({ id }) => id));
    const told = new Set([...carriage.delivered, ...carriage.failed].map(({ id }) => id));
    if (carriage.problems.length === 0) {
      // A transaction did nothing about these: others delivered them, or their places are taken.
      for (const id of attempted.filter((one) => !told.has(one))) {
        await this.#pauses.begin(id, MESSAGE_PAUSE, "relayer/not-executed", "a transaction did not execute it");
      }
    }
    await this.#options.onStep?.("relayer:paused");
  }

  /** Publishes tables and has silent sources settle, from time to time, and where no other process does. */
  async #keepUp(): Promise<Upkeep> {
    const nothing: Upkeep = { published: [], revoked: [], pushed: [], problems: [], heartbeats: [], carriedUp: [] };
    const { upkeepSeconds = UPKEEP_SECONDS, onStep, heartbeats } = this.#options;
    if (this.#keptUpAt !== undefined && performance.now() < this.#keptUpAt + upkeepSeconds * 1_000) return nothing;
    const taken = await this.#leases.take([UPKEEP], 1);
    if (taken.length === 0) return nothing;
    this.#keptUpAt = performance.now();
    try {
      return await this.#whileHeld(taken, async () => {
        await this.#pauses.forget();
        await this.#prune();
        const tables = await tryPublishTables(this.#options);
        await onStep?.("relayer:tables");
        const { settled, problems } = (await heartbeats?.step()) ?? { settled: [], problems: [] };
        await onStep?.("relayer:heartbeat");
        const carried = await this.#carryUp();
        await onStep?.("relayer:carried-up");
        return {
          ...tables,
          heartbeats: settled,
          carriedUp: carried.sent,
          problems: [...tables.problems, ...problems, ...carried.problems],
        };
      });
    } finally {
      await this.#leases.release(taken);
    }
  }

  async #prune(): Promise<void> {
    const { database, members, keepSeconds } = this.#options;
    const isDue = this.#prunedAt === undefined || performance.now() >= this.#prunedAt + PRUNE_EVERY;
    if (keepSeconds === undefined || !isDue) return;
    this.#prunedAt = performance.now();
    const before = BigInt(Math.floor(Date.now() / 1_000) - keepSeconds);
    for (const { id } of members) await prune(database, id, before);
  }

  async #carryUp(): ReturnType<NonNullable<SharedRelayerOptions["carryUp"]>> {
    const { carryUp } = this.#options;
    const isDue = this.#carriedUpAt === undefined || performance.now() >= this.#carriedUpAt + CARRY_EVERY;
    if (carryUp === undefined || !isDue) return { sent: [], problems: [] };
    this.#carriedUpAt = performance.now();
    return await carryUp();
  }

  /** Does the work, and meanwhile keeps what it holds. */
  async #whileHeld<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const { leaseSeconds = LEASE_SECONDS } = this.#options;
    // Where the database does not answer, the leases run out, and nothing more is sent.
    const renew = (): void => void this.#leases.renew(names).catch(() => undefined);
    const timer = setInterval(renew, (leaseSeconds * 1_000) / 3).unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  #unreadable(): StepProblem[] {
    return this.#options.members.flatMap((member) => {
      const error = this.#history.errorOf(member);
      if (error === undefined) return [];
      const code = error instanceof ParleyError ? error.code : "relayer/unreadable";
      return [{ subject: member.name, code, reason: decodeCallError(error).text }];
    });
  }

  #canRelay({ source, destination }: LaneEnds): boolean {
    return [source, destination].every((id) => {
      const member = this.#memberOf(id);
      return member !== undefined && this.#history.errorOf(member) === undefined;
    });
  }

  #memberOf(id: string): RelayedMember | undefined {
    return this.#options.members.find((member) => member.id === id);
  }
}

/** Name of the lease of who publishes tables and has sources settle. */
const UPKEEP = "upkeep";

/** When a member's table was taken and expires; seconds since 1970. */
export type TableAge = { readonly member: string; readonly snapshot: bigint; readonly expiry: bigint };

/** The tables in force at members; those that cannot be read are left out. */
export async function readTableAges(members: readonly RelayedMember[]): Promise<TableAge[]> {
  const read = await Promise.allSettled(members.map((member) => readTableInForce(member)));
  return members.flatMap(({ name }, place) => {
    const found = read[place];
    if (found?.status !== "fulfilled" || found.value.id === undefined) return [];
    return [{ member: name, snapshot: found.value.snapshot, expiry: found.value.expiry }];
  });
}
