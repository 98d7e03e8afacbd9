/** Where a fabric on networks differs from what the config says. Loaded once the contracts' types are there. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type Drift, findDrift, findFileDrift } from "../deploy/drift.ts";
import { plannedDeployment } from "../deploy/result.ts";
import type { Deployment } from "../src/deployments/deployment.ts";
import { openNetworks } from "./networkChains.ts";
import { planNetworks } from "./planNetworks.ts";

/** Compares chains and addresses file with the config. Throws as `openNetworks` and `planNetworks` do. */
export async function configDrift(
  { config, network }: Pick<HardhatRuntimeEnvironment, "config" | "network">,
  file: Deployment,
): Promise<Drift[]> {
  const chains = await openNetworks(config.parley, network);
  try {
    const plan = await planNetworks(config.parley, chains);
    const planned = plannedDeployment(plan, ({ name }) => {
      const { network: named, confirmations } = chains.rollups.find((rollup) => rollup.name === name) ?? chains.l1;
      return { network: named, confirmations, startBlock: 0 };
    });
    return [...findFileDrift(planned, file), ...(await findDrift(plan))];
  } finally {
    await chains.close();
  }
}
