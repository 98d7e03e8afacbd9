/** What rollup:deploy does on networks, once the contracts' types are there: plan, show, ask, do. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { NetworkManager } from "hardhat/types/network";

import type { DeployChain } from "../deploy/chain.ts";
import { type Drift, findDrift, findFileDrift } from "../deploy/drift.ts";
import { liveFrom, onlyMember } from "../deploy/onlyMember.ts";
import type { DeploymentPlan } from "../deploy/plan.ts";
import { type ChainPlace, findStartBlock, isDeployed, plannedDeployment } from "../deploy/result.ts";
import { isLeft, isPaid, type Review, requireFunds, requireNothingPending, reviewPlan } from "../deploy/review.ts";
import { runPlan, type RunOutcome } from "../deploy/run.ts";
import { isForSafe, safeBatch } from "../deploy/safe.ts";
import { readAddresses, writeAddresses } from "../src/deployments/addressesFile.ts";
import { requireReachable } from "../src/deployments/reach.ts";
import { ParleyError } from "../src/errors.ts";
import type { ParleyConfig } from "./config/types.ts";
import { confirm } from "./confirm.ts";
import { type NetworkChain, type NetworkChains, openNetworks } from "./networkChains.ts";
import { describeDrift, describePlan, type NetworkDeployResult, stepResult } from "./output/networkDeployResult.ts";
import type { Progress } from "./output/progress.ts";
import { planNetworks } from "./planNetworks.ts";

export interface NetworkDeployOptions {
  readonly addressesFile: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly safe: string | undefined;
  /** Name of the one rollup that is to be added; the whole fabric if left out. */
  readonly only?: string;
}

/** What is deployed, and how its networks are reached. */
export interface DeploymentSource {
  readonly parley: ParleyConfig;
  readonly network: NetworkManager;
}

export interface NetworkDeployment {
  readonly result: NetworkDeployResult;
  /** Whether all contracts stand, or nothing was to be sent at all. */
  readonly isComplete: boolean;
  /** What people are told at the end. */
  readonly text: string;
  /** Of the one rollup that was to be added: when it becomes a member, as `liveFrom` says. */
  readonly liveFrom?: bigint;
}

/** Deploys to the configured networks, or says what that would take. */
export async function deployNetworks(
  { parley, network }: DeploymentSource,
  options: NetworkDeployOptions,
  progress: Progress,
): Promise<NetworkDeployment> {
  progress.step("Reaching the networks");
  const chains = await openNetworks(parley, network);
  try {
    progress.step("Reading how far the deployment is");
    const plan = await planNetworks(parley, chains);
    const { only } = options;
    if (only === undefined) return await carryOut(plan, chains, options, progress);
    const deployment = await carryOut(onlyMember(plan, only), chains, options, progress);
    return { ...deployment, liveFrom: await liveFrom(plan, only) };
  } finally {
    await chains.close();
  }
}

async function carryOut(
  plan: DeploymentPlan,
  chains: NetworkChains,
  options: NetworkDeployOptions,
  progress: Progress,
): Promise<NetworkDeployment> {
  await requireNothingPending(plan);
  const review = await reviewPlan(plan);
  const file = await readAddresses(options.addressesFile);
  const known = file?.chains === "networks" ? file : undefined;
  const planned = plannedDeployment(plan, (chain) => placeOf(chains, chain, 0));
  const fileDrift = known === undefined ? [] : findFileDrift(planned, known);
  const drift = [...fileDrift, ...(await findDrift(plan))];
  progress.end();

  const steps = review.steps.map(({ step, state }) => stepResult(step, state, undefined));
  const reviewed = {
    result: { ...planned, steps, drift, safeFiles: [] },
    isComplete: true,
    text: reviewText(review, drift),
  };
  if (options.dryRun) return reviewed;
  console.error(reviewed.text);
  requireSameContracts(fileDrift, options.addressesFile);
  if (options.safe !== undefined) {
    const written = await writeSafeFiles(plan, review, options.safe);
    return { result: { ...reviewed.result, safeFiles: written.files }, isComplete: true, text: written.text };
  }
  const run = await sendWhatIsDue(plan, review, chains, options, progress);
  const startBlocks = new Map<string, number>();
  for (const { chain } of plan.contracts.members) {
    const before = [known?.settlement, ...(known?.rollups ?? [])].find(
      (found) => found?.chainId === Number(chain.chainId),
    );
    startBlocks.set(chain.name, before?.startBlock ?? (await findStartBlock(plan, chain, run)));
  }
  const deployed = plannedDeployment(plan, (chain) => placeOf(chains, chain, startBlocks.get(chain.name) ?? 0));
  if (isDeployed(run)) await writeAddresses(options.addressesFile, { version: 1, chains: "networks", ...deployed });
  const outcomes = run.outcomes.map(({ step, status, txHash }) => stepResult(step, status, txHash));
  return {
    result: { ...deployed, steps: outcomes, drift, safeFiles: [] },
    isComplete: isDeployed(run),
    text: runText(run, options.addressesFile),
  };
}

