/**
 * A fabric with a member on a ZK Stack chain: beside what `createFabric` has, a third chain with the stack played, its Gateway and the
 * pair of bridges. All three members are live and know one another by a table that came the way every table comes.
 */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import type { Hex, MemberRef } from "../../../../src/wire/index.ts";
import type { ZksyncL1Bridge, ZksyncRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { ZksyncPair } from "../../../support/stacks/zksync.ts";
import {
  addOperator,
  carry,
  createFabric,
  deployGateway,
  ETHER,
  MAX_SETTLE_AGE,
  MEMBER_NOTICE,
  MIN_INTERVAL,
  type Deployed,
  type Fabric,
} from "../../settlement/fabric.ts";

export const ZKSYNC_CHAIN_ID = 7_002n;

export type ZksyncFabric = Fabric & {
  readonly pair: ZksyncPair;
  readonly zk: Deployed & {
    readonly connection: NetworkConnection<"l1">;
    readonly bridge: ZksyncRollupBridge;
    readonly l1Bridge: ZksyncL1Bridge;
    readonly user: HardhatEthersSigner;
    readonly id: Hex;
    readonly ref: MemberRef;
  };
};

export async function createZksyncFabric(): Promise<ZksyncFabric> {
  const fabric = await createFabric();
  const { l1, settlement, manager, owner } = fabric;
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
  const l1Bridge = await l1.ethers.deployContract("ZksyncL1Bridge", [
    settlement,
    manager,
    rollupBridge,
    pair.addresses.parent.bridgehub,
    ZKSYNC_CHAIN_ID,
  ]);
  const code = await connection.ethers.getContractFactory("ZksyncRollupBridge");
  await deployed.deployer.deployBridge((await code.getDeployTransaction(deployed.gateway, l1Bridge)).data, ...at);

  const ref = { chainId: ZKSYNC_CHAIN_ID, gateway: await deployed.gateway.getAddress() };
  await fabric.addMembers();
  await settlement.connect(owner).addMember(ref, l1Bridge, MAX_SETTLE_AGE);
  await l1.networkHelpers.time.increase(MEMBER_NOTICE);
  for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
  const whole = {
    ...fabric,
    pair,
    zk: {
      ...deployed,
      connection,
      bridge: await connection.ethers.getContractAt("ZksyncRollupBridge", rollupBridge),
      l1Bridge,
      user,
      id: await deployed.gateway.MEMBER_ID(),
      ref,
    },
  };
  await takeTable(whole);
  await publishTable(whole);

  const created = [l1, fabric.rollup.connection, connection].map(({ networkHelpers }) => networkHelpers.takeSnapshot());
  const snapshots = await Promise.all(created);
  const forget = pair.remember();
  return {
    ...whole,
    reset: async () => {
      for (const snapshot of snapshots) await snapshot.restore();
      forget();
    },
  };
}

/** Takes a table of the operators; all chains' clocks show the same time. */
export async function takeTable({ l1, manager, rollup, zk }: ZksyncFabric): Promise<Hex> {
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await manager.snapshot();
  const now = await l1.networkHelpers.time.latest();
  for (const { networkHelpers } of [rollup.connection, zk.connection]) {
    await networkHelpers.time.increaseTo(Math.max(now, (await networkHelpers.time.latest()) + 1));
  }
  return (await manager.latestTable())[0];
}

/** Sends the latest table to all three members. */
export async function publishTable(fabric: ZksyncFabric): Promise<void> {
  const { manager, local, rollup, pair } = fabric;
  const [table] = await manager.latestTable();
  await manager.publish(table, local.id, "0x");
  await carry(rollup.l1Bridge, manager.publish(table, rollup.id, "0x"), rollup.bridge.connect(rollup.derivation));
  await publishTo(fabric, table);
  await pair.down();
}

/** Sends a table to the ZK Stack chain, for what the quote says. */
export async function publishTo(
  fabric: ZksyncFabric,
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
export const quote = ({ zk }: ZksyncFabric, items: Hex[], stackParams: Hex = "0x"): Promise<bigint> =>
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
