/** Messages in their places on their lanes, and what became of them. */
import { isHexString } from "ethers";

import type { LaneHistory, SentMessage } from "../chain/lanes.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { countOf, type Hex } from "../wire/index.ts";
import type { FabricView, MemberView, UnreadMember } from "./fabricView.ts";

/**
 * `sent`: not final on its chain yet. `final`: operators can certify it; it waits for a relayer. `failed`: it was tried and its
 * recipient refused; it stays deliverable. `delivered`: it was executed. `unknown`: nothing is known of it.
 */
export type MessageStatus = "sent" | "final" | "failed" | "delivered" | "unknown";

export const STATUSES: readonly MessageStatus[] = ["sent", "final", "failed", "delivered", "unknown"];

/** A message on its way from one member to another. */
export interface TrackedMessage {
  readonly message: SentMessage;
  readonly lane: LaneHistory;
  readonly source: MemberView;
  readonly destination: ConnectedMember;
  /** Undefined if the destination's chain could not be read. */
  readonly arrival: MemberView | undefined;
  /** `unknown` if the destination's chain could not be read. */
  readonly status: MessageStatus;
}

/** A message's id as programs write it. Throws `message/malformed-id`. */
export function parseMessageId(text: string): Hex {
  if (isHexString(text, 32)) return text.toLowerCase();
  throw new ParleyError(
    "message/malformed-id",
    `"${text}" is no message id.`,
    "An id is 0x and 64 hex digits; `message:send` and `message:list` print it whole.",
  );
}

/** Every message of every lane between known members, lane by lane in the order of nonces. */
export function trackMessages(view: FabricView): TrackedMessage[] {
  return [...view.read.values()].flatMap((source) =>
    [...source.lanes.values()].flatMap((lane) => {
      const end = view.read.get(lane.destination) ?? view.unread.get(lane.destination);
      if (end === undefined) return [];
      return lane.messages.map((message) => track(message, lane, source, end));
    }),
  );
}

/** Messages that are not delivered, as far as that is known, lane by lane. */
export function openMessages(view: FabricView): TrackedMessage[] {
  return trackMessages(view).filter(({ status }) => status !== "delivered" && status !== "unknown");
}

/**
 * The messages of these ids, in their order; undefined for one that is on no lane. Throws the error of a chain that could not be
 * read if one of them may be there, or is on its way there.
 */
export function findMessages(view: FabricView, ids: readonly Hex[]): (TrackedMessage | undefined)[] {
  const byId = new Map(trackMessages(view).map((tracked) => [tracked.message.id, tracked]));
  return ids.map((id) => {
    const found = byId.get(id);
    const unread = found === undefined ? [...view.unread.values()][0] : view.unread.get(found.destination.id);
    if (unread !== undefined) throw unread.error;
    return found;
  });
}

/** The error for an id that is on no lane of the fabric. */
export function unknownMessage(id: Hex, members: readonly { readonly name: string }[]): ParleyError {
  return new ParleyError(
    "message/unknown",
    `No lane between ${members.map(({ name }) => name).join(", ")} has a message ${id}.`,
    "Check the id with `npx hardhat message:list`; another fabric's addresses file is named with --addresses.",
  );
}

function track(
  message: SentMessage,
  lane: LaneHistory,
  source: MemberView,
  end: MemberView | UnreadMember,
): TrackedMessage {
  const arrival = "error" in end ? undefined : end;
  const tracked = { message, lane, source, destination: end.member, arrival };
  return { ...tracked, status: statusOf(tracked) };
}

function statusOf({ message, lane, source, arrival }: Omit<TrackedMessage, "status">): MessageStatus {
  if (arrival === undefined) return "unknown";
  if (arrival.arrivals.delivered.has(message.id)) return "delivered";
  if (arrival.arrivals.failed.has(message.id)) return "failed";
  const final = source.finalLanes.get(lane.destination);
  return final !== undefined && message.nonce < countOf(final.word) ? "final" : "sent";
}
