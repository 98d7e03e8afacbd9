/** Drives a message along the settled path: no operator is asked. What is done stands on the chains, so it may take days. */
import { setTimeout as sleep } from "node:timers/promises";

import type { InterfaceAbi } from "ethers";

import type { ConnectedFabric } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { FabricReader } from "../messages/fabricView.ts";
import { findMessages, type TrackedMessage } from "../messages/messageStatus.ts";
import type { StackCall } from "../stacks/index.ts";
import type { Hex } from "../wire/index.ts";
import { deliverSettled } from "./deliverSettled.ts";
import { nextCall } from "./nextCall.ts";
import { planSettling, type SettlingStage, type SettlingState } from "./planSettling.ts";
import { readSettling } from "./readSettling.ts";
import { sendCall } from "./sendCall.ts";

/** How to settle. */
export interface SettleOptions {
  /** The account that pays on each chain; each one's first by default. */
  readonly account?: string | undefined;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  /** Only find out what is next. */
  readonly dryRun: boolean;
  /** Milliseconds to wait for bridges; 0: not at all. */
  readonly waitMs: number;
  /** Milliseconds between looks. */
  readonly intervalMs?: number;
  /** Hears what is being done, or waited for. */
  readonly onStep?: (text: string) => void;
}

/** A transaction of this run. */
export interface SettlingStep {
  readonly stage: SettlingStage;
  readonly title: string;
  /** Name of the chain. */
  readonly at: string;
  readonly txHash: Hex;
}

/** How far a message came. */
export interface Settling {
  readonly tracked: TrackedMessage;
  readonly state: SettlingState;
  /** What can be sent now to carry it on; undefined while it waits, and of its delivery. */
  readonly call: StackCall | undefined;
  readonly steps: readonly SettlingStep[];
  /** Why its recipient refused it in this run. */
  readonly refusal: string | undefined;
}

const INTERVAL = 1_000;

/**
 * Does what can be done for a message now, and, if told to, waits and does what can be done then. Undefined if it is on no lane.
 * Throws `settle/…`, `account/no-funds`, the error of a chain that cannot be read, and as members' `signer` does.
 */
export async function settleMessage(
  fabric: ConnectedFabric,
  id: Hex,
  { account, abis, dryRun, waitMs, intervalMs = INTERVAL, onStep }: SettleOptions,
): Promise<Settling | undefined> {
  const reader = new FabricReader(fabric.members);
  const end = performance.now() + waitMs;
  const steps: SettlingStep[] = [];
  const sent = new Set<string>();
  for (;;) {
    const look = await readState(fabric, reader, id);
    if (look === undefined) return undefined;
    const { tracked, state } = look;
    const call = await nextCall(fabric, tracked, state);
    const settling = { tracked, state, call, steps, refusal: undefined };
    if (dryRun || state.stage === "delivered") return settling;
    if (state.stage === "deliver") {
      onStep?.(`Delivering on ${tracked.destination.name}`);
      const refusal = await deliver(tracked, state.count, { abis, account }, steps);
      const after = await readState(fabric, reader, id);
      return { ...settling, ...after, refusal };
    }
    // A node that has not seen what was just sent must not have it sent again.
    const key = call === undefined ? "" : `${call.at.name}:${call.to}:${call.data}`;
    if (call !== undefined && !sent.has(key)) {
      onStep?.(`On ${call.at.name}: ${call.title}`);
      const txHash = await sendCall(call, { signer: await call.at.signer(account) });
      sent.add(key);
      steps.push({ stage: state.stage, title: call.title, at: call.at.name, txHash });
      continue;
    }
    if (performance.now() >= end) return settling;
    onStep?.(`Waiting: ${state.stage}`);
    await sleep(Math.min(intervalMs, Math.max(0, end - performance.now())));
  }
}

async function readState(
  fabric: ConnectedFabric,
  reader: FabricReader,
  id: Hex,
): Promise<{ tracked: TrackedMessage; state: SettlingState } | undefined> {
  const view = await reader.read();
  const [tracked] = findMessages(view, [id]);
  if (tracked?.arrival === undefined) return undefined;
  const l1 = view.unread.get(fabric.members[0].id);
  if (l1 !== undefined) throw l1.error;
  return { tracked, state: planSettling(await readSettling(fabric, tracked, tracked.arrival)) };
}

/** Delivers a message; answers why its recipient refused it. Throws `settle/not-delivered` if it was not even tried. */
async function deliver(
  tracked: TrackedMessage,
  count: bigint,
  options: { readonly abis: readonly InterfaceAbi[]; readonly account: string | undefined },
  steps: SettlingStep[],
): Promise<string | undefined> {
  const { delivered, failed, problems } = await deliverSettled(tracked, count, options);
  const at = tracked.destination.name;
  for (const { txHash } of [...delivered, ...failed]) {
    if (txHash !== undefined) steps.push({ stage: "deliver", title: "deliver the message", at, txHash });
  }
  const [problem] = problems;
  if (problem === undefined) return failed[0]?.reason;
  throw new ParleyError(
    "settle/not-delivered",
    `The Gateway on ${at} was not called, or refused the call: ${problem.reason}`,
    "If an account lacks funds, give it some or name another one with --account; then run this again.",
  );
}
