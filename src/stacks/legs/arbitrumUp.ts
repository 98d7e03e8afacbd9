/**
 * Arbitrum, up: once an assertion with it is confirmed, anyone executes what ArbSys sent from the Outbox (nitro-contracts 3.2.0, Outbox.sol).
 * The confirmed root names a block of the rollup; how much that block had sent is in its header, and the proof is made by the rollup's
 * node (docs.arbitrum.io, "NodeInterface"; `sendRoot` and `sendCount` of eth_getBlockByHash).
 */
import { Interface, type Log, zeroPadValue } from "ethers";
import { z } from "zod";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IArbitrumParentEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/arbitrum/IArbitrumParentEnd__factory.ts";
import { readLogs } from "../../chain/readLogs.ts";
import type { ConnectedMember } from "../../deployments/connect.ts";
import type { Hex } from "../../wire/index.ts";
import { ask } from "../ask.ts";
import { STACK_TIMES } from "../stackTimes.ts";
import { askNode, noMethod } from "./askNode.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { addressIn, nodeBehind, topicOf } from "./read.ts";

const ARB_SYS = "0x0000000000000000000000000000000000000064";

/** No contract: Nitro's nodes answer calls of it themselves. */
const NODE_INTERFACE = "0x00000000000000000000000000000000000000C8";

const ABI = new Interface([
  "event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data)",
  "event SendRootUpdated(bytes32 indexed outputRoot, bytes32 indexed l2BlockHash)",
  "function constructOutboxProof(uint64 size, uint64 leaf) view returns (bytes32 send, bytes32 root, bytes32[] proof)",
  "function executeTransaction(bytes32[] proof, uint256 index, address l2Sender, address to, uint256 l2Block, uint256 l1Block, uint256 l2Timestamp, uint256 value, bytes data)",
]);
const END = interfaceOf(IArbitrumParentEnd__factory);

/** What ArbSys said that it sent. */
type Send = Readonly<
  Record<"caller" | "destination" | "arbBlockNum" | "ethBlockNum" | "timestamp" | "callvalue" | "data", unknown>
> & { readonly position: bigint };

export async function sentUpByArbitrum(leg: Leg, fromBlock: number): Promise<Envelope[]> {
  const { child, childEnd, parentEnd } = leg;
  const logs = await readLogs(
    { provider: child.provider, gateway: ARB_SYS },
    [topicOf(ABI, "L2ToL1Tx"), zeroPadValue(parentEnd, 32)],
    fromBlock,
    await child.provider.getBlockNumber(),
  );
  return logs.flatMap(({ data, topics, transactionHash: txHash }): Envelope[] => {
    const send = ABI.decodeEventLog("L2ToL1Tx", data, topics).toObject() as unknown as Send;
    if (send.caller !== childEnd) return [];
    const [items] = END.decodeFunctionData("fromArbitrumChild", String(send.data));
    return [{ items: [...(items as readonly Hex[])], txHash, passage: () => passageOf(leg, send) }];
  });
}

async function passageOf(leg: Leg, send: Send): Promise<Passage> {
  const { parent, child, parentEnd } = leg;
  const inbox = await addressIn(parent, parentEnd, "ARBITRUM_INBOX");
  const outboxes = await readOutboxes(parent, await addressIn(parent, inbox, "bridge"));
  for (const outbox of outboxes) {
    const isSpent = await ask(parent.provider, outbox, "function isSpent(uint256) view returns (bool)", send.position);
    if (isSpent === "true") return "arrived";
  }
  const confirmed = await readConfirmed(parent, outboxes);
  const sendCount = confirmed === undefined ? 0n : await readSendCount(child, confirmed.blockHash);
  if (confirmed === undefined || sendCount <= send.position) {
    const sentAt = BigInt(String(send.timestamp));
    return { kind: "waits", for: WAITS_ASSERTION, until: sentAt + STACK_TIMES.arbitrum.nominal };
  }
  const { position, caller, destination, arbBlockNum, ethBlockNum, timestamp, callvalue, data } = send;
  const proof = await readProof(child, sendCount, position);
  const fields = [caller, destination, arbBlockNum, ethBlockNum, timestamp, callvalue, data];
  return {
    kind: "due",
    call: {
      title: `execute from the Outbox what ${child.name} sent`,
      by: "anyone",
      at: parent,
      to: confirmed.outbox,
      data: ABI.encodeFunctionData("executeTransaction", [proof, position, ...fields]),
      value: 0n,
    },
  };
}

const WAITS_ASSERTION = "an assertion with it to be confirmed: then anyone can execute it from the Outbox";

/** A Bridge names those that it allows, and no end of them but by failing. */
async function readOutboxes({ provider }: ConnectedMember, bridge: string): Promise<string[]> {
  const outboxes: string[] = [];
  for (;;) {
    const getter = "function allowedOutboxList(uint256) view returns (address)";
    const outbox = await ask(provider, bridge, getter, outboxes.length);
    if (outbox === undefined) return outboxes;
    outboxes.push(outbox);
  }
}

interface Confirmed {
  readonly outbox: string;
  /** The rollup's block up to which it is confirmed. */
  readonly blockHash: Hex;
}

/** What was confirmed last. Nothing that is older than Parley there has anything of it. */
async function readConfirmed(
  { provider, startBlock }: ConnectedMember,
  outboxes: string[],
): Promise<Confirmed | undefined> {
  const topics = [topicOf(ABI, "SendRootUpdated")];
  let last: Log | undefined;
  for (const outbox of outboxes) {
    const log = await readLastLog({ provider, gateway: outbox }, topics, startBlock);
    if (log !== undefined && (last === undefined || log.blockNumber > last.blockNumber)) last = log;
  }
  const blockHash = last?.topics[2];
  return last === undefined || blockHash === undefined ? undefined : { outbox: last.address, blockHash };
}

/** Blocks that are looked through at a time, backwards. */
const STRIDE = 10_000;

async function readLastLog(
  node: Parameters<typeof readLogs>[0],
  topics: Hex[],
  startBlock: number,
): Promise<Log | undefined> {
  for (let to = await node.provider.getBlockNumber(); to >= startBlock; to -= STRIDE) {
    const log = (await readLogs(node, topics, Math.max(startBlock, to - STRIDE + 1), to)).at(-1);
    if (log !== undefined) return log;
  }
  return undefined;
}

const HEADER = z.object({ sendCount: z.string().optional() }).nullable();

/** How much a chain had sent by one of its blocks. */
async function readSendCount(child: ConnectedMember, blockHash: Hex): Promise<bigint> {
  const header = HEADER.parse(await askNode(child, "eth_getBlockByHash", [blockHash, false]));
  if (header === null) throw nodeBehind(child, `block ${blockHash}, which L1 confirmed`);
  if (header.sendCount === undefined) throw noMethod(child, "sendCount in blocks", "it shows none");
  return BigInt(header.sendCount);
}

async function readProof(child: ConnectedMember, size: bigint, leaf: bigint): Promise<readonly Hex[]> {
  const data = ABI.encodeFunctionData("constructOutboxProof", [size, leaf]);
  const method = "NodeInterface.constructOutboxProof";
  const answer = String(await askNode(child, "eth_call", [{ to: NODE_INTERFACE, data }, "latest"]));
  if (answer === "0x") throw noMethod(child, method, "nothing");
  return [...(ABI.decodeFunctionResult("constructOutboxProof", answer)["proof"] as readonly Hex[])];
}
