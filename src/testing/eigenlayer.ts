/**
 * EigenLayer on a simulated chain: brings the chain to a height at which it works, and makes operators as they come to be on mainnet,
 * step by step. Left out: withdrawals.
 */
import { Contract, type Signer, type SigningKey, ZeroAddress, ZeroHash } from "ethers";

import {
  EIGENLAYER,
  EIGENLAYER_INTERFACE,
  type EigenLayerContract,
  FULL_MAGNITUDE,
  type OperatorSet,
} from "../chain/eigenlayer.ts";
import { keyRegistration } from "../chain/keyRegistration.ts";
import type { Bn254Key } from "../wire/index.ts";
import { BONDS, TOKEN } from "./operatorCalls.ts";

/** The part of an EIP-1193 provider that is needed here. */
export interface ChainProvider {
  request(args: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/**
 * The height at which a simulated L1 starts. EigenLayer reckons back by the deallocation delay, 100,800 blocks, and fails below it.
 */
export const REALISTIC_HEIGHT = 100_801n;

/** Seconds between blocks of Ethereum. */
const SLOT = 12n;

/**
 * The genesis time (Hardhat's `initialDate`) with which a simulated L1 is back at the present once it stands at the realistic height.
 * Without it, the chain's clock is two weeks ahead of every other chain's.
 */
export function genesisDate(now: Date): Date {
  return new Date(now.getTime() - Number(REALISTIC_HEIGHT * SLOT) * 1000);
}

/** Mines a simulated L1 up to the realistic height, one block every 12 seconds of its clock. Does nothing on a chain that is higher. */
export async function mineToRealisticHeight(provider: ChainProvider): Promise<void> {
  const height = BigInt(String(await provider.request({ method: "eth_blockNumber" })));
  if (height >= REALISTIC_HEIGHT) return;
  await provider.request({ method: "hardhat_mine", params: [hex(REALISTIC_HEIGHT - height), hex(SLOT)] });
}

/** Gives a token its strategy; answers the strategy's address. */
export async function deployStrategy(signer: Signer, token: string): Promise<string> {
  await send(signer, "strategyFactory", "deployNewStrategy", [token]);
  return await read<string>(eigenLayer("strategyFactory", signer), "deployedStrategies", token);
}

/** Deposits devnet tokens (contracts/devnet/DevnetToken.sol), and mints and approves before what is missing. */
export async function deposit(
  staker: Signer,
  { token, strategy, amount }: { token: string; strategy: string; amount: bigint },
): Promise<void> {
  const contract = new Contract(token, TOKEN, staker);
  const account = await staker.getAddress();
  if ((await read<bigint>(contract, "balanceOf", account)) < amount) await confirm(contract, "mint", [account, amount]);
  if ((await read<bigint>(contract, "allowance", account, EIGENLAYER.strategyManager)) < amount) {
    await confirm(contract, "approve", [EIGENLAYER.strategyManager, amount]);
  }
  await send(staker, "strategyManager", "depositIntoStrategy", [strategy, token, amount]);
}

/** Makes an account an operator. Its allocation delay, in blocks, counts at once; anyone may delegate to it. */
export async function registerAsOperator(operator: Signer, allocationDelay = 0n): Promise<void> {
  await send(operator, "delegationManager", "registerAsOperator", [ZeroAddress, allocationDelay, ""]);
}

/** Puts the staker's shares, present and future, behind an operator that asks for nobody's approval. */
export async function delegateTo(staker: Signer, operator: string): Promise<void> {
  await send(staker, "delegationManager", "delegateTo", [operator, { signature: "0x", expiry: 0n }, ZeroHash]);
}

/** Sets how much of its stake in a strategy an operator lets a set slash, of FULL_MAGNITUDE. */
export async function allocate(
  operator: Signer,
  { operatorSet, strategy, magnitude }: { operatorSet: OperatorSet; strategy: string; magnitude: bigint },
): Promise<void> {
  await send(operator, "allocationManager", "modifyAllocations", [
    await operator.getAddress(),
    [{ operatorSet, strategies: [strategy], newMagnitudes: [magnitude] }],
  ]);
}

/** Registers the key an operator signs with in a set. The KeyRegistrar itself says what the key has to sign. */
export async function registerKey(
  operator: Signer,
  operatorSet: OperatorSet,
  key: SigningKey | Bn254Key,
): Promise<void> {
  const account = await operator.getAddress();
  const registrar = eigenLayer("keyRegistrar", operator);
  const { bytes, proof } = await keyRegistration(key, async (method, data) =>
    read<string>(registrar, method, account, operatorSet, data),
  );
  await confirm(registrar, "registerKey", [account, operatorSet, bytes, proof]);
}

/** Enters an operator set; the AVS's registrar gets the data and may refuse. */
export async function enterOperatorSet(operator: Signer, operatorSet: OperatorSet, data = "0x"): Promise<void> {
  await send(operator, "allocationManager", "registerForOperatorSets", [
    await operator.getAddress(),
    { avs: operatorSet.avs, operatorSetIds: [operatorSet.id], data },
  ]);
}

/** Deposits wei of an operator's bond at the ServiceManager. */
export async function depositBond(
  payer: Signer,
  serviceManager: string,
  operator: string,
  bond: bigint,
): Promise<void> {
  const response = await bonds(serviceManager, payer).getFunction("depositBond").send(operator, { value: bond });
  await response.wait();
}

/** What a new operator brings. */
export interface NewOperator {
  /** The operator's own account. */
  readonly operator: Signer;
  /** What it signs with in the set. */
  readonly key: SigningKey | Bn254Key;
  /** The set it enters. */
  readonly operatorSet: OperatorSet;
  readonly token: string;
  readonly strategy: string;
  /** Its own deposit, in the token's smallest unit. */
  readonly stake: bigint;
  /** The part of its stake that the set may slash; all of it if not said. */
  readonly magnitude?: bigint;
  /** Wei that it deposits at the AVS (Parley's ServiceManager); nothing if not said. */
  readonly bond?: bigint;
  /** What the AVS's registrar asks for. */
  readonly data?: string;
}

/**
 * Makes an operator from nothing to member: deposits, registers, allocates with effect at once, registers its key,
 * deposits its bond, and enters the set.
 * Not for an account that is an operator or has delegated: take the steps one by one.
 */
export async function createOperator(plan: NewOperator): Promise<void> {
  const { operator, operatorSet, token, strategy } = plan;
  await deposit(operator, { token, strategy, amount: plan.stake });
  await registerAsOperator(operator);
  await allocate(operator, { operatorSet, strategy, magnitude: plan.magnitude ?? FULL_MAGNITUDE });
  await registerKey(operator, operatorSet, plan.key);
  if (plan.bond !== undefined) await depositBond(operator, operatorSet.avs, await operator.getAddress(), plan.bond);
  await enterOperatorSet(operator, operatorSet, plan.data);
}

function bonds(serviceManager: string, signer: Signer): Contract {
  return new Contract(serviceManager, BONDS, signer);
}

function eigenLayer(contract: EigenLayerContract, signer: Signer): Contract {
  return new Contract(EIGENLAYER[contract], EIGENLAYER_INTERFACE[contract], signer);
}

async function read<Value>(contract: Contract, method: string, ...args: unknown[]): Promise<Value> {
  return (await contract.getFunction(method).staticCall(...args)) as Value;
}

async function send(
  signer: Signer,
  contract: EigenLayerContract,
  method: string,
  args: readonly unknown[],
): Promise<void> {
  await confirm(eigenLayer(contract, signer), method, args);
}

async function confirm(contract: Contract, method: string, args: readonly unknown[]): Promise<void> {
  const response = await contract.getFunction(method).send(...args);
  await response.wait();
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
