/**
 * ZK Stack, down: a transaction that L1 queued, known on the rollup by the hash that the Mailbox names (`NewPriorityRequest`, zksync-contracts
 * 29.0.0, IMailboxImpl.sol). One that fails is spent, and what it brought is sent again.
 */
import { Interface, type TransactionReceipt } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IZksyncChildEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/zksync/IZksyncChildEnd__factory.ts";
import type { Hex } from "../../wire/index.ts";
import { aliasOf } from "../aliasOf.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { onItsWayDown, topicOf } from "./read.ts";

const ABI = new Interface([
  "event NewPriorityRequest(uint256 txId, bytes32 txHash, uint64 expirationTimestamp, tuple(uint256 txType, uint256 from, uint256 to, uint256 gasLimit, uint256 gasPerPubdataByteLimit, uint256 maxFeePerGas, uint256 maxPriorityFeePerGas, uint256 paymaster, uint256 nonce, uint256 value, uint256[4] reserved, bytes data, bytes signature, uint256[] factoryDeps, bytes paymasterInput, bytes reservedDynamic) transaction, bytes[] factoryDeps)",
]);
const END = interfaceOf(IZksyncChildEnd__factory);

export function sentDownByZksync(leg: Leg, receipt: TransactionReceipt): Promise<Envelope[]> {
  const { parentEnd, child, childEnd } = leg;
  const { hash: txHash, blockNumber } = receipt;
  const topic = topicOf(ABI, "NewPriorityRequest");
  // Of whichever Mailbox: what counts is who sent it, and to whom.
  const requests = receipt.logs.filter((log) => log.topics[0] === topic);
  const envelopes = requests.flatMap(({ data, topics }): Envelope[] => {
    const request = ABI.decodeEventLog("NewPriorityRequest", data, topics).toObject();
    const transaction = request["transaction"] as { from: bigint; to: bigint; data: Hex };
    if (transaction.from !== BigInt(aliasOf(parentEnd)) || transaction.to !== BigInt(childEnd)) return [];
    const [items] = END.decodeFunctionData("fromZksyncParent", transaction.data);
    const passage = async (): Promise<Passage> => {
      const executed = await child.provider.getTransactionReceipt(String(request["txHash"]));
      if (executed === null) return await onItsWayDown(leg, blockNumber);
      return executed.status === 1 ? "arrived" : "over";
    };
    return [{ items: [...(items as readonly Hex[])], txHash, passage }];
  });
  return Promise.resolve(envelopes);
}
