/** What L1 sent to a member, by the events of Settlement and ServiceManager. */
import type { Log } from "ethers";

import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { readLogs } from "../chain/readLogs.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { encodeGatewayItem, laneWord, type Hex } from "../wire/index.ts";
import type { Sought } from "./stackBridge.ts";

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

const SETTLEMENT = interfaceOf(ISettlement__factory);
const MANAGER = interfaceOf(IServiceManager__factory);

/** Blocks of Ethereum in sixty days: what L1 sent before and has not arrived is sent anew. */
const WINDOW = 432_000;

/** What of that which L1 sent to a member is sought, oldest first. Throws as L1's node does. */
export async function readSendings(sender: Sender, member: Hex, sought: Sought): Promise<Sending[]> {
  const { l1, settlement, serviceManager } = sender;
  const latest = await l1.provider.getBlockNumber();
  const from = Math.max(l1.startBlock, latest - WINDOW);
  const logsOf = (isSought: unknown, gateway: string, topics: (Hex | null)[]): Promise<Log[]> =>
    isSought === undefined ? Promise.resolve([]) : readLogs({ provider: l1.provider, gateway }, topics, from, latest);
  const [words, tables, revocations] = await Promise.all([
    logsOf(sought.word, settlement, [SETTLEMENT.getEvent("WordForwarded").topicHash, null, member]),
    logsOf(sought.table, serviceManager, [MANAGER.getEvent("TablePublished").topicHash, null, member]),
    logsOf(sought.revocation, serviceManager, [MANAGER.getEvent("RevocationPublished").topicHash, member]),
  ]);
  const at = { chainId: l1.chainId, settlement };
  const sent: { log: Log; item: Hex }[] = [];
  for (const log of words) {
    const { source, destination, word } = SETTLEMENT.decodeEventLog("WordForwarded", log.data, log.topics).toObject();
    const ends = { source: String(source), destination: String(destination) };
    const item = encodeGatewayItem({ kind: "settled", ...ends, laneWord: laneWord(String(word)) }, at);
    if (sought.word?.(item) === true) sent.push({ log, item });
  }
  const manager = contractAt(IServiceManager__factory, serviceManager, l1.provider);
  for (const log of tables) {
    const id = String(MANAGER.decodeEventLog("TablePublished", log.data, log.topics)["tableId"]);
    if (sought.table?.(id) === true) sent.push({ log, item: await manager.tableItem(id) });
  }
  for (const log of revocations) {
    const said = MANAGER.decodeEventLog("RevocationPublished", log.data, log.topics);
    const snapshot = BigInt(String(said["snapshot"]));
    if (sought.revocation?.(snapshot) !== true) continue;
    sent.push({ log, item: encodeGatewayItem({ kind: "revoked", snapshot }, at) });
  }
  return sent
    .sort(({ log: a }, { log: b }) => a.blockNumber - b.blockNumber || a.index - b.index)
    .map(({ log: { transactionHash: txHash }, item }) => ({ item, txHash }));
}
