/**
 * Arbitrum, down: a retryable ticket. Its first attempt is made at once, if its gas suffices; while the ticket is there anyone redeems it
 * (docs.arbitrum.io, "Retryable tickets"; ArbRetryableTx of nitro-contracts 3.2.0). A ticket that is gone was redeemed, or expired.
 */
import { Interface, type TransactionReceipt } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IArbitrumChildEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/arbitrum/IArbitrumChildEnd__factory.ts";
import { readBlock } from "../../chain/blocks.ts";
import type { Hex } from "../../wire/index.ts";
import { aliasOf } from "../aliasOf.ts";
import { ask } from "../ask.ts";
import { ticketCall, ticketId } from "./arbitrumTicket.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { addressIn, callOf, logsIn, onItsWayDown, topicOf } from "./read.ts";

/** A precompiled contract of every Nitro chain. */
const ARB_RETRYABLE_TX = "0x000000000000000000000000000000000000006E";

const ABI = new Interface([
  "event MessageDelivered(uint256 indexed messageIndex, bytes32 indexed beforeInboxAcc, address inbox, uint8 kind, address sender, bytes32 messageDataHash, uint256 baseFeeL1, uint64 timestamp)",
  "event InboxMessageDelivered(uint256 indexed messageNum, bytes data)",
]);
const END = interfaceOf(IArbitrumChildEnd__factory);

export async function sentDownByArbitrum(leg: Leg, receipt: TransactionReceipt): Promise<Envelope[]> {
  const { parent, parentEnd, child, childEnd } = leg;
  const inbox = await addressIn(parent, parentEnd, "ARBITRUM_INBOX");
  const bridge = await addressIn(parent, inbox, "bridge");
  const packed = new Map(
    logsIn(receipt, inbox, topicOf(ABI, "InboxMessageDelivered")).map(({ data, topics }) => {
      const delivered = ABI.decodeEventLog("InboxMessageDelivered", data, topics).toObject();
      return [BigInt(String(delivered["messageNum"])), String(delivered["data"])] as const;
    }),
  );
  const { hash: txHash, blockNumber } = receipt;
  return logsIn(receipt, bridge, topicOf(ABI, "MessageDelivered")).flatMap(({ data, topics }): Envelope[] => {
    const { messageIndex, sender, baseFeeL1 } = ABI.decodeEventLog("MessageDelivered", data, topics).toObject();
    const number = BigInt(String(messageIndex));
    const submitted = packed.get(number);
    if (submitted === undefined || sender !== aliasOf(parentEnd)) return [];
    const call = ticketCall(submitted);
    if (call.to !== childEnd) return [];
    const [items] = END.decodeFunctionData("fromArbitrumParent", call.data);
    const id = ticketId({
      chainId: child.chainId,
      number,
      sender: String(sender),
      l1BaseFee: BigInt(String(baseFeeL1)),
      packed: submitted,
    });
    return [{ items: [...(items as readonly Hex[])], txHash, passage: () => passageOf(leg, id, blockNumber) }];
  });
}

/** Seconds for which a ticket can be redeemed at least. Nobody can cancel those of Parley. */
const LIFETIME = 7n * 86_400n;

const GET_TIMEOUT = "function getTimeout(bytes32 ticketId) view returns (uint256)";

async function passageOf(leg: Leg, ticket: Hex, blockNumber: number): Promise<Passage> {
  const { child } = leg;
  const submission = await child.provider.getTransactionReceipt(ticket);
  if (submission === null) return await onItsWayDown(leg, blockNumber);
  // It reverts if there is no such ticket any more.
  const timeout = await ask(child.provider, ARB_RETRYABLE_TX, GET_TIMEOUT, ticket);
  const { timestamp } = await readBlock(child.provider, "latest");
  if (timeout === undefined || BigInt(timeout) < timestamp) {
    const submitted = await readBlock(child.provider, submission.blockNumber);
    return timestamp < submitted.timestamp + LIFETIME ? "arrived" : "over";
  }
  return {
    kind: "due",
    call: {
      title: `redeem the ticket whose first attempt failed on ${child.name}`,
      by: "anyone",
      at: child,
      to: ARB_RETRYABLE_TX,
      data: callOf("function redeem(bytes32 ticketId) returns (bytes32)", ticket),
      value: 0n,
    },
  };
}
