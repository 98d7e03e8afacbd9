import { setTimeout as sleep } from "node:timers/promises";

import type { Hex } from "../wire/index.ts";
import type { FabricReader } from "./fabricView.ts";
import { findMessages, type TrackedMessage } from "./messageStatus.ts";

/** How messages are followed. */
export interface FollowOptions {
  /** Milliseconds between looks. */
  readonly intervalMs?: number;
  /** Milliseconds after which it is given up. */
  readonly timeoutMs: number;
  /** Hears what each look saw. */
  readonly onLook?: (messages: readonly TrackedMessage[]) => void;
}

const INTERVAL = 300;

/** Looks until each message is delivered or failed, or time is up. Answers what was seen last; throws as `findMessages` does. */
export async function followMessages(
  reader: FabricReader,
  ids: readonly Hex[],
  { intervalMs = INTERVAL, timeoutMs, onLook }: FollowOptions,
): Promise<TrackedMessage[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    // One that was sent and is not there yet is on a branch that the node has not read, or reorganised: it is looked for again.
    const found = findMessages(await reader.read(), ids).filter((message) => message !== undefined);
    onLook?.(found);
    const isDone = found.filter(({ status }) => status === "delivered" || status === "failed").length === ids.length;
    if (isDone || Date.now() >= end) return found;
    await sleep(intervalMs);
  }
}
