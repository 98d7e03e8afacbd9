/**
 * ZK Stack, up: once its batch is executed on L1, anyone has L1's end take a message of the L1Messenger. Batch and place in it are in the
 * transaction's receipt, the proof is the answer of `zks_getL2ToL1LogProof` (docs.zksync.io, "zks_ namespace" and "L2 to L1 messages").
 */
import { AbiCoder, Interface, keccak256, zeroPadValue } from "ethers";
import { z } from "zod";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IZksyncParentEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/zksync/IZksyncParentEnd__factory.ts";
import { readBlock } from "../../chain/blocks.ts";
import { readLogs } from "../../chain/readLogs.ts";
import { ParleyError } from "../../errors.ts";
import type { Hex } from "../../wire/index.ts";
import { ask } from "../ask.ts";
import { STACK_TIMES } from "../stackTimes.ts";
import { askNode, noMethod } from "./askNode.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { addressIn, nodeBehind, topicOf } from "./read.ts";

/** A system contract of every ZK Stack chain. */
const L1_MESSENGER = "0x0000000000000000000000000000000000008008";

const ABI = new Interface(["event L1MessageSent(address indexed sender, bytes32 indexed hash, bytes message)"]);
const END = interfaceOf(IZksyncParentEnd__factory);
const PROVE =
  "function proveL2MessageInclusion(uint256 chainId, uint256 batchNumber, uint256 index, tuple(uint16 txNumberInBatch, address sender, bytes data) message, bytes32[] proof) view returns (bool)";

export async function sentUpByZksync(leg: Leg, fromBlock: number): Promise<Envelope[]> {
  const { child, childEnd, parentEnd } = leg;
  const logs = await readLogs(
    { provider: child.provider, gateway: L1_MESSENGER },
    [topicOf(ABI, "L1MessageSent"), zeroPadValue(childEnd, 32)],
    fromBlock,
    await child.provider.getBlockNumber(),
  );
  return logs.flatMap(({ data, topics, transactionHash: txHash, blockNumber }): Envelope[] => {
    const message = String(ABI.decodeEventLog("L1MessageSent", data, topics)["message"]);
    const [addressee, items] = AbiCoder.defaultAbiCoder().decode(["address", "bytes[]"], message);
    if (addressee !== parentEnd) return [];
    const envelope = [...(items as readonly Hex[])];
    return [
      { items: envelope, txHash, passage: () => passageOf(leg, { txHash, blockNumber, message, items: envelope }) },
    ];
  });
}

interface Sent {
  readonly txHash: Hex;
  readonly blockNumber: number;
  readonly message: Hex;
  readonly items: readonly Hex[];
}

/** Some are hexadecimal, some are numbers. */
const Integer = z.union([z.string(), z.number()]).transform((value) => BigInt(value));
/** What a ZK Stack node's receipts have beside Ethereum's. */
const RECEIPT = z.object({
  l1BatchNumber: Integer.nullish(),
  l1BatchTxIndex: Integer.nullish(),
  l2ToL1Logs: z.array(z.object({ sender: z.string(), key: z.string(), value: z.string() })).optional(),
});
const PROOF = z.object({ id: Integer, proof: z.array(z.string()) }).nullable();

async function passageOf(leg: Leg, { txHash, blockNumber, message, items }: Sent): Promise<Passage> {
  const { parent, child, parentEnd, childEnd } = leg;
  const { timestamp } = await readBlock(child.provider, blockNumber);
  const waits = { kind: "waits", for: WAITS_BATCH, until: timestamp + STACK_TIMES.zksync.nominal } as const;

  const answer = await askNode(child, "eth_getTransactionReceipt", [txHash]);
  if (answer === null) throw nodeBehind(child, `the transaction ${txHash}`);
  const { l1BatchNumber: batch, l1BatchTxIndex: txNumberInBatch, l2ToL1Logs } = RECEIPT.parse(answer);
  if (l2ToL1Logs === undefined) throw noMethod(child, "l2ToL1Logs in receipts", "it shows none");
  const place = l2ToL1Logs.findIndex(
    ({ sender, key, value }) =>
      BigInt(sender) === BigInt(L1_MESSENGER) && BigInt(key) === BigInt(childEnd) && value === keccak256(message),
  );
  // Not sealed yet.
  if (batch === null || batch === undefined || txNumberInBatch === null || txNumberInBatch === undefined) return waits;
  const proven = PROOF.parse(await askNode(child, "zks_getL2ToL1LogProof", [txHash, place]));
  if (proven === null) return waits;

  const { id: index, proof } = proven;
  const taken = await ask(parent.provider, parentEnd, IS_TAKEN, batch, index);
  if (taken === "true") return "arrived";
  const bridgehub = await addressIn(parent, parentEnd, "ZKSYNC_BRIDGEHUB");
  const told = { txNumberInBatch, sender: childEnd, data: message };
  // It reverts as long as the batch is not executed.
  const isProven = await ask(parent.provider, bridgehub, PROVE, child.chainId, batch, index, told, proof);
  if (isProven === undefined) return waits;
  if (isProven !== "true") {
    throw new ParleyError(
      "settle/not-proven",
      `The node of ${child.name} at ${child.at} proves another message than L1 executed in batch ${batch}.`,
      "Use a node that follows the chain that L1 knows, then run this again.",
    );
  }
  return {
    kind: "due",
    call: {
      title: `have L1's end take what ${child.name} sent (takeMessage)`,
      by: "anyone",
      at: parent,
      to: parentEnd,
      data: END.encodeFunctionData("takeMessage", [batch, index, txNumberInBatch, [...items], proof]),
      value: 0n,
    },
  };
}

const IS_TAKEN = "function isTaken(uint256 batchNumber, uint256 index) view returns (bool)";
const WAITS_BATCH = "its batch to be executed on L1: then anyone can have L1's end take it (takeMessage)";
