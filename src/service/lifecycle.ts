import type { Logger } from "pino";

export interface LifecycleOptions {
  /** Milliseconds that what is under way has to be finished once the service is asked to end. */
  readonly graceMs: number;
  readonly log?: Pick<Logger, "info" | "warn">;
  /** Whom signals are sent to; for tests alone another than this process. */
  readonly host?: SignalHost;
}

/** What of a process ends it. */
export interface SignalHost {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
  exit(code: number): void;
}

export type StopSignal = "SIGINT" | "SIGTERM";

const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM"];

/** Milliseconds in which a second signal is the first one again: npm passes on what the terminal sent already. */
const ECHO = 500;

/** The exit code of a service that did not want to wait for what was under way: as a shell says of SIGINT. */
const INTERRUPTED = 130;

/**
 * Runs a service until SIGINT or SIGTERM, which aborts the signal that `work` gets: it then finishes what is under way and
 * resolves. The signal aborts as well when the work ends by itself or fails. The process ends with exit code 0 if that takes longer than the grace, and at once with 130 on a second signal.
 * Rejects as `work` does.
 */
export async function runUntilStopped(
  work: (signal: AbortSignal) => Promise<void>,
  { graceMs, log, host = process }: LifecycleOptions,
): Promise<void> {
  const controller = new AbortController();
  let stoppedAt: number | undefined;
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      log?.info("ending: finishing what is under way");
      late = setTimeout(() => {
        log?.warn({ graceMs }, "ended before what was under way was finished");
        host.exit(0);
      }, graceMs);
      controller.abort();
    } else if (performance.now() - stoppedAt > ECHO) host.exit(INTERRUPTED);
  };
  for (const signal of SIGNALS) host.on(signal, stop);
  try {
    await work(controller.signal);
  } finally {
    controller.abort(); // whatever the work began and did not wait for
    clearTimeout(late);
    for (const signal of SIGNALS) host.off(signal, stop);
  }
}
