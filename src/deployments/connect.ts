/** From the addresses file to the chains and operators that it names. */
import { FetchRequest, JsonRpcProvider, type Provider, type Signer } from "ethers";

import { HttpOperator } from "../agents/http/httpOperator.ts";
import type { OperatorClient } from "../agents/operatorClient.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { ParleyError } from "../errors.ts";
import type { Addresses } from "./addresses.ts";
import type { NamedChain, RpcClient } from "./reach.ts";

/** A node, and the accounts it or the project's config has keys of. */
export interface OpenNetwork {
  /** Where the node is, for people. */
  readonly at: string;
  readonly provider: Provider & RpcClient;
  /** The account of this address, or the first one. Throws `account/none`, `account/unknown`. */
  readonly signer: (from?: string) => Promise<Signer>;
  close(): Promise<void>;
}

/** Opens a network of the project's config by its name. */
export type NetworkOpener = (network: string) => Promise<OpenNetwork>;

/** A member of the fabric, and how to reach it. */
export interface ConnectedMember extends MemberNode, NamedChain {
  readonly provider: Provider & RpcClient;
  readonly signer: OpenNetwork["signer"];
}

/** A fabric that an addresses file names. */
export interface ConnectedFabric {
  readonly addresses: Addresses;
  /** L1 first. Nothing was asked of their nodes yet: see `requireReachable`. */
  readonly members: readonly [ConnectedMember, ...ConnectedMember[]];
  readonly operators: readonly OperatorClient[];
  close(): Promise<void>;
}

/** Opens what an addresses file names, without asking anything of it. Throws `addresses/ended`, and as `openNetwork` does. */
export async function connectFabric(addresses: Addresses, openNetwork: NetworkOpener): Promise<ConnectedFabric> {
  const { settlement, rollups } = addresses;
  const open = openerOf(addresses, openNetwork);
  const opened: OpenNetwork[] = [];
  const connect = async (
    name: string,
    { network, chainId, memberId, gateway, confirmations, startBlock }: Address,
  ): Promise<ConnectedMember> => {
    const { provider, signer, at } = await push(opened, open(name, network, chainId));
    return { name, at, id: memberId, chainId: BigInt(chainId), gateway, provider, signer, confirmations, startBlock };
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((network) => network.close()));
  };
  try {
    const l1 = await connect("l1", { ...settlement, gateway: settlement.contracts.gateway });
    const others: ConnectedMember[] = [];
    for (const rollup of rollups) others.push(await connect(rollup.name, rollup));
    const operators =
      addresses.chains === "devnet" ? addresses.devnet.operators.map((operator) => new HttpOperator(operator)) : [];
    return { addresses, members: [l1, ...others], operators, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Address = Pick<
  Addresses["rollups"][number],
  "network" | "chainId" | "memberId" | "gateway" | "confirmations" | "startBlock"
>;

function openerOf(
  addresses: Addresses,
  openNetwork: NetworkOpener,
): (name: string, network: string, chainId: number) => Promise<OpenNetwork> {
  switch (addresses.chains) {
    case "networks":
      return (_, network) => openNetwork(network);
    case "devnet": {
      const { urls } = addresses.devnet;
      return (name, _, chainId) => Promise.resolve(openUrl(urlOf(urls, name), chainId));
    }
    case "ended":
      throw new ParleyError(
        "addresses/ended",
        "The chains of this addresses file lived in the process that deployed to them, and ended with it.",
        "Start chains that stay with `npx hardhat rollup:devnet`, or name another file with --addresses.",
      );
  }
}

function urlOf(urls: Readonly<Record<string, string>>, name: string): string {
  const url = urls[name];
  if (url !== undefined) return url;
  throw new ParleyError(
    "addresses/no-url",
    `The addresses file names no URL for ${name}.`,
    "Start the devnet again: it writes the file anew.",
  );
}

const REQUEST_TIMEOUT = 10_000;

/** Opens a node that holds its accounts' keys itself, as a devnet's does. */
export function openUrl(url: string, chainId: number): OpenNetwork {
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT;
  // The chain is known: without that, ethers asks an unreachable node for it for ever.
  // And what it said is not to be repeated from memory, as ethers does for a quarter of a second: chains move meanwhile.
  const provider = new JsonRpcProvider(request, chainId, {
    staticNetwork: true,
    pollingInterval: 100,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  return {
    at: url,
    provider,
    signer: async (from) => {
      const accounts = await provider.listAccounts();
      const [first] = accounts;
      if (first === undefined) {
        throw new ParleyError("account/none", `The node at ${url} has no account.`, "Name a network with accounts.");
      }
      if (from === undefined) return first;
      const found = accounts.find(({ address }) => address.toLowerCase() === from.toLowerCase());
      if (found !== undefined) return found;
      throw new ParleyError(
        "account/unknown",
        `The node at ${url} has no key of ${from}.`,
        `Use one of its accounts, such as ${first.address}.`,
      );
    },
    close: () => {
      provider.destroy();
      return Promise.resolve();
    },
  };
}

async function push<Item>(items: Item[], item: Promise<Item>): Promise<Item> {
  const resolved = await item;
  items.push(resolved);
  return resolved;
}
