/** What the chains show. */
import { getAddress } from "ethers";

import type { RelayedMember } from "../../../src/agents/index.ts";
import { EIGENLAYER, type OperatorSet } from "../../../src/chain/eigenlayer.ts";
import { readTable } from "../../../src/chain/readTable.ts";
import { readTableInForce } from "../../../src/chain/readTableInForce.ts";
import type { PingPong } from "../../../src/testing/exchange.ts";
import type { DevnetOperator } from "../../../src/testing/operators.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { Gateway__factory } from "../../../types/ethers-contracts/factories/Gateway__factory.ts";
import { IAllocationManager__factory } from "../../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { IDelegationManager__factory } from "../../../types/ethers-contracts/factories/interfaces/eigenlayer/IDelegationManager__factory.ts";
import { ServiceManager__factory } from "../../../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import { Slasher__factory } from "../../../types/ethers-contracts/factories/settlement/Slasher__factory.ts";
import type { Gateway } from "../../../types/ethers-contracts/Gateway.ts";
import type { IAllocationManager } from "../../../types/ethers-contracts/interfaces/eigenlayer/IAllocationManager.ts";
import type { IDelegationManager } from "../../../types/ethers-contracts/interfaces/eigenlayer/IDelegationManager.ts";
import type { ServiceManager } from "../../../types/ethers-contracts/settlement/ServiceManager.ts";
import type { Slasher } from "../../../types/ethers-contracts/settlement/Slasher.ts";
import { settlementAccess, type World } from "./world.ts";

export const managerOf = ({ plan, chains: [{ signer }] }: World): ServiceManager =>
  ServiceManager__factory.connect(plan.contracts.serviceManager.address, signer);

export const slasherOf = async (world: World): Promise<Slasher> =>
  Slasher__factory.connect(await managerOf(world).SLASHER(), world.chains[0].signer);

export const allocationsOf = ({ chains: [{ signer }] }: World): IAllocationManager =>
  IAllocationManager__factory.connect(EIGENLAYER.allocationManager, signer);

const delegationOf = ({ chains: [{ signer }] }: World): IDelegationManager =>
  IDelegationManager__factory.connect(EIGENLAYER.delegationManager, signer);

export const gatewayOf = ({ gateway, signer }: Pick<RelayedMember, "gateway" | "signer">): Gateway =>
  Gateway__factory.connect(gateway, signer);

export const operatorSetOf = ({ plan }: World): OperatorSet => ({
  avs: plan.contracts.serviceManager.address,
  id: 1n,
});

/** An operator's shares of each strategy, its own and those behind it. */
export async function sharesOf(world: World, { address }: Pick<DevnetOperator, "address">): Promise<bigint[]> {
  const strategies = world.stakes.map(({ strategy }) => strategy);
  return [...(await delegationOf(world).getOperatorShares(address, strategies))];
}

/** What a staker could withdraw of each strategy. */
export async function withdrawableBy(world: World, { address }: { readonly address: string }): Promise<bigint[]> {
  const strategies = world.stakes.map(({ strategy }) => strategy);
  const { withdrawableShares } = await delegationOf(world).getWithdrawableShares(address, strategies);
  return [...withdrawableShares];
}

/** The table that every one of these has in force, and whose word weighs what by it. Throws if they have different ones. */
export async function tableInForce(
  world: World,
  members: readonly RelayedMember[],
  operators: readonly DevnetOperator[],
): Promise<{ readonly id: Hex; readonly weights: Readonly<Record<string, bigint>> }> {
  const ids = await Promise.all(members.map(async (member) => (await readTableInForce(member)).id));
  const [id] = ids;
  if (id === undefined || ids.some((other) => other !== id)) throw new Error(`in force: ${ids.join(", ")}`);
  const [{ signer }] = world.chains;
  const table = await readTable({ ...settlementAccess(world, signer), runner: signer }, id);
  const weights = table.operators.map(({ key, weight }): [string, bigint] => {
    const operator = operators.find(({ keyAddress }) => keyAddress === getAddress(key));
    return [operator?.name ?? key, weight];
  });
  return { id, weights: Object.fromEntries(weights) };
}

/** Balls that arrived. */
export async function received({ contract }: PingPong): Promise<bigint> {
  return (await contract.getFunction("received").staticCall()) as bigint;
}
