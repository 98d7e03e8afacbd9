/**
 * What the bridge of a ZK Stack chain costs, by receipts: of L1's transactions, without what Bridgehub does that is not played, and
 * of the calls on the rollup, in the EVM's gas.
 */
import { sendFrom } from "../test/contracts/bridges/running.ts";
import {
  createZksyncFabric,
  forwardTo,
  publishTo,
  type ZksyncFabric,
} from "../test/contracts/bridges/zksync/zksyncFabric.ts";
import { carry, MIN_INTERVAL } from "../test/contracts/settlement/fabric.ts";
import { crowd } from "./crowd.ts";
import type { Figures } from "./measureArbitrum.ts";
import { CROWDS } from "./measureOperators.ts";

/** Operators that the fabric has from the beginning. */
const OPERATORS = 4;

export async function measureZksync(): Promise<Figures> {
  const fabric = await createZksyncFabric();
  const figures: Figures = {};
  let made = 0;
  for (const size of CROWDS) {
    await crowd(fabric, size - OPERATORS, made);
    made = size - OPERATORS;
    Object.assign(figures, await measureTable(fabric, size));
  }
  return { ...figures, ...(await measureWord(fabric)) };
}

async function measureTable(fabric: ZksyncFabric, size: number): Promise<Figures> {
  const { l1, manager, pair } = fabric;
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await (await manager.snapshot()).wait();
  const down = await (await publishTo(fabric, (await manager.latestTable())[0])).wait();
  await pair.down();
  return { [`table of ${size} operators down`]: { rollup: pair.executions[0]?.evmGasUsed, l1: down?.gasUsed } };
}

async function measureWord(fabric: ZksyncFabric): Promise<Figures> {
  const { zk, rollup, pair } = fabric;
  await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, zk.user.address);
  const settle = await (await zk.bridge.settleCurrent(rollup.id)).wait();
  const [message] = await pair.executeBatch();
  const taken = message === undefined ? undefined : await (await pair.take(message)).wait();

  await sendFrom(rollup.gateway, rollup.user, zk.ref, zk.user.address);
  const settled = rollup.bridge.settleCurrent(zk.id);
  await carry(rollup.bridge, settled, rollup.l1Bridge.connect(rollup.l1Derivation));
  const forward = await (await forwardTo(fabric, rollup.id, 1n)).wait();
  await pair.down();
  return {
    "settled word up": { rollup: settle?.gasUsed, l1: taken?.gasUsed },
    "settled word down": { rollup: pair.executions[0]?.evmGasUsed, l1: forward?.gasUsed },
  };
}
