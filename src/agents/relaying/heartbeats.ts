import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { IRollupBridge__factory } from "../../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { ISettlement__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { readBlock } from "../../chain/blocks.ts";
import { readerOf } from "../../chain/readerOf.ts";
import type { Hex } from "../../wire/index.ts";
import { senderOf, type RelayedMember, type SettlementAccess } from "./types.ts";

/** Seconds after which a source that has settled nothing is made to: certificates about it stop counting some time after. */
export const HEARTBEAT = 86_400n;

/** Members whose latest settled word is older than a heartbeat. Throws as L1's node does. */
export async function silentMembers(
  { settlement, signer }: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<RelayedMember[]> {
  const registry = ISettlement__factory.connect(settlement, signer);
  const { timestamp: now } = await readBlock(readerOf(signer), "latest");
  const silent = await Promise.all(
    members.map(async ({ id }) => {
      const { settledTime, liveFrom } = await registry.member(id);
      return now >= (settledTime > liveFrom ? settledTime : liveFrom) + HEARTBEAT;
    }),
  );
  return members.filter((_, place) => silent[place]);
}

/** Has a member's bridge send the word of one of its lanes to L1, as it is now. Answers the transaction. Throws as its node does. */
export async function beat(member: RelayedMember, destination: Hex): Promise<Hex> {
  const to = await IGateway__factory.connect(member.gateway, member.provider).BRIDGE();
  const data = BRIDGE.encodeFunctionData("settleCurrent", [destination]);
  return (await senderOf(member).send({ key: `heartbeat:${member.id}`, to, data })).hash;
}

const BRIDGE = IRollupBridge__factory.createInterface();
