/**
 * A whole fabric on simulated chains: L1 with EigenLayer's stand-in and operators, rollups, Settlement, Gateways, tables in force.
 * Nothing of Parley is simulated: every contract is the real one, but the bridge (`devnet`), which real stacks bring themselves.
 */
import { Contract, type Signer } from "ethers";

import { EIGENLAYER } from "../chain/eigenlayer.ts";
import { ParleyError } from "../errors.ts";
import { memberId, type Hex, type MemberRef } from "../wire/index.ts";
import type { ContractDeployer } from "./contractDeployer.ts";
import { placeDeploymentProxy } from "./deploymentProxy.ts";
import { derive, DERIVATION, type DevnetBridge, enableDerivation } from "./derivation.ts";
import { mine } from "./cheats.ts";
import { type ChainProvider, deployStrategy, mineToRealisticHeight, placeEigenLayer } from "./eigenlayer.ts";
import { type ContractArtifacts, gatewayDeployerCode, initCodeOf } from "./gatewayCode.ts";
import { createOperators, OPERATOR_BOND, type DevnetOperator } from "./operators.ts";
import { readerOf } from "../chain/readerOf.ts";

/** A fresh simulated chain. */
export interface FabricChain {
  /** `l1`, or the rollup's name. */
  readonly name: string;
  /** Its name among the project's networks. */
  readonly network: string;
  readonly chainId: bigint;
  /** A block is final once this many others stand on it. */
  readonly confirmations: number;
  readonly provider: ChainProvider;
  /** Deploys and owns everything; the same account on each chain. */
  readonly signer: Signer;
  readonly deployer: ContractDeployer;
}

/** What a fabric is to be made of. */
export interface FabricPlan {
  readonly l1: FabricChain;
  readonly rollups: readonly FabricChain[];
  readonly artifacts: ContractArtifacts;
  /** How many operators, all of the same weight. */
  readonly operators: number;
  /** Quorum in basis points that every Gateway demands of every source. */
  readonly quorumBps: number;
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
  /** Takes a table of the operators and puts it in force everywhere. Answers its id. */
  publishTable(): Promise<Hex>;
}

export interface FabricContracts {
  readonly settlement: string;
  readonly serviceManager: string;
  readonly token: string;
  readonly strategy: string;
}

/** Seconds: parameters of a devnet. */
const HOUR = 3_600n;
const DAY = 24n * HOUR;
const TABLE_AGE = DAY;
const MAX_SETTLE_AGE = 3n * DAY;
const WEIGHT_FLOOR = 10n ** 18n;
const MIN_WEIGHT = 10n ** 18n;
const WAD = 10n ** 18n;

/** ServiceManager's number for its operator set. */
const OPERATOR_SET_ID = 1n;

/** The quorum that a Gateway demands unless its owner says otherwise. */
const DEFAULT_QUORUM_BPS = 6_667;

/** Makes a fabric of fresh simulated chains. Throws `fabric/accounts-differ` unless one account deploys on all of them. */
export async function startFabric(plan: FabricPlan): Promise<Fabric> {
  const step = plan.onStep ?? (() => undefined);
  await requireOneOwner([plan.l1, ...plan.rollups]);

  step("Placing EigenLayer's stand-in on L1");
  await placeEigenLayer(plan.l1.provider, plan.artifacts);
  await mineToRealisticHeight(plan.l1.provider);

  const startBlock = await readerOf(plan.l1.signer).getBlockNumber();

  step("Deploying Settlement and ServiceManager on L1");
  const contracts = await deploySettlement(plan.l1);

  const deploy = (chain: FabricChain): Promise<FabricMember> => {
    step(`Deploying the Gateway on ${chain.name}`);
    return deployMember(plan, chain, contracts);
  };
  const members: [FabricMember, ...FabricMember[]] = [await deploy(plan.l1)];
  for (const chain of plan.rollups) members.push(await deploy(chain));

  step(`Making ${plan.operators} operators`);
  const operators = await createOperators(
    { provider: plan.l1.provider, reader: readerOf(plan.l1.signer) },
    { ...contracts, count: plan.operators, operatorSet: { avs: contracts.serviceManager, id: OPERATOR_SET_ID } },
  );

  step("Publishing the operator table");
  const fabric = await connectFabric(plan, { contracts, members, operators, startBlock });
  await fabric.publishTable();
  await demandQuorum(plan, members);
  return fabric;
}

async function requireOneOwner(chains: readonly FabricChain[]): Promise<void> {
  const owners = await Promise.all(chains.map(({ signer }) => signer.getAddress()));
  if (new Set(owners).size === 1) return;
  throw new ParleyError(
    "fabric/accounts-differ",
    `The chains have different first accounts: ${chains.map(({ name }, i) => `${name} ${String(owners[i])}`).join(", ")}.`,
    "Give their networks the same accounts: the Gateway's address, which is to be one, depends on who deploys it.",
  );
}

async function deploySettlement({ signer, deployer }: FabricChain): Promise<FabricContracts> {
  const { token } = await deployer.devnetToken();
  const strategy = await deployStrategy(signer, token);
  const deployed = await deployer.settlement({
    owner: await signer.getAddress(),
    memberNotice: 0n,
    allocationManager: EIGENLAYER.allocationManager,
    keyRegistrar: EIGENLAYER.keyRegistrar,
    rewardsCoordinator: EIGENLAYER.rewardsCoordinator,
    strategies: [strategy],
    multipliers: [WAD],
    metadataURI: "",
    tableAge: TABLE_AGE,
    minInterval: 0n,
    weightFloor: WEIGHT_FLOOR,
    minWeight: MIN_WEIGHT,
    minOperators: 1n,
    bond: OPERATOR_BOND,
  });
  return { ...deployed, token, strategy };
}

