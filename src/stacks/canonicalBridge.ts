/** A rollup's own bridge, as its stack has it; an L3's goes over its parent's too, by a hop. Everything is read from the chains. */
import type { ConnectedMember } from "../deployments/connect.ts";
import { downwardPrice } from "./downwardPrice.ts";
import { passageOverHop } from "./legs/hop.ts";
import type { Envelope, Leg, Passage, ReadSentDown, ReadSentUp } from "./legs/leg.ts";
import { sentDownByArbitrum } from "./legs/arbitrumDown.ts";
import { sentUpByArbitrum } from "./legs/arbitrumUp.ts";
import { sentDownByOptimism } from "./legs/optimismDown.ts";
import { sentUpByOptimism } from "./legs/optimismUp.ts";
import { receiptOf } from "./legs/read.ts";
import { sentDownByZksync } from "./legs/zksyncDown.ts";
import { sentUpByZksync } from "./legs/zksyncUp.ts";
import { PUBLISH_GAS } from "./publishGas.ts";
import { readSendings, type Sender } from "./readSendings.ts";
import { timesOf } from "./stackTimes.ts";
import type { CanonicalStack } from "./stack.ts";
import {
  EVERYTHING,
  type Journey,
  type Matters,
  type NextOfJourney,
  type Sought,
  type StackBridge,
} from "./stackBridge.ts";

/** What a bridge joins. */
export interface CanonicalEnds {
  readonly sender: Sender;
  readonly rollup: ConnectedMember;
  /** Between L1 and the rollup; of an L3 between L1 and its parent. */
  readonly leg: Leg;
  /** Of an L3: between its parent and itself. */
  readonly hopLeg?: Leg | undefined;
}

const UP: Readonly<Record<CanonicalStack, ReadSentUp>> = {
  optimism: sentUpByOptimism,
  arbitrum: sentUpByArbitrum,
  zksync: sentUpByZksync,
};

const DOWN: Readonly<Record<CanonicalStack, ReadSentDown>> = {
  optimism: sentDownByOptimism,
  arbitrum: sentDownByArbitrum,
  zksync: sentDownByZksync,
};

const anything: Matters = () => true;

/** The bridge of a rollup of a stack. */
export function canonicalBridge(ends: CanonicalEnds): StackBridge {
  const { leg, hopLeg } = ends;
  const { stack, childEnd } = hopLeg ?? leg;
  const { forcedInclusion, disputedSettlement } = timesOf(hopLeg === undefined ? [stack] : [stack, leg.stack]);
  return {
    stack,
    times: { forcedInclusion, disputedSettlement },
    address: childEnd,
    publishGas: PUBLISH_GAS[leg.stack],
    upward: (matters = anything, fromBlock = ends.rollup.startBlock) => readUpward(ends, matters, fromBlock),
    sentUp: async () => {
      const last = hopLeg ?? leg;
      return (await UP[last.stack](last, ends.rollup.startBlock)).flatMap(({ items }) => items);
    },
    downward: (sought = EVERYTHING) => readDownward(ends, sought),
    price: async (items) => ({
      value: await downwardPrice({ reader: leg.parent.provider, bridge: leg.parentEnd }, items),
      stackParams: "0x",
    }),
  };
}

/** What the rollup's end sent and L1's end has not taken. */
async function readUpward({ leg, hopLeg }: CanonicalEnds, matters: Matters, fromBlock: number): Promise<Journey[]> {
  const sent = await readSentUp(hopLeg ?? leg, matters, fromBlock);
  if (hopLeg === undefined) return underWay(sent);
  const toHop = underWay(sent).map((journey) => ({ ...journey, next: andFurther(journey.next, leg) }));
  // What the hop took it sent on in the same call: it is on the parent's own bridge.
  const hasArrived = sent.some(({ passage }) => passage === "arrived");
  const onward = hasArrived ? underWay(await readSentUp(leg, matters, leg.child.startBlock)) : [];
  return [...onward, ...toHop];
}

/** What L1 sent to the rollup and is not there. */
async function readDownward({ sender, rollup, leg, hopLeg }: CanonicalEnds, sought: Sought): Promise<Journey[]> {
  const sent: Sent[] = [];
  for (const { txHash, item } of await readSendings(sender, rollup.id, sought)) {
    const envelopes = await DOWN[leg.stack](leg, await receiptOf(leg.parent, txHash));
    const envelope = envelopes.find(({ items }) => items.includes(item));
    if (envelope === undefined) continue;
    const passage =
      hopLeg === undefined
        ? await envelope.passage()
        : await passageOverHop({ item, envelope, hopLeg, sentDown: DOWN[hopLeg.stack] });
    sent.push({ items: [item], txHash, passage });
  }
  // What arrived once need not arrive again.
  const arrived = new Set(sent.flatMap(({ items, passage }) => (passage === "arrived" ? items : [])));
  return underWay(sent.filter(({ items }) => !items.every((item) => arrived.has(item))));
}

/** An envelope, and where it was found. */
type Sent = Pick<Envelope, "items" | "txHash"> & { readonly passage: Passage };

async function readSentUp(leg: Leg, matters: Matters, fromBlock: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const { items, txHash, passage } of await UP[leg.stack](leg, fromBlock)) {
    if (items.some(matters)) sent.push({ items, txHash, passage: await passage() });
  }
  return sent;
}

const underWay = (sent: readonly Sent[]): Journey[] =>
  sent.flatMap(({ passage: next, ...envelope }) =>
    next === "arrived" || next === "over" ? [] : [{ ...envelope, next }],
  );

const andFurther = (next: NextOfJourney, { child }: Leg): NextOfJourney =>
  next.kind === "due" ? next : { ...next, for: `${next.for}; after that the bridge of its parent, ${child.name}` };
