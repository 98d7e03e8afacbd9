import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, type SigningKey, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { EIGENLAYER, KEY_CURVE, type OperatorSet } from "../../src/chain/eigenlayer.ts";
import {
  allocate,
  delegateTo,
  deployStrategy,
  deposit,
  enterOperatorSet,
  registerAsOperator,
} from "../../src/testing/eigenlayer.ts";
import type {
  DevnetToken,
  IAllocationManager,
  IDelegationManager,
  IKeyRegistrar,
  IPermissionController,
  IStrategyFactory,
  IStrategyManager,
  OpenRegistrar,
} from "../../types/ethers-contracts/index.ts";
import { openFork } from "./support/fork.ts";

export const SET_ID = 7n;
export const OTHER_SET = 8n;
export const STAKE = 10n ** 20n;
export const WAD = 10n ** 18n;

/** Where EigenLayer sends what a set slashed that does not redistribute. */
export const BURN_ADDRESS = "0x00000000000000000000000000000000000E16E4";
/** Blocks for which what was slashed stays where it is, since v1.13. */
export const BURN_DELAY = 50_400n;

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

type Chain = NetworkConnection<"l1">;

// The first to come has to wait for whatever a node far away sends.
before(async function () {
  this.timeout(600_000);
  await withMember();
});

/** L1 with EigenLayer, an AVS (a plain account) with one operator set, and a token's strategy; on the fork if not said where. */
export async function deployEigenLayer(chain?: Chain): Promise<Eigen> {
  const connection = chain ?? (await openFork());
  const { ethers } = connection;
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
export async function withOperator(chain?: Chain): Promise<Eigen> {
  const eigen = await deployEigenLayer(chain);
  const { alice, token, strategy } = eigen;
  await deposit(alice, { token: await token.getAddress(), strategy, amount: STAKE });
  await registerAsOperator(alice, 100n);
  return eigen;
}

/** The same, and Alice is a member whose whole stake the set may slash; half of it is Bob's. */
export async function withMember(chain?: Chain): Promise<Eigen> {
  const eigen = await withOperator(chain);
  const { alice, bob, token, strategy, set, networkHelpers } = eigen;
  await deposit(bob, { token: await token.getAddress(), strategy, amount: STAKE });
  await delegateTo(bob, alice.address);
  await allocate(alice, { operatorSet: set, strategy, magnitude: WAD });
  await enterOperatorSet(alice, set);
  await networkHelpers.mine(100);
  return eigen;
}

/** A fixed signing key, so that failures can be repeated; one that nobody has on mainnet. */
export function signingKey(n: number): SigningKey {
  return new Wallet(id(`parley.test.eigenlayer.key.${n}`)).signingKey;
}

/** Has the set's slasher slash Alice. */
export function slash(
  { allocations, stranger, avs, alice, strategy }: Eigen,
  { wad, description = "", operatorSetId = SET_ID }: { wad: bigint; description?: string; operatorSetId?: bigint },
): ReturnType<IAllocationManager["slashOperator"]> {
  return allocations.connect(stranger).slashOperator(avs.address, {
    operator: alice.address,
    operatorSetId,
    strategies: [strategy],
    wadsToSlash: [wad],
    description,
  });
}

/** Alice's shares of the strategy, her own and what is delegated to her. */
export const sharesOf = ({ delegation, alice, strategy }: Eigen): Promise<bigint> =>
  delegation.operatorShares(alice.address, strategy);

/** Stake of Alice that the set may slash between now and a number of blocks ahead. */
export async function stakeWithin(
  { allocations, alice, strategy, set, ethers }: Eigen,
  blocks: bigint,
): Promise<bigint> {
  const now = BigInt(await ethers.provider.getBlockNumber());
  const [row] = await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now + blocks);
  return row![0]!;
}

/** Alice is in a second set too, of two strategies (ascending here): to it she has allocated all of `other`, and nothing else. */
export async function withTwoStrategies(): Promise<Eigen & { other: string; strategies: string[] }> {
  const eigen = await withMember();
  const { allocations, avs, alice, stranger, ethers } = eigen;
  const token = await (await ethers.deployContract("DevnetToken", ["Other", "O"])).getAddress();
  const other = await deployStrategy(stranger, token);
  const strategies = [eigen.strategy, other].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  await allocations
    .connect(avs)
    .createOperatorSets(avs.address, [{ operatorSetId: OTHER_SET, strategies, slasher: stranger.address }]);
  await deposit(alice, { token, strategy: other, amount: STAKE });
  const set = { avs: avs.address, id: OTHER_SET };
  await enterOperatorSet(alice, set);
  await allocate(alice, { operatorSet: set, strategy: other, magnitude: WAD });
  await eigen.networkHelpers.mine(100);
  return { ...eigen, set, other, strategies };
}