/** Deploys a member on its own chain and registers it on L1. */
async function deployMember(plan: FabricPlan, chain: FabricChain, at: FabricContracts): Promise<FabricMember> {
  const { l1, artifacts } = plan;
  const isLocal = chain === l1;
  const owner = await chain.signer.getAddress();
  const startBlock = await readerOf(chain.signer).getBlockNumber();
  await placeDeploymentProxy(chain.provider);
  const { gatewayDeployer } = await chain.deployer.gatewayDeployer(await gatewayDeployerCode(artifacts, owner));
  const [gateway, bridge] = await reservedAddresses(chain, gatewayDeployer, [l1.chainId, at.settlement]);

  const registration = {
    settlement: at.settlement,
    chainId: chain.chainId,
    gateway,
    bridge,
    maxSettleAge: MAX_SETTLE_AGE,
  };
  const wiring = {
    gatewayDeployer,
    gatewayInitCode: await initCodeOf(artifacts, "Gateway"),
    gateway,
    bridge,
    owner,
    settlementChainId: l1.chainId,
    settlement: at.settlement,
    serviceManager: at.serviceManager,
    acceptAll: true,
  };
  let deployed: { tableFactory: string };
  let l1Bridge: string;
  if (isLocal) {
    const bridgeInitCode = await initCodeOf(artifacts, "LocalBridge", [at.settlement, at.serviceManager, gateway]);
    deployed = await chain.deployer.localGateway({ ...wiring, bridgeInitCode });
    ({ l1Bridge } = await l1.deployer.localMember(registration));
  } else {
    ({ l1Bridge } = await l1.deployer.devnetMember({
      ...registration,
      serviceManager: at.serviceManager,
      derivation: DERIVATION,
    }));
    const bridgeInitCode = await initCodeOf(artifacts, "DevnetRollupBridge", [gateway, l1Bridge, DERIVATION]);
    deployed = await chain.deployer.devnetGateway({ ...wiring, bridgeInitCode });
  }
  const ref = { chainId: chain.chainId, gateway };
  return {
    ...chain,
    ref,
    startBlock,
    id: memberId({ chainId: l1.chainId, settlement: at.settlement }, ref),
    gateway: await contractAt(artifacts, "Gateway", gateway, chain.signer),
    contracts: { gateway, bridge, tableFactory: deployed.tableFactory, gatewayDeployer },
    l1Bridge,
  };
}

/** Where the GatewayDeployer will put the Gateway and the bridge. */
async function reservedAddresses(
  chain: FabricChain,
  gatewayDeployer: string,
  settlement: readonly [bigint, string],
): Promise<[gateway: string, bridge: string]> {
  const views = ["gatewayAddress", "bridgeAddress"].map(
    (name) => `function ${name}(uint256 settlementChainId, address settlement) view returns (address)`,
  );
  const contract = new Contract(gatewayDeployer, views, chain.signer);
  return [
    String(await contract.getFunction("gatewayAddress").staticCall(...settlement)),
    String(await contract.getFunction("bridgeAddress").staticCall(...settlement)),
  ];
}

type FabricParts = Pick<Fabric, "contracts" | "members" | "operators" | "startBlock">;

async function connectFabric({ artifacts }: FabricPlan, parts: FabricParts): Promise<Fabric> {
  const { contracts, members, startBlock } = parts;
  const [l1, ...rollups] = members;
  for (const { provider } of members) await enableDerivation(provider);
  const bridges = rollups.map((rollup): DevnetBridge => ({
    l1: { provider: l1.provider, reader: readerOf(l1.signer), address: rollup.l1Bridge, fromBlock: startBlock },
    rollup: {
      provider: rollup.provider,
      reader: readerOf(rollup.signer),
      address: rollup.contracts.bridge,
      fromBlock: 0,
    },
  }));
  const settlement = await contractAt(artifacts, "Settlement", contracts.settlement, l1.signer);
  const serviceManager = await contractAt(artifacts, "ServiceManager", contracts.serviceManager, l1.signer);
  return {
    ...parts,
    settlement,
    serviceManager,
    derive: () => derive(bridges),
    finalize: async () => {
      for (const { provider, confirmations } of members) await mine(provider, confirmations);
    },
    publishTable: async () => {
      await transact(serviceManager, "snapshot");
      const [tableId] = (await serviceManager.getFunction("latestTable").staticCall()) as [Hex, bigint];
      for (const { id } of members) await transact(serviceManager, "publish", tableId, id, "0x");
      await derive(bridges);
      return tableId;
    },
  };
}

/** Has every Gateway demand a quorum of every source, if it is not the one that they demand by themselves. */
async function demandQuorum({ quorumBps }: FabricPlan, members: readonly FabricMember[]): Promise<void> {
  if (quorumBps === DEFAULT_QUORUM_BPS) return;
  for (const { gateway, id } of members) {
    for (const source of members) {
      if (source.id !== id) await transact(gateway, "setSource", source.id, 0, quorumBps, false);
    }
  }
}

async function contractAt(
  artifacts: ContractArtifacts,
  name: string,
  address: string,
  signer: Signer,
): Promise<Contract> {
  const { abi } = await artifacts.readArtifact(name);
  return new Contract(address, abi, signer);
}

async function transact(contract: Contract, method: string, ...args: unknown[]): Promise<void> {
  const response = await contract.getFunction(method).send(...args);
  await response.wait();
}
