/** Which stack a rollup is of, by what stands on it and what its node answers. */
import type { Provider } from "ethers";

import { ask } from "./ask.ts";
import type { CanonicalStack } from "./stack.ts";

/** A rollup's node. */
export interface DetectedChain {
  readonly reader: Provider;
  readonly node: { request(args: { method: string; params?: unknown[] }): Promise<unknown> };
}

/** What only a stack's own chains have: an OP Stack chain its L2CrossDomainMessenger, a Nitro chain ArbSys, a ZK chain its L1Messenger. */
export const STACK_CONTRACTS = {
  optimism: "0x4200000000000000000000000000000000000007",
  arbitrum: "0x0000000000000000000000000000000000000064",
  zksync: "0x0000000000000000000000000000000000008008",
} as const satisfies Record<CanonicalStack, string>;

/** ZK Stack's ContractDeployer. */
const CONTRACT_DEPLOYER = "0x0000000000000000000000000000000000008006";

/** The stacks whose marks a chain bears: none, or one, unless somebody plays another. */
export async function detectStacks({ reader, node }: DetectedChain): Promise<CanonicalStack[]> {
  const found: CanonicalStack[] = [];
  for (const stack of ["optimism", "arbitrum", "zksync"] as const) {
    if ((await reader.getCode(STACK_CONTRACTS[stack])) !== "0x") found.push(stack);
  }
  if (!found.includes("zksync") && (await answersZks(node))) found.push("zksync");
  return found;
}

async function answersZks(node: DetectedChain["node"]): Promise<boolean> {
  return await node.request({ method: "zks_L1ChainId", params: [] }).then(
    (answer) => answer !== null && answer !== undefined,
    () => false,
  );
}

/** Whether a ZK Stack chain runs EraVM alone, on which code of the EVM cannot be deployed. */
export async function refusesEvmCode({ reader }: Pick<DetectedChain, "reader">): Promise<boolean> {
  return (await ask(reader, CONTRACT_DEPLOYER, "function allowedBytecodeTypesToDeploy() view returns (uint8)")) === "0";
}
