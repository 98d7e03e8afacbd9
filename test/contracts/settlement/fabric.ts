/**
 * L1 as it is: EigenLayer's stand-in, Settlement, ServiceManager; on it a member with the local bridge, and on another chain one with
 * the devnet bridge, whose derivation a signer plays.
 */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";
import { getAddress, id, keccak256, SigningKey, toBeHex } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import type { OperatorSet } from "../../../src/chain/eigenlayer.ts";
import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { encodeRegistration } from "../../../src/chain/registration.ts";
import { createOperator, deployStrategy, genesisDate, mineToRealisticHeight } from "../../../src/testing/eigenlayer.ts";
import { placeEigenLayer } from "../../../src/testing/placeEigenLayer.ts";
import { SCHEME_ECDSA, type Bn254Key, type Hex } from "../../../src/wire/index.ts";
import type {
  DevnetL1Bridge,
  DevnetRollupBridge,
  DevnetToken,
  Gateway,
  GatewayDeployer,
  ITableFactory,
  LocalBridge,
  ServiceManager,
  Settlement,
  Slasher,
} from "../../../types/ethers-contracts/index.js";
import type { ServiceManagerConfigStruct } from "../../../types/ethers-contracts/settlement/ServiceManager.js";

export const ETHER = 10n ** 18n;
export const DAY = 86_400n;
export const MEMBER_NOTICE = 7n * DAY;
export const FALSEHOOD_NOTICE = 21n * DAY;
export const TABLE_AGE = DAY;
export const MIN_INTERVAL = 3_600n;
export const WEIGHT_FLOOR = 2n * ETHER;
export const MIN_WEIGHT = ETHER;
export const BOND = ETHER;
export const MAX_SETTLE_AGE = 10n * DAY;

export type Connection = NetworkConnection<"l1">;

/** L1 with EigenLayer and two tokens' strategies, ascending. */
export type L1 = Connection & {
  readonly chainId: bigint;
  readonly signers: HardhatEthersSigner[];
  readonly tokens: readonly [DevnetToken, DevnetToken];
  readonly strategies: readonly [string, string];
};

export async function createL1(now = new Date()): Promise<L1> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { initialDate: genesisDate(now) },
  });
  const { ethers, provider } = connection;
  await placeEigenLayer(provider);
  await mineToRealisticHeight(provider);
  const signers = await ethers.getSigners();
  const made: { token: DevnetToken; strategy: string }[] = [];
  for (const name of ["Staked Ether", "Other Ether"]) {
    const token = await ethers.deployContract("DevnetToken", [name, "stETH"]);
    made.push({ token, strategy: await deployStrategy(signers[0]!, await token.getAddress()) });
  }
  made.sort((a, b) => (a.strategy.toLowerCase() < b.strategy.toLowerCase() ? -1 : 1));
  const { chainId } = await ethers.provider.getNetwork();
  return {
    ...connection,
    provider,
    chainId,
    signers,
    tokens: [made[0]!.token, made[1]!.token],
    strategies: [made[0]!.strategy, made[1]!.strategy],
  };
}

/** What a ServiceManager is made of here; each part may be changed. */
export const configOf = (l1: L1, settlement: Settlement): ServiceManagerConfigStruct => ({
  settlement,
  allocationManager: EIGENLAYER.allocationManager,
  keyRegistrar: EIGENLAYER.keyRegistrar,
  rewardsCoordinator: EIGENLAYER.rewardsCoordinator,
  strategies: [...l1.strategies],
  multipliers: [ETHER, ETHER / 2n],
  metadataURI: "ipfs://parley",
  tableAge: TABLE_AGE,
  minInterval: MIN_INTERVAL,
  weightFloor: WEIGHT_FLOOR,
  minWeight: MIN_WEIGHT,
  minOperators: 1n,
  bond: BOND,
  scheme: SCHEME_ECDSA,
});

/** A chain's Gateway and what deployed it. */
export type Deployed = {
  readonly gateway: Gateway;
  readonly deployer: GatewayDeployer;
  readonly factory: ITableFactory;
};

export type Fabric = {
  readonly l1: L1;
  readonly owner: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly settlement: Settlement;
  readonly manager: ServiceManager;
  readonly slasher: Slasher;
  readonly set: OperatorSet;
  readonly local: Deployed & { readonly bridge: LocalBridge; readonly id: Hex };
  readonly rollup: Deployed & {
    readonly connection: Connection;
    readonly chainId: bigint;
    readonly bridge: DevnetRollupBridge;
    readonly l1Bridge: DevnetL1Bridge;
    /** Plays the derivation, on each side. */
    readonly derivation: HardhatEthersSigner;
    readonly l1Derivation: HardhatEthersSigner;
    readonly user: HardhatEthersSigner;
    readonly id: Hex;
  };
  /** Adds the two members; live after `MEMBER_NOTICE`. */
  readonly addMembers: () => Promise<void>;
  /** Brings both chains back to how they were created. */
  readonly reset: () => Promise<void>;
};

/** Deploys a Gateway wired to this L1, and what it needs but the bridge. */
export async function deployGateway(
  { ethers }: Pick<Connection, "ethers">,
  admin: HardhatEthersSigner,
  wiring: { settlementChainId: bigint; settlement: string; serviceManager: string },
  tableFactory: "EcdsaTableFactory" | "Bn254TableFactory" = "EcdsaTableFactory",
): Promise<Deployed> {
  const initCode = (await ethers.getContractFactory("Gateway")).bytecode;
  const deployer = await ethers.deployContract("GatewayDeployer", [admin, keccak256(initCode)], admin);
  const made = await ethers.deployContract(tableFactory, admin);
  const factory = await ethers.getContractAt("ITableFactory", await made.getAddress(), admin);
  const bridge = await deployer.bridgeAddress(wiring.settlementChainId, wiring.settlement);
  await deployer.deploy(initCode, { ...wiring, owner: admin, bridge, tableFactory: factory, acceptAll: true });
  const address = await deployer.gatewayAddress(wiring.settlementChainId, wiring.settlement);
  return { gateway: await ethers.getContractAt("Gateway", address), deployer, factory };
}

