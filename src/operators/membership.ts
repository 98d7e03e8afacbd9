/** How far an account is on its way to being one of Parley's operators, as L1 shows it. */
import { solidityPacked, ZeroAddress } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { IDelegationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IDelegationManager__factory.ts";
import { IKeyRegistrar__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IKeyRegistrar__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISlasher__factory } from "../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import type { SettlementAccess } from "../agents/relaying/types.ts";
import { readBlock } from "../chain/blocks.ts";
import { EIGENLAYER } from "../chain/eigenlayer.ts";
import { readerOf } from "../chain/readerOf.ts";
import { readTable } from "../chain/readTable.ts";
import type { IKeyRegistrar } from "../../types/ethers-contracts/interfaces/eigenlayer/IKeyRegistrar.ts";
import { keyId, SCHEME_BN254, type Hex, type KeyType } from "../wire/index.ts";

/** An operator's stake in one strategy that counts. */
export interface StrategyStake {
  readonly strategy: string;
  /** Weight of a share, in parts of 1e18. */
  readonly multiplier: bigint;
  /** What the operator and those who delegate to it have in it. */
  readonly shares: bigint;
  /** How much of it Parley may slash, as magnitude, now. */
  readonly allocated: bigint;
  /** A change of that, and L1's block from which on it counts; undefined if none is coming. */
  readonly pending: { readonly allocated: bigint; readonly effectBlock: bigint } | undefined;
  /** Magnitude that could still be allocated. */
  readonly allocatable: bigint;
  /** Magnitude of all of it: what was slashed is gone. */
  readonly maxMagnitude: bigint;
}

/** An operator's place in a table. */
export interface Seat {
  readonly tableId: Hex;
  readonly index: number;
  readonly weight: bigint;
  readonly totalWeight: bigint;
}

export interface Membership {
  readonly operator: string;
  /** L1's block at which this was read. */
  readonly blockNumber: number;
  /** Whether EigenLayer knows it as an operator. */
  readonly isOperator: boolean;
  readonly stakes: readonly StrategyStake[];
  /** What operators of this deployment sign with. */
  readonly keyType: KeyType;
  /** Id of the key that it signs with, an ECDSA key's address; undefined if it has registered none. */
  readonly key: string | undefined;
  /** Wei. */
  readonly bond: bigint;
  readonly requiredBond: bigint;
  readonly isMember: boolean;
  /** Whether what it signed can still cost it stake. */
  readonly isSlashable: boolean;
  readonly isTombstoned: boolean;
  /** In a table that would be taken now; zero for one that is no member. */
  readonly weight: bigint;
  readonly minWeight: bigint;
  /** In the latest table; undefined if it is not listed there, or there is none. */
  readonly seat: Seat | undefined;
}

/** Reads it. Throws as the node does. */
export async function readMembership(operator: string, l1: SettlementAccess): Promise<Membership> {
  const provider = readerOf(l1.signer);
  const manager = contractAt(IServiceManager__factory, l1.serviceManager, provider);
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, provider);
  const delegation = contractAt(IDelegationManager__factory, EIGENLAYER.delegationManager, provider);
  const keys = contractAt(IKeyRegistrar__factory, EIGENLAYER.keyRegistrar, provider);
  const set = { avs: l1.serviceManager, id: await manager.OPERATOR_SET_ID() };
  const slasher = contractAt(ISlasher__factory, await manager.SLASHER(), provider);
  const [{ number: blockNumber }, [strategies, multipliers], scheme] = await Promise.all([
    readBlock(provider, "latest"),
    manager.strategies(),
    manager.SCHEME(),
  ]);
  const keyType = scheme === BigInt(SCHEME_BN254) ? "bn254" : "ecdsa";
  const stakes = await Promise.all(
    strategies.map(async (strategy, place): Promise<StrategyStake> => {
      const [shares, allocation, allocatable, maxMagnitude] = await Promise.all([
        delegation.operatorShares(operator, strategy),
        allocations.getAllocation(operator, set, strategy),
        allocations.getAllocatableMagnitude(operator, strategy),
        allocations.getMaxMagnitude(operator, strategy),
      ]);
      const { currentMagnitude: allocated, pendingDiff, effectBlock } = allocation;
      const pending = pendingDiff === 0n ? undefined : { allocated: allocated + pendingDiff, effectBlock };
      const multiplier = multipliers[place] ?? 0n;
      return { strategy, multiplier, shares, allocated, pending, allocatable, maxMagnitude };
    }),
  );
  const [isOperator, key, bond, requiredBond, isMember, isSlashable, isTombstoned, [weight], minWeight] =
    await Promise.all([
      delegation.isOperator(operator),
      readKey(keys, set, operator, keyType),
      manager.bondOf(operator),
      manager.BOND(),
      allocations.isMemberOfOperatorSet(operator, set),
      allocations.isOperatorSlashable(operator, set),
      slasher.isTombstoned(operator),
      manager.weightsOf([operator]),
      manager.MIN_WEIGHT(),
    ]);
  return {
    operator,
    blockNumber,
    isOperator,
    stakes,
    keyType,
    key,
    bond,
    requiredBond,
    isMember,
    isSlashable,
    isTombstoned,
    weight: weight ?? 0n,
    minWeight,
    seat: key === undefined ? undefined : await readSeat(key, l1),
  };
}

/** The id of the key that an operator has registered; undefined if it has none. */
async function readKey(
  keys: IKeyRegistrar,
  set: { readonly avs: string; readonly id: bigint },
  operator: string,
  keyType: KeyType,
): Promise<string | undefined> {
  if (keyType === "ecdsa") {
    const key = await keys.getECDSAAddress(set, operator);
    return key === ZeroAddress ? undefined : key;
  }
  const [{ X, Y }] = await keys.getBN254Key(set, operator);
  return X === 0n && Y === 0n ? undefined : keyId(solidityPacked(["uint256", "uint256"], [X, Y]));
}

async function readSeat(key: string, l1: SettlementAccess): Promise<Seat | undefined> {
  const manager = contractAt(IServiceManager__factory, l1.serviceManager, l1.signer);
  const { tableId, snapshot } = await manager.latestTable();
  if (snapshot === 0n) return undefined;
  const { operators } = await readTable({ ...l1, runner: l1.signer }, tableId);
  const index = operators.findIndex((listed) => keyId(listed.key) === key);
  const weight = operators[index]?.weight;
  if (weight === undefined) return undefined;
  const totalWeight = operators.reduce((sum, listed) => sum + listed.weight, 0n);
  return { tableId, index, weight, totalWeight };
}

const WAD = 10n ** 18n;

/** What shares of a strategy weigh. */
export const shareWeight = ({ multiplier }: Pick<StrategyStake, "multiplier">, shares: bigint): bigint =>
  (shares * multiplier) / WAD;

/** What the stake would weigh if all of it could be slashed. */
export const stakeWeight = ({ stakes }: Pick<Membership, "stakes">): bigint =>
  stakes.reduce((sum, stake) => sum + shareWeight(stake, stake.shares), 0n);

/** What of the stake in a strategy weighs in a table of an operator set's member: what is on its way out weighs nothing any more. */
export function slashableWeight(stake: StrategyStake): bigint {
  const { shares, allocated, pending, maxMagnitude } = stake;
  if (maxMagnitude === 0n) return 0n;
  const least = pending !== undefined && pending.allocated < allocated ? pending.allocated : allocated;
  // EigenLayer rounds down twice: the proportion, then the shares.
  return shareWeight(stake, (shares * ((least * WAD) / maxMagnitude)) / WAD);
}
