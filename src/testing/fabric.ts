/**
 * A whole fabric on simulated chains: L1 with EigenLayer's stand-in and operators, rollups, Settlement, Gateways, tables in force.
 * Nothing of Parley is simulated: every contract is the real one, but the bridge (`devnet`), which real stacks bring themselves.
 */
import { Contract, type Signer, ZeroAddress } from "ethers";

import type { DeployChain, DeployRollup } from "../../deploy/chain.ts";
import { type DeploymentPlan, planDeployment } from "../../deploy/plan.ts";
import { runPlan } from "../../deploy/run.ts";
import { MAX_SETTLE_AGE } from "../../deploy/settings.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { ServiceManager__factory } from "../../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import { Settlement__factory } from "../../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import { interfaceOf } from "../chain/contractAt.ts";
import { readerOf } from "../chain/readerOf.ts";
import { snapshotCall } from "../chain/snapshotCall.ts";
import { downwardPrice } from "../stacks/downwardPrice.ts";
import type { RollupStack } from "../stacks/stack.ts";
import { ParleyError } from "../errors.ts";
import type { Hex, KeyType, MemberRef } from "../wire/index.ts";
import { mine } from "./cheats.ts";
import { derive, type DevnetBridge, enableDerivation } from "./derivation.ts";
import type { ChainProvider } from "./eigenlayer.ts";
import { devnetOperator, type DevnetOperator } from "./operators.ts";

/** A simulated chain: a fresh one, or a fork. */
export interface FabricChain {
  /** `l1`, or the rollup's name. */
  readonly name: string;
  /** Its name among the project's networks. */
  readonly network: string;
  readonly chainId: bigint;
  /** A block is final once this many others stand on it. */
  readonly confirmations: number;
  readonly provider: ChainProvider;
  /** Seconds after which a chain whose bridge is silent is not certified any more; three days if left out. */
  readonly maxSettleAge?: bigint;
  /** No block before it has anything of Parley. Of a fork: a block that is not of the chain it forks. */
  readonly firstBlock?: number;
  /** Rollups: how it is joined to L1; by the devnet bridge if left out. Of a real stack, whoever plays it carries what travels. */
  readonly stack?: RollupStack;
  /** Deploys and owns everything; the same account on each chain. */
  readonly signer: Signer;
}

/** What a fabric is to be made of. */
export interface FabricPlan {
  readonly l1: FabricChain;
  readonly rollups: readonly FabricChain[];
  /** How many operators, all of the same weight. */
  readonly operators: number;
  /** Quorum in basis points that every Gateway demands of every source. */
  readonly quorumBps: number;
  /** What operators sign with; ECDSA keys if left out. */
  readonly keyType?: KeyType | undefined;
  /** Hears what is done next. */
  readonly onStep?: (step: string) => void;
}

/** A member of the fabric, and how to reach it. */
export interface FabricMember extends FabricChain {
  readonly id: Hex;
  readonly ref: MemberRef;
  /** A block of its chain; no log of its Gateway is older. */
  readonly startBlock: number;
  /** Its Gateway, signed for by `signer`. */
  readonly gateway: Contract;
  /** Addresses on the member's own chain. */
  readonly contracts: {
    readonly gateway: string;
    readonly bridge: string;
    readonly tableFactory: string;
    readonly gatewayDeployer: string;
  };
  /** L1's end of its bridge. */
  readonly l1Bridge: string;
}

/** A running fabric. */
export interface Fabric {
  /** L1's contracts, by role. */
  readonly contracts: FabricContracts;
  /** What operators sign with. */
  readonly keyType: KeyType;
  readonly settlement: Contract;
  readonly serviceManager: Contract;
  /** L1 first, then the rollups in the order of the plan. */
  readonly members: readonly [FabricMember, ...FabricMember[]];
  /** A block of L1; everything of the fabric is in later ones. */
  readonly startBlock: number;
  readonly operators: readonly DevnetOperator[];
  /** Carries everything that waits at a bridge's end to the other one. Answers how many envelopes that were. */
  derive(): Promise<number>;
  /** Mines what makes everything that happened so far final. */
  finalize(): Promise<void>;
  /** Takes a table of the operators, sends it to every member, and derives. Answers its id. */
  publishTable(): Promise<Hex>;
}

export interface FabricContracts {
  readonly settlement: string;
  readonly serviceManager: string;
  readonly token: string;
  readonly strategy: string;
}

/** Makes a fabric of fresh simulated chains. Throws `fabric/accounts-differ` unless one account deploys on all of them. */
export async function startFabric(plan: FabricPlan): Promise<Fabric> {
  const chains = [plan.l1, ...plan.rollups];
  const owner = await commonAccount(chains);
  const l1 = toDeployChain(plan.l1, owner);
  const rollups = plan.rollups.map((rollup) => toDeployRollup(rollup, owner));
  const deployment = await planDeployment(
    { l1, rollups },
    { owner, quorumBps: plan.quorumBps, operators: plan.operators, keyType: plan.keyType },
  );
  const { startBlocks } = await runPlan(deployment, {
    onStep: ({ chain, title }) => plan.onStep?.(`${chain.name}: ${title}`),
  });
  const operators = Array.from({ length: plan.operators }, (_, index) =>
    devnetOperator(index + 1, l1.reader, plan.keyType),
  );
  return await fabricOf(deployment, { chains, startBlocks, operators });
}

