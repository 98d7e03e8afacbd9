import type { Log } from "ethers";

import { interfaceOf } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { readBlock } from "../chain/blocks.ts";
import { parseGatewayLog } from "../chain/gatewayLogs.ts";
import { foldLanes, type Lanes, type SentMessage } from "../chain/lanes.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { ParleyError } from "../errors.ts";
import { countOf, laneWord, Level, type Hex } from "../wire/index.ts";

/** What a range of a member's logs says, in order. */
export type Page = {
  readonly opened: readonly { readonly destination: Hex; readonly chainId: bigint; readonly block: number }[];
  readonly closed: readonly { readonly destination: Hex; readonly block: number }[];
  readonly sent: readonly (SentMessage & { readonly destination: Hex })[];
  readonly delivered: readonly { readonly id: Hex; readonly block: number }[];
  readonly failed: readonly {
    readonly id: Hex;
    readonly block: number;
    readonly index: number;
    /** Of the block; seconds since 1970. */
    readonly time: bigint;
    readonly reason: Hex;
  }[];
  /** Settled words that arrived; some may be delayed. */
  readonly settled: readonly {
    readonly source: Hex;
    readonly count: bigint;
    readonly block: number;
    readonly index: number;
  }[];
  /** Certified words that arrived; some may have been dropped since. */
  readonly certified: readonly { readonly source: Hex; readonly block: number }[];
  /** The member's lanes after it; of messages, those of this page alone. */
  readonly lanes: Lanes;
};

const GATEWAY = interfaceOf(IGateway__factory);

const SENDING = ["LaneOpened", "LaneClosed", "MessageSent"] as const;
const ARRIVING = ["MessageDelivered", "DeliveryFailed", "WordHeld", "WordDelayed"] as const;

/** First topics of the events that relaying needs. */
export const TOPICS: readonly Hex[] = [...SENDING, ...ARRIVING].map((name) => GATEWAY.getEvent(name).topicHash);

/**
 * What these logs of a member say.
 * @param lanes As they were before: words, without their messages.
 * Throws `chain/log-does-not-fold`, and as the node does.
 */
export async function foldPage(node: MemberNode, lanes: Lanes, logs: readonly Log[]): Promise<Page> {
  const named = logs.map((log) => ({ log, event: parseGatewayLog(log) }));
  const isSending = (name: string | undefined): boolean => SENDING.some((one) => one === name);
  const after = foldLanes(
    node,
    lanes,
    named.filter(({ event }) => isSending(event?.name)).map(({ log }) => log),
  );
  const opened: { destination: Hex; chainId: bigint; block: number }[] = [];
  const closed: { destination: Hex; block: number }[] = [];
  const delivered: { id: Hex; block: number }[] = [];
  const failed: { id: Hex; block: number; index: number; time: bigint; reason: Hex }[] = [];
  const settled: { source: Hex; count: bigint; block: number; index: number }[] = [];
  const certified: { source: Hex; block: number }[] = [];
  const times = new Map<number, bigint>();
  for (const { log, event } of named) {
    const { blockNumber: block, index } = log;
    const args = event?.args ?? [];
    switch (event?.name as (typeof ARRIVING)[number] | (typeof SENDING)[number] | undefined) {
      case "LaneOpened":
        opened.push({ destination: args[0] as Hex, chainId: args[1] as bigint, block });
        break;
      case "LaneClosed":
        closed.push({ destination: args[0] as Hex, block });
        break;
      case "MessageDelivered":
        delivered.push({ id: args[0] as Hex, block });
        break;
      case "DeliveryFailed": {
        const time = times.get(block) ?? (await readBlock(node.provider, block)).timestamp;
        times.set(block, time);
        failed.push({ id: args[0] as Hex, block, index, time, reason: args[1] as Hex });
        break;
      }
      case "WordHeld":
        if (args[1] === BigInt(Level.settled)) settled.push(settledWord(args[0], args[2], log));
        else certified.push({ source: args[0] as Hex, block });
        break;
      case "WordDelayed":
        settled.push(settledWord(args[0], args[1], log));
        break;
      case "MessageSent":
      case undefined:
        break;
    }
  }
  const sent = [...after.values()].flatMap(({ destination, messages }) =>
    messages.map((message) => ({ ...message, destination })),
  );
  return { opened, closed, sent, delivered, failed, settled, certified, lanes: after };
}

const settledWord = (source: unknown, word: unknown, log: Log): Page["settled"][number] => ({
  source: source as Hex,
  count: countOf(laneWord(String(word))),
  block: log.blockNumber,
  index: log.index,
});

/** The logs of a member that relaying needs, both ends of the range included, in order. Throws `chain/foreign-log`. */
export async function readMemberLogs(
  { name, provider, gateway }: Pick<MemberNode, "name" | "provider" | "gateway">,
  fromBlock: number,
  toBlock: number,
): Promise<Log[]> {
  const logs = await provider.getLogs({ address: gateway, topics: [[...TOPICS]], fromBlock, toBlock });
  for (const { address, blockNumber, removed } of logs) {
    const isOurs = address.toLowerCase() === gateway.toLowerCase() && !removed;
    if (isOurs && blockNumber >= fromBlock && blockNumber <= toBlock) continue;
    throw new ParleyError(
      "chain/foreign-log",
      `the node of ${name} answers a log of ${address} in block ${blockNumber}, asked for those of ${gateway} from ${fromBlock} to ${toBlock}`,
      "Use another node.",
    );
  }
  return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
}
