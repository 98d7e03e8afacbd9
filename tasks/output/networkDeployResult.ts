/** What `rollup:deploy` did or would do on networks, as data and as text. */
import { formatEther } from "ethers";

import type { Drift } from "../../deploy/drift.ts";
import type { Bill } from "../../deploy/review.ts";
import type { Step, StepState } from "../../deploy/step.ts";
import type { Deployment } from "../../src/deployments/deployment.ts";
import { layTable } from "./columns.ts";

/** How far a step is: `sent` by this run; `due`; or waiting for something else than this run. */
export interface StepResult {
  readonly chain: string;
  readonly id: string;
  readonly title: string;
  readonly status: "done" | "sent" | "due" | "waits";
  readonly waitsFor?: string;
  readonly txHash?: string;
}

/** The one JSON object of `--json`. */
export interface NetworkDeployResult extends Deployment {
  readonly steps: readonly StepResult[];
  readonly drift: readonly Drift[];
  /** Files that were written for a Safe. */
  readonly safeFiles: readonly string[];
}

export function stepResult(
  { chain, id, title }: Step,
  status: StepState | "sent",
  txHash: string | undefined,
): StepResult {
  const waits = typeof status === "object" ? ({ status: "waits", ...status } as const) : { status };
  return { chain: chain.name, id, title, ...waits, ...(txHash === undefined ? {} : { txHash }) };
}

/** The plan, for a person: each step, and what it all costs. */
export function describePlan(steps: readonly StepResult[], gas: readonly bigint[], bills: readonly Bill[]): string {
  const rows = steps.map((step, index) => [
    step.chain === steps[index - 1]?.chain ? "" : step.chain,
    step.title,
    step.waitsFor === undefined ? step.status : `waits for ${step.waitsFor}`,
    step.status === "done" || gas[index] === 0n ? "" : Number(gas[index] ?? 0n).toLocaleString("en-US"),
  ]);
  return [
    ...layTable([{ title: "chain" }, { title: "step" }, { title: "status" }, { title: "gas", align: "right" }], rows),
    ...bills.map(
      ({ chain, account, cost, balance }) =>
        `On ${chain.name} ${account} pays about ${formatEther(cost)} ETH of its ${formatEther(balance)} ETH.`,
    ),
  ].join("\n");
}

export function describeDrift(drift: readonly Drift[]): string {
  const rows = drift.map(({ chain, what, planned, found }) => [chain, what, planned, found]);
  return [
    "Drift: this differs from the plan, and is left as it is.",
    ...layTable([{ title: "chain" }, { title: "what" }, { title: "planned" }, { title: "found" }], rows),
  ].join("\n");
}
