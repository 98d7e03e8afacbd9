/** Parley on forks of L1 and two rollups, with the settings of a network where real value is at stake. */
import { type DeploymentPlan, planDeployment } from "../../../deploy/plan.ts";
import { type RunOutcome, runPlan } from "../../../deploy/run.ts";
import { DEFAULT_QUORUM_BPS, REAL } from "../../../deploy/settings.ts";
import type { SettlementAccess } from "../../../src/agents/relaying/types.ts";
import { deployStrategy } from "../../../src/testing/eigenlayer.ts";
import { type Fabric, type FabricChain, fabricOf, toDeployChain, toDeployRollup } from "../../../src/testing/fabric.ts";
import type { DevnetOperator } from "../../../src/testing/operators.ts";
import { DevnetToken__factory } from "../../../types/ethers-contracts/factories/devnet/DevnetToken__factory.ts";
import { type Fork, openFork } from "../../support/fork/openFork.ts";
import { alpha, beta, mainnet } from "../../support/fork/sources.ts";

/** A strategy whose stake counts. */
export interface Stake {
  readonly token: string;
  readonly strategy: string;
  /** Weight of a share, in parts of 1e18. */
  readonly multiplier: bigint;
}

/** The forks, what was deployed to them, and what is staked. */
export interface World {
  readonly chains: readonly [FabricChain, FabricChain, FabricChain];
  readonly plan: DeploymentPlan;
  /** Of the first run, before anything that concerns operators. */
  readonly outcome: RunOutcome;
  /** Two, of which a share of the first weighs 1, and one of the second a half. */
  readonly stakes: readonly [Stake, Stake];
  readonly close: () => Promise<void>;
}

const WAD = 10n ** 18n;
const CONFIRMATIONS = 2;
const NAMES = ["l1", "alpha", "beta"];

/** Forks the chains, gives two tokens their strategies, and deploys Parley as far as its owner can. */
export async function startWorld(): Promise<World> {
  const forks: Fork[] = [];
  const close = async (): Promise<void> => {
    for (const fork of forks) await fork.close();
  };
  try {
    for (const source of [mainnet, alpha, beta]) forks.push(await openFork(await source()));
    await setClocks(forks);
    const chains = await Promise.all(forks.map((fork, place) => toChain(fork, NAMES[place]!)));
    return { ...(await deploy(chains as [FabricChain, FabricChain, FabricChain])), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function toChain({ connection: { ethers, provider }, chainId }: Fork, name: string): Promise<FabricChain> {
  const [signer] = await ethers.getSigners();
  const firstBlock = await ethers.provider.getBlockNumber();
  refuseOldLogs(provider, firstBlock);
  const chain = { name, network: "default", chainId: BigInt(chainId), confirmations: CONFIRMATIONS };
  return { ...chain, provider, signer: signer!, firstBlock };
}

/**
 * Has a fork refuse to look for logs in what it forks: that would be millions of blocks, and nodes answer for few at once. Nothing of
 * Parley is older than the fork.
 */
function refuseOldLogs(provider: Fork["connection"]["provider"], firstBlock: number): void {
  const request = provider.request.bind(provider);
  provider.request = async (call) => {
    const [filter] = Array.isArray(call.params) ? (call.params as unknown[]) : [];
    if (call.method === "eth_getLogs" && typeof filter === "object" && filter !== null && !("blockHash" in filter)) {
      const from = "fromBlock" in filter ? Number(filter.fromBlock) : Number.NaN;
      if (!(from >= firstBlock)) throw new Error(`logs from block ${from} on, before the fork at ${firstBlock}`);
    }
    return (await request(call)) as unknown;
  };
}

async function deploy(chains: World["chains"]): Promise<Omit<World, "close">> {
  const stakes = await deployStakes(chains[0]);
  const owner = await chains[0].signer.getAddress();
  const [l1, ...others] = chains;
  const rollups = others.map((rollup) => toDeployRollup(rollup, owner));
  const strategies = stakes.map(({ strategy, multiplier }) => ({ address: strategy, multiplier }));
  const settings = { ...REAL, owner, quorumBps: DEFAULT_QUORUM_BPS, operators: 0, strategies };
  const plan = await planDeployment({ l1: toDeployChain(l1, owner), rollups }, settings);
  return { chains, plan, stakes, outcome: await runPlan(plan) };
}

/** The fabric that the deployment is, with these operators. */
export const worldFabric = (
  { chains, plan, outcome: { startBlocks } }: World,
  operators: readonly DevnetOperator[],
): Promise<Fabric> => fabricOf(plan, { chains, startBlocks, operators });

/** L1, for an account that does something there. */
export function settlementAccess(
  { chains: [l1], plan: { contracts }, outcome }: World,
  signer: SettlementAccess["signer"],
): SettlementAccess {
  return {
    chainId: l1.chainId,
    settlement: contracts.settlement.address,
    serviceManager: contracts.serviceManager.address,
    signer,
    startBlock: outcome.startBlocks.get(l1.name) ?? 0,
  };
}

/** Lets time pass on all chains. */
export async function passTime({ chains }: World, seconds: bigint): Promise<void> {
  for (const { provider } of chains) {
    await provider.request({ method: "evm_increaseTime", params: [`0x${seconds.toString(16)}`] });
    await provider.request({ method: "evm_mine", params: [] });
  }
}

/** Forked at blocks of different times: brings every chain to the latest of these. */
async function setClocks(forks: readonly Fork[]): Promise<void> {
  const clocks = forks.map(({ connection }) => connection.networkHelpers.time);
  const times = await Promise.all(clocks.map((clock) => clock.latest()));
  const latest = Math.max(...times) + 1;
  for (const clock of clocks) await clock.increaseTo(latest);
}

async function deployStakes({ signer }: FabricChain): Promise<[Stake, Stake]> {
  const stakes: { token: string; strategy: string }[] = [];
  for (const symbol of ["FIRST", "SECOND"]) {
    const token = await new DevnetToken__factory(signer).deploy(symbol, symbol);
    await token.waitForDeployment();
    const address = await token.getAddress();
    stakes.push({ token: address, strategy: await deployStrategy(signer, address) });
  }
  // In the order in which the ServiceManager has them: operator:register deposits into the first.
  const [first, second] = stakes.sort((a, b) => (BigInt(a.strategy) < BigInt(b.strategy) ? -1 : 1));
  return [
    { ...first!, multiplier: WAD },
    { ...second!, multiplier: WAD / 2n },
  ];
}
