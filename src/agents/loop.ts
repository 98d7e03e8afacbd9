import { setTimeout as sleep } from "node:timers/promises";

/** How a loop runs. */
export type LoopOptions<Report> = {
  /** Milliseconds between the end of a step and the beginning of the next. */
  readonly intervalMs: number;
  /** Ends the loop, between steps. */
  readonly signal: AbortSignal;
  readonly onReport?: (report: Report) => void;
  /** What a step throws ends the loop, unless this takes it. */
  readonly onError?: (error: unknown) => void;
};

/** Runs steps until the signal aborts. A step that has begun is finished. */
export async function run<Report>(step: () => Promise<Report>, options: LoopOptions<Report>): Promise<void> {
  const { intervalMs, signal, onReport, onError } = options;
  while (!signal.aborted) {
    try {
      const report = await step();
      onReport?.(report);
    } catch (error) {
      if (onError === undefined) throw error;
      onError(error);
    }
    try {
      await sleep(intervalMs, undefined, { signal });
    } catch {
      // Aborted: the condition above ends the loop.
    }
  }
}
