/** Puts the deterministic deployment proxy onto a simulated chain, the way it came onto every other. */
import { Transaction } from "ethers";

import { DEPLOYMENT_PROXY, DEPLOYMENT_PROXY_CODE, DEPLOYMENT_PROXY_TRANSACTION } from "../chain/deploymentProxy.ts";
import { ParleyError } from "../errors.ts";
import type { ChainProvider } from "./eigenlayer.ts";
import { fund } from "./cheats.ts";

/** Does nothing where the proxy stands. Throws `deployment-proxy/occupied` where other code does. */
export async function placeDeploymentProxy(provider: ChainProvider): Promise<void> {
  if (await isPlaced(provider)) return;
  const { from, gasLimit, gasPrice } = Transaction.from(DEPLOYMENT_PROXY_TRANSACTION);
  await fund(provider, String(from), gasLimit * (gasPrice ?? 0n));
  await provider.request({ method: "eth_sendRawTransaction", params: [DEPLOYMENT_PROXY_TRANSACTION] });
  await isPlaced(provider);
}

async function isPlaced(provider: ChainProvider): Promise<boolean> {
  const code = await provider.request({ method: "eth_getCode", params: [DEPLOYMENT_PROXY, "latest"] });
  if (code === DEPLOYMENT_PROXY_CODE) return true;
  if (code === "0x") return false;
  throw new ParleyError(
    "deployment-proxy/occupied",
    `Other code than the deterministic deployment proxy's stands at ${DEPLOYMENT_PROXY}.`,
    "Use a chain where that address is free or holds the proxy.",
  );
}
