/** Who stakes what, and how it gets there: through the entry points that operators and stakers have. */
import { computeAddress, id, SigningKey, Wallet } from "ethers";

import { DevnetToken__factory } from "../../../types/ethers-contracts/factories/devnet/DevnetToken__factory.ts";
import { FULL_MAGNITUDE } from "../../../src/chain/eigenlayer.ts";
import { readerOf } from "../../../src/chain/readerOf.ts";
import { type Registration, registerOperator } from "../../../src/operators/index.ts";
import { fund } from "../../../src/testing/cheats.ts";
import { allocate, delegateTo, deposit, registerAsOperator } from "../../../src/testing/eigenlayer.ts";
import type { DevnetOperator } from "../../../src/testing/operators.ts";
import { settlementAccess, type World } from "./world.ts";

export const ETHER = 10n ** 18n;

export const HONEST_STAKE = 260n * ETHER;

/** Who is at EigenLayer. */
export interface Operators {
  /** They weigh 800 each, and will lie. */
  readonly liars: readonly [DevnetOperator, DevnetOperator, DevnetOperator];
  /** They weigh 260 each. */
  readonly honest: readonly DevnetOperator[];
  /** Will weigh as much, but has not begun yet. */
  readonly latecomer: DevnetOperator;
  /** Has put 500 of the second liar's 800 behind it. */
  readonly delegator: Wallet;
  /** An operator of EigenLayer that is none of Parley's. */
  readonly bystander: DevnetOperator;
  /** Has 70 in the first strategy, behind nobody. */
  readonly staker: Wallet;
}

/** Makes the operators. On a fork of a real chain, too, each is a fresh account. */
export async function createOperators(world: World): Promise<Operators> {
  const [first, second] = world.stakes;
  const heavy = await newOperator(world, "heavy");
  const delegated = await newOperator(world, "delegated");
  const divided = await newOperator(world, "divided");
  const bystander = await newOperator(world, "bystander");
  const delegator = await newAccount(world, "delegator");
  const staker = await newAccount(world, "staker");

  await register(world, heavy, { deposit: 800n * ETHER });

  await register(world, delegated, { deposit: 300n * ETHER });
  await deposit(delegator, { ...first, amount: 500n * ETHER });
  await delegateTo(delegator, delegated.address);

  // Lets Parley slash half of its 1,200 of the first, and all of its 400 of the second, of which a share weighs half.
  await registerAsOperator(divided.account);
  await deposit(divided.account, { ...first, amount: 1_200n * ETHER });
  await deposit(divided.account, { ...second, amount: 400n * ETHER });
  const operatorSet = { avs: settlementAccess(world, divided.account).serviceManager, id: 1n };
  for (const [{ strategy }, magnitude] of [
    [first, FULL_MAGNITUDE / 2n],
    [second, FULL_MAGNITUDE],
  ] as const) {
    await allocate(divided.account, { operatorSet, strategy, magnitude });
  }
  await register(world, divided, {});

  const honest: DevnetOperator[] = [];
  for (const name of ["honest-1", "honest-2", "honest-3"]) {
    const operator = await newOperator(world, name);
    await register(world, operator, { deposit: HONEST_STAKE });
    honest.push(operator);
  }

  await registerAsOperator(bystander.account);
  await deposit(bystander.account, { ...first, amount: 90n * ETHER });
  await deposit(staker, { ...first, amount: 70n * ETHER });
  const latecomer = await newOperator(world, "latecomer");
  return { liars: [heavy, delegated, divided], honest, latecomer, delegator, bystander, staker };
}

/** Takes the steps to membership that are not taken yet and can be. */
export async function register(
  world: World,
  { name, account, key }: DevnetOperator,
  { deposit: amount, allocationDelay = 0 }: { deposit?: bigint; allocationDelay?: number },
): Promise<Registration> {
  if (amount !== undefined) await mintTo(world, await account.getAddress(), amount);
  const order = { deposit: amount, key, endpoint: name, metadata: "", allocationDelay, evicted: undefined };
  return await registerOperator(order, settlementAccess(world, account));
}

async function mintTo({ stakes: [{ token }], chains: [l1] }: World, account: string, amount: bigint): Promise<void> {
  await (await DevnetToken__factory.connect(token, l1.signer).mint(account, amount)).wait();
}

async function newOperator(world: World, name: string): Promise<DevnetOperator> {
  const account = await newAccount(world, name);
  const key = new SigningKey(id(`parley.test.fork.key.${name}`));
  return { name, account, address: account.address, key, keyAddress: computeAddress(key.publicKey) };
}

async function newAccount({ chains: [{ provider, signer }] }: World, name: string): Promise<Wallet> {
  const account = new Wallet(id(`parley.test.fork.account.${name}`), readerOf(signer));
  await fund(provider, account.address, 10n * ETHER);
  return account;
}
