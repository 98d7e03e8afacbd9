import type { EventFragment, Log } from "ethers";

import { interfaceOf } from "./contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import type { Hex } from "../wire/index.ts";

/** An event of a Gateway: its name, and its arguments in their order. */
export type GatewayEvent = { readonly name: string; readonly args: readonly unknown[] };

/** The arguments of `MessageSent`. */
export type SentArgs = readonly [
  sendId: Hex,
  sender: Hex,
  recipient: Hex,
  payload: Hex,
  value: bigint,
  attributes: readonly Hex[],
];

const GATEWAY = interfaceOf(IGateway__factory);

/** What there is to know of an event; ethers would hash its signature anew for each log that it is shown. */
type KnownEvent = {
  readonly fragment: EventFragment;
  readonly read: ((topic: Hex | undefined, words: Words) => readonly unknown[]) | undefined;
};

/**
 * What a log of a Gateway says; undefined if it is no event of a Gateway, or not written as the ABI has it. The events of which
 * there are many are read by hand, some fifty times as fast as by ethers.
 */
export function parseGatewayLog({ topics, data }: Pick<Log, "topics" | "data">): GatewayEvent | undefined {
  const [topic, first] = topics;
  const event = topic === undefined ? undefined : EVENTS.get(topic);
  if (event === undefined) return undefined;
  const { fragment, read } = event;
  try {
    const args = read?.(first, new Words(data)) ?? [
      ...(GATEWAY.decodeEventLog(fragment, data, topics) as Iterable<unknown>),
    ];
    return { name: fragment.name, args };
  } catch {
    return undefined;
  }
}

function readSent(sendId: Hex | undefined, words: Words): SentArgs {
  const list = words.offset(0, 4 * WORD);
  const count = words.size(list);
  const attributes: Hex[] = [];
  for (let place = 0; place < count; ++place) {
    attributes.push(words.bytes(words.offset(list + WORD, list + WORD * (1 + place))));
  }
  const bytesAt = (place: number): Hex => words.bytes(words.offset(0, place * WORD));
  return [indexed(sendId), bytesAt(0), bytesAt(1), bytesAt(2), words.uint(3 * WORD), attributes];
}

function indexed(topic: Hex | undefined): Hex {
  if (topic === undefined) throw new RangeError("a topic is missing");
  return topic;
}

const WORD = 32;

/** Reads the Solidity ABI. Places are in bytes. Throws where something is beyond the end, or longer than anything can be. */
class Words {
  readonly #data: Hex;
  readonly #length: number;

  constructor(data: Hex) {
    this.#data = data;
    this.#length = (data.length - 2) / 2;
  }

  /** A length, or an offset. */
  size(place: number): number {
    const size = Number.parseInt(this.#slice(place, place + WORD), 16);
    if (size <= this.#length) return size;
    throw new RangeError(`${size} is beyond the end`);
  }

  /** Where the offset at `place`, from `base` on, points to. */
  offset(base: number, place: number): number {
    return base + this.size(place);
  }

  uint(place: number): bigint {
    return BigInt(`0x${this.#slice(place, place + WORD)}`);
  }

  address(place: number): Hex {
    return `0x${this.#slice(place + WORD - 20, place + WORD)}`;
  }

  /** The bytes whose length is at `place`. */
  bytes(place: number): Hex {
    const start = place + WORD;
    return `0x${this.#slice(start, start + this.size(place))}`;
  }

  #slice(start: number, end: number): string {
    if (end > this.#length) throw new RangeError(`${end} is beyond the end`);
    return this.#data.slice(2 + 2 * start, 2 + 2 * end);
  }
}

const READERS: Readonly<Record<string, KnownEvent["read"]>> = {
  MessageSent: readSent,
  MessageDelivered: (id, words) => [indexed(id), words.address(0)],
  DeliveryFailed: (id, words) => [indexed(id), words.bytes(words.offset(0, 0))],
};

const EVENTS = new Map<Hex, KnownEvent>();
GATEWAY.forEachEvent((fragment) => EVENTS.set(fragment.topicHash, { fragment, read: READERS[fragment.name] }));
