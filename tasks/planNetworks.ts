/** The plan of what the config says, for networks. Loaded once the contracts' types are there. */
import { getAddress } from "ethers";

import { type DeploymentPlan, planDeployment } from "../deploy/plan.ts";
import { ParleyError } from "../src/errors.ts";
import type { DeploymentUserConfig, ParleyConfig } from "./config/types.ts";
import type { NetworkChains } from "./networkChains.ts";

/** Plans what the config says. Throws as `planDeployment` does, and `fabric/accounts-differ`. */
export async function planNetworks(parley: ParleyConfig, chains: NetworkChains): Promise<DeploymentPlan> {
  const { deployment, keyType, operators, quorum } = parley;
  return await planDeployment(chains, {
    ...deployment,
    owner: deployment.owner === undefined ? commonAccount(chains) : getAddress(deployment.owner),
    quorumBps: quorum,
    keyType,
    operators,
    strategies: deployment.strategies?.map(({ address, multiplier = 10n ** 18n }) => ({ address, multiplier })),
    ...wholeNumbers(deployment),
  });
}

function commonAccount({ l1, rollups }: NetworkChains): string {
  const chains = [l1, ...rollups];
  if (new Set(chains.map(({ accounts }) => accounts[0])).size === 1) return l1.accounts[0];
  throw new ParleyError(
    "fabric/accounts-differ",
    `The networks have different first accounts: ${chains.map(({ name, accounts }) => `${name} ${accounts[0]}`).join(", ")}.`,
    "Give them the same one, or name in `parley.deployment.owner` who owns the Gateways: their address, which is to be one, depends on it.",
  );
}

type WholeNumbers = Pick<
  DeploymentUserConfig,
  "minOperators" | "tableAge" | "minInterval" | "memberNotice" | "falsehoodNotice"
>;

function wholeNumbers({
  minOperators,
  tableAge,
  minInterval,
  memberNotice,
  falsehoodNotice,
}: WholeNumbers): Record<keyof WholeNumbers, bigint | undefined> {
  const whole = (value: number | undefined): bigint | undefined => (value === undefined ? undefined : BigInt(value));
  return {
    minOperators: whole(minOperators),
    tableAge: whole(tableAge),
    minInterval: whole(minInterval),
    memberNotice: whole(memberNotice),
    falsehoodNotice: whole(falsehoodNotice),
  };
}
