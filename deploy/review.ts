/** How far a deployment is, and what the rest of it costs. */
import { formatEther } from "ethers";

import { ParleyError } from "../src/errors.ts";
import type { DeployChain } from "./chain.ts";
import type { DeploymentPlan } from "./plan.ts";
import { stateFor } from "./run.ts";
import type { Step, StepState } from "./step.ts";

export interface ReviewedStep {
  readonly step: Step;
  readonly state: StepState;
}

/** What an account of a chain has to pay. Wei. */
export interface Bill {
  readonly chain: DeployChain;
  readonly account: string;
  readonly gas: bigint;
  readonly cost: bigint;
  readonly balance: bigint;
}

export interface Review {
  readonly steps: readonly ReviewedStep[];
  /** Of the accounts that pay for what is left. */
  readonly bills: readonly Bill[];
}

/** Whether this process will do a step now, or once the steps before it are done. */
export const isLeft = ({ state }: ReviewedStep): boolean => state !== "done";

/** Whether it is one transaction of an account. */
export const isPaid = ({ step }: ReviewedStep): boolean =>
  step.action.kind === "call" || step.action.kind === "lateCall";

/** Reads how far each step is, and what the accounts have. */
export async function reviewPlan(plan: DeploymentPlan): Promise<Review> {
  const { owner } = plan.settings;
  const steps: ReviewedStep[] = [];
  for (const step of plan.steps) steps.push({ step, state: await stateFor(step, owner) });
  const bills: Bill[] = [];
  for (const chain of plan.chains) {
    const paid = steps.filter((reviewed) => reviewed.step.chain === chain && isLeft(reviewed) && isPaid(reviewed));
    const { maxFeePerGas, gasPrice } = await chain.reader.getFeeData();
    for (const account of new Set(paid.map(({ step }) => senderOf(step, owner)))) {
      if (!chain.accounts.includes(account)) continue; // another process pays
      const own = paid.map(({ step }) => step).filter((step) => senderOf(step, owner) === account);
      const gas = own.reduce((sum, step) => sum + step.gas, 0n);
      let value = 0n;
      for (const { action } of own) {
        if (action.kind === "call") value += action.call.value;
        if (action.kind === "lateCall") value += (await action.mostValue?.()) ?? 0n;
      }
      const cost = gas * (maxFeePerGas ?? gasPrice ?? 0n) + value;
      bills.push({ chain, account, gas, cost, balance: await chain.reader.getBalance(account) });
    }
  }
  return { steps, bills };
}

const senderOf = ({ sender, chain }: Step, owner: string): string => (sender === "owner" ? owner : chain.accounts[0]);

/** Throws `deploy/no-funds` if an account cannot pay for what is left. */
export function requireFunds(bills: readonly Bill[]): void {
  const short = bills.filter(({ cost, balance }) => balance < cost);
  if (short.length === 0) return;
  const list = short.map(
    ({ chain, account, cost, balance }) =>
      `${account} on ${chain.name} has ${formatEther(balance)} ETH and needs about ${formatEther(cost)} ETH`,
  );
  throw new ParleyError(
    "deploy/no-funds",
    `Too little to pay for the deployment: ${list.join("; ")}. Nothing was sent.`,
    "Fund the account, or give the network another one in its `accounts`.",
  );
}

/**
 * Waits until an earlier run's transactions are in blocks, so that none is sent twice. Throws `deploy/pending-transactions`.
 * @param patience Milliseconds.
 */
export async function requireNothingPending(
  { chains }: Pick<DeploymentPlan, "chains">,
  patience = 60_000,
): Promise<void> {
  const start = performance.now();
  for (const { name, reader, accounts } of chains) {
    for (const account of accounts.slice(0, 1)) {
      for (;;) {
        const pending =
          (await reader.getTransactionCount(account, "pending")) - (await reader.getTransactionCount(account));
        if (pending <= 0) break;
        if (performance.now() - start > patience) {
          throw new ParleyError(
            "deploy/pending-transactions",
            `${pending} transactions of ${account} on ${name} are in no block yet: what they do is not known.`,
            "Wait until they are, or replace them; then run this again.",
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }
}
