/** Brings words that members' bridges sent, heartbeats among them, up to L1 where anyone can: on real stacks nobody else does. */
import { contractAt } from "../chain/contractAt.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import type { CarriedUp, Payer, StepProblem } from "../agents/relaying/types.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { firstBlockAfter } from "../chain/firstBlockAfter.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { bridgeOf } from "../stacks/index.ts";
import { decodeSettlementItem, type Hex } from "../wire/index.ts";
import { sendCall } from "./sendCall.ts";

/**
 * Sends one transaction for each word that is later than what L1 settled of its member and can be brought on now. Never rejects; what is
 * merely waiting is left alone. `payerAt` says who pays on a chain; each one's first account by default.
 */
export async function carryUp(
  fabric: ConnectedFabric,
  payerAt: (member: ConnectedMember) => Promise<Payer> = async (member) => ({ signer: await member.signer() }),
): Promise<{ sent: CarriedUp[]; problems: StepProblem[] }> {
  const sent: CarriedUp[] = [];
  const problems: StepProblem[] = [];
  for (const member of fabric.members.slice(1)) {
    try {
      for (const { next } of await readRising(fabric, member)) {
        if (next.kind === "waits") continue;
        const { title, at } = next.call;
        const txHash = await sendCall(next.call, await payerAt(at));
        sent.push({ member: member.name, title, at: at.name, txHash });
      }
    } catch (error) {
      const known = error instanceof ParleyError;
      const [code, reason] = known ? [error.code, error.message] : ["settle/unread", decodeCallError(error).text];
      problems.push({ subject: member.name, code, reason });
    }
  }
  return { sent, problems };
}

/** A member's words under way that are later than the latest one that L1 settled of it. */
async function readRising(
  fabric: ConnectedFabric,
  member: ConnectedMember,
): ReturnType<ReturnType<typeof bridgeOf>["upward"]> {
  const [l1] = fabric.members;
  const { settlement } = fabric.addresses.settlement.contracts;
  const { settledTime } = await contractAt(ISettlement__factory, settlement, l1.provider).member(member.id);
  const isNews = (item: Hex): boolean => {
    const decoded = decodeSettlementItem(item);
    return decoded.kind === "word" && decoded.current && decoded.time > settledTime;
  };
  const from = await firstBlockAfter(member.provider, member.startBlock, settledTime);
  return await bridgeOf(fabric, member).upward(isNews, from);
}
