import { contractAt } from "../../src/chain/contractAt.ts";
import { ServiceManager__factory } from "../../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import { type DeployChain, hasCode, timeOf } from "../chain.ts";
import type { SentTable } from "./memberBridge.ts";

/** Rollups take minutes for what L1 sends; what has not arrived after an hour is sent again, which changes nothing if it did. */
const PATIENCE = 3_600n;

/** Blocks of Ethereum in that time, and some more. */
const BLOCKS = 400;

/** Whether L1 sent a table to a member so lately that it may still be on its way over the rollup's own bridge. */
export async function isSentLately(
  l1: DeployChain,
  serviceManager: string,
  { tableId, member }: SentTable,
): Promise<boolean> {
  if (!(await hasCode(l1, serviceManager))) return false;
  const manager = contractAt(ServiceManager__factory, serviceManager, l1.reader);
  const fromBlock = Math.max((await l1.reader.getBlockNumber()) - BLOCKS, l1.firstBlock ?? 0);
  const sent = await manager.queryFilter(manager.filters.TablePublished(tableId, member), fromBlock);
  const last = sent.at(-1);
  if (last === undefined) return false;
  const { timestamp } = await last.getBlock();
  return (await timeOf(l1)) < BigInt(timestamp) + PATIENCE;
}
