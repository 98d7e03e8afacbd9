/** What L1 sent to a member, by the events of Settlement and ServiceManager. */
import type { Log } from "ethers";

import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { readLogs } from "../chain/readLogs.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { encodeGatewayItem, laneWord, type Hex } from "../wire/index.ts";
import type { Matters } from "./stackBridge.ts";

/** Who sends. */
export interface Sender {
  readonly l1: ConnectedMember;
  readonly settlement: string;
  readonly serviceManager: string;
}

/** An item that went down. */
export interface Sending {
  readonly item: Hex;
  readonly txHash: Hex;
}

const SETTLEMENT = ISettlement__factory.createInterface();
const MANAGER = IServiceManager__factory.createInterface();

/** Blocks of Ethereum in sixty days: what L1 sent before and has not arrived is sent anew. */
const WINDOW = 432_000;

/** What L1 sent to a member and matters, oldest first. Throws as L1's node does. */
export async function readSendings(sender: Sender, member: Hex, matters: Matters): Promise<Sending[]> {
  const { l1, settlement, serviceManager } = sender;
  const latest = await l1.provider.getBlockNumber();
  const from = Math.max(l1.startBlock, latest - WINDOW);
  const logsOf = (gateway: string, topics: (Hex | null)[]): Promise<Log[]> =>
    readLogs({ provider: l1.provider, gateway }, topics, from, latest);
  const [words, tables, revocations] = await Promise.all([
    logsOf(settlement, [SETTLEMENT.getEvent("WordForwarded").topicHash, null, member]),
    logsOf(serviceManager, [MANAGER.getEvent("TablePublished").topicHash, null, member]),
    logsOf(serviceManager, [MANAGER.getEvent("RevocationPublished").topicHash, member]),
  ]);
  const itemOf = async (log: Log): Promise<Hex> => {
    const at = { chainId: l1.chainId, settlement };
    if (tables.includes(log)) {
      const { tableId } = MANAGER.decodeEventLog("TablePublished", log.data, log.topics).toObject();
      return await tableItem(String(tableId));
    }
    if (revocations.includes(log)) {
      const { snapshot } = MANAGER.decodeEventLog("RevocationPublished", log.data, log.topics).toObject();
      return encodeGatewayItem({ kind: "revoked", snapshot: BigInt(String(snapshot)) }, at);
    }
    const { source, destination, word } = SETTLEMENT.decodeEventLog("WordForwarded", log.data, log.topics).toObject();
    const ends = { source: String(source), destination: String(destination) };
    return encodeGatewayItem({ kind: "settled", ...ends, laneWord: laneWord(String(word)) }, at);
  };
  const known = new Map<Hex, Promise<Hex>>();
  const manager = IServiceManager__factory.connect(serviceManager, l1.provider);
  const tableItem = (tableId: Hex): Promise<Hex> => {
    const item = known.get(tableId) ?? manager.tableItem(tableId);
    known.set(tableId, item);
    return item;
  };
  const inOrder = [...words, ...tables, ...revocations].sort(
    (a, b) => a.blockNumber - b.blockNumber || a.index - b.index,
  );
  const sendings = await Promise.all(
    inOrder.map(async (log) => ({ item: await itemOf(log), txHash: log.transactionHash })),
  );
  return sendings.filter(({ item }) => matters(item));
}
