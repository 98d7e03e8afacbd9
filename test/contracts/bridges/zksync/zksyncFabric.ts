/**
 * A running fabric (running.ts) with a third member, on a ZK Stack chain. All three know one another by a table that came the way
 * every table comes.
 */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";

import type { Hex, MemberRef } from "../../../../src/wire/index.ts";
import type { ZksyncL1Bridge, ZksyncRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { ZksyncPair } from "../../../support/stacks/zksync.ts";
import {
  deployGateway,
  MAX_SETTLE_AGE,
  MIN_INTERVAL,
  type Connection,
  type Deployed,
  type Fabric,
} from "../../settlement/fabric.ts";
import { createRunningFabric, type RunningFabric } from "../running.ts";

export const ZKSYNC_CHAIN_ID = 7_002n;

/** What is on the ZK Stack chain, and L1's end of its bridge. */
export type Zksync = Deployed & {
  readonly pair: ZksyncPair;
  readonly connection: Connection;
  readonly bridge: ZksyncRollupBridge;
  readonly l1Bridge: ZksyncL1Bridge;
  readonly user: HardhatEthersSigner;
  readonly id: Hex;
  readonly ref: MemberRef;
};

export type ZksyncFabric = RunningFabric & { readonly zk: Zksync; readonly pair: ZksyncPair };

/** Creates one; `reset` brings all chains back to how they are then. */
export async function createZksyncFabric(): Promise<ZksyncFabric> {
  let zk: Zksync | undefined;
  const running = await createRunningFabric(async (bare) => {
    zk = await placeZksync(bare);
    await bare.settlement.connect(bare.owner).addMember(zk.ref, zk.l1Bridge, MAX_SETTLE_AGE);
  });
  if (zk === undefined) throw new Error("No member was added.");
  const { pair, connection } = zk;
  const fabric = { ...running, zk, pair };
  await connection.networkHelpers.time.increaseTo(await running.l1.networkHelpers.time.latest());
  await publishTo(fabric, (await running.manager.latestTable())[0]);
  await pair.down();

  const created = [
    await running.l1.networkHelpers.takeSnapshot(),
    await running.rollup.connection.networkHelpers.takeSnapshot(),
    await connection.networkHelpers.takeSnapshot(),
  ];
  const forget = pair.remember();
  return {
    ...fabric,
    reset: async () => {
      for (const snapshot of created) await snapshot.restore();
      forget();
    },
  };
}

async function placeZksync({ l1, settlement, manager }: Fabric): Promise<Zksync> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { chainId: Number(ZKSYNC_CHAIN_ID) },
  });
  const [admin, user] = (await connection.ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const pair = await ZksyncPair.place(l1, connection);
  const at = [l1.chainId, await settlement.getAddress()] as const;
  const deployed = await deployGateway(connection, admin, {
    settlementChainId: at[0],
    settlement: at[1],
    serviceManager: await manager.getAddress(),
  });
  const rollupBridge = await deployed.deployer.bridgeAddress(...at);
  const { bridgehub } = pair.addresses.parent;
  const parts = [settlement, manager, rollupBridge, bridgehub, ZKSYNC_CHAIN_ID] as const;
  const l1Bridge = await l1.ethers.deployContract("ZksyncL1Bridge", [...parts]);
  const code = await connection.ethers.getContractFactory("ZksyncRollupBridge");
  await deployed.deployer.deployBridge((await code.getDeployTransaction(deployed.gateway, l1Bridge)).data, ...at);
  return {
    ...deployed,
    pair,
    connection,
    bridge: await connection.ethers.getContractAt("ZksyncRollupBridge", rollupBridge),
    l1Bridge,
    user,
    id: await deployed.gateway.MEMBER_ID(),
    ref: { chainId: ZKSYNC_CHAIN_ID, gateway: await deployed.gateway.getAddress() },
  };
}

/** Takes a table of the operators; the ZK Stack chain's clock shows the same time as L1's. */
export async function takeTable({ l1, manager, zk }: ZksyncFabric): Promise<Hex> {
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await manager.snapshot();
  const { time } = zk.connection.networkHelpers;
  await time.increaseTo(Math.max(await l1.networkHelpers.time.latest(), (await time.latest()) + 1));
  return (await manager.latestTable())[0];
}

/** Sends a table to the ZK Stack chain, for what the quote says. */
export async function publishTo(
  fabric: Pick<ZksyncFabric, "manager" | "zk">,
  table: Hex,
  { stackParams = "0x", extra = 0n }: { stackParams?: Hex; extra?: bigint } = {},
): ReturnType<ZksyncFabric["manager"]["publish"]> {
  const { manager, zk } = fabric;
  const fee = await quote(fabric, [await manager.tableItem(table)], stackParams);
  return manager.publish(table, zk.id, stackParams, { value: fee + extra, ...GAS_PRICE });
}

/** Every transaction that pays a fee offers the same for gas, so that its fee is known before. */
export const GAS_PRICE = { gasPrice: 10_000_000_000n };

/** What a bridge asks for items, of a transaction that offers `GAS_PRICE`. */
export const quote = ({ zk }: Pick<ZksyncFabric, "zk">, items: Hex[], stackParams: Hex = "0x"): Promise<bigint> =>
  zk.l1Bridge.quote(items, stackParams, GAS_PRICE);

/** Forwards a settled word to the ZK Stack chain, for what the quote says. */
export async function forwardTo(
  fabric: ZksyncFabric,
  source: Hex,
  count: bigint,
  { stackParams = "0x", extra = 0n }: { stackParams?: Hex; extra?: bigint } = {},
): ReturnType<ZksyncFabric["settlement"]["forward"]> {
  const { settlement, stranger, zk } = fabric;
  const fee = await quote(fabric, [`0x${"00".repeat(97)}`], stackParams);
  return settlement.connect(stranger).forward(source, zk.id, count, stackParams, { value: fee + extra, ...GAS_PRICE });
}
