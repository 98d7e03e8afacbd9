/** What `message:settle` did and waits for, as data and as text. */
import { formatEther } from "ethers";

import type { Settling, SettlingStage, SettlingState } from "../../src/settling/index.ts";
import { type MessageResult, messageResult, paintStatus, timeText } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export type SettleResult = (MessageResult & SettlingFields) | { readonly id: string; readonly status: "unknown" };

interface SettlingFields {
  readonly dryRun: boolean;
  /** Where it stands on the settled path. */
  readonly stage: SettlingStage;
  /** Messages on the lane at the settled word by which it goes; null once it is delivered. */
  readonly count: bigint | null;
  /** What it waits for, and until when, in seconds since 1970; null if for nothing, and if nobody can tell. */
  readonly waitsFor: string | null;
  readonly until: bigint | null;
  /** The transaction that is next, if one is. */
  readonly next: {
    readonly title: string;
    readonly at: string;
    readonly by: string;
    /** Wei beside gas. */
    readonly value: bigint;
  } | null;
  /** What this run sent. */
  readonly sent: readonly {
    readonly stage: SettlingStage;
    readonly title: string;
    readonly at: string;
    readonly txHash: string;
  }[];
  /** Why its recipient refused it in this run. */
  readonly reason: string | null;
}

export function settleResult(
  { tracked, state, call, steps, refusal }: Settling,
  dryRun: boolean,
): MessageResult & SettlingFields {
  const waits = waitOf(state, tracked.destination.name);
  return {
    ...messageResult(tracked),
    dryRun,
    stage: state.stage,
    count: state.stage === "delivered" ? null : state.count,
    waitsFor: waits?.for ?? null,
    until: waits?.until ?? null,
    next: nextOf(state, call, tracked.destination.name),
    sent: steps,
    reason: refusal ?? null,
  };
}

function nextOf(state: SettlingState, call: Settling["call"], destination: string): SettlingFields["next"] {
  if (state.stage === "deliver") return { title: "deliver the message", at: destination, by: "anyone", value: 0n };
  if (call === undefined) return null;
  const { title, by, value } = call;
  return { title, at: call.at.name, by, value };
}

function waitOf(
  state: SettlingState,
  destination: string,
): { readonly for: string; readonly until: bigint | undefined } | undefined {
  switch (state.stage) {
    case "rising":
    case "descending":
      return state.next.kind === "waits" ? state.next : undefined;
    case "delayed":
      return {
        for: `the owner of ${destination}'s Gateway, who delays settled words of the source`,
        until: state.until,
      };
    case "settle":
    case "forward":
    case "deliver":
    case "delivered":
      return undefined;
  }
}

const PLACES: Readonly<Record<SettlingStage, string>> = {
  settle: "not settled yet",
  rising: "on its way to L1",
  forward: "settled on L1",
  descending: "on its way from L1",
  delayed: "settled, and delayed",
  deliver: "settled where it is to be delivered",
  delivered: "delivered",
};

export function describeSettling(result: MessageResult & SettlingFields, paint: Paint): string {
  const { from, to, nonce, status, stage, next, waitsFor, until, reason, sent, dryRun } = result;
  const colour = stage === "delivered" ? "green" : reason === null ? "yellow" : "red";
  const cost = next === null || next.value === 0n ? "" : `, for ${formatEther(next.value)} ETH and gas`;
  return [
    `${from} → ${to}, nonce ${nonce}: ${paintStatus(status, paint)}, ${paint(colour, PLACES[stage])}`,
    ...sent.map(({ at, title, txHash }) => `Sent on ${at}: ${title}  ${txHash}`),
    ...(reason === null ? [] : [`Its recipient refused it: ${reason}. It stays deliverable: run this again.`]),
    ...(waitsFor === null
      ? []
      : [
          `It waits for ${waitsFor}${until === null ? "" : `, until ${timeText(until)}`}. Run this again then, or with --wait.`,
        ]),
    ...(next === null || reason !== null ? [] : [`Next, on ${next.at}, by ${next.by}: ${next.title}${cost}.`]),
    ...(dryRun ? ["Nothing was sent."] : []),
  ].join("\n");
}
