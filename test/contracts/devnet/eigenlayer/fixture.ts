import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type SigningKey, Wallet } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import { EIGENLAYER, KEY_CURVE, type OperatorSet } from "../../../../src/chain/eigenlayer.ts";
import {
  allocate,
  delegateTo,
  deployStrategy,
  deposit,
  enterOperatorSet,
  genesisDate,
  mineToRealisticHeight,
  registerAsOperator,
} from "../../../../src/testing/eigenlayer.ts";
import { placeEigenLayer } from "../../../../src/testing/placeEigenLayer.ts";
import type {
  DevnetToken,
  IAllocationManager,
  IDelegationManager,
  IKeyRegistrar,
  IPermissionController,
  IStrategyFactory,
  IStrategyManager,
  OpenRegistrar,
} from "../../../../types/ethers-contracts/index.ts";

export const SET_ID = 7n;
export const STAKE = 10n ** 20n;
export const WAD = 10n ** 18n;

export interface Eigen extends NetworkConnection<"l1"> {
  readonly avs: HardhatEthersSigner;
  readonly alice: HardhatEthersSigner;
  readonly bob: HardhatEthersSigner;
  readonly carol: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly registrar: OpenRegistrar;
  readonly token: DevnetToken;
  readonly strategy: string;
  readonly set: OperatorSet;
  readonly allocations: IAllocationManager;
  readonly delegation: IDelegationManager;
  readonly deposits: IStrategyManager;
  readonly factory: IStrategyFactory;
  readonly keys: IKeyRegistrar;
  readonly permissions: IPermissionController;
}

/** A simulated L1 at a realistic height with the stand-in, an AVS (a plain account) with one operator set, and a token's strategy. */
export async function deployEigenLayer(): Promise<Eigen> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { initialDate: genesisDate(new Date()) },
  });
  const { ethers, provider } = connection;
  await placeEigenLayer(provider);
  await mineToRealisticHeight(provider);

  const signers = await ethers.getSigners();
  const [avs, alice, bob, carol, stranger] = [signers[0]!, signers[1]!, signers[2]!, signers[3]!, signers[4]!];
  const registrar = await ethers.deployContract("OpenRegistrar", [avs.address]);
  const token = await ethers.deployContract("DevnetToken", ["Staked Ether", "stETH"]);
  const strategy = await deployStrategy(stranger, await token.getAddress());

  const allocations = await ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
  const delegation = await ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
  const deposits = await ethers.getContractAt("IStrategyManager", EIGENLAYER.strategyManager);
  const factory = await ethers.getContractAt("IStrategyFactory", EIGENLAYER.strategyFactory);
  const keys = await ethers.getContractAt("IKeyRegistrar", EIGENLAYER.keyRegistrar);
  const permissions = await ethers.getContractAt("IPermissionController", EIGENLAYER.permissionController);

  const set: OperatorSet = { avs: avs.address, id: SET_ID };
  await allocations.connect(avs).updateAVSMetadataURI(avs.address, "ipfs://avs");
  await allocations.connect(avs).setAVSRegistrar(avs.address, registrar);
  await allocations
    .connect(avs)
    .createOperatorSets(avs.address, [{ operatorSetId: SET_ID, strategies: [strategy], slasher: stranger.address }]);
  await keys.connect(avs).configureOperatorSet(set, KEY_CURVE.ecdsa);

  return {
    ...connection,
    ...{ avs, alice, bob, carol, stranger, registrar, token, strategy, set },
    ...{ allocations, delegation, deposits, factory, keys, permissions },
  };
}

/** The same, and Alice is an operator with stake of her own and an allocation delay of 100 blocks. */
export async function withOperator(): Promise<Eigen> {
  const eigen = await deployEigenLayer();
  const { alice, token, strategy } = eigen;
  await deposit(alice, { token: await token.getAddress(), strategy, amount: STAKE });
  await registerAsOperator(alice, 100n);
  return eigen;
}

/** The same, and Alice is a member whose whole stake the set may slash. */
export async function withMember(): Promise<Eigen> {
  const eigen = await withOperator();
  const { alice, bob, token, strategy, set, networkHelpers } = eigen;
  await deposit(bob, { token: await token.getAddress(), strategy, amount: STAKE });
  await delegateTo(bob, alice.address);
  await allocate(alice, { operatorSet: set, strategy, magnitude: WAD });
  await enterOperatorSet(alice, set);
  await networkHelpers.mine(100);
  return eigen;
}

/** A fixed signing key, so that failures can be repeated. */
export function signingKey(n: number): SigningKey {
  return new Wallet(`0x${n.toString(16).padStart(64, "0")}`).signingKey;
}
