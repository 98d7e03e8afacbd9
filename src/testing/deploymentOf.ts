import type { Deployment } from "../deployments/deployment.ts";
import type { Fabric } from "./fabric.ts";

/** What a fabric consists of, for the addresses file and other programs. */
export function deploymentOf(fabric: Fabric): Deployment {
  const [l1, ...rollups] = fabric.members;
  return {
    settlement: { chainId: Number(l1.chainId), contracts: { ...fabric.contracts, ...l1.contracts } },
    rollups: rollups.map(({ name, chainId, id, l1Bridge, contracts }) => ({
      name,
      chainId: Number(chainId),
      memberId: id,
      l1Bridge,
      ...contracts,
    })),
  };
}
