/** The networks that are deployed to, as the plan takes them. */
import "@nomicfoundation/hardhat-ethers";
import { getAddress } from "ethers";
import type { NetworkConfig } from "hardhat/types/config";
import type { NetworkConnection, NetworkManager } from "hardhat/types/network";

import { z } from "zod";

import type { DeployChain, DeployRollup } from "../deploy/chain.ts";
import { isDevelopmentNode } from "../deploy/guard.ts";
import type { Confirmations } from "../src/chain/memberNode.ts";
import { askChainId, type NamedChain, requireReachable } from "../src/deployments/reach.ts";
import { ParleyError } from "../src/errors.ts";
import type { ChainProvider } from "../src/testing/eigenlayer.ts";
import { decideStack } from "../src/stacks/decideStack.ts";
import { maxSettleAgeOf } from "../src/stacks/stackTimes.ts";
import { MAX_SETTLE_AGE } from "./config/resolve.ts";
import type { ChainConfig, ParleyConfig, RollupConfig } from "./config/types.ts";

/** A network, and the chain behind it. */
export interface NetworkChain extends DeployChain {
  readonly network: string;
  readonly confirmations: Confirmations;
  /** The same, to ask whether it answers. */
  readonly named: NamedChain;
}

/** A rollup's network. */
export interface NetworkRollup extends NetworkChain, DeployRollup {
  readonly parent?: NetworkRollup;
}

export interface NetworkChains {
  readonly l1: NetworkChain;
  /** Parents before what settles on them. */
  readonly rollups: readonly NetworkRollup[];
  close(): Promise<void>;
}

/**
 * Reaches the networks that the config names. Throws `rollup/no-parent`, `chain/unreachable`, `chain/wrong-chain`, `deploy/no-account`,
 * `deploy/duplicate-chain`, and as `decideStack` does.
 */
export async function openNetworks(parley: ParleyConfig, network: NetworkManager): Promise<NetworkChains> {
  requireParents(parley.rollups);
  const connections: NetworkConnection[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
  };
  const open = async (name: string, chain: ChainConfig): Promise<NetworkChain> => {
    const connection = await network.create({ network: chain.network });
    connections.push(connection);
    return await toChain(name, chain, connection);
  };
  try {
    const l1 = await open("l1", parley.settlement);
    const chains: { chain: NetworkChain; config: RollupConfig }[] = [];
    for (const rollup of parley.rollups) chains.push({ chain: await open(rollup.name, rollup), config: rollup });
    requireOwnChainIds([l1, ...chains.map(({ chain }) => chain)]);
    const rollups: NetworkRollup[] = [];
    const isL3 = ({ config }: { readonly config: RollupConfig }): boolean => config.parent !== undefined;
    for (const { chain, config } of [...chains.filter((each) => !isL3(each)), ...chains.filter(isL3)]) {
      const parent = rollups.find(({ name }) => name === config.parent);
      rollups.push(await joinedTo(l1, parent, chain, config));
    }
    return { l1, rollups, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Finds out how a rollup is joined to L1, or an L3 to its parent. */
async function joinedTo(
  l1: NetworkChain,
  parent: NetworkRollup | undefined,
  rollup: NetworkChain,
  config: RollupConfig,
): Promise<NetworkRollup> {
  const stack = await decideStack({ parent: parent ?? l1, rollup }, config);
  const age = maxSettleAgeOf(stack.name, ...(parent === undefined ? [] : [parent.stack.name]));
  const joined = { ...rollup, stack, maxSettleAge: BigInt(config.maxSettleAge ?? age) };
  return parent === undefined ? joined : { ...joined, parent };
}

async function toChain(name: string, chain: ChainConfig, connection: NetworkConnection): Promise<NetworkChain> {
  const { ethers, provider, networkConfig } = connection;
  const named = { name, at: await placeOf(chain.network, networkConfig), provider: ethers.provider };
  const { chainId: configured } = networkConfig;
  if (configured !== undefined) await requireReachable({ ...named, chainId: BigInt(configured) });
  const chainId = configured === undefined ? await askChainId(named) : BigInt(configured);
  const [account, ...others] = (await ethers.getSigners()).map(({ address }) => getAddress(address));
  if (account === undefined) {
    throw new ParleyError(
      "deploy/no-account",
      `Network "${chain.network}" has no account to deploy from.`,
      "Give it `accounts` in the Hardhat config, for example by the keystore.",
    );
  }
  return {
    name,
    network: chain.network,
    confirmations: chain.finality === "finalized" ? chain.finality : chain.finality.confirmations,
    chainId,
    named: { ...named, chainId },
    provider,
    node: await nodeOf(networkConfig, provider),
    reader: ethers.provider,
    accounts: [account, ...others],
    isDevelopment: await isDevelopmentNode(provider),
    maxSettleAge: BigInt(chain.maxSettleAge ?? MAX_SETTLE_AGE),
  };
}

/** The node without the keys that Hardhat puts before it. */
async function nodeOf(config: NetworkConfig, provider: ChainProvider): Promise<ChainProvider> {
  if (config.type !== "http" || config.accounts === "remote") return provider;
  const url = await config.url.getUrl();
  const request = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...config.httpHeaders, "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = Answer.parse(await response.json());
    if (error !== undefined) throw new Error(error.message);
    return result;
  };
  return { request: ({ method, params = [] }) => request(method, params) };
}

const Answer = z.object({ result: z.unknown(), error: z.object({ message: z.string() }).optional() });

/** Where a node is, without what may be secret of its URL. */
async function placeOf(network: string, config: NetworkConfig): Promise<string> {
  if (config.type !== "http") return `network "${network}"`;
  return `${new URL(await config.url.getUrl()).origin} (network "${network}")`;
}

/** Of a part of the config a parent may be missing: nothing may take an L3 for a rollup on L1 then. */
function requireParents(rollups: readonly RollupConfig[]): void {
  for (const { name, parent } of rollups) {
    if (parent === undefined || rollups.some((each) => each.name === parent)) continue;
    throw new ParleyError(
      "rollup/no-parent",
      `${name} settles on ${parent}, which is no rollup of the fabric yet.`,
      `Add that one first: \`npx hardhat rollup:add ${parent}\`.`,
    );
  }
}

function requireOwnChainIds(chains: readonly NetworkChain[]): void {
  for (const [index, chain] of chains.entries()) {
    const twin = chains.slice(0, index).find(({ chainId }) => chainId === chain.chainId);
    if (twin === undefined) continue;
    throw new ParleyError(
      "deploy/duplicate-chain",
      `The nodes of ${twin.name} and ${chain.name} are both of chain ${chain.chainId}.`,
      "Correct the URL of one of them in `networks`.",
    );
  }
}
