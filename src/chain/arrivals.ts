import type { Log } from "ethers";

import { interfaceOf } from "./contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { countOf, laneWord, Level, type Hex } from "../wire/index.ts";
import { Follower } from "./follower.ts";
import { parseGatewayLog } from "./gatewayLogs.ts";
import type { MemberNode } from "./memberNode.ts";

/** What became of a message's executions that failed. */
export type FailedAttempts = {
  readonly attempts: number;
  /** Block of the last one. */
  readonly blockNumber: number;
  /** What it returned, at most 256 bytes. */
  readonly reason: Hex;
};

/** What arrived at a member. */
export type Arrivals = {
  /** Ids of the messages that were executed. */
  readonly delivered: ReadonlySet<Hex>;
  /** Messages that were tried and not executed yet, by id. */
  readonly failed: ReadonlyMap<Hex, FailedAttempts>;
  /** Counts of the settled words that arrived, by source; some may be delayed. */
  readonly settledCounts: ReadonlyMap<Hex, ReadonlySet<bigint>>;
  /** Sources of which a certified word ever arrived; it may have been dropped since. */
  readonly certified: ReadonlySet<Hex>;
};

const GATEWAY = interfaceOf(IGateway__factory);

const topic = (name: "MessageDelivered" | "DeliveryFailed" | "WordHeld" | "WordDelayed"): Hex =>
  GATEWAY.getEvent(name).topicHash;

/** Reads what arrived at a member. */
export function followArrivals(node: MemberNode): Follower<Arrivals> {
  return new Follower<Arrivals>(node, {
    empty: { delivered: new Set(), failed: new Map(), settledCounts: new Map(), certified: new Set() },
    topics: [topic("MessageDelivered"), topic("DeliveryFailed"), topic("WordHeld"), topic("WordDelayed")],
    fold: foldArrivals,
  });
}

/** What arrived at a member after these logs of its Gateway, in order. */
export function foldArrivals(arrivals: Arrivals, logs: readonly Log[]): Arrivals {
  if (logs.length === 0) return arrivals;
  const delivered = new Set(arrivals.delivered);
  const failed = new Map(arrivals.failed);
  const settledCounts = new Map(arrivals.settledCounts);
  const certified = new Set(arrivals.certified);
  const addSettled = (source: Hex, word: Hex): void => {
    settledCounts.set(source, new Set([...(settledCounts.get(source) ?? []), countOf(laneWord(word))]));
  };
  for (const log of logs) {
    const event = parseGatewayLog(log);
    if (event?.name === "MessageDelivered") {
      const [id] = event.args as unknown as [Hex];
      delivered.add(id);
      failed.delete(id);
    } else if (event?.name === "DeliveryFailed") {
      const [id, reason] = event.args as unknown as [Hex, Hex];
      failed.set(id, { attempts: (failed.get(id)?.attempts ?? 0) + 1, blockNumber: log.blockNumber, reason });
    } else if (event?.name === "WordHeld") {
      const [source, level, word] = event.args as unknown as [Hex, bigint, Hex];
      if (level === BigInt(Level.settled)) addSettled(source, word);
      else certified.add(source);
    } else if (event?.name === "WordDelayed") {
      const [source, word] = event.args as unknown as [Hex, Hex];
      addSettled(source, word);
    }
  }
  return { delivered, failed, settledCounts, certified };
}
