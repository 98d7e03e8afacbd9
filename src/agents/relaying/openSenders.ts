import type { Signer } from "ethers";

import type { MemberNode } from "../../chain/memberNode.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { Sender, type SenderOptions, type SenderSettings } from "../../sending/index.ts";
import type { Database } from "../../store/database.ts";
import { DatabasePendingTransactions } from "../../store/pendingTransactions.ts";
import type { RelayedMember, SettlementAccess } from "./types.ts";

/** L1 and the members, and the accounts that pay there. */
export type Paying = { readonly settlement: SettlementAccess; readonly members: readonly RelayedMember[] };

/** Senders of all accounts of a relayer. */
export type OpenSenders = {
  /** The same, sending through them. */
  readonly paying: Paying;
  /** Sends nothing more, and waits at most so many milliseconds for what is on its way. */
  drain(limit: number): Promise<void>;
  close(): void;
};

/** Opens a sender for each chain, which knows from the database what is on its way. Rejects as nodes do. */
export async function openSenders(
  { settlement, members }: Paying,
  {
    database,
    onStep,
    ...settings
  }: Partial<SenderSettings> & Pick<SenderOptions, "onStep"> & { readonly database: Database },
): Promise<OpenSenders> {
  const store = new DatabasePendingTransactions(database);
  const open = async (chainId: bigint, signer: Signer, confirmations: MemberNode["confirmations"]): Promise<Sender> =>
    await Sender.open({
      chainId,
      signer,
      provider: readerOf(signer),
      confirmations,
      store,
      settings,
      ...(onStep && { onStep }),
    });
  const senders = new Map<bigint, Sender>();
  const close = (): void => {
    for (const sender of senders.values()) sender.close();
  };
  try {
    for (const { chainId, signer, confirmations } of members) {
      senders.set(chainId, await open(chainId, signer, confirmations));
    }
    // Where L1 has no Gateway that is served, nothing says what is final there but its node.
    const onL1 = senders.get(settlement.chainId) ?? (await open(settlement.chainId, settlement.signer, "finalized"));
    senders.set(settlement.chainId, onL1);
  } catch (error) {
    close();
    throw error;
  }
  const withSender = <Payer extends { readonly chainId: bigint }>(payer: Payer): Payer => {
    const sender = senders.get(payer.chainId);
    return sender === undefined ? payer : { ...payer, sender };
  };
  const relayed = await Promise.all(
    members.map(async (member) => {
      const { hop } = member;
      if (hop === undefined) return withSender(member);
      const { chainId } = await readerOf(hop.signer).getNetwork();
      return withSender({ ...member, hop: withSender({ ...hop, chainId }) });
    }),
  );
  return {
    paying: { settlement: withSender(settlement), members: relayed },
    drain: async (limit) => {
      await Promise.all([...senders.values()].map((sender) => sender.drain(limit)));
    },
    close,
  };
}
