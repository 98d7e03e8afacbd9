/** What became of a devnet's messages: read from the chains, whenever it is asked. */
import type { InterfaceAbi } from "ethers";

import type { OperatorClient } from "../src/agents/index.ts";
import { decodeFailure, type DecodedFailure } from "../src/chain/decodeFailure.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";
import {
  certifiableAt,
  FabricReader,
  findMessages,
  type MessageStatus,
  parseMessageId,
  readJudgement,
  trackMessages,
  type TrackedMessage,
  tryMessage,
  unknownMessage,
  waitsFor,
} from "../src/messages/index.ts";
import { type Hex, Level, type Options, unpackOptions } from "../src/wire/index.ts";

/** Why a recipient refused a message. */
export interface Refusal extends DecodedFailure {
  /** What it returned, at most 256 bytes. */
  readonly data: Hex;
  /** How often delivering it failed. */
  readonly attempts: number;
}

/** A message on its lane, and what became of it so far. */
export interface DevnetMessage {
  readonly id: Hex;
  /** Its place on its lane. */
  readonly nonce: bigint;
  /** Names of the members. */
  readonly source: string;
  readonly destination: string;
  readonly sender: string;
  readonly recipient: string;
  readonly payload: Hex;
  readonly options: Options;
  /** The transaction that sent it, on its source. */
  readonly txHash: Hex;
  /** `sent`: not final yet; `final`: it can be delivered; `failed`: its recipient refused it, it stays deliverable; `delivered`. */
  readonly status: MessageStatus;
  /** Why it failed; undefined unless its status is `failed`. */
  readonly refusal: Refusal | undefined;
}

/** A message for people, by what identifies it. */
export const describeMessage = ({ id, source, destination, nonce }: Omit<DevnetMessage, "status">): string =>
  `message ${id} (${source} → ${destination}, nonce ${nonce})`;

/** The part of a devnet that its messages are asked of. */
export interface BookParts {
  readonly connected: ConnectedFabric;
  readonly operators: () => readonly OperatorClient[];
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
}

/** A devnet's messages. */
export class MessageBook {
  readonly #parts: BookParts;
  /** Notices by itself when a chain went back. */
  readonly #reader: FabricReader;

  constructor(parts: BookParts) {
    this.#parts = parts;
    this.#reader = new FabricReader(parts.connected.members);
  }

  /** Every message, lane by lane in the order of nonces. */
  async all(): Promise<DevnetMessage[]> {
    const tracked = trackMessages(await this.#reader.read());
    return tracked.map((one) => toMessage(one, this.#parts.abis));
  }

  /** The message of this id. Throws `message/unknown`, `message/malformed-id`. */
  async find(id: Hex): Promise<DevnetMessage> {
    return toMessage(await this.#track(id), this.#parts.abis);
  }

  /** How a message stands, and what keeps it from being delivered, for people. Operators are asked about one that was not tried. */
  async explain(id: Hex): Promise<string> {
    const tracked = await this.#track(id);
    const { connected, operators, abis } = this.#parts;
    const { refusal, status } = toMessage(tracked, abis);
    if (status === "delivered") return "it was delivered";
    if (refusal !== undefined) return `it failed, its recipient refused it: ${refusal.text}`;
    const blocks = await this.#missingBlocks(tracked);
    if (blocks !== undefined) return `it is ${status}, and waits: ${blocks}`;
    const { outcome, reason = "nobody knows why" } = await tryMessage(connected, tracked, operators(), abis);
    const why = reason.replace(/\.$/, "");
    switch (outcome) {
      case "would-deliver":
        return `it is ${status}, and nothing stands in its way: deliverAll() delivers it, or deliver(id)`;
      case "would-fail":
        return `it is ${status}, nobody has tried it yet, and its recipient would refuse it: ${why}`;
      case "waiting":
        return `it is ${status}, and waits: ${why}`;
    }
  }

  /** What a message waits for that is not final yet, where nobody would sign it as it is. */
  async #missingBlocks(tracked: TrackedMessage): Promise<string | undefined> {
    const { status, arrival, source } = tracked;
    if (status !== "sent" || arrival === undefined) return undefined;
    const judgement = await readJudgement(this.#parts.connected, arrival, source.member.id);
    return certifiableAt(tracked, judgement.demands) === Level.final ? waitsFor(tracked, judgement) : undefined;
  }

  async #track(id: Hex): Promise<TrackedMessage> {
    const parsed = parseMessageId(id);
    const [tracked] = findMessages(await this.#reader.read(), [parsed]);
    if (tracked !== undefined) return tracked;
    throw unknownMessage(parsed, this.#parts.connected.members);
  }
}

function toMessage(tracked: TrackedMessage, abis: readonly InterfaceAbi[]): DevnetMessage {
  const { message, source, destination, arrival, status } = tracked;
  const { id, nonce, sender, recipient, payload, txHash } = message;
  const failed = status === "failed" ? arrival?.arrivals.failed.get(id) : undefined;
  return {
    ...{ id, nonce, sender, recipient, payload, txHash, status },
    source: source.member.name,
    destination: destination.name,
    options: unpackOptions(message.options),
    refusal:
      failed === undefined
        ? undefined
        : { ...decodeFailure(failed.reason, abis), data: failed.reason, attempts: failed.attempts },
  };
}
