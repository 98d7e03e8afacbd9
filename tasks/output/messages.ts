/** Messages as data and as text. */
import type { ListedMessage, MessageStatus, TrackedMessage } from "../../src/messages/index.ts";
import { layTable } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** A message as `--json` prints it. */
export interface MessageResult {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly nonce: bigint;
  readonly status: MessageStatus;
  readonly sender: string;
  readonly recipient: string;
  /** The transaction that sent it. */
  readonly txHash: string;
  readonly blockNumber: number;
}

export function messageResult({ message, source, destination, status }: TrackedMessage): MessageResult {
  const { id, nonce, sender, recipient, txHash, blockNumber } = message;
  return { id, from: source.member.name, to: destination.name, nonce, status, sender, recipient, txHash, blockNumber };
}

const COLOURS = { sent: "yellow", final: "yellow", failed: "red", delivered: "green", unknown: "red" } as const;

/** A status, coloured on a terminal. */
export const paintStatus = (status: MessageStatus, paint: Paint): string => paint(COLOURS[status], status);

/** A line a message, newest last. */
export function messageLines(messages: readonly ListedMessage[], paint: Paint): string {
  const [titles, ...lines] = layTable(
    [
      { title: "sent at" },
      { title: "from" },
      { title: "to" },
      { title: "nonce", align: "right" },
      { title: "status" },
      { title: "id" },
    ],
    messages.map(({ message, source, destination, status, sentAt }) => [
      timeText(sentAt),
      source.member.name,
      destination.name,
      String(message.nonce),
      status,
      message.id,
    ]),
  );
  const painted = lines.map((line, place) => {
    const status = messages[place]?.status ?? "unknown";
    // The id and the status end the line; names before them may be anything.
    const at = line.lastIndexOf(` ${status} `) + 1;
    return `${line.slice(0, at)}${paintStatus(status, paint)}${line.slice(at + status.length)}`;
  });
  return [paint("dim", titles ?? ""), ...painted].join("\n");
}

/** Seconds since 1970, as UTC. */
export const timeText = (seconds: bigint): string =>
  new Date(Number(seconds) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

export const plural = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${BigInt(count) === 1n ? one : many}`;
