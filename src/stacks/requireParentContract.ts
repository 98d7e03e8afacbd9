/** Whether the contract on its parent that a rollup's bridge is to use is that rollup's. */
import { getAddress, type Provider, ZeroAddress } from "ethers";

import { ParleyError } from "../errors.ts";
import { ask } from "./ask.ts";
import { STACK_CONTRACTS } from "./detectStacks.ts";
import { type CanonicalStack, PARENT_CONTRACTS, STACK_TITLES } from "./stack.ts";

export interface JoinedChains {
  /** The chain on which the rollup settles. */
  readonly parent: { readonly name: string; readonly chainId: bigint; readonly reader: Provider };
  readonly rollup: { readonly name: string; readonly chainId: bigint; readonly reader: Provider };
}

/** How ZK Stack calls ether. */
const ETHER = "0x0000000000000000000000000000000000000001";

/** Throws `stack/no-parent-contract`, `stack/wrong-parent-contract`, `stack/custom-gas-token`. */
export async function requireParentContract(
  chains: JoinedChains,
  stack: CanonicalStack,
  address: string,
): Promise<void> {
  const { parent, rollup } = chains;
  if ((await parent.reader.getCode(address)) === "0x") {
    throw new ParleyError(
      "stack/no-parent-contract",
      `${parent.name} (chain ${parent.chainId}) has no contract at ${address}, which is to be the ${PARENT_CONTRACTS[stack]} of ${rollup.name}.`,
      `Correct \`contracts.${PARENT_CONTRACTS[stack]}\` of the rollup, or the network that ${parent.name} is on.`,
    );
  }
  await CHECKS[stack](chains, address);
}

const CHECKS: Readonly<Record<CanonicalStack, (chains: JoinedChains, address: string) => Promise<void>>> = {
  optimism: async (chains, messenger) => {
    const { parent, rollup } = chains;
    const other = await otherMessenger(parent.reader, messenger);
    if (other !== STACK_CONTRACTS.optimism) {
      throw wrong(chains, "optimism", messenger, `its other messenger is ${other ?? "unknown to it"}`);
    }
    const expected = await otherMessenger(rollup.reader, STACK_CONTRACTS.optimism);
    if (expected !== undefined && expected !== getAddress(messenger)) {
      throw wrong(chains, "optimism", messenger, `the rollup's own messenger believes ${expected}`);
    }
    const portal = await ask(parent.reader, messenger, "function portal() view returns (address)");
    if (portal === undefined) return;
    const config = await ask(parent.reader, portal, "function systemConfig() view returns (address)");
    if (config === undefined) return;
    const chainId = await ask(parent.reader, config, "function l2ChainId() view returns (uint256)");
    requireChainId(chains, "optimism", messenger, chainId);
  },
  arbitrum: async (chains, inbox) => {
    const { reader } = chains.parent;
    const bridge = await ask(reader, inbox, "function bridge() view returns (address)");
    if (bridge === undefined) throw wrong(chains, "arbitrum", inbox, "it names no Bridge");
    const token = await ask(reader, bridge, "function nativeToken() view returns (address)");
    if (token !== undefined && token !== ZeroAddress) throw customGasToken(chains, token);
    const core = await ask(reader, bridge, "function rollup() view returns (address)");
    if (core === undefined) throw wrong(chains, "arbitrum", inbox, "its Bridge names no rollup");
    requireChainId(chains, "arbitrum", inbox, await ask(reader, core, "function chainId() view returns (uint256)"));
  },
  zksync: async (chains, bridgehub) => {
    const { parent, rollup } = chains;
    const token = await ask(
      parent.reader,
      bridgehub,
      "function baseToken(uint256) view returns (address)",
      rollup.chainId,
    );
    if (token === undefined || token === ZeroAddress) {
      throw wrong(chains, "zksync", bridgehub, `it knows no chain ${rollup.chainId}`);
    }
    if (token !== ETHER) throw customGasToken(chains, token);
  },
};

/** What an OP Stack messenger takes for its counterpart. */
export const otherMessenger = async (reader: Provider, messenger: string): Promise<string | undefined> =>
  (await ask(reader, messenger, "function otherMessenger() view returns (address)")) ??
  (await ask(reader, messenger, "function OTHER_MESSENGER() view returns (address)"));

function requireChainId(chains: JoinedChains, stack: CanonicalStack, address: string, found: string | undefined): void {
  // Older versions do not say.
  if (found === undefined || found === String(chains.rollup.chainId)) return;
  throw wrong(chains, stack, address, `it belongs to chain ${found}`);
}

const wrong = ({ parent, rollup }: JoinedChains, stack: CanonicalStack, address: string, reason: string): ParleyError =>
  new ParleyError(
    "stack/wrong-parent-contract",
    `${address} on ${parent.name} is not the ${PARENT_CONTRACTS[stack]} of ${rollup.name} (chain ${rollup.chainId}): ${reason}.`,
    `Look up the ${STACK_TITLES[stack]} chain's ${PARENT_CONTRACTS[stack]} in its own documentation, and name it under \`contracts\`: what is sent to a wrong one is lost.`,
  );

const customGasToken = ({ rollup }: JoinedChains, token: string): ParleyError =>
  new ParleyError(
    "stack/custom-gas-token",
    `Gas of ${rollup.name} (chain ${rollup.chainId}) is paid in a token of its own, ${token}.`,
    "This version's bridges pay in ether alone: leave this rollup out.",
  );
