/** A rollup's own bridge, as its stack has it: what it carries is read from the events of the stack's and Settlement's contracts. */
import { AbiCoder, Interface, type Log, zeroPadValue } from "ethers";

import { IArbitrumParentEnd__factory } from "../../types/ethers-contracts/factories/interfaces/arbitrum/IArbitrumParentEnd__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { IOptimismParentEnd__factory } from "../../types/ethers-contracts/factories/interfaces/optimism/IOptimismParentEnd__factory.ts";
import { readBlock } from "../chain/blocks.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { readLogs } from "../chain/readLogs.ts";
import { encodeGatewayItem, laneWord, type Hex } from "../wire/index.ts";
import { STACK_CONTRACTS } from "./detectStacks.ts";
import { downwardPrice } from "./downwardPrice.ts";
import { timesOf } from "./stackTimes.ts";
import type { CanonicalStack } from "./stack.ts";
import type { Journey, StackBridge } from "./stackBridge.ts";

/** What a bridge joins. */
export interface CanonicalEnds {
  readonly l1: Pick<MemberNode, "chainId" | "provider" | "startBlock">;
  readonly settlement: string;
  /** L1's end. */
  readonly l1Bridge: string;
  readonly rollup: Pick<MemberNode, "id" | "provider" | "startBlock">;
  /** The rollup's end. */
  readonly bridge: string;
  /** Of an L3: the hop, and the stack of its parent. */
  readonly hop?: { readonly address: string; readonly stack: CanonicalStack };
}

const EVENTS = new Interface([
  "event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)",
  "event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data)",
  "event L1MessageSent(address indexed sender, bytes32 indexed hash, bytes message)",
]);
const OPTIMISM = IOptimismParentEnd__factory.createInterface();
const ARBITRUM = IArbitrumParentEnd__factory.createInterface();
const SETTLEMENT = ISettlement__factory.createInterface();

/** How a stack shows what its chain sends up, and what that waits for. */
interface Upward {
  readonly event: string;
  /** Whom the event's first indexed value names: the sender, or whom it is for. */
  readonly names: "bridge" | "counterpart";
  readonly waitsFor: string;
  /** The items of an event, if this bridge's end sent them. */
  readonly read: (values: Readonly<Record<string, unknown>>, bridge: string) => readonly Hex[] | undefined;
}

const UPWARD: Readonly<Record<CanonicalStack, Upward>> = {
  optimism: {
    event: "SentMessage",
    names: "counterpart",
    waitsFor: "a proof on L1 and the 7 days after it: anyone can prove and finalize the withdrawal",
    read: ({ sender, message }, bridge) =>
      sender === bridge ? itemsOf(OPTIMISM.decodeFunctionData("fromOptimismChild", String(message))) : undefined,
  },
  arbitrum: {
    event: "L2ToL1Tx",
    names: "counterpart",
    waitsFor: "its assertion to be confirmed: then anyone can execute it from the Outbox",
    read: ({ caller, data }, bridge) =>
      caller === bridge ? itemsOf(ARBITRUM.decodeFunctionData("fromArbitrumChild", String(data))) : undefined,
  },
  zksync: {
    event: "L1MessageSent",
    names: "bridge",
    waitsFor: "its batch to be executed on L1: then anyone can have L1's end take it (takeMessage)",
    read: ({ message }) => itemsOf([AbiCoder.defaultAbiCoder().decode(["address", "bytes[]"], String(message))[1]]),
  },
};

const itemsOf = (values: ArrayLike<unknown>): readonly Hex[] => [...(values[0] as readonly Hex[])];

/** What L1 sent and has not been seen after that time is sent again. Seconds; and blocks of Ethereum in it, and some more. */
const PATIENCE = 3_600n;
const BLOCKS = 400;

