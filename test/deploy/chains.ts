/** Simulated chains for a deployment, whose every transaction can be made to fail. */
import { BrowserProvider, getAddress } from "ethers";
import { network } from "hardhat";

import type { DeployChain, DeployRollup } from "../../deploy/chain.ts";
import type { DeployChains } from "../../deploy/plan.ts";
import type { DeploymentChoices } from "../../deploy/settings.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";

/** Stands in the way of every transaction that is sent. */
export type Fault = (forward: () => Promise<unknown>) => Promise<unknown>;

export interface FaultyChains {
  readonly chains: DeployChains;
  readonly choices: DeploymentChoices;
  /** Hashes of the transactions that reached a chain, in order. */
  readonly sent: unknown[];
  /** Gas that each of them used. */
  readonly gasOf: (hash: unknown) => Promise<bigint>;
  fault: Fault;
  close(): Promise<void>;
}

const SENDS = ["eth_sendTransaction", "eth_sendRawTransaction"];

/** Fresh chains: L1 and a rollup. */
export async function openFaultyChains(): Promise<FaultyChains> {
  const now = new Date();
  const connections = [
    await network.create({ network: "parleyL1", override: { initialDate: genesisDate(now) } }),
    await network.create({ network: "parleyAlpha", override: { initialDate: now } }),
  ];
  const sent: unknown[] = [];
  const faulty: { sent: unknown[]; fault: Fault } = { sent, fault: (forward) => forward() };
  const open = async (name: string, { provider }: (typeof connections)[number]): Promise<DeployChain> => {
    const request = async ({
      method,
      params = [],
    }: {
      method: string;
      params?: readonly unknown[];
    }): Promise<unknown> => {
      const forward = (): Promise<unknown> => provider.request({ method, params: [...params] });
      if (!SENDS.includes(method)) return await forward();
      return await faulty.fault(async () => {
        const hash = await forward();
        sent.push(hash);
        return hash;
      });
    };
    const chainId = BigInt(String(await provider.request({ method: "eth_chainId" })));
    const reader = new BrowserProvider(
      { request: ({ method, params }) => request({ method, params: params as unknown[] }) },
      chainId,
      { staticNetwork: true, pollingInterval: 5, cacheTimeout: -1 },
    );
    const [account] = (await provider.request({ method: "eth_accounts" })) as string[];
    return {
      name,
      chainId,
      provider: { request },
      node: { request },
      reader,
      accounts: [getAddress(account!)],
      isDevelopment: true,
      maxSettleAge: 259_200n,
    };
  };
  const l1 = await open("l1", connections[0]!);
  const alpha: DeployRollup = { ...(await open("alpha", connections[1]!)), stack: { name: "devnet" } };
  return Object.assign(faulty, {
    chains: { l1, rollups: [alpha] },
    choices: { owner: l1.accounts[0], quorumBps: 7_500, operators: 2 },
    gasOf: async (hash: unknown) => {
      for (const { reader } of [l1, alpha]) {
        const receipt = await reader.getTransactionReceipt(String(hash));
        if (receipt !== null) return receipt.gasUsed;
      }
      throw new Error(`no receipt of ${String(hash)}`);
    },
    close: async () => {
      for (const { reader } of [l1, alpha]) reader.destroy();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  });
}
