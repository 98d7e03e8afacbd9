import { interfaceOf } from "../../chain/contractAt.ts";
import { Follower } from "../../chain/follower.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { Level, type Hex } from "../../wire/index.ts";

/** A transaction that had a Gateway do something on operators' word. */
export type CertifiedTransaction = {
  readonly hash: Hex;
  /** False if the Gateway may have done it by itself, or on L1's word. */
  readonly isSurelyCalled: boolean;
};

const GATEWAY = interfaceOf(IGateway__factory);
const EVENTS = ["MessageDelivered", "DeliveryFailed", "WordHeld", "TableRevoked"] as const;

/** Reads which transactions delivered messages, had words held, or revoked a table at a member, in order. */
export function followCalls(node: MemberNode): Follower<readonly CertifiedTransaction[]> {
  return new Follower<readonly CertifiedTransaction[]>(node, {
    empty: [],
    topics: EVENTS.map((name) => GATEWAY.getEvent(name).topicHash),
    fold: (before, logs) => {
      const found = new Map<Hex, CertifiedTransaction>();
      for (const log of logs) {
        const event = GATEWAY.parseLog(log);
        if (event === null) continue;
        if (event.name === "WordHeld" && event.args["level"] === BigInt(Level.settled)) continue; // from L1
        const hash = log.transactionHash;
        const isSurelyCalled = event.name !== "TableRevoked" || (found.get(hash)?.isSurelyCalled ?? false);
        found.set(hash, { hash, isSurelyCalled });
      }
      return [...before, ...found.values()];
    },
  });
}
