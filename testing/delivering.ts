/** Has a devnet's agents carry messages. */
import type { InterfaceAbi } from "ethers";

import type { DeliveredMessage, StepReport } from "../src/agents/index.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import { settleMessage } from "../src/settling/index.ts";
import type { Fabric } from "../src/testing/fabric.ts";
import type { Hex } from "../src/wire/index.ts";
import type { DevnetAgents } from "./devnetAgents.ts";
import { describeMessage, type DevnetMessage, type MessageBook } from "./messageBook.ts";

/** What of a devnet is needed to deliver. */
export interface DeliveringParts {
  readonly fabric: Fabric;
  readonly connected: ConnectedFabric;
  readonly agents: DevnetAgents;
  readonly messages: MessageBook;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
}

/** What came of delivering. */
export interface DeliveryReport {
  /** Executed now, in the order in which that happened. */
  readonly delivered: readonly DeliveredMessage[];
  /** All that their recipients refused, now or before; they stay deliverable. */
  readonly failed: readonly DevnetMessage[];
  /** All that were not even tried, each with what it waits for. */
  readonly waiting: readonly (DevnetMessage & { readonly reason: string })[];
}

/** How long to go on delivering. */
export interface DeliverAllOptions {
  /** Steps of the relayer after which something goes round in circles; 100 if left out. */
  readonly maxSteps?: number;
}

const MAX_STEPS = 100;

/**
 * Has bridges carry, sources settle what they do once a day, and a relayer deliver, until nothing is left to do; recipients
 * may send more while that lasts. Throws `devnet/unquiet` if it does not end.
 */
export async function deliverAll(
  parts: DeliveringParts,
  { maxSteps = MAX_STEPS }: DeliverAllOptions = {},
): Promise<DeliveryReport> {
  const { fabric, agents, messages } = parts;
  const delivered: DeliveredMessage[] = [];
  for (let steps = 0; ; steps++) {
    if (steps === maxSteps) {
      throw new ParleyError(
        "devnet/unquiet",
        `After ${maxSteps} steps of the relayer, in which ${delivered.length} messages were delivered, there is still something to do.`,
        "Contracts that answer each message with another one never end: deliver them one by one, with `deliver(id)`.",
      );
    }
    await fabric.finalize();
    const settled = await agents.beat();
    const carried = await fabric.derive();
    const report = await agents.relay();
    delivered.push(...report.delivered);
    if (isQuiet(report) && carried + settled === 0) break;
  }
  const all = await messages.all();
  const untried = all.filter(({ status }) => status === "sent" || status === "final");
  // What keeps one message of a lane keeps the others that ask for the same.
  const reasons = new Map<string, string>();
  const waiting: (DevnetMessage & { reason: string })[] = [];
  for (const message of untried) {
    const { source, destination, options, status, id } = message;
    const key = [source, destination, status, options.minFinality, options.gasLimit].join();
    const reason = reasons.get(key) ?? (await messages.explain(id));
    reasons.set(key, reason);
    waiting.push({ ...message, reason });
  }
  return { delivered, failed: all.filter(({ status }) => status === "failed"), waiting };
}

/** Delivers one message, whatever happened to it before. Throws `message/not-delivered` with the reason, `message/unknown`. */
export async function deliver({ fabric, agents, messages }: DeliveringParts, id: Hex): Promise<void> {
  const relayer = agents.relayerOf([(await messages.find(id)).id]);
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const message = await messages.find(id);
    if (message.status === "delivered") return;
    await fabric.finalize();
    const settled = await agents.beat();
    const carried = await fabric.derive();
    const report = await relayer.step();
    const isTried = report.failed.some((failed) => failed.id === message.id && failed.txHash !== undefined);
    if (isTried || (isQuiet(report) && carried + settled === 0)) break;
  }
  await requireDelivered(messages, id);
}

/**
 * Delivers one message through L1, on nobody's word: its lane is settled over the bridges, and proves it. Throws
 * `message/not-delivered` with the reason, `message/unknown`, `settle/…`.
 */
export async function settle({ fabric, connected, messages, abis }: DeliveringParts, id: Hex): Promise<void> {
  const { id: known } = await messages.find(id);
  for (let rounds = 0; rounds < MAX_STEPS; rounds++) {
    const settling = await settleMessage(connected, known, { abis, dryRun: false, waitMs: 0 });
    const carried = await fabric.derive();
    if (settling === undefined || settling.state.stage === "delivered" || settling.refusal !== undefined) break;
    if (carried === 0 && settling.steps.length === 0) break;
  }
  await requireDelivered(messages, id);
}

const isQuiet = ({ delivered, published, revoked, pushed, failed }: StepReport): boolean =>
  delivered.length + published.length + revoked.length + pushed.length === 0 &&
  failed.every(({ txHash }) => txHash === undefined);

async function requireDelivered(messages: MessageBook, id: Hex): Promise<void> {
  const message = await messages.find(id);
  if (message.status === "delivered") return;
  throw new ParleyError(
    "message/not-delivered",
    `The ${describeMessage(message)} was not delivered: ${await messages.explain(id)}.`,
    "It stays deliverable: remove the reason, and deliver it again.",
  );
}
