import type { ChainOfDeployment, Deployment } from "../deployments/deployment.ts";
import type { Fabric, FabricMember } from "./fabric.ts";

/** What a fabric consists of, for the addresses file and other programs. */
export function deploymentOf(fabric: Fabric): Deployment {
  const [l1, ...rollups] = fabric.members;
  return {
    settlement: {
      ...chainOf(l1),
      keyType: fabric.keyType,
      memberId: l1.id,
      contracts: { ...fabric.contracts, ...l1.contracts },
    },
    rollups: rollups.map((rollup) => ({
      name: rollup.name,
      stack: rollup.stack?.name ?? "devnet",
      ...chainOf(rollup),
      memberId: rollup.id,
      l1Bridge: rollup.l1Bridge,
      ...rollup.contracts,
    })),
  };
}

function chainOf({ network, chainId, confirmations, startBlock }: FabricMember): ChainOfDeployment {
  return { network, chainId: Number(chainId), confirmations, startBlock };
}
