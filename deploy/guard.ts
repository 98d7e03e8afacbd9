/** What must be so before anything is planned. */
import { EIGENLAYER } from "../src/chain/eigenlayer.ts";
import { ParleyError } from "../src/errors.ts";
import { hasCode } from "./chain.ts";
import type { DeployChains } from "./plan.ts";

/** Whether a node says that it is Hardhat's or anvil: on those anything may be done. */
export async function isDevelopmentNode(provider: {
  request(args: { method: string }): Promise<unknown>;
}): Promise<boolean> {
  const version = await provider.request({ method: "web3_clientVersion" }).catch(() => "");
  return /^(hardhatnetwork|edr|anvil)\b/i.test(String(version));
}

/**
 * Keeps what stands in for something else from real networks. Throws `deploy/no-eigenlayer`, `deploy/devnet-stack`; on an L1 that is
 * no development node EigenLayer must be there.
 */
export async function requireRealParts({ l1, rollups }: DeployChains): Promise<void> {
  if (!l1.isDevelopment) {
    for (const [name, address] of Object.entries(EIGENLAYER)) {
      if (await hasCode(l1, address)) continue;
      throw new ParleyError(
        "deploy/no-eigenlayer",
        `L1 (chain ${l1.chainId}) has no EigenLayer: its ${name} is not at ${address}.`,
        "Settle on Ethereum mainnet or on a fork of it; the stand-in for EigenLayer is for development nodes alone.",
      );
    }
  }
  const standIns = rollups.filter(({ stack }) => stack.name === "devnet");
  const real = [l1, ...standIns].filter(({ isDevelopment }) => !isDevelopment);
  if (standIns.length === 0 || real.length === 0) return;
  throw new ParleyError(
    "deploy/devnet-stack",
    `The stack \`devnet\` trusts an account that only development nodes let anybody speak for; not one: ${real.map(({ name }) => name).join(", ")}.`,
    "Name the stack that the rollup is of, or leave `stack` out: it is found out. The stack `devnet` is for nodes of Hardhat or anvil.",
  );
}
