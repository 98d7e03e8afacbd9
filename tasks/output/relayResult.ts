/** What `message:relay` did, as data and as text. */
import type { StepReport, UncertifiedCheckpoint } from "../../src/agents/relaying/types.ts";
import type { Outlook, TrackedMessage } from "../../src/messages/index.ts";
import { countOf } from "../../src/wire/index.ts";
import { layTable } from "./columns.ts";
import { messageResult, plural, type MessageResult } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What became of a message; `elsewhere`: somebody else delivered it. Of a dry run: what would have. */
export type RelayOutcome = "delivered" | "elsewhere" | "failed" | "waiting" | "would-deliver" | "would-fail";

export interface RelayedMessage extends MessageResult {
  readonly outcome: RelayOutcome;
  /** The transaction of this run that delivered it, or tried to. */
  readonly relayTxHash: string | null;
  /** Why it is not delivered. */
  readonly reason: string | null;
}

/** What `--json` prints. */
export interface RelayResult {
  readonly dryRun: boolean;
  readonly messages: readonly RelayedMessage[];
  /** Ids that no lane has. */
  readonly unknown: readonly string[];
  /** Revocations of operator tables that were sent to members. */
  readonly revoked: StepReport["revoked"];
  /** Operator tables that were sent to members. */
  readonly published: StepReport["published"];
  /** Items that were pushed on to L3s, from their hops. */
  readonly pushed: StepReport["pushed"];
  /** What else went wrong. */
  readonly problems: StepReport["problems"];
}

/** A message that was looked at but not relayed. */
export function triedMessage(tracked: TrackedMessage, outlook: Outlook | undefined): RelayedMessage {
  return {
    ...messageResult(tracked),
    outcome: outlook?.outcome ?? "elsewhere",
    relayTxHash: null,
    reason: outlook?.reason ?? null,
  };
}

/**
 * A message after a relayer's step.
 * @param waitsFor What it waits for if it is not delivered.
 */
export function relayedMessage(
  tracked: TrackedMessage,
  { delivered, failed, uncertified }: StepReport,
  waitsFor: string | undefined,
): RelayedMessage {
  const common = messageResult(tracked);
  const delivery = delivered.find(({ id }) => id === common.id);
  if (delivery !== undefined) {
    return { ...common, status: "delivered", outcome: "delivered", relayTxHash: delivery.txHash, reason: null };
  }
  if (tracked.status === "delivered") return { ...common, outcome: "elsewhere", relayTxHash: null, reason: null };
  const failure = failed.find(({ id }) => id === common.id);
  if (failure !== undefined) {
    return { ...common, outcome: "failed", relayTxHash: failure.txHash ?? null, reason: failure.reason };
  }
  const lacking = uncertified.find(
    ({ source, destination, checkpoint }) =>
      source === common.from && destination === common.to && countOf(checkpoint.laneWord) > common.nonce,
  );
  const reason = lacking === undefined ? waitsFor : quorumReason(lacking);
  return { ...common, outcome: "waiting", relayTxHash: null, reason: reason ?? null };
}

function quorumReason({ weight, totalWeight, answers }: UncertifiedCheckpoint): string {
  const share = Number((weight * 10_000n) / totalWeight) / 100;
  const said = answers.map(({ operator, refusal }) => `${operator}: ${refusal.reason}`);
  return `no quorum: operators with ${share} % of the weight would sign; ${said.join("; ")}`;
}

const COLOURS = {
  delivered: "green",
  elsewhere: "green",
  failed: "red",
  waiting: "yellow",
  "would-deliver": "green",
  "would-fail": "red",
} as const;

const WORDS: Readonly<Record<RelayOutcome, string>> = {
  delivered: "delivered",
  elsewhere: "delivered before",
  failed: "failed",
  waiting: "waits",
  "would-deliver": "would be delivered",
  "would-fail": "would fail",
};

export function describeRelay(
  { messages, revoked, published, pushed, problems, dryRun }: RelayResult,
  paint: Paint,
): string {
  const [titles, ...rows] = layTable(
    [{ title: "from" }, { title: "to" }, { title: "nonce", align: "right" }, { title: "id" }, { title: "outcome" }],
    messages.map(({ from, to, nonce, id, outcome }) => [from, to, String(nonce), id, WORDS[outcome]]),
  );
  const lines = rows.flatMap((row, place) => {
    const message = messages[place];
    if (message === undefined) return [];
    const word = WORDS[message.outcome];
    const line = `${row.slice(0, -word.length)}${paint(COLOURS[message.outcome], word)}`;
    const details = [message.reason, message.relayTxHash === null ? null : `tx ${message.relayTxHash}`];
    return [line, ...details.flatMap((detail) => (detail === null ? [] : [`  ${detail}`]))];
  });
  return [
    ...(messages.length === 0 ? ["Nothing to relay."] : [paint("dim", titles ?? ""), ...lines]),
    ...revoked.map(
      ({ member, txHash }) =>
        `Sent the revocation of its operator table to ${member} (tx ${txHash}): relay again once it is there.`,
    ),
    ...published.map(
      ({ member, txHash }) => `Sent an operator table to ${member} (tx ${txHash}): relay again once it is there.`,
    ),
    ...pushed.map(
      ({ member, items, txHash }) =>
        `Pushed ${plural(items.length, "item")} on to ${member} (tx ${txHash}): relay again once it is there.`,
    ),
    ...problems.map(({ subject, reason }) => `${subject}: ${reason}`),
    ...(dryRun ? [`A dry run: ${plural(messages.length, "message")} looked at, nothing was sent.`] : []),
  ].join("\n");
}
