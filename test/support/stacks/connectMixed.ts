/** A mixed fabric as commands see it: each chain by a node of its own stack, with accounts. */
import { BrowserProvider } from "ethers";

import type { DeploymentPlan } from "../../../deploy/plan.ts";
import { plannedDeployment } from "../../../deploy/result.ts";
import { connectFabric, type ConnectedFabric } from "../../../src/deployments/connect.ts";
import type { ChainProvider } from "../../../src/testing/eigenlayer.ts";
import type { Fabric } from "../../../src/testing/fabric.ts";
import type { MixedChains } from "./mixedFabric.ts";
import { nitroNode, type PlayedNode, zksyncNode } from "./playedNodes.ts";

/** What a node answers instead, by chain and method, as `l3 eth_call`. */
export type Defects = Map<string, PlayedNode>;

const plainNode: PlayedNode = (request, chain) => chain.request(request);

/** Connects as a process that has just begun does. */
export async function connectMixed(
  { pairs }: MixedChains,
  plan: DeploymentPlan,
  fabric: Fabric,
  defects: Defects = new Map(),
): Promise<ConnectedFabric> {
  const nodes: Readonly<Record<string, PlayedNode>> = {
    arbitrum: nitroNode(pairs.arbitrum),
    zksync: zksyncNode(pairs.zksync),
    l3: nitroNode(pairs.l3),
  };
  const deployment = plannedDeployment(plan, ({ name }) => {
    const { startBlock } = fabric.members.find((member) => member.name === name)!;
    return { network: name, confirmations: 0, startBlock };
  });
  return await connectFabric({ version: 1, chains: "networks", ...deployment }, (name) => {
    const { provider: chain, chainId } = fabric.members.find((member) => member.name === name)!;
    const node = nodes[name] ?? plainNode;
    const played: ChainProvider = { request: (request) => node(request, chain) };
    const request = (call: { method: string; params?: unknown[] | Record<string, unknown> }): Promise<unknown> => {
      const params = (call.params ?? []) as unknown[];
      const defect = defects.get(`${name} ${call.method}`);
      return defect === undefined ? played.request({ ...call, params }) : defect({ ...call, params }, played);
    };
    const provider = new BrowserProvider({ request }, chainId, { staticNetwork: true, cacheTimeout: -1 });
    return Promise.resolve({
      at: `a node of ${name}`,
      provider,
      signer: () => provider.getSigner(),
      close: () => {
        provider.destroy();
        return Promise.resolve();
      },
    });
  });
}
