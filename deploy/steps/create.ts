import { DEPLOYMENT_PROXY } from "../../src/chain/deploymentProxy.ts";
import type { Planned } from "../addresses.ts";
import { type DeployChain, hasCode } from "../chain.ts";
import { creationGas } from "../code.ts";
import { doneIf, type Step } from "../step.ts";

/** Deploys a contract through the deployment proxy. */
export function createStep(chain: DeployChain, id: string, title: string, planned: Planned): Step {
  return {
    id,
    title,
    chain,
    sender: "anyone",
    gas: creationGas(planned.initCode),
    action: { kind: "call", call: { to: DEPLOYMENT_PROXY, data: planned.data, value: 0n } },
    state: async () => doneIf(await hasCode(chain, planned.address)),
  };
}
