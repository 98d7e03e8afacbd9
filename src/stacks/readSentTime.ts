import { decodeSettlementItem } from "../wire/index.ts";
import type { StackBridge } from "./stackBridge.ts";

/**
 * Time of the latest current word that travels over a member's bridge to L1, in seconds since 1970; 0 if none does.
 * Throws as the nodes do.
 */
export async function readSentTime(bridge: Pick<StackBridge, "sentUp">): Promise<bigint> {
  const times = (await bridge.sentUp())
    .map((item) => decodeSettlementItem(item))
    .map((item) => (item.kind === "word" && item.current ? item.time : 0n));
  return times.reduce((latest, time) => (time > latest ? time : latest), 0n);
}