/** A fabric without members and operators; `now` is what L1's clock shows, `scheme` what operators sign with. */
export async function createFabric(now = new Date(), scheme: 1 | 2 = SCHEME_ECDSA): Promise<Fabric> {
  const tableFactory = scheme === SCHEME_ECDSA ? "EcdsaTableFactory" : "Bn254TableFactory";
  const l1 = await createL1(now);
  const [admin, owner, stranger, l1Derivation] = [l1.signers[0]!, l1.signers[1]!, l1.signers[2]!, l1.signers[3]!];
  const settlement = await l1.ethers.deployContract("Settlement", [owner, MEMBER_NOTICE, FALSEHOOD_NOTICE]);
  const manager = await l1.ethers.deployContract("ServiceManager", [{ ...configOf(l1, settlement), scheme }]);
  const wiring = {
    settlementChainId: l1.chainId,
    settlement: await settlement.getAddress(),
    serviceManager: await manager.getAddress(),
  };
  const at = [wiring.settlementChainId, wiring.settlement] as const;

  const local = await deployGateway(l1, admin, wiring, tableFactory);
  const localBridge = await local.deployer.bridgeAddress(...at);
  const localCode = await l1.ethers.getContractFactory("LocalBridge");
  const localInit = await localCode.getDeployTransaction(settlement, manager, local.gateway);
  await local.deployer.deployBridge(localInit.data, ...at);

  const connection = await network.create({ network: "default", chainType: "l1", override: { chainId: 7_001 } });
  const [rollupAdmin, derivation, user] = (await connection.ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const rollup = await deployGateway(connection, rollupAdmin, wiring, tableFactory);
  const rollupBridge = await rollup.deployer.bridgeAddress(...at);
  const l1Bridge = await l1.ethers.deployContract("DevnetL1Bridge", [settlement, manager, rollupBridge, l1Derivation]);
  const rollupCode = await connection.ethers.getContractFactory("DevnetRollupBridge");
  const rollupInit = await rollupCode.getDeployTransaction(rollup.gateway, l1Bridge, derivation);
  await rollup.deployer.deployBridge(rollupInit.data, ...at);

  const bridges = {
    local: await l1.ethers.getContractAt("LocalBridge", localBridge),
    rollup: await connection.ethers.getContractAt("DevnetRollupBridge", rollupBridge),
  };
  const created = [await l1.networkHelpers.takeSnapshot(), await connection.networkHelpers.takeSnapshot()];
  return {
    l1,
    owner,
    stranger,
    settlement,
    manager,
    slasher: await l1.ethers.getContractAt("Slasher", await manager.SLASHER()),
    set: { avs: wiring.serviceManager, id: 1n },
    local: { ...local, bridge: bridges.local, id: await local.gateway.MEMBER_ID() },
    rollup: {
      ...rollup,
      connection,
      chainId: 7_001n,
      bridge: bridges.rollup,
      l1Bridge,
      derivation,
      l1Derivation,
      user,
      id: await rollup.gateway.MEMBER_ID(),
    },
    addMembers: async () => {
      const asOwner = settlement.connect(owner);
      await asOwner.addMember({ chainId: l1.chainId, gateway: local.gateway }, localBridge, MAX_SETTLE_AGE);
      await asOwner.addMember({ chainId: 7_001n, gateway: rollup.gateway }, l1Bridge, MAX_SETTLE_AGE);
    },
    reset: async () => {
      for (const snapshot of created) await snapshot.restore();
    },
  };
}

/** What an operator gives along when it enters. */
export const REGISTRATION = encodeRegistration({ endpoint: "https://operator.example" });

/** A key that an operator signs with, the same on every run. */
export const signingKey = (n: number): SigningKey => new SigningKey(id(`parley stand-in operator ${n}`));

/** The account of the n-th operator. */
export const operatorAccount = (l1: L1, n: number): HardhatEthersSigner => l1.signers[n + 5]!;

/** Makes the n-th operator of a fabric, with a stake in the first strategy. */
export async function addOperator(
  { l1, set }: Fabric,
  n: number,
  stake: bigint,
  magnitude?: bigint,
  key: SigningKey | Bn254Key = signingKey(n),
): Promise<void> {
  await createOperator({
    operator: operatorAccount(l1, n),
    key,
    operatorSet: set,
    token: await l1.tokens[0].getAddress(),
    strategy: l1.strategies[0],
    stake,
    bond: BOND,
    data: REGISTRATION,
    ...(magnitude === undefined ? {} : { magnitude }),
  });
}

/** Carries what one end of the devnet bridge emitted in a transaction to the other end. */
export async function carry(
  from: DevnetL1Bridge | DevnetRollupBridge,
  transaction: Promise<ContractTransactionResponse>,
  to: DevnetL1Bridge | DevnetRollupBridge,
): Promise<ContractTransactionResponse[]> {
  const receipt = await (await transaction).wait();
  const address = await from.getAddress();
  const carried: ContractTransactionResponse[] = [];
  for (const log of receipt!.logs) {
    const event = log.address === address ? from.interface.parseLog(log) : null;
    if (event?.name !== "ItemsSent") continue;
    const items = [...(event.args[1] as string[])];
    carried.push(await to.derive(address, event.args[0] as bigint, items));
  }
  return carried;
}

/** An address for who is not there. */
export const someAddress = (n: number): string => getAddress(toBeHex(0xa000 + n, 20));
