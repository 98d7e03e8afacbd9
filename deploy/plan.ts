/** The whole deployment, as a list of steps whose state is read from the chains: see docs/decisions/0004. */
import { planContracts, type PlannedContracts } from "./addresses.ts";
import type { DeployChain, DeployRollup } from "./chain.ts";
import { decideSettings, type DeploymentChoices, type DeploySettings } from "./settings.ts";
import { requireRealParts } from "./guard.ts";
import type { Step } from "./step.ts";
import { createStep } from "./steps/create.ts";
import { deploymentProxySteps } from "./steps/deploymentProxy.ts";
import { clockStep, standInSteps, stakeSteps } from "./steps/developmentNode.ts";
import { hopSteps } from "./steps/hop.ts";
import { gatewaySteps, type MemberPlan, registrationSteps } from "./steps/member.ts";
import { operatorsStep } from "./steps/operators.ts";
import { quorumSteps } from "./steps/quorum.ts";
import { tableSteps } from "./steps/tables.ts";

/** The chains of a fabric. */
export interface DeployChains {
  readonly l1: DeployChain;
  readonly rollups: readonly DeployRollup[];
}

/** What is to be done, in order, and what there will be then. */
export interface DeploymentPlan {
  readonly chains: readonly [DeployChain, ...DeployChain[]];
  /** Those of them that are rollups. */
  readonly rollups: readonly DeployRollup[];
  readonly settings: DeploySettings;
  readonly contracts: PlannedContracts;
  readonly steps: readonly Step[];
}

/** Plans a deployment. Reads the chains, changes nothing. Throws as `requireRealParts` and `decideSettings` do. */
export async function planDeployment(
  { l1, rollups }: DeployChains,
  choices: DeploymentChoices,
): Promise<DeploymentPlan> {
  await requireRealParts({ l1, rollups });
  const settings = decideSettings(choices, l1.isDevelopment);
  const contracts = await planContracts(l1, rollups, settings);
  const { settlement, serviceManager, stake, members } = contracts;
  const plan: MemberPlan = { l1, contracts, settings };
  const gatewayStepsOf = gatewaySteps(plan);
  const steps = [
    ...(l1.isDevelopment ? standInSteps(l1) : []),
    ...deploymentProxySteps(l1),
    ...(stake === undefined ? [] : stakeSteps(l1, stake)),
    createStep(l1, "settlement", "deploy Settlement", settlement),
    createStep(l1, "service-manager", "deploy ServiceManager", serviceManager),
    ...members.flatMap((member) => [
      ...(member.chain === l1 ? [] : rollupSteps(l1, member.chain)),
      ...hopSteps(plan, member),
      ...gatewayStepsOf(member),
      ...registrationSteps(plan, member),
    ]),
    ...(stake === undefined ? [] : [operatorsStep(l1, serviceManager.address, stake, settings)]),
    ...(await tableSteps(plan)),
    ...members.flatMap((member) => quorumSteps(plan, member)),
  ];
  return { chains: [l1, ...rollups], rollups, settings, contracts, steps };
}

function rollupSteps(l1: DeployChain, rollup: DeployChain): Step[] {
  return [
    ...(l1.isDevelopment && rollup.isDevelopment ? [clockStep(l1, rollup)] : []),
    ...deploymentProxySteps(rollup),
  ];
}
