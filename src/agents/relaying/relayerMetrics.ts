import type { Counter, Gauge, Histogram } from "prom-client";

import type { Metrics } from "../../service/index.ts";

type LaneLabels = "source" | "destination";

/** The metrics of a relayer: `parley_relayer_…`. */
export interface RelayerMetrics {
  readonly steps: Counter<never>;
  readonly stepSeconds: Histogram<never>;
  readonly lastStep: Gauge<never>;
  readonly delivered: Counter<LaneLabels | "level">;
  readonly failed: Counter<LaneLabels>;
  readonly gas: Counter<"member">;
  readonly uncertified: Gauge<never>;
  readonly backlog: Gauge<LaneLabels>;
  readonly oldest: Gauge<LaneLabels>;
  readonly failing: Gauge<never>;
  readonly paused: Gauge<never>;
  readonly tableAge: Gauge<"member">;
  readonly tableExpiry: Gauge<"member">;
  readonly tables: Counter<never>;
  readonly revocations: Counter<never>;
  readonly heartbeats: Counter<never>;
  readonly problems: Gauge<never>;
}

/** Makes them. */
export function relayerMetrics(metrics: Metrics): RelayerMetrics {
  const lane = ["source", "destination"] as const;
  return {
    steps: metrics.counter({ name: "steps_total", help: "Steps that have ended" }),
    stepSeconds: metrics.histogram({
      name: "step_seconds",
      help: "How long steps take",
      buckets: [0.05, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    }),
    lastStep: metrics.gauge({ name: "last_step_timestamp_seconds", help: "When the last step ended" }),
    delivered: metrics.counter({
      name: "delivered_total",
      help: "Messages that this process delivered",
      labels: [...lane, "level"] as const,
    }),
    failed: metrics.counter({ name: "failed_total", help: "Attempts that recipients refused", labels: lane }),
    gas: metrics.counter({ name: "gas_used_total", help: "Gas of deliveries", labels: ["member"] as const }),
    uncertified: metrics.gauge({ name: "uncertified", help: "Checkpoints without a quorum in the last step" }),
    backlog: metrics.gauge({ name: "backlog_messages", help: "Messages that are not delivered", labels: lane }),
    oldest: metrics.gauge({
      name: "oldest_message_age_seconds",
      help: "Age of the oldest message that is not delivered",
      labels: lane,
    }),
    failing: metrics.gauge({
      name: "failing_messages",
      help: "Messages that failed and are not delivered; at most 100",
    }),
    paused: metrics.gauge({ name: "paused_lanes", help: "Lanes that are left alone for a while" }),
    tableAge: metrics.gauge({
      name: "table_age_seconds",
      help: "Age of the operator table in force",
      labels: ["member"] as const,
    }),
    tableExpiry: metrics.gauge({
      name: "table_expiry_timestamp_seconds",
      help: "When the operator table in force expires",
      labels: ["member"] as const,
    }),
    tables: metrics.counter({ name: "tables_sent_total", help: "Tables that this process sent to members" }),
    revocations: metrics.counter({ name: "revocations_sent_total", help: "Revocations that this process sent" }),
    heartbeats: metrics.counter({ name: "heartbeats_total", help: "Sources that this process had settle" }),
    problems: metrics.gauge({ name: "problems", help: "What could not be done in the last step" }),
  };
}
