/** Tells what becomes of messages, by the chains alone: it does not matter who relays. */
import type { InterfaceAbi, Log } from "ethers";

import { interfaceOf } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { decodeFailure } from "../chain/decodeFailure.ts";
import type { Follower } from "../chain/follower.ts";
import { followLanes, type LaneHistory, type Lanes, type SentMessage, wordAt } from "../chain/lanes.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import type { Hex, LaneWord } from "../wire/index.ts";

/** A message by its lane: names of members. */
interface MessagePlace {
  readonly id: Hex;
  readonly source: string;
  readonly destination: string;
  readonly nonce: number;
}

/** What happened to a message. */
export type MessageEvent = MessagePlace & { readonly txHash: Hex } & (
    | { readonly event: "sent" }
    | {
        readonly event: "delivered";
        /** Since it was seen on its source. */
        readonly seconds: number;
        /** Of the transaction, shared among the messages that it delivered. */
        readonly gas: number;
      }
    | { readonly event: "failed"; readonly reason: string }
  );

export interface MessageLogOptions {
  readonly members: readonly MemberNode[];
  /** ABIs of recipients, to tell their errors by name. */
  readonly abis?: readonly InterfaceAbi[];
  readonly onEvent: (event: MessageEvent) => void;
}

const GATEWAY = interfaceOf(IGateway__factory);
const ARRIVALS = [GATEWAY.getEvent("MessageDelivered").topicHash, GATEWAY.getEvent("DeliveryFailed").topicHash];

/** How far a lane was told. */
interface Told {
  readonly count: bigint;
  readonly word: LaneWord;
}

/** What is known of a member. */
interface Watched {
  readonly node: MemberNode;
  readonly lanes: Follower<Lanes>;
  /** By the destination's id. */
  readonly told: Map<Hex, Told>;
  /** The block up to which arrivals were told. */
  block: number;
}

/** A message that was told, and when: milliseconds of this process. */
interface Known {
  readonly place: MessagePlace;
  readonly seenAt: number;
}

export class MessageLog {
  readonly #options: MessageLogOptions;
  readonly #watched: readonly Watched[];
  readonly #known = new Map<Hex, Known>();

  constructor(options: MessageLogOptions) {
    this.#options = options;
    this.#watched = options.members.map((node) => ({
      node,
      lanes: followLanes(node),
      told: new Map(),
      block: node.startBlock - 1,
    }));
  }

  /** Tells what happened since the last time. Answers whether any chain has other blocks than then. */
  async update(): Promise<boolean> {
    // What had arrived by these blocks was sent before: read in this order, no arrival comes as a surprise.
    const heights = await Promise.all(
      this.#watched.map(async (watched) => ({ watched, height: await watched.node.provider.getBlockNumber() })),
    );
    const changed = heights.filter(({ watched, height }) => watched.block !== height);
    for (const { watched } of changed) await this.#tellSent(watched);
    for (const { watched, height } of changed) {
      await this.#tellArrivals(watched, height);
      watched.block = height;
    }
    return changed.length > 0;
  }

  async #tellSent({ node, lanes, told }: Watched): Promise<void> {
    for (const lane of (await lanes.latest()).state.values()) {
      for (const message of newOn(lane, told.get(lane.destination))) {
        if (this.#known.has(message.id)) continue;
        const { id, txHash } = message;
        const destination = this.#options.members.find((member) => member.id === lane.destination)?.name;
        const place = {
          id,
          source: node.name,
          destination: destination ?? lane.destination,
          nonce: Number(message.nonce),
        };
        this.#known.set(id, { place, seenAt: performance.now() });
        this.#options.onEvent({ event: "sent", ...place, txHash });
      }
      told.set(lane.destination, { count: BigInt(lane.messages.length), word: lane.word });
    }
  }

  async #tellArrivals({ node, block }: Watched, height: number): Promise<void> {
    if (height <= block) return; // the chain went back: what is new now will be told once it grows
    const logs = await node.provider.getLogs({
      address: node.gateway,
      topics: [ARRIVALS],
      fromBlock: block + 1,
      toBlock: height,
    });
    const seenAt = performance.now();
    for (const log of logs) await this.#tellArrival(node, log, logs, seenAt);
  }

  async #tellArrival({ provider }: MemberNode, log: Log, logs: readonly Log[], seenAt: number): Promise<void> {
    const event = GATEWAY.parseLog(log);
    const known = this.#known.get(String(event?.args[0]));
    if (event === null || known === undefined) return;
    const common = { ...known.place, txHash: log.transactionHash };
    if (event.name === "DeliveryFailed") {
      const reason = decodeFailure(String(event.args[1]), this.#options.abis).text;
      this.#options.onEvent({ event: "failed", ...common, reason });
      return;
    }
    const { gasUsed = 0n } = (await provider.getTransactionReceipt(log.transactionHash)) ?? {};
    const { length } = logs.filter(
      ({ transactionHash, topics }) => transactionHash === log.transactionHash && topics[0] === log.topics[0],
    );
    const gas = Math.round(Number(gasUsed) / length);
    this.#options.onEvent({ event: "delivered", ...common, seconds: (seenAt - known.seenAt) / 1_000, gas });
  }
}

/** The messages that were not told: all of them if the lane went another way than it was told. */
function newOn(lane: LaneHistory, told: Told | undefined): readonly SentMessage[] {
  const isSame = told !== undefined && wordAt(lane, told.count) === told.word;
  return isSame ? lane.messages.slice(Number(told.count)) : lane.messages;
}
