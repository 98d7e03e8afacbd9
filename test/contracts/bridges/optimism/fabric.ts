/** A running fabric (running.ts) with a third member, on an OP Stack chain. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionReceipt, ContractTransactionResponse, Overrides } from "ethers";
import { network } from "hardhat";

import type { Hex, MemberRef } from "../../../../src/wire/index.ts";
import type { Gateway, OptimismL1Bridge, OptimismRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { OptimismPair } from "../../../support/stacks/optimism.ts";
import { deployGateway, ETHER, MAX_SETTLE_AGE, type Connection, type Fabric } from "../../settlement/fabric.ts";
import { createRunningFabric, publishTable, type RunningFabric } from "../running.ts";

const CHAIN_ID = 10n;

/** What is on the OP Stack chain, and L1's end of its bridge. */
export interface Optimism {
  readonly connection: Connection;
  readonly chainId: bigint;
  readonly pair: OptimismPair;
  readonly gateway: Gateway;
  readonly bridge: OptimismRollupBridge;
  readonly l1Bridge: OptimismL1Bridge;
  readonly user: HardhatEthersSigner;
  readonly id: Hex;
  readonly ref: MemberRef;
}

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
  let optimism: Optimism | undefined;
  const fabric = await createRunningFabric(async (bare) => {
    optimism = await placeOptimism(bare);
    await bare.settlement.connect(bare.owner).addMember(optimism.ref, optimism.l1Bridge, MAX_SETTLE_AGE);
  });
  if (optimism === undefined) throw new Error("No member was added.");
  const { connection, pair } = optimism;
  await connection.networkHelpers.time.increaseTo(await fabric.l1.networkHelpers.time.latest());
  const created = [
    await fabric.l1.networkHelpers.takeSnapshot(),
    await fabric.rollup.connection.networkHelpers.takeSnapshot(),
    await connection.networkHelpers.takeSnapshot(),
  ];
  const forget = pair.remember();
  return {
    ...fabric,
    optimism,
    reset: async () => {
      for (const snapshot of created) await snapshot.restore();
      forget();
    },
  };
}

async function placeOptimism({ l1, settlement, manager }: Fabric): Promise<Optimism> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { chainId: Number(CHAIN_ID) },
  });
  const pair = await OptimismPair.place(l1, connection);
  const [admin, user] = (await connection.ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const at = [l1.chainId, await settlement.getAddress()] as const;
  const { gateway, deployer } = await deployGateway(connection, admin, {
    settlementChainId: at[0],
    settlement: at[1],
    serviceManager: await manager.getAddress(),
  });
  const rollupBridge = await deployer.bridgeAddress(...at);
  const { messenger } = pair.addresses.parent;
  const l1Bridge = await l1.ethers.deployContract("OptimismL1Bridge", [settlement, manager, rollupBridge, messenger]);
  const code = await connection.ethers.getContractFactory("OptimismRollupBridge");
  await deployer.deployBridge((await code.getDeployTransaction(gateway, l1Bridge)).data, ...at);
  return {
    connection,
    chainId: CHAIN_ID,
    pair,
    gateway,
    bridge: await connection.ethers.getContractAt("OptimismRollupBridge", rollupBridge),
    l1Bridge,
    user,
    id: await gateway.MEMBER_ID(),
    ref: { chainId: CHAIN_ID, gateway: await gateway.getAddress() },
  };
}

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
