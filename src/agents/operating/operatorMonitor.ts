/** What shows from outside how an operator is: metrics, status, health and log. */
import type { NodeOutcome } from "../../chain/agreement/index.ts";
import { ParleyError } from "../../errors.ts";
import type { Logger, Metrics } from "../../service/index.ts";
import type { MemberView, Operator } from "../operator.ts";
import type { Certification } from "../operatorClient.ts";
import type { Halt } from "../signing/halts.ts";
import type { OwnMember, OwnNode } from "./ownNodes.ts";

export interface OperatorMonitorOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What `/status` shows. Times in ISO 8601. */
export interface OperatorStatus {
  /** Id of its signing key, as operator tables list it. */
  readonly address: string;
  readonly startedAt: string;
  /** End of the last look at all members; null before the first one. */
  readonly lastLookAt: string | null;
  /** Requests to sign, by what became of them. */
  readonly requests: Readonly<Record<RequestOutcome, number>>;
  readonly checkpointsSigned: number;
  /** Lanes on which it signs nothing: its nodes forked away from what it signed there. */
  readonly halted: readonly Halt[];
  readonly members: readonly MemberStatus[];
  readonly endpoint: EndpointStatus | null;
}

export interface MemberStatus {
  readonly name: string;
  readonly id: string;
  /** Its final block as enough nodes have it; null if they do not agree on one. */
  readonly final: { readonly number: number; readonly hash: string; readonly at: string } | null;
  readonly problem: string | null;
  /** How many nodes must say the same. */
  readonly agree: number;
  readonly nodes: readonly { readonly at: string; readonly last: NodeOutcome | null; readonly reason: string | null }[];
}

/** Where it is to be reached, as L1 has it and as it was told. */
export interface EndpointStatus {
  readonly own: string | null;
  readonly announced: string | null;
  readonly problem: string | null;
}

/** `signed` and `refused` are answers; `turned-away` was not worked on, or malformed; `failed` is the operator's own fault. */
type RequestOutcome = "signed" | "refused" | "turned-away" | "failed";

const TURNED_AWAY = ["operator/bad-request", "operator/busy", "operator/timeout"];

/** Looks that may fail to come before the operator counts as ill. */
const MISSED = 5;

/** Takes in what an operator does and sees. */
export class OperatorMonitor {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #gauges: ReturnType<typeof metersOf>;
  readonly #requests: Record<RequestOutcome, number> = { signed: 0, refused: 0, "turned-away": 0, failed: 0 };
  readonly #nodes = new Map<string, { outcome: NodeOutcome; reason: string | undefined }>();
  readonly #problems = new Map<string, string>();
  #views: readonly MemberView[] = [];
  #lastLookAt: number | undefined;
  #signed = 0;
  #storeFailure: string | undefined;
  #endpoint: EndpointStatus | undefined;

  constructor({ log, metrics, now = Date.now }: OperatorMonitorOptions) {
    this.#log = log;
    this.#now = now;
    this.#startedAt = now();
    this.#gauges = metersOf(metrics);
  }

  /** A request to sign was answered. */
  certified(answer: Certification | ParleyError, checkpoints: number, seconds: number): void {
    const outcome = outcomeOf(answer);
    this.#requests[outcome]++;
    this.#gauges.requests.inc({ outcome });
    this.#gauges.certifySeconds.observe(seconds);
    if (answer instanceof ParleyError) {
      if (outcome === "failed") this.failed(answer);
      return;
    }
    if (outcome === "signed") {
      this.#signed += checkpoints;
      this.#gauges.checkpoints.inc(checkpoints);
    }
    for (const { code } of answer.refused) this.#gauges.refusals.inc({ code });
    const [first] = answer.refused;
    if (first !== undefined) this.#log.debug({ refused: answer.refused.length, ...first }, "refused to sign");
  }

  /** It failed at what was asked of it. A store that cannot be written stays so until the next start. */
  failed(error: unknown): void {
    if (error instanceof ParleyError && error.code === "signing/not-durable") this.#storeFailure = error.message;
    this.#log.error({ err: error }, "could not answer a request");
  }

  /** A node was asked. */
  asked(node: OwnNode, outcome: NodeOutcome, seconds: number, reason: string | undefined): void {
    const { member, place, at } = node;
    const key = `${member}:${place}`;
    const labels = { member, node: String(place) };
    this.#gauges.nodeRequests.inc({ ...labels, outcome });
    this.#gauges.nodeSeconds.observe({ member }, seconds);
    this.#gauges.nodeAgrees.set(labels, outcome === "agrees" ? 1 : 0);
    const before = this.#nodes.get(key)?.outcome ?? "agrees";
    this.#nodes.set(key, { outcome, reason });
    if (before === outcome) return;
    if (outcome === "agrees") this.#log.info({ member, node: at }, "a node agrees again");
    else
      this.#log.warn({ member, node: at, reason }, outcome === "fails" ? "a node fails" : "a node says something else");
  }

  /** It has looked at all members. */
  looked(views: readonly MemberView[]): void {
    this.#views = views;
    this.#lastLookAt = this.#now();
    this.#gauges.lastLook.set(this.#lastLookAt / 1_000);
    for (const { name, final, problem } of views) {
      this.#gauges.memberReadable.set({ member: name }, problem === undefined ? 1 : 0);
      if (final !== undefined) {
        this.#gauges.finalBlock.set({ member: name }, final.number);
        this.#gauges.finalTime.set({ member: name }, Number(final.timestamp));
      }
      const before = this.#problems.get(name);
      if (problem === undefined) {
        if (before !== undefined) this.#log.info({ member: name }, "its nodes agree again");
        this.#problems.delete(name);
      } else {
        if (before === undefined) this.#log.error({ member: name, err: problem }, "signs nothing about a member");
        this.#problems.set(name, problem.message);
      }
    }
  }

