/**
 * A fabric of every stack on simulated chains, played as in the stacks' own tests: L1, one rollup each of the OP Stack, Arbitrum and
 * the ZK Stack, and an L3, an Arbitrum chain on the OP Stack chain.
 */
import { network } from "hardhat";

import { type DeploymentPlan, planDeployment } from "../../../deploy/plan.ts";
import type { RunOutcome } from "../../../deploy/run.ts";
import { decideStack } from "../../../src/stacks/decideStack.ts";
import { type CanonicalStack, PARENT_CONTRACTS, type RollupStack } from "../../../src/stacks/stack.ts";
import { readerOf } from "../../../src/chain/readerOf.ts";
import { genesisDate } from "../../../src/testing/eigenlayer.ts";
import { type Fabric, type FabricChain, fabricOf, toDeployChain, toDeployRollup } from "../../../src/testing/fabric.ts";
import { devnetOperator } from "../../../src/testing/operators.ts";
import { toFabricChain } from "../../../tasks/simulatedChains.ts";
import { ArbitrumPair } from "./arbitrum.ts";
import { OptimismPair } from "./optimism.ts";
import { ZksyncPair } from "./zksync.ts";

const OPERATORS = 4;

/** Who plays a rollup's stack. */
export interface Pair {
  down(): Promise<number>;
  up(): Promise<number>;
}

/** How each stack is placed, and which contract on L1 is its own. */
const STACKS = {
  optimism: async (l1: Connection, rollup: Connection) => {
    const pair = await OptimismPair.place(l1, rollup);
    return { pair, parentContract: pair.addresses.parent.messenger };
  },
  arbitrum: async (l1: Connection, rollup: Connection) => {
    const pair = await ArbitrumPair.place(l1, rollup);
    return { pair, parentContract: pair.addresses.parent.inbox };
  },
  zksync: async (l1: Connection, rollup: Connection) => {
    const pair = await ZksyncPair.place(l1, rollup);
    return { pair, parentContract: pair.addresses.parent.bridgehub };
  },
} as const satisfies Record<
  CanonicalStack,
  (l1: Connection, rollup: Connection) => Promise<{ pair: Pair; parentContract: string }>
>;

export interface Pairs {
  readonly optimism: OptimismPair;
  readonly arbitrum: ArbitrumPair;
  readonly zksync: ZksyncPair;
  readonly l3: ArbitrumPair;
}

/** Names of the rollups whose parent is L1. */
export const MIXED = Object.keys(STACKS) as CanonicalStack[];

type Connection = Awaited<ReturnType<typeof open>>;

/** Chains with their stacks' contracts, and nothing of Parley. */
export interface MixedChains {
  readonly l1: FabricChain;
  readonly rollups: readonly FabricChain[];
  readonly pairs: Pairs;
  readonly owner: string;
  close(): Promise<void>;
}

const open = (chainId: number, initialDate: Date) =>
  network.create({ network: "parleyBeta", override: { chainId, initialDate } });

/** Opens the chains; each rollup's stack is found out from its node. */
export async function openMixedChains(): Promise<MixedChains> {
  const now = new Date();
  const l1Connection = await network.create({ network: "parleyL1", override: { initialDate: genesisDate(now) } });
  const connections: Connection[] = [];
  const l1 = await toFabricChain("l1", { ...ANY, network: "parleyL1" }, l1Connection);
  const rollups: FabricChain[] = [];
  const pairs: Partial<Record<CanonicalStack | "l3", Pair>> = {};
  for (const [index, name] of MIXED.entries()) {
    const connection = await open(910_001 + index, now);
    connections.push(connection);
    const { pair, parentContract } = await STACKS[name](l1Connection, connection);
    pairs[name] = pair;
    const chain = await toFabricChain(name, { ...ANY, network: "parleyBeta" }, connection);
    rollups.push({ ...chain, stack: await findOut(l1, chain, name, parentContract) });
  }
  const l3Connection = await open(910_101, now);
  const below = await ArbitrumPair.place(connections[0]!, l3Connection);
  connections.push(l3Connection);
  pairs.l3 = below;
  const l3 = await toFabricChain("l3", { ...ANY, network: "parleyBeta" }, l3Connection);
  const stack = await findOut(rollups[0]!, l3, "arbitrum", below.addresses.parent.inbox);
  return {
    l1,
    rollups: [...rollups, { ...l3, stack }],
    pairs: pairs as unknown as Pairs,
    owner: await l1.signer.getAddress(),
    close: async () => {
      await Promise.all([l1Connection, ...connections].map((connection) => connection.close()));
    },
  };
}

const ANY = { finality: { confirmations: 0 }, maxSettleAge: undefined } as const;

function findOut(l1: FabricChain, rollup: FabricChain, stack: CanonicalStack, contract: string): Promise<RollupStack> {
  const of = ({ name, chainId, signer, provider }: FabricChain) => ({
    ...{ name, chainId, reader: readerOf(signer), node: provider, isDevelopment: true },
  });
  const choice = { stack: undefined, contracts: { [PARENT_CONTRACTS[stack]]: contract } };
  return decideStack({ parent: of(l1), rollup: of(rollup) }, choice);
}

/** The deployment of Parley on these chains, as it stands. */
export async function planMixed(
  { l1, rollups, owner }: MixedChains,
  parentOfL3: CanonicalStack = "optimism",
): Promise<DeploymentPlan> {
  const planned = rollups.map((rollup) => toDeployRollup(rollup, owner));
  const parent = planned.find(({ name }) => name === parentOfL3);
  if (parent === undefined) throw new Error(`There is no ${parentOfL3}.`);
  return await planDeployment(
    {
      l1: toDeployChain(l1, owner),
      rollups: planned.map((rollup) => (rollup.name === "l3" ? { ...rollup, parent } : rollup)),
    },
    { owner, quorumBps: 6_667, operators: OPERATORS },
  );
}

/** The fabric that a run of the plan made. */
export async function mixedFabric(
  { l1, rollups }: MixedChains,
  plan: DeploymentPlan,
  { startBlocks }: RunOutcome,
): Promise<Fabric> {
  const operators = Array.from({ length: OPERATORS }, (_, index) => devnetOperator(index + 1, readerOf(l1.signer)));
  return await fabricOf(plan, { chains: [l1, ...rollups], startBlocks, operators });
}
