/**
 * OP Stack, down: a deposit, which the rollup's nodes derive from the parent's blocks, brings a message to the messenger there; what fails
 * is kept, and tried again by whoever asks (contracts-bedrock 0.17.3, CrossDomainMessenger.sol).
 */
import type { TransactionReceipt } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IOptimismChildEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/optimism/IOptimismChildEnd__factory.ts";
import type { Hex } from "../../wire/index.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { fateOf, L2_MESSENGER, MESSENGER, replay } from "./optimismMessenger.ts";
import { addressIn, logsIn, onItsWayDown, topicOf } from "./read.ts";

const END = interfaceOf(IOptimismChildEnd__factory);

export async function sentDownByOptimism(leg: Leg, receipt: TransactionReceipt): Promise<Envelope[]> {
  const { parent, parentEnd, child, childEnd } = leg;
  const messenger = await addressIn(parent, parentEnd, "OPTIMISM_MESSENGER");
  const { hash: txHash, blockNumber } = receipt;
  return logsIn(receipt, messenger, topicOf(MESSENGER, "SentMessage")).flatMap(({ data, topics }): Envelope[] => {
    const sent = MESSENGER.decodeEventLog("SentMessage", data, topics).toObject();
    const { target, sender, message, messageNonce, gasLimit } = sent;
    if (sender !== parentEnd || target !== childEnd) return [];
    const [items] = END.decodeFunctionData("fromOptimismParent", String(message));
    const relayed = MESSENGER.encodeFunctionData("relayMessage", [messageNonce, sender, target, 0, gasLimit, message]);
    const passage = async (): Promise<Passage> => {
      const fate = await fateOf(child.provider, L2_MESSENGER, relayed);
      if (fate === "delivered") return "arrived";
      if (fate === "failed") return { kind: "due", call: replay(child, L2_MESSENGER, relayed) };
      return await onItsWayDown(leg, blockNumber);
    };
    return [{ items: [...(items as readonly Hex[])], txHash, passage }];
  });
}