/** What there is beside contracts. */
export interface FabricSurroundings {
  /** L1 first, then the rollups in the order of the plan. */
  readonly chains: readonly FabricChain[];
  /** By the names of the chains: everything of the fabric is in later blocks. */
  readonly startBlocks: ReadonlyMap<string, number>;
  readonly operators: readonly DevnetOperator[];
}

/** The fabric that a deployment made. */
export async function fabricOf(
  { contracts, settings: { keyType } }: Pick<DeploymentPlan, "contracts" | "settings">,
  { chains, startBlocks, operators }: FabricSurroundings,
): Promise<Fabric> {
  const { settlement, serviceManager, stake, everywhere, members } = contracts;
  const connected = members.map(({ chain: { name }, id, bridge }, index): FabricMember => {
    const chain = chains[index];
    if (chain === undefined) throw new Error(`a member, ${name}, is on a chain`);
    const { gateway, bridge: memberBridge, tableFactory, gatewayDeployer } = everywhere;
    return {
      ...chain,
      id,
      ref: { chainId: chain.chainId, gateway },
      startBlock: startBlocks.get(name) ?? 0,
      gateway: new Contract(gateway, interfaceOf(Gateway__factory), chain.signer),
      contracts: {
        gateway,
        bridge: memberBridge,
        tableFactory: tableFactory.address,
        gatewayDeployer: gatewayDeployer.address,
      },
      l1Bridge: bridge.l1End.address,
    };
  }) as [FabricMember, ...FabricMember[]];
  return await connectFabric({
    contracts: {
      settlement: settlement.address,
      serviceManager: serviceManager.address,
      token: stake?.token.address ?? ZeroAddress,
      strategy: stake?.strategy ?? ZeroAddress,
    },
    keyType,
    members: connected,
    operators,
    startBlock: connected[0].startBlock,
  });
}

/** The account that the chains have in common. */
async function commonAccount(chains: readonly FabricChain[]): Promise<string> {
  const accounts = await Promise.all(chains.map(({ signer }) => signer.getAddress()));
  const [account] = new Set(accounts);
  if (account !== undefined && accounts.every((other) => other === account)) return account;
  throw new ParleyError(
    "fabric/accounts-differ",
    `The chains have different first accounts: ${chains.map(({ name }, i) => `${name} ${String(accounts[i])}`).join(", ")}.`,
    "Give their networks the same accounts: the Gateway's address, which is to be one, depends on who owns it.",
  );
}

/** The chain as deployments take it; `account` is its signer's. */
export function toDeployChain(chain: FabricChain, account: string): DeployChain {
  const { name, chainId, provider, signer, maxSettleAge, firstBlock } = chain;
  return {
    name,
    chainId,
    provider,
    node: provider,
    reader: readerOf(signer),
    accounts: [account],
    isDevelopment: true,
    maxSettleAge: maxSettleAge ?? MAX_SETTLE_AGE,
    ...(firstBlock === undefined ? {} : { firstBlock }),
  };
}

const DEVNET: RollupStack = { name: "devnet" };

/** The rollup as deployments take it; `account` is its signer's. */
export const toDeployRollup = (rollup: FabricChain, account: string): DeployRollup => ({
  ...toDeployChain(rollup, account),
  stack: rollup.stack ?? DEVNET,
});

type FabricParts = Pick<Fabric, "contracts" | "keyType" | "members" | "operators" | "startBlock">;

async function connectFabric(parts: FabricParts): Promise<Fabric> {
  const { contracts, members, startBlock } = parts;
  const [l1, ...rollups] = members;
  for (const { provider } of members) await enableDerivation(provider);
  const devnets = rollups.filter(({ stack = DEVNET }) => stack.name === "devnet");
  const bridges = devnets.map((rollup): DevnetBridge => ({
    l1: { provider: l1.provider, reader: readerOf(l1.signer), address: rollup.l1Bridge, fromBlock: startBlock },
    rollup: {
      provider: rollup.provider,
      reader: readerOf(rollup.signer),
      address: rollup.contracts.bridge,
      fromBlock: rollup.startBlock,
    },
  }));
  const settlement = new Contract(contracts.settlement, interfaceOf(Settlement__factory), l1.signer);
  const serviceManager = new Contract(contracts.serviceManager, interfaceOf(ServiceManager__factory), l1.signer);
  return {
    ...parts,
    settlement,
    serviceManager,
    derive: () => derive(bridges),
    finalize: async () => {
      for (const { provider, confirmations } of members) await mine(provider, confirmations);
    },
    publishTable: async () => {
      const data = await snapshotCall(contracts.serviceManager, l1.signer);
      await (await l1.signer.sendTransaction({ to: contracts.serviceManager, data })).wait();
      const [tableId] = (await serviceManager.getFunction("latestTable").staticCall()) as [Hex, bigint];
      for (const { id, l1Bridge } of members) {
        const item = (await serviceManager.getFunction("tableItem").staticCall(tableId)) as Hex;
        const payer = await l1.signer.getAddress();
        const value = await downwardPrice({ reader: readerOf(l1.signer), bridge: l1Bridge, payer }, [item]);
        await transact(serviceManager, "publish", tableId, id, "0x", { value });
      }
      await derive(bridges);
      return tableId;
    },
  };
}

async function transact(contract: Contract, method: string, ...args: unknown[]): Promise<void> {
  const response = await contract.getFunction(method).send(...args);
  await response.wait();
}
