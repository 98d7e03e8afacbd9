/** What shows from outside how a relayer is: metrics, status, health and log, all made from its reports. */
import type { Logger, Metrics } from "../../service/index.ts";
import { levelName, type Hex } from "../../wire/index.ts";
import type { RelayerOverview, SharedStepReport, TableAge } from "../sharedRelayer.ts";
import { relayerMetrics, type RelayerMetrics } from "./relayerMetrics.ts";
import type { RelayedMember, StepProblem } from "./types.ts";

/** Steps that may fail to come before the relayer counts as ill. */
const MISSED = 5;

export interface RelayerMonitorOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly members: readonly Pick<RelayedMember, "id" | "name">[];
  /** Milliseconds between steps. */
  readonly intervalMs: number;
  /** Seconds for which a message may wait. */
  readonly alarmAge: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** How things stand, and for how long. */
export interface RelayerSight extends RelayerOverview {
  readonly tables: readonly TableAge[];
  /** When the oldest message that waits on a lane was sent, seconds since 1970, by the lane's place in `backlog`. */
  readonly oldestSentAt: readonly (bigint | undefined)[];
}

/** What `/status` shows. Times in ISO 8601. */
export interface RelayerStatus {
  readonly startedAt: string;
  /** End of the last step; null before the first one. */
  readonly lastStepAt: string | null;
  readonly steps: number;
  /** By this process, since it was started. */
  readonly delivered: number;
  readonly gasUsed: string;
  readonly problems: readonly StepProblem[];
  /** Of all relayers on the database. */
  readonly lanes: readonly {
    readonly source: string;
    readonly destination: string;
    readonly messages: number;
    readonly due: number;
    readonly oldest: Hex;
    readonly oldestSeconds: number | null;
  }[];
  readonly failing: readonly {
    readonly id: Hex;
    readonly source: string;
    readonly destination: string;
    readonly nonce: string;
    readonly attempts: number;
    readonly failedAt: string;
    readonly reason: Hex;
    /** Seconds until it is looked at again; null if it is due. */
    readonly pausedSeconds: number | null;
  }[];
  readonly paused: readonly {
    readonly subject: string;
    readonly attempts: number;
    readonly seconds: number;
    readonly code: string;
    readonly reason: string;
  }[];
  readonly tables: readonly { readonly member: string; readonly takenAt: string; readonly expiresAt: string }[];
}

/** Takes in what each step of a relayer came to, and how things stand. */
export class RelayerMonitor {
  readonly #options: RelayerMonitorOptions;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #metrics: RelayerMetrics;
  #lastStepAt: number | undefined;
  #steps = 0;
  #delivered = 0;
  #gasUsed = 0n;
  #problems: readonly StepProblem[] = [];
  #failure: string | undefined;
  #sight: RelayerSight = { backlog: [], failing: [], paused: [], tables: [], oldestSentAt: [] };

  constructor(options: RelayerMonitorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#startedAt = this.#now();
    this.#metrics = relayerMetrics(options.metrics);
  }

