/** A watcher that runs until it is told to end, and can be looked at meanwhile. */
import { Metrics, serve, type Logger, type ServiceLimits } from "../../service/index.ts";
import { run } from "../loop.ts";
import type { Watcher } from "../watcher.ts";
import { HAND_OVER_BYTES, HAND_OVER_STATUSES, HandOver } from "./handOver.ts";
import { WatcherMonitor } from "./watcherMonitor.ts";

export interface WatcherServiceOptions {
  readonly watcher: Pick<Watcher, "step" | "hear" | "hearEvidence">;
  /** Where it listens. Port 0 is one that the system gives. */
  readonly at: { readonly host: string; readonly port: number };
  /** Milliseconds between the end of a step and the beginning of the next. */
  readonly intervalMs: number;
  readonly log: Logger;
  /** Ends it, once the step that has begun is finished. */
  readonly signal: AbortSignal;
  /** If there are any, whoever asks for more than its health names one. */
  readonly tokens?: readonly string[];
  readonly limits?: Partial<ServiceLimits>;
  /** Hears where it listens. */
  readonly onListening?: (url: string) => void;
}

/** Runs it. Rejects as `serve` does. */
export async function runWatcher(options: WatcherServiceOptions): Promise<void> {
  const { watcher, at, intervalMs, log, signal, tokens = [], limits } = options;
  const metrics = new Metrics("watcher");
  metrics.addProcess();
  const monitor = new WatcherMonitor({ log, metrics, intervalMs });
  const handOver = new HandOver(watcher);
  const server = await serve(
    {
      service: "watcher",
      limits: { bodyBytes: HAND_OVER_BYTES, ...limits },
      tokens,
      health: () => monitor.health(),
      status: () => monitor.status(),
      metrics,
      routes: (routes) => handOver.addTo(routes),
      statuses: HAND_OVER_STATUSES,
      onError: (path, err) => log.error({ path, err }, "a request failed"),
    },
    at,
  );
  try {
    log.info({ url: server.url }, "watching");
    options.onListening?.(server.url);
    const step = async (): Promise<void> => {
      handOver.begin();
      const begun = performance.now();
      monitor.took(await watcher.step(), (performance.now() - begun) / 1_000);
    };
    await run(step, { intervalMs, signal, onError: (error) => monitor.failed(error) });
  } finally {
    await server.close();
    log.info("ended");
  }
}
