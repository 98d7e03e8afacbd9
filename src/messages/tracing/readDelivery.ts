/** Which transaction delivered a message, and on whose word. */
import type { Log, TransactionResponse } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { readLogs } from "../../chain/readLogs.ts";
import {
  checkpointLeaf,
  decodeAdvanceProof,
  decodeBatch,
  decodeProof,
  foldBatch,
  laneWord,
  Level,
  rootOf,
  type Checkpoint,
  type Hex,
  type LaneWord,
} from "../../wire/index.ts";
import type { MemberView } from "../fabricView.ts";
import type { TrackedMessage } from "../messageStatus.ts";

/** A certificate as a chain took it. */
export interface TakenCertificate {
  /** Of the tree that was signed. */
  readonly root: Hex;
  readonly certificate: Hex;
  /** The table of operators that judged it; undefined if the chain shows none before. */
  readonly tableId: Hex | undefined;
}

/** A delivery of a message. */
export interface Delivery {
  readonly txHash: Hex;
  readonly blockNumber: number;
  readonly relayer: string;
  /** Of the whole transaction. */
  readonly gasUsed: bigint;
  /** Messages that the transaction delivered. */
  readonly batchSize: number;
  /** What proved it; undefined if the Gateway was called by another contract, whose call says nothing here. */
  readonly proof: DeliveryProof | undefined;
}

export interface DeliveryProof {
  readonly level: Level;
  /** `held`: a word that the Inbox held already. */
  readonly kind: "certificate" | "held";
  /** The transaction that brought the held word. */
  readonly heldBy: Hex | undefined;
  /** Undefined for a settled word, which needs none, and where the transaction that held the word cannot be read. */
  readonly certificate: TakenCertificate | undefined;
}

const GATEWAY = interfaceOf(IGateway__factory);

/** The delivery of a message that was delivered. Throws as the destination's node does. */
export async function readDelivery(tracked: TrackedMessage, arrival: MemberView): Promise<Delivery | undefined> {
  const { member, latest } = arrival;
  const topics = [GATEWAY.getEvent("MessageDelivered").topicHash, tracked.message.id];
  const [log] = await readLogs(member, topics, member.startBlock, latest.number);
  if (log === undefined) return undefined;
  const [transaction, receipt] = await Promise.all([
    member.provider.getTransaction(log.transactionHash),
    member.provider.getTransactionReceipt(log.transactionHash),
  ]);
  if (transaction === null || receipt === null) return undefined;
  const relayer: unknown = GATEWAY.parseLog(log)?.args["relayer"];
  return {
    txHash: log.transactionHash,
    blockNumber: log.blockNumber,
    relayer: String(relayer),
    gasUsed: receipt.gasUsed,
    batchSize: receipt.logs.filter(({ topics: [first] }) => first === topics[0]).length,
    proof: await readProof(tracked, arrival, transaction, log),
  };
}

async function readProof(
  { lane, source }: TrackedMessage,
  arrival: MemberView,
  transaction: TransactionResponse,
  log: Log,
): Promise<DeliveryProof | undefined> {
  const call = callOf(arrival, transaction, "deliver");
  if (call === undefined) return undefined;
  const [, items, proofBytes, from] = call as unknown as [unknown, Hex, Hex, Hex];
  const proof = decodeProof(proofBytes);
  const batch = { source: lane.source, destinationChainId: lane.destinationChainId };
  const { word } = foldBatch(batch, laneWord(from), decodeBatch(items));
  if (proof.kind === "held") return await readHolding(source.member.id, arrival, proof.level, word, log);
  const { level, reachedBy, blockHash, siblings, certificate } = proof;
  const checkpoint: Checkpoint = {
    source: lane.source,
    destination: lane.destination,
    laneWord: word,
    reachedBy,
    level,
    blockHash,
  };
  const root = rootOf(checkpointLeaf(checkpoint), siblings);
  const taken = { root, certificate, tableId: await readTableBefore(arrival, log) };
  return { level, kind: "certificate", heldBy: undefined, certificate: taken };
}

/** How the destination came to hold a word that proved a delivery. */
async function readHolding(
  source: Hex,
  arrival: MemberView,
  level: Level,
  word: LaneWord,
  before: Log,
): Promise<DeliveryProof> {
  const { member } = arrival;
  const topics = GATEWAY.encodeFilterTopics("WordHeld", [source, level]) as Hex[];
  const held = (await readLogs(member, topics, member.startBlock, before.blockNumber)).findLast(
    (log) => isBefore(log, before) && log.data === word,
  );
  const found = { level, kind: "held", heldBy: held?.transactionHash, certificate: undefined } as const;
  if (held === undefined || level === Level.settled) return found;
  const transaction = await member.provider.getTransaction(held.transactionHash);
  const call = transaction === null ? undefined : callOf(arrival, transaction, "advance");
  if (call === undefined) return found;
  const [given, proof] = call as unknown as [readonly GivenCheckpoint[], Hex];
  const { siblings, certificate } = decodeAdvanceProof(proof, given.length);
  const place = given.findIndex((one) => one.source === source && one.laneWord === word);
  const checkpoint = given[place];
  if (checkpoint === undefined) return found;
  const root = rootOf(checkpointLeaf({ ...toPlain(checkpoint), level }), siblings[place] ?? []);
  return { ...found, certificate: { root, certificate, tableId: await readTableBefore(arrival, held) } };
}

/** A checkpoint as ethers decodes it. */
type GivenCheckpoint = Omit<Checkpoint, "level" | "laneWord"> & { readonly laneWord: Hex };

const toPlain = ({
  source,
  destination,
  laneWord: word,
  reachedBy,
  blockHash,
}: GivenCheckpoint): Omit<Checkpoint, "level"> => ({
  source,
  destination,
  laneWord: laneWord(word),
  reachedBy,
  blockHash,
});

/** The id of the table that was in force at a Gateway when it emitted this log. */
async function readTableBefore({ member }: MemberView, log: Log): Promise<Hex | undefined> {
  const topic = GATEWAY.getEvent("TableAdopted").topicHash;
  const adopted = await readLogs(member, [topic], member.startBlock, log.blockNumber);
  return adopted.findLast((one) => isBefore(one, log))?.topics[1];
}

const isBefore = (a: Log, b: Log): boolean => a.blockNumber < b.blockNumber || a.index < b.index;

/** The arguments with which a transaction calls the Gateway itself. */
function callOf({ member }: MemberView, { to, data }: TransactionResponse, name: "deliver" | "advance"): unknown {
  if (to?.toLowerCase() !== member.gateway.toLowerCase()) return undefined;
  const call = GATEWAY.parseTransaction({ data });
  return call?.name === name ? call.args : undefined;
}