  /** It stopped signing on a lane, or goes on. */
  halted(halt: Halt, isLifted: boolean): void {
    if (isLifted) this.#log.warn({ ...halt }, "signs on a lane again: its node shows what was signed there");
    else this.#log.fatal({ ...halt }, "stopped signing on a lane: its node forked away from what was signed there");
  }

  /** What is known of its endpoint. */
  endpoint(status: EndpointStatus): void {
    this.#endpoint = status;
    if (status.problem !== null) this.#log.warn({ ...status }, "L1 does not announce where it is reached");
    else if (status.own !== null) this.#log.info({ ...status }, "L1 announces where it is reached");
  }

  /** What is wrong now. */
  health(operator: Pick<Operator, "halted">, intervalMs: number): string[] {
    const { halted } = operator;
    const silent = this.#now() - (this.#lastLookAt ?? this.#startedAt) > MISSED * intervalMs + 60_000;
    return [
      ...(this.#storeFailure === undefined ? [] : [`it signs nothing any more: ${this.#storeFailure}`]),
      ...(silent ? ["it has not looked at its members for long"] : []),
      ...halted.map(({ source, destination, signed, seen }) => {
        const lane = `${this.#nameOf(source)} → ${this.#nameOf(destination)}`;
        return `it signs nothing on the lane ${lane}: it signed ${signed}, and its node showed ${seen}`;
      }),
      ...[...this.#problems].map(([name, problem]) => `${name}: ${problem}`),
    ];
  }

  status({ address, halted }: Pick<Operator, "address" | "halted">, members: readonly OwnMember[]): OperatorStatus {
    return {
      address,
      startedAt: isoOf(this.#startedAt),
      lastLookAt: this.#lastLookAt === undefined ? null : isoOf(this.#lastLookAt),
      requests: { ...this.#requests },
      checkpointsSigned: this.#signed,
      halted,
      members: members.map((member) => this.#memberStatus(member)),
      endpoint: this.#endpoint ?? null,
    };
  }

  /** Has the metrics show how many lanes it stopped on, and how much its store holds, whenever they are read. */
  follow(operator: Pick<Operator, "halted">, store: { readonly size: number }): void {
    this.#gauges.follow(() => [operator.halted.length, store.size]);
  }

  #memberStatus({ name, id, agree, nodes }: OwnMember): MemberStatus {
    const final = this.#views.find((view) => view.name === name)?.final;
    return {
      name,
      id,
      final:
        final === undefined
          ? null
          : { number: final.number, hash: final.hash, at: isoOf(Number(final.timestamp) * 1_000) },
      problem: this.#problems.get(name) ?? null,
      agree,
      nodes: nodes.map(({ place, at }) => {
        const last = this.#nodes.get(`${name}:${place}`);
        return { at, last: last?.outcome ?? null, reason: last?.reason ?? null };
      }),
    };
  }

  #nameOf(id: string): string {
    return this.#views.find((view) => view.id === id)?.name ?? id;
  }
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

function outcomeOf(answer: Certification | ParleyError): RequestOutcome {
  if (answer instanceof ParleyError) return TURNED_AWAY.includes(answer.code) ? "turned-away" : "failed";
  return answer.signature === undefined ? "refused" : "signed";
}

/** Everything that Prometheus is shown. */
function metersOf(metrics: Metrics) {
  const halted = metrics.gauge({
    name: "halted_lanes",
    help: "Lanes on which it signs nothing since its node forked away",
  });
  const words = metrics.gauge({ name: "store_words", help: "Words in the store of what it signed" });
  const meters = {
    requests: metrics.counter({ name: "requests_total", help: "Requests to sign, by outcome", labels: ["outcome"] }),
    checkpoints: metrics.counter({ name: "checkpoints_signed_total", help: "Checkpoints in the trees that it signed" }),
    refusals: metrics.counter({ name: "refusals_total", help: "Checkpoints refused, by code", labels: ["code"] }),
    certifySeconds: metrics.histogram({
      name: "certify_seconds",
      help: "Time to answer a request to sign",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
    nodeRequests: metrics.counter({
      name: "node_requests_total",
      help: "Questions to a node: agrees, differs from those who agreed, or fails",
      labels: ["member", "node", "outcome"],
    }),
    nodeSeconds: metrics.histogram({
      name: "node_seconds",
      help: "Time that a member's nodes take to answer",
      labels: ["member"],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
    }),
    nodeAgrees: metrics.gauge({
      name: "node_agrees",
      help: "1 if the node's last answer was that of the others, else 0",
      labels: ["member", "node"],
    }),
    memberReadable: metrics.gauge({
      name: "member_readable",
      help: "1 if enough nodes of the member agree, else 0",
      labels: ["member"],
    }),
    finalBlock: metrics.gauge({ name: "final_block", help: "Height of the member's final block", labels: ["member"] }),
    finalTime: metrics.gauge({
      name: "final_block_timestamp_seconds",
      help: "Time of the member's final block, since 1970",
      labels: ["member"],
    }),
    lastLook: metrics.gauge({
      name: "last_look_timestamp_seconds",
      help: "When it last looked at all members, since 1970",
    }),
  };
  return {
    ...meters,
    follow: (read: () => readonly [number, number]) => {
      metrics.beforeReading(() => {
        const [lanes, size] = read();
        halted.set(lanes);
        words.set(size);
      });
    },
  };
}
