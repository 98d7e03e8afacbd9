import type { MessageStatus } from "../src/messages/index.ts";

/** What the commands about messages and rollups end with; scripts rely on it (docs/COMMANDS.md). */
export const ExitCode = {
  /** Done; of a message: delivered. */
  done: 0,
  /** An error, named on stderr. */
  error: 1,
  /** A message is on its way; a deployment waits for its owner. */
  pending: 2,
  /** A recipient refused a message, or something of the fabric is not as it should be. */
  failed: 3,
  /** No such message. */
  unknown: 4,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What is said of messages together: the worst of them counts. */
export function exitCodeOf(statuses: readonly MessageStatus[]): ExitCode {
  if (statuses.includes("unknown")) return ExitCode.unknown;
  if (statuses.includes("failed")) return ExitCode.failed;
  return statuses.every((status) => status === "delivered") ? ExitCode.done : ExitCode.pending;
}
