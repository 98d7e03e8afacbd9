import type { InterfaceAbi } from "ethers";

import { batchGas, NO_CERTIFICATE } from "../agents/relaying/batchGas.ts";
import { deliverBatch, readRoom, type Delivery } from "../agents/relaying/deliverBatch.ts";
import type { TrackedMessage } from "../messages/messageStatus.ts";
import { Level, type BatchItem } from "../wire/index.ts";
import { requireFunds } from "./sendCall.ts";

/**
 * Delivers one message by the settled word that its destination holds at `count`; the others up to it are skipped by their hashes.
 * Throws `account/no-funds`, and as the destination's `signer` does; what its recipient does is in the answer.
 */
export async function deliverSettled(
  { message, lane, source, destination }: TrackedMessage,
  count: bigint,
  { abis, account }: { readonly abis: readonly InterfaceAbi[]; readonly account: string | undefined },
): Promise<Delivery> {
  const signer = await destination.signer(account);
  await requireFunds(destination, await signer.getAddress(), 0n);
  const items = lane.messages.slice(Number(message.nonce), Number(count)).map((each): BatchItem => {
    if (each.nonce !== message.nonce) return { kind: "skip", messageHash: each.hash };
    const { sender, recipient, options, payload } = each;
    return { kind: "message", sender, recipient, options, payload };
  });
  const view = {
    source: { ...source.member, signer },
    destination: { ...destination, signer },
    lane,
    judges: undefined,
    horizons: new Map(),
    held: [],
    candidates: [],
  };
  const proof = { kind: "held", level: Level.settled } as const;
  return await deliverBatch(
    { view, from: message.before, items, messages: [message], proof, gas: batchGas(items, NO_CERTIFICATE) },
    new Map(),
    abis,
    await readRoom(destination.provider),
  );
}
