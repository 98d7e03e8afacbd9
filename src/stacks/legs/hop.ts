/** Down to an L3: what arrived at the hop waits there for whoever pushes it on (contracts/bridges/hop/Hop.sol). */
import { keccak256 } from "ethers";

import { contractAt, interfaceOf } from "../../chain/contractAt.ts";
import { IHop__factory } from "../../../types/ethers-contracts/factories/interfaces/IHop__factory.ts";
import { readLogs } from "../../chain/readLogs.ts";
import type { ConnectedMember } from "../../deployments/connect.ts";
import type { Hex } from "../../wire/index.ts";
import { downwardPrice } from "../downwardPrice.ts";
import type { StackCall } from "../stackBridge.ts";
import type { Envelope, Leg, Passage, ReadSentDown } from "./leg.ts";
import { receiptOf } from "./read.ts";

const HOP = interfaceOf(IHop__factory);

/** Blocks of a parent, at a second each, in which a ticket that was pushed lives and some more: what was pushed earlier and is not there is lost. */
const WINDOW = 900_000;

/** An item on its way over a hop. */
export interface OverHop {
  readonly item: Hex;
  /** What L1 sent it in. */
  readonly envelope: Envelope;
  /** Between the hop and the L3. */
  readonly hopLeg: Leg;
  /** How that leg's stack shows what the hop sent. */
  readonly sentDown: ReadSentDown;
}

/** Where an item is that L1 sent to an L3. */
export async function passageOverHop({ item, envelope, hopLeg, sentDown }: OverHop): Promise<Passage> {
  const { parent, parentEnd: hop, child } = hopLeg;
  const hash = keccak256(item);
  if (!(await contractAt(IHop__factory, hop, parent.provider).hasArrived(hash))) {
    const passage = await envelope.passage();
    if (passage === "arrived") return "over"; // in this look: the next one sees it at the hop
    if (passage === "over" || passage.kind === "due") return passage;
    return {
      ...passage,
      for: `${passage.for}; after that it is pushed on to ${child.name} from the hop there, ${hop}`,
    };
  }
  for (const txHash of (await readPushes(parent, hop, hash)).reverse()) {
    const pushed = await sentDown(hopLeg, await receiptOf(parent, txHash));
    const passage = await pushed.find(({ items }) => items.includes(item))?.passage();
    if (passage !== undefined && passage !== "over") return passage;
  }
  return { kind: "due", call: await pushCall(hopLeg, [item]) };
}

/** Pushes items on; what it costs the L3's stack follows from the price of gas now. */
async function pushCall({ parent, parentEnd: hop, child }: Leg, items: readonly Hex[]): Promise<StackCall> {
  return {
    title: `push it on to ${child.name} from the hop`,
    by: "anyone",
    at: parent,
    to: hop,
    data: HOP.encodeFunctionData("push", [[...items], "0x"]),
    value: await downwardPrice({ reader: parent.provider, bridge: hop }, items),
  };
}

/** The transactions in which an item was pushed on, oldest first. */
async function readPushes({ provider, startBlock }: ConnectedMember, hop: string, hash: Hex): Promise<Hex[]> {
  const latest = await provider.getBlockNumber();
  const topics = [HOP.getEvent("ItemPushed").topicHash, hash];
  const logs = await readLogs({ provider, gateway: hop }, topics, Math.max(startBlock, latest - WINDOW), latest);
  return [...new Set(logs.map(({ transactionHash }) => transactionHash))];
}
