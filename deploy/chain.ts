import type { Provider } from "ethers";

import type { RollupStack } from "../src/stacks/stack.ts";
import type { ChainProvider } from "../src/testing/eigenlayer.ts";

/** A chain that is deployed to, and the node through which that is done. */
export interface DeployChain {
  /** `l1`, or the rollup's name. */
  readonly name: string;
  readonly chainId: bigint;
  /** The node, with the keys of `accounts` behind it: it takes `eth_sendTransaction` from them. */
  readonly provider: ChainProvider;
  /** The same node without those keys: it takes transactions from accounts that it impersonates itself. */
  readonly node: ChainProvider;
  /** The same node, to read from. */
  readonly reader: Provider;
  /** Who can be sent from. The first one sends what anybody may send. */
  readonly accounts: readonly [string, ...string[]];
  /** Whether it is a development node (Hardhat's or anvil), where anything may be done. */
  readonly isDevelopment: boolean;
  /** Seconds after which silence of its bridge makes certificates about it worthless; see ISettlement. */
  readonly maxSettleAge: bigint;
  /** Development nodes: no block before it has anything of Parley. Of a fork: a block that is not of the chain it forks. */
  readonly firstBlock?: number;
}

/** A rollup that is deployed to, and the bridge that joins it to L1. */
export interface DeployRollup extends DeployChain {
  readonly stack: RollupStack;
  /** Of an L3: the rollup of the same fabric that it settles on, and on which its stack's contracts are. It is planned before. */
  readonly parent?: DeployRollup;
}

/** Whether code stands at an address of a chain. */
export async function hasCode({ reader }: Pick<DeployChain, "reader">, address: string): Promise<boolean> {
  return (await reader.getCode(address)) !== "0x";
}

/** The time of a chain, in seconds since 1970: that of its latest block. */
export async function timeOf({ reader }: Pick<DeployChain, "reader">): Promise<bigint> {
  const block = await reader.getBlock("latest");
  return BigInt(block?.timestamp ?? 0);
}
