/** What the bridge of an Arbitrum chain costs, by receipts: of L1's transactions, and of the rollup's that tickets are. */
import { encodeInteroperableAddress } from "../src/wire/index.ts";
import {
  type ArbitrumFabric,
  createArbitrumFabric,
  PAID,
  publishDown,
} from "../test/contracts/bridges/arbitrum/fabric.ts";
import { MIN_INTERVAL, someAddress } from "../test/contracts/settlement/fabric.ts";
import { crowd } from "./crowd.ts";
import { CROWDS } from "./measureOperators.ts";

/** Gas on either chain, by what it is for. */
export type Figures = Record<string, { rollup: bigint | undefined; l1: bigint | undefined }>;

/** Operators that the fabric has from the beginning. */
const OPERATORS = 4;

export async function measureArbitrum(): Promise<Figures> {
  const fabric = await createArbitrumFabric();
  const figures: Figures = {};
  let made = 0;
  for (const size of CROWDS) {
    await crowd(fabric, size - OPERATORS, made);
    made = size - OPERATORS;
    Object.assign(figures, await measureTable(fabric, size));
  }
  return { ...figures, ...(await measureWord(fabric)) };
}

async function measureTable(fabric: ArbitrumFabric, size: number): Promise<Figures> {
  await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
  await (await fabric.manager.snapshot()).wait();
  const down = await (await publishDown(fabric)).wait();
  await fabric.arbitrum.pair.down();
  return {
    [`table of ${size} operators down`]: { rollup: fabric.arbitrum.pair.attempts[0]?.gasUsed, l1: down?.gasUsed },
  };
}

async function measureWord({ arbitrum, rollup, local, settlement, l1 }: ArbitrumFabric): Promise<Figures> {
  const { gateway, bridge, pair, user } = arbitrum;
  const to = (chainId: bigint): string => encodeInteroperableAddress({ chainId, address: someAddress(1) });
  await gateway.connect(user).sendMessage(to(rollup.chainId), "0x", []);
  const settle = await (await bridge.connect(user).settleCurrent(rollup.id)).wait();
  await pair.up();
  const executed = await l1.ethers.provider.getTransactionReceipt(pair.executions[0] ?? "");

  await local.gateway.sendMessage(to(arbitrum.chainId), "0x", []);
  await local.bridge.settleCurrent(arbitrum.id);
  const forward = await (await settlement.forward(local.id, arbitrum.id, 1, "0x", PAID)).wait();
  await pair.down();
  return {
    "settled word up": { rollup: settle?.gasUsed, l1: executed?.gasUsed },
    "settled word down": { rollup: pair.attempts[0]?.gasUsed, l1: forward?.gasUsed },
  };
}