/** Does the plan. Throws as `requireFunds`, `confirm` and `runPlan` do, and `chain/unreachable` where a node went away. */
async function sendWhatIsDue(
  plan: DeploymentPlan,
  { steps, bills }: Review,
  chains: NetworkChains,
  { yes }: NetworkDeployOptions,
  progress: Progress,
): Promise<RunOutcome> {
  const left = steps.filter(isLeft);
  if (left.some(({ state }) => state === "due")) {
    requireFunds(bills);
    const transactions = left.filter((reviewed) => isPaid(reviewed) || reviewed.step.action.kind === "signed").length;
    const isCertain = left.every(({ state }) => state === "due");
    if (!yes) await confirm(`Send ${isCertain ? "" : "up to "}${transactions} transactions?`);
  }
  try {
    return await runPlan(plan, { onStep: ({ chain, title }) => progress.step(`${chain.name}: ${title}`) });
  } catch (error) {
    for (const chain of [chains.l1, ...chains.rollups]) await requireStillReachable(chain);
    throw error;
  } finally {
    progress.end();
  }
}

async function requireStillReachable({ named }: NetworkChain): Promise<void> {
  try {
    await requireReachable(named);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    throw new ParleyError(
      error.code,
      `${error.message} The deployment stopped halfway.`,
      "Once it answers, run this again: it goes on from what the chains show, and sends nothing twice.",
      { cause: error },
    );
  }
}

/** Throws `deploy/other-plan` if the addresses file names other contracts than those of the plan. */
function requireSameContracts(drift: readonly Drift[], file: string): void {
  if (drift.length === 0) return;
  const list = drift.map(({ what, planned, found }) => `${what} ${found}, planned ${planned}`);
  throw new ParleyError(
    "deploy/other-plan",
    `${file} names other contracts than those of the config as it is now: ${list.join("; ")}. Nothing was sent.`,
    "Take back what was changed under `parley` (or the update of the package); to deploy another fabric, name another file with --addresses.",
  );
}

function placeOf({ l1, rollups }: NetworkChains, { name }: DeployChain, startBlock: number): ChainPlace {
  const { network, confirmations } = rollups.find((rollup) => rollup.name === name) ?? l1;
  return { network, confirmations, startBlock };
}

async function writeSafeFiles(
  plan: DeploymentPlan,
  review: Review,
  file: string,
): Promise<{ files: string[]; text: string }> {
  const { dir, name, ext } = path.parse(file);
  const files: string[] = [];
  const createdAt = Date.now();
  await mkdir(path.resolve(dir), { recursive: true });
  for (const chain of plan.chains) {
    const steps = review.steps.filter((reviewed) => reviewed.step.chain === chain && isForSafe(reviewed));
    if (steps.length === 0) continue;
    const batch = safeBatch(steps, { chainId: chain.chainId, name: chain.name, safe: plan.settings.owner, createdAt });
    const target = path.join(dir, `${name}.${chain.name}${ext === "" ? ".json" : ext}`);
    await writeFile(target, `${JSON.stringify(batch, null, 2)}\n`);
    files.push(target);
  }
  const others = review.steps.filter((reviewed) => isLeft(reviewed) && !isForSafe(reviewed));
  return {
    files,
    text: [
      files.length === 0
        ? "Nothing is left for a Safe."
        : `Written for Safe's Transaction Builder: ${files.join(", ")}.`,
      ...(others.length === 0
        ? []
        : [
            `Not in it, for rollup:deploy itself: ${others.map(({ step }) => `${step.chain.name}: ${step.title}`).join("; ")}.`,
          ]),
    ].join("\n"),
  };
}

function reviewText({ steps, bills }: Review, drift: readonly Drift[]): string {
  const results = steps.map(({ step, state }) => stepResult(step, state, undefined));
  const plan = describePlan(
    results,
    steps.map(({ step }) => step.gas),
    bills,
  );
  return drift.length === 0 ? plan : `${plan}\n\n${describeDrift(drift)}`;
}

function runText(run: RunOutcome, addressesFile: string): string {
  const sent = run.outcomes.filter(({ status }) => status === "sent").length;
  const waiting = run.outcomes.flatMap(({ step, status }) =>
    typeof status === "object" ? [`  ${step.chain.name}: ${step.title}: waits for ${status.waitsFor}`] : [],
  );
  return [
    sent === 0 ? "Nothing was sent: what can be done is done." : `Done: ${sent} steps.`,
    ...(waiting.length === 0 ? [] : ["Left:", ...waiting]),
    ...(isDeployed(run)
      ? [`Addresses are in ${addressesFile}.`, "Send a message with `npx hardhat message:send`."]
      : ["Write the owner's part as batches for a Safe with --safe FILE; then run this again."]),
  ].join("\n");
}
