/** Does what is due of a plan, step by step. */
import { setTimeout as sleep } from "node:timers/promises";

import { decodeCallError } from "../src/chain/decodeFailure.ts";
import { ParleyError } from "../src/errors.ts";
import type { DeploymentPlan } from "./plan.ts";
import type { Call, Step, StepState } from "./step.ts";

/** What became of a step. */
export interface StepOutcome {
  readonly step: Step;
  /** `done`: before already. `sent`: now. Or what it waits for. */
  readonly status: "done" | "sent" | { readonly waitsFor: string };
  /** Of what was sent, if it was one transaction. */
  readonly txHash?: string;
}

export interface RunOutcome {
  readonly outcomes: readonly StepOutcome[];
  /** By the names of the chains: what this run did came after these blocks. */
  readonly startBlocks: ReadonlyMap<string, number>;
}

export interface RunOptions {
  /** Hears what is done next. */
  readonly onStep?: ((step: Step) => void) | undefined;
  /** Milliseconds that a transaction may take to be in a block. */
  readonly patience?: number;
}

/** What of a plan is needed to do it. */
export type RunnablePlan = Pick<DeploymentPlan, "steps"> & {
  readonly settings: Pick<DeploymentPlan["settings"], "owner">;
};

const PATIENCE = 600_000;

/**
 * Does what is due, in order; what is done stays as it is. Whatever stops it, the next run goes on from what the chains show.
 * Throws `deploy/step-failed`, `deploy/not-mined`, and as the steps do.
 */
export async function runPlan(plan: RunnablePlan, options: RunOptions = {}): Promise<RunOutcome> {
  const outcomes: StepOutcome[] = [];
  const startBlocks = new Map<string, number>();
  for (const step of plan.steps) {
    const { name, reader } = step.chain;
    // The proxy emits nothing: all that matters comes after the first step behind it.
    if (step.id === "proxy") startBlocks.set(name, await reader.getBlockNumber());
    outcomes.push(await runStep(step, plan.settings.owner, options));
  }
  return { outcomes, startBlocks };
}

async function runStep(step: Step, owner: string, { onStep, patience = PATIENCE }: RunOptions): Promise<StepOutcome> {
  const state = await stateFor(step, owner);
  if (state !== "due") return { step, status: state };
  onStep?.(step);
  const txHash = await perform(step, owner, patience).catch((error: unknown) => {
    throw stepFailed(step, error);
  });
  if ((await step.state()) !== "done") {
    throw new ParleyError(
      "deploy/step-failed",
      `On ${step.chain.name}: "${step.title}" was sent, but had no effect${txHash === undefined ? "" : ` (${txHash})`}.`,
      "Look at the transaction; then run this again: it goes on from what the chains show.",
    );
  }
  return { step, status: "sent", ...(txHash === undefined ? {} : { txHash }) };
}

/** A step's state, as far as this process can do something about it. */
export async function stateFor(step: Step, owner: string): Promise<StepState> {
  const state = await step.state();
  if (state !== "due" || step.sender === "anyone" || step.chain.accounts.includes(owner)) return state;
  return { waitsFor: `the owner, ${owner}` };
}

async function perform({ action, chain, sender }: Step, owner: string, patience: number): Promise<string | undefined> {
  const from = sender === "owner" ? owner : chain.accounts[0];
  switch (action.kind) {
    case "call":
      return await send({ chain, patience }, from, action.call);
    case "lateCall":
      return await send({ chain, patience }, from, await action.call());
    case "signed":
      return await mined({ chain, patience }, "eth_sendRawTransaction", action.transaction);
    case "development":
      await action.run();
      return undefined;
    case "none":
      return undefined;
  }
}

type Sending = { readonly chain: Step["chain"]; readonly patience: number };

function send(sending: Sending, from: string, { to, data, value, gas, fees }: Call): Promise<string> {
  // Hardhat, where it signs itself, makes a byte of empty data.
  const input = data === "0x" ? {} : { data };
  const numbers = { value, ...(fees ?? {}), ...(gas === undefined ? {} : { gas }) };
  const quantities = Object.entries(numbers).map(([name, number]) => [name, `0x${number.toString(16)}`] as const);
  return mined(sending, "eth_sendTransaction", { from, to, ...input, ...Object.fromEntries(quantities) });
}

/** Sends a transaction, and waits until it is in a block. */
async function mined({ chain, patience }: Sending, method: string, transaction: unknown): Promise<string> {
  const hash = String(await chain.provider.request({ method, params: [transaction] }));
  const start = performance.now();
  for (let pause = 20; performance.now() - start < patience; pause = Math.min(pause * 1.5, 1_000)) {
    const receipt = await chain.provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (typeof receipt === "object" && receipt !== null && "status" in receipt) {
      if (BigInt(String(receipt.status)) === 1n) return hash;
      throw new ParleyError("deploy/step-failed", `Transaction ${hash} reverted.`, RERUN);
    }
    await sleep(pause);
  }
  throw new ParleyError(
    "deploy/not-mined",
    `Transaction ${hash} on ${chain.name} is in no block after ${patience / 1000} s.`,
    "Wait until it is, or replace it; then run this again.",
  );
}

const RERUN = "Run this again once the reason is gone: it goes on from what the chains show, and sends nothing twice.";

function stepFailed({ chain, title }: Step, error: unknown): ParleyError {
  if (error instanceof ParleyError && error.code !== "deploy/step-failed") return error;
  const reason = error instanceof ParleyError ? error.message : decodeCallError(error).text;
  return new ParleyError("deploy/step-failed", `On ${chain.name}: "${title}" failed: ${reason}`, RERUN, {
    cause: error,
  });
}
