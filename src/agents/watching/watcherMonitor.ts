/** What shows from outside how a watcher is: metrics, status, health and log, all made from its reports. */
import type { Logger, Metrics } from "../../service/index.ts";
import { Level } from "../../wire/index.ts";
import type { StepProblem } from "../relaying/types.ts";
import type { Convicted, FalseStatement, Revoked, Slashed, UnseenCall, WatchReport } from "./types.ts";

/** How many of each that was found are shown: all of them are in the log. */
const SHOWN = 100;
/** Steps that may fail to come before the watcher counts as ill. */
const MISSED = 5;

export interface MonitorOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds between steps. */
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What `/status` shows. Times in ISO 8601. */
export interface WatcherStatus {
  readonly startedAt: string;
  /** End of the last step; null before the first one. */
  readonly lastStepAt: string | null;
  readonly steps: number;
  /** Statements of operators that were looked at. */
  readonly statements: number;
  readonly problems: readonly StepProblem[];
  /** The latest of each, the last one last. */
  readonly contradicted: readonly FalseStatement[];
  readonly convicted: readonly Convicted[];
  readonly slashed: readonly Slashed[];
  readonly revoked: readonly Revoked[];
  readonly unseen: readonly UnseenCall[];
}

type Found = Pick<WatchReport, "contradicted" | "convicted" | "slashed" | "revoked" | "unseen">;

/** Takes in what each step of a watcher came to. */
export class WatcherMonitor {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #patience: number;
  readonly #startedAt: number;
  readonly #count: ReturnType<typeof countersOf>;
  #lastStepAt: number | undefined;
  #steps = 0;
  #statements = 0;
  #problems: readonly StepProblem[] = [];
  #failure: string | undefined;
  #found: Found = { contradicted: [], convicted: [], slashed: [], revoked: [], unseen: [] };

  constructor({ log, metrics, intervalMs, now = Date.now }: MonitorOptions) {
    this.#log = log;
    this.#now = now;
    this.#startedAt = now();
    this.#patience = MISSED * intervalMs + 60_000;
    this.#count = countersOf(metrics);
  }

  /** A step has ended. */
  took(report: WatchReport, seconds: number): void {
    this.#lastStepAt = this.#now();
    this.#steps += 1;
    this.#statements += report.statements;
    this.#failure = undefined;
    const { steps, stepSeconds, lastStep, statements, problems } = this.#count;
    steps.inc();
    stepSeconds.observe(seconds);
    lastStep.set(this.#lastStepAt / 1_000);
    statements.inc(report.statements);
    problems.set(report.problems.length);
    this.#tell(report);
    this.#tellProblems(report.problems);
    this.#found = {
      contradicted: latest(this.#found.contradicted, report.contradicted),
      convicted: latest(this.#found.convicted, report.convicted),
      slashed: latest(this.#found.slashed, report.slashed),
      revoked: latest(this.#found.revoked, report.revoked),
      unseen: latest(this.#found.unseen, report.unseen),
    };
  }

  /** A step threw, which none should. */
  failed(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#log.error({ err: error }, "a step failed; it is tried again");
  }

  /** What is wrong now, for people. */
  health(): readonly string[] {
    const since = this.#now() - (this.#lastStepAt ?? this.#startedAt);
    return [
      ...(since > this.#patience ? [`no step has ended for ${Math.round(since / 1_000)} seconds`] : []),
      ...(this.#failure === undefined ? [] : [`the last step failed: ${this.#failure}`]),
      ...this.#problems.map(({ subject, code, reason }) => `${subject}: ${reason} [${code}]`),
    ];
  }

  status(): WatcherStatus {
    return {
      startedAt: new Date(this.#startedAt).toISOString(),
      lastStepAt: this.#lastStepAt === undefined ? null : new Date(this.#lastStepAt).toISOString(),
      steps: this.#steps,
      statements: this.#statements,
      problems: this.#problems,
      ...this.#found,
    };
  }

  #tell({ contradicted, convicted, slashed, revoked, unseen }: WatchReport): void {
    for (const { source, destination, checkpoint, reason, signers } of contradicted) {
      const level = checkpoint.level === Level.final ? "final" : "fast";
      this.#count.contradicted.inc({ level });
      this.#log.warn({ source, destination, level, reason, signers }, "operators said what the own node contradicts");
    }
    for (const { operator, offence, degree, wad, txHash } of convicted) {
      this.#count.convictions.inc({ offence });
      this.#log.warn({ operator, offence, degree, wad: String(wad), txHash }, "convicted an operator");
    }
    for (const { operator, wad, txHash } of slashed) {
      this.#log.warn({ operator, wad: String(wad), txHash }, "slashed an operator that was convicted before");
    }
    for (const { tableId, at, txHash } of revoked) {
      this.#count.revocations.inc();
      this.#log.warn({ tableId, at, txHash }, "revoked an operator table");
    }
    for (const { member, txHash } of unseen) {
      this.#count.unseen.inc();
      this.#log.warn({ member, txHash }, "a transaction's certificate cannot be read from outside");
    }
  }

  /** A problem is told when it begins and when it is over, not at each step. */
  #tellProblems(problems: readonly StepProblem[]): void {
    const before = new Set(this.#problems.map(keyOf));
    const now = new Set(problems.map(keyOf));
    for (const one of problems) {
      if (!before.has(keyOf(one))) this.#log.warn({ subject: one.subject, code: one.code }, one.reason);
    }
    for (const { subject, code } of this.#problems.filter((one) => !now.has(keyOf(one)))) {
      this.#log.info({ subject, code }, "is well again");
    }
    this.#problems = problems;
  }
}

const keyOf = ({ subject, code }: StepProblem): string => `${subject}\n${code}`;

const latest = <Item>(before: readonly Item[], more: readonly Item[]): readonly Item[] =>
  [...before, ...more].slice(-SHOWN);

const countersOf = (metrics: Metrics) => ({
  steps: metrics.counter({ name: "steps_total", help: "Steps that have ended" }),
  stepSeconds: metrics.histogram({
    name: "step_seconds",
    help: "How long steps take",
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300],
  }),
  lastStep: metrics.gauge({ name: "last_step_timestamp_seconds", help: "When the last step ended" }),
  statements: metrics.counter({ name: "statements_total", help: "Statements of operators that were looked at" }),
  contradicted: metrics.counter({
    name: "contradicted_total",
    help: "Statements that the own nodes contradict",
    labels: ["level"],
  }),
  convictions: metrics.counter({
    name: "convictions_total",
    help: "Operators that this watcher had convicted",
    labels: ["offence"],
  }),
  revocations: metrics.counter({ name: "revocations_total", help: "Operator tables that this watcher revoked" }),
  unseen: metrics.counter({ name: "unseen_total", help: "Transactions whose certificate cannot be read from outside" }),
  problems: metrics.gauge({ name: "problems", help: "What could not be done in the last step" }),
});
