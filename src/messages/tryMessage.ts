import type { InterfaceAbi } from "ethers";

import type { OperatorClient } from "../agents/operatorClient.ts";
import { simulateMessage } from "../agents/relaying/simulateMessage.ts";
import type { ConnectedFabric } from "../deployments/connect.ts";
import { isQuorum, totalWeight } from "../wire/index.ts";
import { readJudgement, waitsFor } from "./judgement.ts";
import type { TrackedMessage } from "./messageStatus.ts";
import { askForVoices } from "./tracing/readVoices.ts";

/** What would become of a message if it were relayed now: `waiting` if it could not be. */
export interface Outlook {
  readonly outcome: "would-deliver" | "would-fail" | "waiting";
  /** Why it would not be delivered. */
  readonly reason: string | undefined;
}

/** Finds out what would become of a message that is not delivered, without sending anything. */
export async function tryMessage(
  fabric: ConnectedFabric,
  tracked: TrackedMessage,
  operators: readonly OperatorClient[],
  abis: readonly InterfaceAbi[],
): Promise<Outlook> {
  const { message, source, arrival } = tracked;
  if (arrival === undefined) return { outcome: "waiting", reason: `${tracked.destination.name} cannot be read` };
  const judgement = await readJudgement(fabric, arrival, source.member.id);
  const voices = await askForVoices(fabric, operators, tracked, judgement);
  if (voices === undefined || !("judges" in judgement.demands)) {
    return { outcome: "waiting", reason: waitsFor(tracked, judgement) };
  }
  const { judges } = judgement.demands;
  const signed = voices.operators.reduce((sum, { answer, weight }) => sum + (answer === "signed" ? weight : 0n), 0n);
  if (!isQuorum(signed, totalWeight(judges.table), judges.quorumBps)) {
    const refusal = voices.operators.find(({ reason }) => reason !== undefined)?.reason;
    const signers = voices.operators.filter(({ answer }) => answer === "signed").length;
    const why = refusal === undefined ? "" : `; one says: ${refusal}`;
    return {
      outcome: "waiting",
      reason: `no quorum: ${signers} of ${voices.operators.length} operators would sign${why}`,
    };
  }
  const refusal = await simulateMessage(source.member, arrival.member, message, abis);
  return { outcome: refusal === undefined ? "would-deliver" : "would-fail", reason: refusal };
}
