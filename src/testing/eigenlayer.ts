/**
 * EigenLayer on a simulated chain: puts the stand-in (contracts/devnet/eigenlayer) at the real mainnet addresses, and makes operators
 * as they come to be on mainnet, step by step. Left out: withdrawals, BN254 keys. It works only where `hardhat_setCode`
 * does, so the stand-in reaches no real network; and it never covers code that stands there already, as on a fork.
 */
import { computeAddress, Contract, type Signer, type SigningKey, ZeroAddress, ZeroHash } from "ethers";

import {
  EIGENLAYER,
  EIGENLAYER_INTERFACE,
  type EigenLayerContract,
  FULL_MAGNITUDE,
  type OperatorSet,
} from "../chain/eigenlayer.ts";
import { ParleyError } from "../errors.ts";

/** The part of an EIP-1193 provider that is needed here. */
export interface ChainProvider {
  request(args: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** Where compiled contracts come from; Hardhat's `hre.artifacts` is one. */
export interface ArtifactReader {
  readArtifact(name: string): Promise<{ readonly deployedBytecode: string }>;
}

/** The contract whose runtime code goes to each address. */
export const STAND_INS: Record<EigenLayerContract, string> = {
  allocationManager: "DevnetAllocationManager",
  delegationManager: "DevnetDelegationManager",
  keyRegistrar: "DevnetKeyRegistrar",
  permissionController: "DevnetPermissionController",
  rewardsCoordinator: "DevnetRewardsCoordinator",
  strategyFactory: "DevnetStrategyFactory",
  strategyManager: "DevnetStrategyManager",
};

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

/**
 * Puts the stand-in's code at EigenLayer's mainnet addresses of a simulated chain. Where the same code stands already, nothing changes;
 * where other code stands at one of them, nothing is placed at all.
 */
export async function placeEigenLayer(provider: ChainProvider, artifacts: ArtifactReader): Promise<void> {
  const missing: { address: string; code: string }[] = [];
  for (const contract of Object.keys(EIGENLAYER) as EigenLayerContract[]) {
    const address = EIGENLAYER[contract];
    const { deployedBytecode: code } = await artifacts.readArtifact(STAND_INS[contract]);
    const present = await provider.request({ method: "eth_getCode", params: [address, "latest"] });
    if (present === code) continue;
    if (present !== "0x") {
      throw new ParleyError(
        "eigenlayer/occupied",
        `Other code stands at ${address}, where EigenLayer's ${contract} belongs.`,
        "On a fork of mainnet use EigenLayer itself; otherwise start from a fresh simulated chain.",
      );
    }
    missing.push({ address, code });
  }
  for (const { address, code } of missing) {
    await provider.request({ method: "hardhat_setCode", params: [address, code] });
  }
}

/** Gives a token its strategy; answers the strategy's address. */
export async function deployStrategy(signer: Signer, token: string): Promise<string> {
  await send(signer, "strategyFactory", "deployNewStrategy", [token]);
  const factory = new Contract(EIGENLAYER.strategyFactory, EIGENLAYER_INTERFACE.strategyFactory, signer);
  return String(await factory.getFunction("deployedStrategies").staticCall(token));
}

/** Mints devnet tokens (contracts/devnet/DevnetToken.sol) to the staker and deposits them. */
export async function deposit(
  staker: Signer,
  { token, strategy, amount }: { token: string; strategy: string; amount: bigint },
): Promise<void> {
  const minted = new Contract(
    token,
    ["function mint(address to, uint256 amount)", "function approve(address spender, uint256 amount) returns (bool)"],
    staker,
  );
  await confirm(minted, "mint", [await staker.getAddress(), amount]);
  await confirm(minted, "approve", [EIGENLAYER.strategyManager, amount]);
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

/** Registers the ECDSA key an operator signs with in a set. The KeyRegistrar itself says what the key has to sign. */
export async function registerKey(operator: Signer, operatorSet: OperatorSet, key: SigningKey): Promise<void> {
  const account = await operator.getAddress();
  const keyAddress = computeAddress(key.publicKey);
  const registrar = new Contract(EIGENLAYER.keyRegistrar, EIGENLAYER_INTERFACE.keyRegistrar, operator);
  const digest = String(
    await registrar.getFunction("getECDSAKeyRegistrationMessageHash").staticCall(account, operatorSet, keyAddress),
  );
  await confirm(registrar, "registerKey", [account, operatorSet, keyAddress, key.sign(digest).serialized]);
}

/** Enters an operator set; the AVS's registrar gets the data and may refuse. */
export async function enterOperatorSet(operator: Signer, operatorSet: OperatorSet, data = "0x"): Promise<void> {
  await send(operator, "allocationManager", "registerForOperatorSets", [
    await operator.getAddress(),
    { avs: operatorSet.avs, operatorSetIds: [operatorSet.id], data },
  ]);
}

/** Deposits wei of an operator's bond at the ServiceManager. */
export async function depositBond(payer: Signer, serviceManager: string, operator: string, bond: bigint): Promise<void> {
  const manager = new Contract(serviceManager, ["function depositBond(address operator) payable"], payer);
  const response = await manager.getFunction("depositBond").send(operator, { value: bond });
  await response.wait();
}

/** What a new operator brings. */
export interface NewOperator {
  /** The operator's own account. */
  readonly operator: Signer;
  /** What it signs with in the set. */
  readonly key: SigningKey;
  /** The set it enters. */
  readonly operatorSet: OperatorSet;
  readonly token: string;
  readonly strategy: string;
  /** Its own deposit, in the token's smallest unit. */
  readonly stake: bigint;
  /** The part of its stake that the set may slash; all of it if not said. */
  readonly magnitude?: bigint;
  /** Wei that it deposits at the AVS; nothing if not said. */
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
  if (plan.bond !== undefined) {
    await depositBond(operator, operatorSet.avs, await operator.getAddress(), plan.bond);
  }
  await enterOperatorSet(operator, operatorSet, plan.data);
}

async function send(
  signer: Signer,
  contract: EigenLayerContract,
  method: string,
  args: readonly unknown[],
): Promise<void> {
  await confirm(new Contract(EIGENLAYER[contract], EIGENLAYER_INTERFACE[contract], signer), method, args);
}

async function confirm(contract: Contract, method: string, args: readonly unknown[]): Promise<void> {
  const response = await contract.getFunction(method).send(...args);
  await response.wait();
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