  /** A step has ended. */
  took(report: SharedStepReport, seconds: number): void {
    this.#lastStepAt = this.#now();
    this.#steps += 1;
    this.#failure = undefined;
    const metrics = this.#metrics;
    metrics.steps.inc();
    metrics.stepSeconds.observe(seconds);
    metrics.lastStep.set(this.#lastStepAt / 1_000);
    metrics.uncertified.set(report.uncertified.length);
    const gas = new Map<Hex, { destination: string; gasUsed: bigint }>();
    for (const { source, destination, level, txHash, gasUsed } of report.delivered) {
      metrics.delivered.inc({ source, destination, level: levelName(level) });
      gas.set(txHash, { destination, gasUsed });
    }
    for (const { destination, gasUsed } of gas.values()) {
      metrics.gas.inc({ member: destination }, Number(gasUsed));
      this.#gasUsed += gasUsed;
    }
    this.#delivered += report.delivered.length;
    for (const { source, destination, txHash } of report.failed) {
      if (txHash !== undefined) metrics.failed.inc({ source, destination });
    }
    metrics.tables.inc(report.published.length);
    metrics.revocations.inc(report.revoked.length);
    metrics.heartbeats.inc(report.heartbeats.length);
    this.#tell(report);
    this.#tellProblems([
      ...report.problems,
      ...report.uncertified.map(({ source, destination, weight, totalWeight }) => ({
        subject: `${source} → ${destination}`,
        code: "relayer/no-quorum",
        reason: `operators with weight ${weight} of ${totalWeight} would sign`,
      })),
    ]);
  }

  /** How things stand now. */
  saw(sight: RelayerSight): void {
    this.#sight = sight;
    const { backlog, oldest, failing, paused, tableAge, tableExpiry } = this.#metrics;
    for (const gauge of [backlog, oldest]) gauge.reset();
    for (const [place, lane] of sight.backlog.entries()) {
      const labels = this.#names(lane);
      backlog.set(labels, lane.messages);
      oldest.set(labels, this.#ageOf(sight.oldestSentAt[place]) ?? 0);
    }
    failing.set(sight.failing.length);
    paused.set(sight.paused.filter(({ subject }) => subject.startsWith("lane:")).length);
    for (const { member, snapshot, expiry } of sight.tables) {
      tableAge.set({ member }, this.#ageOf(snapshot) ?? 0);
      tableExpiry.set({ member }, Number(expiry));
    }
  }

  /** A step threw: the database failed. */
  failed(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#options.log.error({ err: error }, "a step failed; it is tried again");
  }

  /** What is wrong now, for people. */
  health(): readonly string[] {
    const { intervalMs, alarmAge } = this.#options;
    const since = this.#now() - (this.#lastStepAt ?? this.#startedAt);
    const failing = new Set(this.#sight.failing.map(({ id }) => id));
    return [
      ...(since > MISSED * intervalMs + 60_000 ? [`no step has ended for ${Math.round(since / 1_000)} seconds`] : []),
      ...(this.#failure === undefined ? [] : [`the last step failed: ${this.#failure}`]),
      ...this.#problems.map(({ subject, code, reason }) => `${subject}: ${reason} [${code}]`),
      ...this.#sight.backlog.flatMap((lane, place) => {
        const age = this.#ageOf(this.#sight.oldestSentAt[place]) ?? 0;
        if (age <= alarmAge || failing.has(lane.oldest.id)) return [];
        const { source, destination } = this.#names(lane);
        return [`${source} → ${destination}: message ${lane.oldest.id} has waited for ${age} seconds`];
      }),
    ];
  }

  status(): RelayerStatus {
    const { backlog, failing, paused, tables, oldestSentAt } = this.#sight;
    const pauses = new Map(paused.map((pause) => [pause.subject, pause]));
    return {
      startedAt: iso(this.#startedAt),
      lastStepAt: this.#lastStepAt === undefined ? null : iso(this.#lastStepAt),
      steps: this.#steps,
      delivered: this.#delivered,
      gasUsed: String(this.#gasUsed),
      problems: this.#problems,
      lanes: backlog.map((lane, place) => ({
        ...this.#names(lane),
        messages: lane.messages,
        due: lane.due,
        oldest: lane.oldest.id,
        oldestSeconds: this.#ageOf(oldestSentAt[place]) ?? null,
      })),
      failing: failing.map(({ id, nonce, attempts, failedAt, reason, ...lane }) => ({
        id,
        ...this.#names(lane),
        nonce: String(nonce),
        attempts,
        failedAt: iso(Number(failedAt) * 1_000),
        reason,
        pausedSeconds: pauses.get(id)?.seconds ?? null,
      })),
      paused: paused.filter(({ subject }) => subject.startsWith("lane:")),
      tables: tables.map(({ member, snapshot, expiry }) => ({
        member,
        takenAt: iso(Number(snapshot) * 1_000),
        expiresAt: iso(Number(expiry) * 1_000),
      })),
    };
  }

  #names({ source, destination }: { readonly source: Hex; readonly destination: Hex }): {
    source: string;
    destination: string;
  } {
    const nameOf = (id: Hex): string => this.#options.members.find((member) => member.id === id)?.name ?? id;
    return { source: nameOf(source), destination: nameOf(destination) };
  }

  #ageOf(time: bigint | undefined): number | undefined {
    return time === undefined ? undefined : Math.max(0, Math.round(this.#now() / 1_000) - Number(time));
  }

  #tell({ delivered, failed, published, revoked, pushed, heartbeats, carriedUp }: SharedStepReport): void {
    const { log } = this.#options;
    const batches = new Map<Hex, typeof delivered>();
    for (const one of delivered) batches.set(one.txHash, [...(batches.get(one.txHash) ?? []), one]);
    for (const [txHash, messages] of batches) {
      const [first] = messages;
      if (first === undefined) continue;
      const { source, destination, gasUsed } = first;
      log.info({ source, destination, messages: messages.length, gasUsed: String(gasUsed), txHash }, "delivered");
      for (const { id, nonce } of messages) log.debug({ id, nonce: String(nonce), txHash }, "delivered a message");
    }
    for (const { source, destination, id, reason, txHash } of failed) {
      const line = { source, destination, id, reason, txHash };
      if (txHash === undefined) log.debug(line, "left alone: its recipient refuses it");
      else log.warn(line, "a recipient refused a message");
    }
    for (const { member, tableId, txHash } of published) log.info({ member, tableId, txHash }, "sent a table");
    for (const { member, snapshot, txHash } of revoked) {
      log.warn({ member, snapshot: String(snapshot), txHash }, "sent a revocation");
    }
    for (const { source, destination, txHash } of heartbeats) {
      log.info({ source, destination, txHash }, "had a silent source settle");
    }
    for (const { member, title, at, txHash } of carriedUp) log.info({ member, at, txHash }, title);
    for (const { member, items, txHash } of pushed)
      log.info({ member, items: items.length, txHash }, "pushed items on to an L3");
  }

  /** A problem is told when it begins and when it is over, not at each step. */
  #tellProblems(problems: readonly StepProblem[]): void {
    const { log } = this.#options;
    const before = new Set(this.#problems.map(keyOf));
    const now = new Set(problems.map(keyOf));
    for (const one of problems) {
      if (!before.has(keyOf(one))) log.warn({ subject: one.subject, code: one.code }, one.reason);
    }
    for (const { subject, code } of this.#problems.filter((one) => !now.has(keyOf(one)))) {
      log.info({ subject, code }, "is well again");
    }
    this.#problems = problems;
    this.#metrics.problems.set(problems.length);
  }
}

const keyOf = ({ subject, code }: StepProblem): string => `${subject}\n${code}`;
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
