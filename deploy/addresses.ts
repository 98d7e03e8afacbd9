/** Where everything will stand. Known before anything is sent, because each address follows from the code that goes there. */
import { getAddress, getCreate2Address, getCreateAddress, keccak256, ZeroAddress } from "ethers";

import { contractAt } from "../src/chain/contractAt.ts";
import { throughDeploymentProxy } from "../src/chain/deploymentProxy.ts";
import { EIGENLAYER } from "../src/chain/eigenlayer.ts";
import { memberId, schemeOf, type Hex, type KeyType } from "../src/wire/index.ts";
import { DevnetToken__factory } from "../types/ethers-contracts/factories/devnet/DevnetToken__factory.ts";
import { GatewayDeployer__factory } from "../types/ethers-contracts/factories/GatewayDeployer__factory.ts";
import { Gateway__factory } from "../types/ethers-contracts/factories/Gateway__factory.ts";
import { IStrategyFactory__factory } from "../types/ethers-contracts/factories/interfaces/eigenlayer/IStrategyFactory__factory.ts";
import { ServiceManager__factory } from "../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import { Settlement__factory } from "../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import { Bn254TableFactory__factory } from "../types/ethers-contracts/factories/tables/Bn254TableFactory__factory.ts";
import { EcdsaTableFactory__factory } from "../types/ethers-contracts/factories/tables/EcdsaTableFactory__factory.ts";
import { bridgeOf } from "./bridges/bridgeOf.ts";
import { localBridge } from "./bridges/local.ts";
import type { MemberBridge } from "./bridges/memberBridge.ts";
import { type DeployChain, type DeployRollup, hasCode } from "./chain.ts";
import { initCodeOf } from "./code.ts";
import { bridgeAddress, deployerSalt } from "./create3.ts";
import { SALT } from "./salt.ts";
import type { DeploySettings } from "./settings.ts";

/** A contract that goes through the deployment proxy. */
export interface Planned {
  readonly address: string;
  readonly initCode: string;
  /** What the proxy is sent. */
  readonly data: string;
}

/** A token that a development node's operators stake, and its strategy. */
export interface DevnetStake {
  readonly token: Planned;
  readonly strategy: string;
}

/** A member that is to be. */
export interface PlannedMember {
  readonly chain: DeployChain;
  readonly id: Hex;
  readonly bridge: MemberBridge;
}

/** The contracts of a fabric. */
export interface PlannedContracts {
  readonly settlement: Planned;
  readonly serviceManager: Planned;
  readonly stake: DevnetStake | undefined;
  /** On every member's chain, at the same addresses. */
  readonly everywhere: {
    readonly gatewayDeployer: Planned;
    readonly tableFactory: Planned;
    readonly gateway: string;
    readonly bridge: string;
  };
  /** L1 first. */
  readonly members: readonly [PlannedMember, ...PlannedMember[]];
}

/** Reads what the addresses depend on, and says what they are. */
export async function planContracts(
  l1: DeployChain,
  rollups: readonly DeployRollup[],
  settings: DeploySettings,
): Promise<PlannedContracts> {
  const stake = settings.strategies === undefined ? await planStake(l1) : undefined;
  const counted = settings.strategies ?? [{ address: stake?.strategy ?? ZeroAddress, multiplier: 10n ** 18n }];
  const sorted = [...counted].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const strategies = sorted.map(({ address }) => getAddress(address));
  const multipliers = sorted.map(({ multiplier }) => multiplier);

  const settlement = planned(
    SALT.settlement(settings, strategies, multipliers),
    initCodeOf(Settlement__factory, [settings.owner, settings.memberNotice, settings.falsehoodNotice]),
  );
  const { metadataURI, tableAge, minInterval, weightFloor, minWeight, minOperators, bond } = settings;
  const serviceManager = planned(
    SALT.serviceManager,
    initCodeOf(ServiceManager__factory, [
      {
        settlement: settlement.address,
        allocationManager: EIGENLAYER.allocationManager,
        keyRegistrar: EIGENLAYER.keyRegistrar,
        rewardsCoordinator: EIGENLAYER.rewardsCoordinator,
        ...{ strategies, multipliers, metadataURI, tableAge, minInterval, weightFloor, minWeight, minOperators, bond },
        scheme: schemeOf(settings.keyType),
      },
    ]),
  );
  const everywhere = planEverywhere(l1.chainId, settlement.address, settings);

  const ends = {
    settlement: settlement.address,
    serviceManager: serviceManager.address,
    ...everywhere,
    gatewayDeployer: everywhere.gatewayDeployer.address,
  };
  const member = (chain: DeployChain, bridge: MemberBridge): PlannedMember => ({
    chain,
    id: memberId(
      { chainId: l1.chainId, settlement: settlement.address },
      { chainId: chain.chainId, gateway: everywhere.gateway },
    ),
    bridge,
  });
  return {
    settlement,
    serviceManager,
    stake,
    everywhere,
    members: [member(l1, localBridge(ends)), ...rollups.map((rollup) => member(rollup, bridgeOf(l1, rollup, ends)))],
  };
}

function planned(salt: string, initCode: string): Planned {
  return { ...throughDeploymentProxy(salt, initCode), initCode };
}

/** By what operators sign with. */
const TABLE_FACTORIES = {
  ecdsa: EcdsaTableFactory__factory,
  bn254: Bn254TableFactory__factory,
} as const satisfies Record<KeyType, unknown>;

/** Owner, Settlement and code alone decide, whatever the chain: GatewayDeployer.sol. */
function planEverywhere(
  settlementChainId: bigint,
  settlement: string,
  { owner, keyType }: Pick<DeploySettings, "owner" | "keyType">,
): PlannedContracts["everywhere"] {
  const gatewayHash = keccak256(Gateway__factory.bytecode);
  const gatewayDeployer = planned(SALT.gatewayDeployer, initCodeOf(GatewayDeployer__factory, [owner, gatewayHash]));
  const salt = deployerSalt(settlementChainId, settlement);
  return {
    gatewayDeployer,
    tableFactory: planned(SALT.tableFactory, initCodeOf(TABLE_FACTORIES[keyType])),
    gateway: getCreate2Address(gatewayDeployer.address, salt, gatewayHash),
    bridge: bridgeAddress(gatewayDeployer.address, settlementChainId, settlement),
  };
}

async function planStake(l1: DeployChain): Promise<DevnetStake> {
  const token = planned(SALT.devnetToken, initCodeOf(DevnetToken__factory, ["Devnet stake", "STAKE"]));
  const { strategyFactory } = EIGENLAYER;
  if (await hasCode(l1, strategyFactory)) {
    const factory = contractAt(IStrategyFactory__factory, strategyFactory, l1.reader);
    const strategy = await factory.deployedStrategies(token.address);
    if (strategy !== ZeroAddress) return { token, strategy };
  }
  // EigenLayer's factory deploys each strategy by CREATE.
  const nonce = await l1.reader.getTransactionCount(strategyFactory);
  return { token, strategy: getCreateAddress({ from: strategyFactory, nonce }) };
}
