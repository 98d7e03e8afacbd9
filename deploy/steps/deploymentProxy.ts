import { Transaction } from "ethers";

import {
  DEPLOYMENT_PROXY,
  DEPLOYMENT_PROXY_CODE,
  DEPLOYMENT_PROXY_TRANSACTION,
} from "../../src/chain/deploymentProxy.ts";
import { ParleyError } from "../../src/errors.ts";
import type { DeployChain } from "../chain.ts";
import { doneIf, type Step } from "../step.ts";

const { from, gasLimit, gasPrice } = Transaction.from(DEPLOYMENT_PROXY_TRANSACTION);
const SIGNER = String(from);
const COST = gasLimit * (gasPrice ?? 0n);

/** Puts the deterministic deployment proxy onto a chain that has none, the way it came onto every other. */
export function deploymentProxySteps(chain: DeployChain): Step[] {
  return [
    {
      id: "fund-proxy-signer",
      title: "pay for the deployment proxy",
      chain,
      sender: "anyone",
      gas: 21_000n,
      action: { kind: "call", call: { to: SIGNER, data: "0x", value: COST } },
      state: async () => doneIf((await isPlaced(chain)) || (await chain.reader.getBalance(SIGNER)) >= COST),
    },
    {
      id: "proxy",
      title: "deploy the deployment proxy",
      chain,
      sender: "anyone",
      gas: 0n, // its signer pays
      action: { kind: "signed", transaction: DEPLOYMENT_PROXY_TRANSACTION },
      state: async () => doneIf(await isPlaced(chain)),
    },
  ];
}

/** Throws `deployment-proxy/occupied` where other code stands. */
async function isPlaced({ name, reader }: DeployChain): Promise<boolean> {
  const code = await reader.getCode(DEPLOYMENT_PROXY);
  if (code === DEPLOYMENT_PROXY_CODE) return true;
  if (code === "0x") return false;
  throw new ParleyError(
    "deployment-proxy/occupied",
    `Other code than the deterministic deployment proxy's stands at ${DEPLOYMENT_PROXY} on ${name}.`,
    "Use a chain where that address is free or holds the proxy.",
  );
}
