/** A running fabric (running.ts) with a third member, on an OP Stack chain. */
import type { ContractTransactionReceipt, ContractTransactionResponse, Overrides } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";
import type { OptimismL1Bridge, OptimismRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { OptimismPair } from "../../../support/stacks/optimism.ts";
import { ETHER, type Fabric } from "../../settlement/fabric.ts";
import { publishTable, type RunningFabric } from "../running.ts";
import { createStackFabric, placeMember, type StackMember } from "../stackMember.ts";

/** What is on the OP Stack chain, and L1's end of its bridge. */
export type Optimism = StackMember<OptimismPair, OptimismRollupBridge, OptimismL1Bridge>;

export type OptimismFabric = RunningFabric & { readonly optimism: Optimism };

let shared: Promise<OptimismFabric> | undefined;

/**
 * One for all of these tests, as new: with no table yet on the OP Stack chain. `reset` brings all chains back to how they are then.
 */
export async function freshOptimismFabric(): Promise<OptimismFabric> {
  shared ??= createOptimismFabric();
  const fabric = await shared;
  await fabric.reset();
  return fabric;
}

async function createOptimismFabric(): Promise<OptimismFabric> {
  const [fabric, optimism] = await createStackFabric(placeOptimism);
  return { ...fabric, optimism };
}

const placeOptimism = (bare: Fabric): Promise<Optimism> =>
  placeMember(bare, {
    chainId: 10n,
    placePair: (l1, rollup) => OptimismPair.place(l1, rollup),
    deployL1Bridge: ({ addresses }, rollupBridge) =>
      bare.l1.ethers.deployContract("OptimismL1Bridge", [
        bare.settlement,
        bare.manager,
        rollupBridge,
        addresses.parent.messenger,
      ]),
    rollupBridgeCode: async ({ ethers }, gateway, l1Bridge) =>
      (await ethers.getContractFactory("OptimismRollupBridge")).getDeployTransaction(gateway, l1Bridge),
    rollupBridgeAt: ({ ethers }, address) => ethers.getContractAt("OptimismRollupBridge", address),
  });

/** Gas for whatever deposits. Never estimated: the portal burns gas in a loop, and an estimate runs it again and again. */
export const DEPOSIT_GAS = 16_000_000n;

/** Takes a new table and puts it in force everywhere. */
export async function publishEverywhere(fabric: OptimismFabric): Promise<void> {
  await publishTable(fabric);
  await publishDown(fabric);
  await fabric.optimism.pair.down();
}

/** Sends the newest table down to the OP Stack chain, where the sequencer has yet to take it. */
export async function publishDown(
  { manager, optimism }: OptimismFabric,
  stackParams: Hex = "0x",
  overrides: Overrides = {},
): Promise<ContractTransactionResponse> {
  const [table] = await manager.latestTable();
  return manager.publish(table, optimism.id, stackParams, { gasLimit: DEPOSIT_GAS, ...overrides });
}

/** Lets Settlement say anything to L1's end, as its account. */
export async function sendAsSettlement(
  { l1, settlement, optimism }: OptimismFabric,
  items: readonly Hex[],
  stackParams: Hex = "0x",
): Promise<ContractTransactionResponse> {
  const account = await settlement.getAddress();
  await l1.networkHelpers.impersonateAccount(account);
  await l1.networkHelpers.setBalance(account, ETHER);
  const sender = await l1.ethers.getSigner(account);
  return optimism.l1Bridge.connect(sender).send([...items], sender, stackParams, { gasLimit: DEPOSIT_GAS });
}

/** The snapshot time of the table that is in force on the OP Stack chain; 0 if none is. */
export async function snapshotInForce({ gateway }: Pick<Optimism, "gateway">): Promise<bigint> {
  const [, snapshot] = await gateway.tableInForce();
  return snapshot;
}

/** Gas that the call gets at least which a transaction sent down, as the messenger says. */
export function minGasOf({ optimism }: OptimismFabric, receipt: ContractTransactionReceipt | null): bigint {
  const { interface: abi } = optimism.pair.parent.messenger;
  const sent = receipt?.logs.map((log) => abi.parseLog(log)).find((event) => event?.name === "SentMessage");
  return BigInt(String(sent?.args["gasLimit"]));
}
