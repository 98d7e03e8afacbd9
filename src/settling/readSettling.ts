/** Reads where a message stands on the settled path. Everything is on the chains: nothing is kept here. */
import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { wordAt, type LaneHistory } from "../chain/lanes.ts";
import { readHeld } from "../chain/readHeld.ts";
import { readLogs } from "../chain/readLogs.ts";
import type { ConnectedFabric } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import type { MemberView } from "../messages/fabricView.ts";
import { settlementOf } from "../messages/judgement.ts";
import type { TrackedMessage } from "../messages/messageStatus.ts";
import { bridgeOf, type Journey } from "../stacks/index.ts";
import {
  countOf,
  decodeGatewayItem,
  decodeSettlementItem,
  laneWord,
  Level,
  type Hex,
  type LaneWord,
} from "../wire/index.ts";
import { isWithinReach, type DelayedWord, type SettlingView, type TravellingWord } from "./planSettling.ts";

const SETTLEMENT = interfaceOf(ISettlement__factory);
const GATEWAY = interfaceOf(IGateway__factory);

/**
 * What the chains show of a message's lane. Throws `settle/not-accepted` if the destination would take no settled word of the lane,
 * `settle/contradiction` if L1 settled another word than the source's node shows, and as the nodes of L1, source and destination do.
 */
export async function readSettling(
  fabric: ConnectedFabric,
  tracked: TrackedMessage,
  arrival: MemberView,
): Promise<SettlingView> {
  const { message, lane, source, destination, status } = tracked;
  const { nonce } = message;
  const view = { nonce, isDelivered: status === "delivered", laneCount: countOf(lane.word), isLaneOpen: lane.isOpen };
  const nothing = { held: [], delayed: [], descending: [], settled: [], rising: [] };
  if (view.isDelivered) return { ...view, ...nothing };

  const counts = [...(arrival.arrivals.settledCounts.get(lane.source) ?? [])].filter((count) =>
    isWithinReach(nonce, count),
  );
  const held = (await readHeld(destination, lane.source, counts, { block: arrival.latest.number }))
    .filter(({ level, word }) => level === Level.settled && wordAt(lane, countOf(word)) === word)
    .map(({ word }) => countOf(word));
  if (held.length > 0) return { ...view, ...nothing, held };

  const delayed = await readDelayed(arrival, lane);
  if (delayed.some(({ count }) => isWithinReach(nonce, count))) return { ...view, ...nothing, delayed };

  await requireAccepted(tracked);
  const at = settlementOf(fabric);
  const sent = (item: Hex): LaneWord | undefined => {
    const decoded = decodeGatewayItem(item, at);
    const isOurs =
      decoded.kind === "settled" && decoded.source === lane.source && decoded.destination === lane.destination;
    return isOurs ? decoded.laneWord : undefined;
  };
  const risen = (item: Hex): LaneWord | undefined => {
    const decoded = decodeSettlementItem(item);
    return decoded.kind === "word" && decoded.destination === lane.destination ? decoded.laneWord : undefined;
  };
  const proves = (word: LaneWord | undefined): boolean => word !== undefined && isWithinReach(nonce, countOf(word));
  const settled = await readSettledCounts(fabric, tracked);
  const descending = await bridgeOf(fabric, destination).downward({ word: (item) => proves(sent(item)) });
  // A word that arrived while the bridge was being asked is neither on its way nor was it held at first.
  const arrived = await readHeldNow(tracked, settled);
  if (arrived.length > 0) return { ...view, ...nothing, held: arrived };
  // Only what no word on L1 proves is looked for on the way there: that asks the most of nodes.
  const rising =
    settled.length > 0
      ? []
      : await bridgeOf(fabric, source.member).upward((item) => proves(risen(item)), message.blockNumber);
  return {
    ...view,
    held,
    delayed,
    settled,
    descending: travelling(lane, descending, sent),
    rising: travelling(lane, rising, risen),
  };
}

/** Which of these settled words the destination holds now. */
async function readHeldNow({ lane, destination }: TrackedMessage, counts: readonly bigint[]): Promise<bigint[]> {
  if (counts.length === 0) return [];
  const latest = await destination.provider.getBlockNumber();
  return (await readHeld(destination, lane.source, [...counts], { block: latest }))
    .filter(({ level, word }) => level === Level.settled && wordAt(lane, countOf(word)) === word)
    .map(({ word }) => countOf(word));
}

/** Words of the lane among the items of envelopes. */
function travelling(
  lane: LaneHistory,
  journeys: readonly Journey[],
  wordOf: (item: Hex) => LaneWord | undefined,
): TravellingWord[] {
  return journeys.flatMap(({ items, next }) =>
    items.flatMap((item) => {
      const word = wordOf(item);
      // A word of another branch proves nothing.
      return word === undefined || wordAt(lane, countOf(word)) !== word ? [] : [{ count: countOf(word), next }];
    }),
  );
}

/** Words that arrived while the destination's owner delays those of the source. */
async function readDelayed({ member, latest }: MemberView, lane: LaneHistory): Promise<DelayedWord[]> {
  const topics = [GATEWAY.getEvent("WordDelayed").topicHash, lane.source];
  const logs = await readLogs(member, topics, member.startBlock, latest.number);
  return logs.flatMap((log) => {
    const { word, usableFrom } = GATEWAY.decodeEventLog("WordDelayed", log.data, log.topics) as unknown as {
      word: string;
      usableFrom: bigint;
    };
    const count = countOf(laneWord(word));
    return wordAt(lane, count) === word ? [{ count, until: usableFrom }] : [];
  });
}

/** Counts of the lane at which Settlement has a word, those that prove the message. */
async function readSettledCounts(
  { addresses, members: [l1] }: ConnectedFabric,
  { lane, message, source }: TrackedMessage,
): Promise<bigint[]> {
  const { contracts } = addresses.settlement;
  const logs = await readLogs(
    { provider: l1.provider, gateway: contracts.settlement },
    [SETTLEMENT.getEvent("WordSettled").topicHash, lane.source, lane.destination],
    l1.startBlock,
    await l1.provider.getBlockNumber(),
  );
  const words = logs.map((log) =>
    laneWord(String(SETTLEMENT.decodeEventLog("WordSettled", log.data, log.topics)["word"])),
  );
  const within = words.filter((word) => isWithinReach(message.nonce, countOf(word)));
  const wrong = within.find((word) => wordAt(lane, countOf(word)) !== word);
  if (wrong !== undefined) {
    throw new ParleyError(
      "settle/contradiction",
      `L1 settled the word ${wrong} (${countOf(wrong)} messages) for the lane to ${lane.destinationChainId}, but the node of ${source.member.name} at ${source.member.at} shows ${wordAt(lane, countOf(wrong)) ?? "a shorter lane"}.`,
      "Wait until that node has caught up, or use one that follows the branch that was settled; if it stays so, the source lied to L1: see `npx hardhat rollup:check`.",
    );
  }
  return [...new Set(within.map(countOf))];
}

/** Throws `settle/not-accepted` if the destination's owner has not accepted the source: what arrives is ignored then. */
async function requireAccepted({ lane, source, destination }: TrackedMessage): Promise<void> {
  const { gateway, provider, name } = destination;
  const { accepted } = await contractAt(IGateway__factory, gateway, provider).member(lane.source);
  if (accepted) return;
  throw new ParleyError(
    "settle/not-accepted",
    `${name} takes no settled words of ${source.member.name}: no operator table has listed it there, or its owner has not accepted it.`,
    `Publish a table with \`npx hardhat table:publish\`, or have the owner of ${name}'s Gateway call acceptMember; then run this again.`,
  );
}
