/** What a plan comes to, for the addresses file. */
import type { Confirmations } from "../src/chain/memberNode.ts";
import type { Deployment } from "../src/deployments/deployment.ts";
import { type DeployChain, hasCode } from "./chain.ts";
import type { DeploymentPlan } from "./plan.ts";
import type { RunOutcome } from "./run.ts";

/** Where a chain is found, and what of it is final. */
export interface ChainPlace {
  readonly network: string;
  readonly confirmations: Confirmations;
  readonly startBlock: number;
}

/** The contracts of the plan, whether they stand already or not. */
export function plannedDeployment(
  { chains: [l1], rollups, contracts, settings }: DeploymentPlan,
  placeOf: (chain: DeployChain) => ChainPlace,
): Deployment {
  const { settlement, serviceManager, stake, everywhere, members } = contracts;
  const own = {
    gateway: everywhere.gateway,
    bridge: everywhere.bridge,
    tableFactory: everywhere.tableFactory.address,
    gatewayDeployer: everywhere.gatewayDeployer.address,
  };
  const at = (chain: DeployChain) => ({ ...placeOf(chain), chainId: Number(chain.chainId) });
  const [local, ...others] = members;
  return {
    settlement: {
      ...at(l1),
      keyType: settings.keyType,
      memberId: local.id,
      contracts: {
        settlement: settlement.address,
        serviceManager: serviceManager.address,
        ...(stake === undefined ? {} : { token: stake.token.address, strategy: stake.strategy }),
        ...own,
      },
    },
    rollups: rollups.map((chain, index) => {
      const member = others[index] ?? local;
      const { name, stack } = chain;
      const { hop, l1End } = member.bridge;
      const through = hop === undefined ? {} : { parent: hop.parent.name, hop: hop.address };
      const ends = { memberId: member.id, l1Bridge: l1End.address, ...own };
      return { name, stack: stack.name, ...through, ...at(chain), ...ends };
    }),
  };
}

/** Whether all contracts stand and all members are registered; operators and tables may come later. */
export const isDeployed = ({ outcomes }: RunOutcome): boolean =>
  outcomes.every(({ step, status }) => step.isLater === true || typeof status === "string");

/** A block before anything of the fabric was on a chain: the latest one that is easily found, or 0. */
export async function findStartBlock(plan: DeploymentPlan, chain: DeployChain, run: RunOutcome): Promise<number> {
  const { settlement, everywhere } = plan.contracts;
  const isL1 = chain === plan.chains[0];
  const first = isL1 ? "settlement" : "gateway-deployer";
  const { status } = run.outcomes.find(({ step }) => step.chain === chain && step.id === first) ?? {};
  if (status === "sent") return run.startBlocks.get(chain.name) ?? 0;
  const address = (isL1 ? settlement : everywhere.gatewayDeployer).address;
  try {
    if (!(await hasCode(chain, address))) return 0;
    let [without, withCode] = [0, await chain.reader.getBlockNumber()];
    while (withCode - without > 1) {
      const middle = Math.floor((without + withCode) / 2);
      if ((await chain.reader.getCode(address, middle)) === "0x") without = middle;
      else withCode = middle;
    }
    return without;
  } catch {
    return 0; // a node that forgot old states
  }
}
