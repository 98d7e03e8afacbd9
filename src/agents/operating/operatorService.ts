/** An operator that runs until it is told to end, and can be looked at meanwhile. */
import { run } from "../loop.ts";
import { serveOperators, type OperatorServerLimits } from "../http/operatorServer.ts";
import type { Logger, Metrics } from "../../service/index.ts";
import type { Operator } from "../operator.ts";
import type { EndpointStatus, OperatorMonitor } from "./operatorMonitor.ts";
import type { OwnMember } from "./ownNodes.ts";

export interface OperatorServiceOptions {
  readonly operator: Pick<Operator, "address" | "certify" | "halted" | "look">;
  readonly members: readonly OwnMember[];
  readonly store: { readonly size: number };
  readonly monitor: OperatorMonitor;
  readonly metrics: Metrics;
  /** Where it listens. Port 0 is one that the system gives. */
  readonly at: { readonly host: string; readonly port: number };
  /** Milliseconds between looks at all members. */
  readonly intervalMs: number;
  readonly log: Logger;
  /** Ends it, once what is under way is finished. */
  readonly signal: AbortSignal;
  readonly tokens?: readonly string[] | undefined;
  readonly limits?: Partial<OperatorServerLimits>;
  /** Hears where it listens; answers what is announced of it. What it throws is told, and changes nothing else. */
  readonly onListening?: (url: string) => Promise<EndpointStatus | undefined>;
}

/** Runs it. It answers nobody before it has looked at all members once. Rejects as `serve` does. */
export async function runOperator(options: OperatorServiceOptions): Promise<void> {
  const { operator, members, store, monitor, metrics, at, intervalMs, log, signal, tokens = [], limits = {} } = options;
  const look = async (): Promise<void> => monitor.looked(await operator.look());
  monitor.follow(operator, store);
  await look();
  if (signal.aborted) return;
  const server = await serveOperators(
    {
      operators: [{ path: "", operator }],
      limits,
      tokens,
      health: () => monitor.health(operator, intervalMs),
      status: () => monitor.status(operator, members),
      metrics,
      onCertified: (answer, checkpoints, seconds) => monitor.certified(answer, checkpoints, seconds),
      onError: (_, error) => monitor.failed(error),
    },
    at,
  );
  try {
    log.info({ url: server.url, address: operator.address }, "signing");
    const announced = options.onListening?.(server.url).then(
      (status) => {
        if (status !== undefined) monitor.endpoint(status);
      },
      (err: unknown) => log.error({ err }, "could not see to what L1 announces of it"),
    );
    await run(look, { intervalMs, signal, onError: (err) => log.error({ err }, "could not look at its members") });
    await announced;
  } finally {
    await server.close();
    log.info("ended");
  }
}
