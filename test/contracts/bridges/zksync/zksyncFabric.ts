/**
 * A running fabric (running.ts) with a third member, on a ZK Stack chain. All three know one another by a table that came the way
 * every table comes.
 */
import type { Hex } from "../../../../src/wire/index.ts";
import type { ZksyncL1Bridge, ZksyncRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { ZksyncPair } from "../../../support/stacks/zksync.ts";
import { MIN_INTERVAL, type Fabric } from "../../settlement/fabric.ts";
import type { RunningFabric } from "../running.ts";
import { createStackFabric, placeMember, type StackMember } from "../stackMember.ts";

export const ZKSYNC_CHAIN_ID = 7_002n;

/** What is on the ZK Stack chain, and L1's end of its bridge. */
export type Zksync = StackMember<ZksyncPair, ZksyncRollupBridge, ZksyncL1Bridge>;

export type ZksyncFabric = RunningFabric & { readonly zk: Zksync; readonly pair: ZksyncPair };

/** Creates one; `reset` brings all chains back to how they are then. */
export async function createZksyncFabric(): Promise<ZksyncFabric> {
  const [fabric, zk] = await createStackFabric(placeZksync, async ({ manager }, member) => {
    await publishTo({ manager, zk: member }, (await manager.latestTable())[0]);
    await member.pair.down();
  });
  return { ...fabric, zk, pair: zk.pair };
}

const placeZksync = (bare: Fabric): Promise<Zksync> =>
  placeMember(bare, {
    chainId: ZKSYNC_CHAIN_ID,
    placePair: (l1, rollup) => ZksyncPair.place(l1, rollup),
    deployL1Bridge: ({ addresses }, rollupBridge) =>
      bare.l1.ethers.deployContract("ZksyncL1Bridge", [
        bare.settlement,
        bare.manager,
        rollupBridge,
        addresses.parent.bridgehub,
        ZKSYNC_CHAIN_ID,
      ]),
    rollupBridgeCode: async ({ ethers }, gateway, l1Bridge) =>
      (await ethers.getContractFactory("ZksyncRollupBridge")).getDeployTransaction(gateway, l1Bridge),
    rollupBridgeAt: ({ ethers }, address) => ethers.getContractAt("ZksyncRollupBridge", address),
  });

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