/** The bridge of a rollup of a stack. */
export function canonicalBridge(stack: CanonicalStack, ends: CanonicalEnds): StackBridge {
  const { l1, l1Bridge, bridge } = ends;
  const { forcedInclusion, disputedSettlement } = timesOf(stacksOf(stack, ends));
  return {
    stack,
    times: { forcedInclusion, disputedSettlement },
    address: bridge,
    upward: () => readUpward(stack, ends),
    downward: () => readDownward(ends),
    price: async (items) => ({
      value: await downwardPrice({ reader: l1.provider, bridge: l1Bridge }, items),
      stackParams: "0x",
    }),
  };
}

/** The stacks between the rollup and L1, the rollup's own first. */
const stacksOf = (stack: CanonicalStack, { hop }: CanonicalEnds): readonly CanonicalStack[] =>
  hop === undefined ? [stack] : [stack, hop.stack];

/** What the rollup's end sent, arrived or not: what has arrived is in Settlement. */
async function readUpward(stack: CanonicalStack, ends: CanonicalEnds): Promise<Journey[]> {
  const { rollup, bridge, hop, l1Bridge } = ends;
  const { event, names, read } = UPWARD[stack];
  const stacks = stacksOf(stack, ends);
  const waitsFor = stacks.map((each) => UPWARD[each].waitsFor).join("; after that ");
  const { nominal } = timesOf(stacks);
  const named = { bridge, counterpart: hop?.address ?? l1Bridge }[names];
  const fragment = EVENTS.getEvent(event);
  if (fragment === null) throw new Error(`the event ${event} is known`);
  const logs = await readLogs(
    { provider: rollup.provider, gateway: STACK_CONTRACTS[stack] },
    [fragment.topicHash, zeroPadValue(named, 32)],
    rollup.startBlock,
    await rollup.provider.getBlockNumber(),
  );
  const journeys = logs.map(async (log): Promise<Journey[]> => {
    const items = read(EVENTS.decodeEventLog(fragment, log.data, log.topics).toObject(), bridge);
    if (items === undefined) return [];
    const { timestamp } = await readBlock(rollup.provider, log.blockNumber);
    const until = timestamp + nominal;
    return [{ items, txHash: log.transactionHash, next: { kind: "waits", for: waitsFor, until } }];
  });
  return (await Promise.all(journeys)).flat();
}

/** What Settlement forwarded to the rollup within the last hour, arrived or not: what has arrived is held there. */
async function readDownward({ l1, settlement, rollup, hop }: CanonicalEnds): Promise<Journey[]> {
  const latest = await readBlock(l1.provider, "latest");
  const logs = await readLogs(
    { provider: l1.provider, gateway: settlement },
    [SETTLEMENT.getEvent("WordForwarded").topicHash, null, rollup.id],
    Math.max(l1.startBlock, latest.number - BLOCKS),
    latest.number,
  );
  const waitsFor = hop === undefined ? WAITS_DOWN : waitsAtHop(hop.address);
  const journeys = logs.map(async (log): Promise<Journey[]> => {
    const until = (await readBlock(l1.provider, log.blockNumber)).timestamp + PATIENCE;
    if (until <= latest.timestamp) return [];
    const items = [forwarded(log, { chainId: l1.chainId, settlement })];
    return [{ items, txHash: log.transactionHash, next: { kind: "waits", for: waitsFor, until } }];
  });
  return (await Promise.all(journeys)).flat();
}

const WAITS_DOWN = "the rollup's bridge, mostly for minutes; if it has not arrived by then it can be sent again";

const waitsAtHop = (hop: string): string =>
  `its parent's bridge, mostly for minutes, and then for somebody to push it on from the hop there, ${hop}`;

function forwarded(log: Log, at: { chainId: bigint; settlement: string }): Hex {
  const { source, destination, word } = SETTLEMENT.decodeEventLog("WordForwarded", log.data, log.topics).toObject();
  const ends = { source: String(source), destination: String(destination) };
  return encodeGatewayItem({ kind: "settled", ...ends, laneWord: laneWord(String(word)) }, at);
}
