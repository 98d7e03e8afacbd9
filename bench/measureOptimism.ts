/** What the bridge of an OP Stack chain costs, by receipts: of L1's transactions, and of the rollup's that deposits are. */
import type { TransactionReceipt } from "ethers";

import { encodeInteroperableAddress, type Hex } from "../src/wire/index.ts";
import {
  DEPOSIT_GAS,
  freshOptimismFabric,
  type OptimismFabric,
  publishDown,
} from "../test/contracts/bridges/optimism/fabric.ts";
import { MIN_INTERVAL, someAddress } from "../test/contracts/settlement/fabric.ts";
import { crowd } from "./crowd.ts";
import type { Figures } from "./measureArbitrum.ts";
import { CROWDS } from "./measureOperators.ts";

/** Operators that the fabric has from the beginning. */
const OPERATORS = 4;

/** Asks for no gas on the rollup: the message fails on arrival, and is retried there. */
const NO_GAS = `0x${"00".repeat(32)}`;

/** L1's base fee, wei, at which deposits in little demand cost the most gas; below it they cost no more. */
const BASE_FEE = 1_000_000_000n;

export async function measureOptimism(): Promise<Figures> {
  const fabric = await freshOptimismFabric();
  const figures: Figures = {};
  let made = 0;
  for (const size of CROWDS) {
    await crowd(fabric, size - OPERATORS, made);
    made = size - OPERATORS;
    Object.assign(figures, await measureTable(fabric, size));
  }
  return { ...figures, ...(await measureWord(fabric)) };
}

async function measureTable(fabric: OptimismFabric, size: number): Promise<Figures> {
  const { l1, manager } = fabric;
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await (await manager.snapshot()).wait();
  const retried = await retry(fabric, await published(fabric, NO_GAS));
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await (await manager.snapshot()).wait();
  const { sent, executed } = await published(fabric, "0x");
  const table = `table of ${size} operators down`;
  return {
    [`${table}, retried`]: retried,
    [table]: { rollup: executed?.gasUsed, l1: sent?.gasUsed },
  };
}

type Down = {
  sent: TransactionReceipt | null;
  executed: OptimismFabric["optimism"]["pair"]["executed"][number] | undefined;
};

async function published(fabric: OptimismFabric, stackParams: Hex): Promise<Down> {
  const { l1, optimism } = fabric;
  await l1.networkHelpers.setNextBlockBaseFeePerGas(BASE_FEE);
  const sent = await (await publishDown(fabric, stackParams)).wait();
  await optimism.pair.down();
  return { sent, executed: optimism.pair.executed[0] };
}

/** What both attempts cost on the rollup; nobody pays for the first one there. */
async function retry({ optimism }: OptimismFabric, { sent, executed }: Down): Promise<Figures[string]> {
  const { pair, user } = optimism;
  const to = pair.addresses.child.messenger;
  const data = executed?.deposit.data ?? "0x";
  const relayed = await (await user.sendTransaction({ to, data, gasLimit: DEPOSIT_GAS })).wait();
  return { rollup: relayed?.gasUsed, l1: sent?.gasUsed };
}

async function measureWord({ optimism, rollup, local, settlement, l1 }: OptimismFabric): Promise<Figures> {
  const { gateway, bridge, pair, user } = optimism;
  const { provider } = l1.ethers;
  const to = (chainId: bigint): string => encodeInteroperableAddress({ chainId, address: someAddress(1) });
  await gateway.connect(user).sendMessage(to(rollup.chainId), "0x", []);
  const settle = await (await bridge.connect(user).settleCurrent(rollup.id)).wait();
  const [withdrawal] = await pair.prove();
  const block = await provider.getBlock("latest");
  const prove = await provider.getTransactionReceipt(block?.transactions[0] ?? "");
  await pair.mature();
  const hash = withdrawal === undefined ? "" : await pair.finalize(withdrawal);
  const finalize = await provider.getTransactionReceipt(hash);

  await local.gateway.sendMessage(to(optimism.chainId), "0x", []);
  await local.bridge.settleCurrent(optimism.id);
  await l1.networkHelpers.setNextBlockBaseFeePerGas(BASE_FEE);
  const overrides = { gasLimit: DEPOSIT_GAS };
  const forward = await (await settlement.forward(local.id, optimism.id, 1, "0x", overrides)).wait();
  await pair.down();
  return {
    "settled word up: sent and finalized": { rollup: settle?.gasUsed, l1: finalize?.gasUsed },
    "settled word up: proven": { rollup: undefined, l1: prove?.gasUsed },
    "settled word down": { rollup: pair.executed[0]?.gasUsed, l1: forward?.gasUsed },
  };
}
