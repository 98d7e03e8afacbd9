import type { Log } from "ethers";

import { interfaceOf } from "./contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { ParleyError } from "../errors.ts";
import {
  countOf,
  decodeAttributes,
  decodeInteroperableAddress,
  genesis,
  idOf,
  messageHash,
  packOptions,
  wordAfter,
  type Hex,
  type InteroperableAddress,
  type LaneWord,
} from "../wire/index.ts";
import type { BlockRef } from "./blocks.ts";
import { Follower } from "./follower.ts";
import { parseGatewayLog, type SentArgs } from "./gatewayLogs.ts";
import { readLaneTo } from "./readLaneTo.ts";
import type { MemberNode } from "./memberNode.ts";

/** A message in its place on its lane, as the Outbox's log has it. */
export type SentMessage = {
  readonly id: Hex;
  readonly nonce: bigint;
  readonly hash: Hex;
  /** The lane's word before it. */
  readonly before: LaneWord;
  /** The lane's word after it. */
  readonly after: LaneWord;
  readonly sender: string;
  readonly recipient: string;
  /** As `packOptions` writes them. */
  readonly options: bigint;
  readonly payload: Hex;
  readonly blockNumber: number;
  readonly txHash: Hex;
};

/** A lane from its first message on. */
export type LaneHistory = {
  readonly source: Hex;
  readonly destination: Hex;
  readonly destinationChainId: bigint;
  readonly genesis: LaneWord;
  /** The word after the last message. */
  readonly word: LaneWord;
  /** A message's place is its nonce. */
  readonly messages: readonly SentMessage[];
  /** False once another member took the destination's place on its chain. */
  readonly isOpen: boolean;
};

/** A member's lanes by their destinations' member ids. */
export type Lanes = ReadonlyMap<Hex, LaneHistory>;

const GATEWAY = interfaceOf(IGateway__factory);

/** The word of a lane at a count; undefined if the lane is not there yet. */
export function wordAt(lane: LaneHistory, count: bigint): LaneWord | undefined {
  return count === 0n ? lane.genesis : lane.messages[Number(count) - 1]?.after;
}

/** Reads all lanes that begin at a member. What it returns was checked against the Gateway's own words. */
export function followLanes(node: MemberNode): Follower<Lanes> {
  return new Follower<Lanes>(node, {
    empty: new Map(),
    topics: [GATEWAY.getEvent("LaneOpened"), GATEWAY.getEvent("LaneClosed"), GATEWAY.getEvent("MessageSent")].map(
      (event) => event.topicHash,
    ),
    fold: (lanes, logs) => foldLanes(node, lanes, logs),
    check: async (lanes, block) => {
      await checkWords(
        node,
        [...lanes.values()].filter(({ isOpen }) => isOpen),
        block,
      );
    },
  });
}

/** Makes sure that open lanes stand at a block where its Gateway says they do. Throws `chain/word-differs`, and as the node does. */
export async function checkWords(
  node: Pick<MemberNode, "name" | "gateway" | "provider">,
  lanes: readonly LaneHistory[],
  block: BlockRef,
): Promise<void> {
  await Promise.all(
    lanes.map(async (lane) => {
      const word = await readLaneTo(node, lane.destinationChainId, block.number);
      if (word === lane.word) return;
      throw new ParleyError(
        "chain/word-differs",
        `the logs of ${node.name} up to block ${block.number} lead its lane to chain ${lane.destinationChainId} ` +
          `to ${lane.word} (${countOf(lane.word)} messages), its Gateway says ${word} (${countOf(word)})`,
        "The node withholds or invents logs, startBlock is too late, or the chain was reorganised: ask again.",
      );
    }),
  );
}

/**
 * The lanes of a member after these logs of its Gateway, in order. Throws `chain/log-does-not-fold` where an id is not
 * what the lane's word and the message come to, and as the wire format's functions do.
 */
export function foldLanes(member: Pick<MemberNode, "id" | "chainId">, lanes: Lanes, logs: readonly Log[]): Lanes {
  if (logs.length === 0) return lanes;
  const folded = new Map(lanes);
  const openTo = new Map(
    [...lanes.values()].filter(({ isOpen }) => isOpen).map((lane) => [lane.destinationChainId, lane.destination]),
  );
  /** The messages of lanes that get more: others keep theirs. */
  const growing = new Map<Hex, SentMessage[]>();

  for (const log of logs) {
    const event = parseGatewayLog(log);
    if (event === undefined) throw doesNotFold(log, "is no event of a Gateway");
    if (event.name === "LaneOpened") {
      const [destination, chainId] = event.args as unknown as [Hex, bigint];
      const start = genesis(member.id, destination);
      openTo.set(chainId, destination);
      folded.set(destination, {
        source: member.id,
        destination,
        destinationChainId: chainId,
        genesis: start,
        word: start,
        messages: [],
        isOpen: true,
      });
    } else if (event.name === "LaneClosed") {
      const [destination, , last] = event.args as unknown as [Hex, bigint, Hex];
      const lane = folded.get(destination);
      if (lane?.word !== last)
        throw doesNotFold(log, `closes a lane at ${last} that stands at ${lane?.word ?? "none"}`);
      folded.set(destination, { ...lane, isOpen: false });
      if (openTo.get(lane.destinationChainId) === destination) openTo.delete(lane.destinationChainId);
    } else {
      const sent = event.args as unknown as SentArgs;
      const recipient = accountOf(sent[2]);
      const lane = folded.get(openTo.get(recipient.chainId) ?? "");
      if (lane === undefined) throw doesNotFold(log, `is sent to chain ${recipient.chainId}, to which no lane is open`);
      const message = placeMessage(member, lane, sent, log);
      const messages = growing.get(lane.destination) ?? [...lane.messages];
      growing.set(lane.destination, messages);
      messages.push(message);
      folded.set(lane.destination, { ...lane, messages, word: message.after });
    }
  }
  return folded;
}

/** Accounts by the bytes that name them: the same ones send and receive again and again. */
const accounts = new Map<Hex, InteroperableAddress>();
const MOST_ACCOUNTS = 10_000;

function accountOf(bytes: Hex): InteroperableAddress {
  const known = accounts.get(bytes);
  if (known !== undefined) return known;
  const account = decodeInteroperableAddress(bytes);
  if (accounts.size >= MOST_ACCOUNTS) accounts.clear();
  accounts.set(bytes, account);
  return account;
}

function placeMessage(
  member: Pick<MemberNode, "id" | "chainId">,
  lane: LaneHistory,
  sent: SentArgs,
  log: Log,
): SentMessage {
  const [sendId, senderBytes, recipientBytes, payload, , attributes] = sent;
  const sender = accountOf(senderBytes);
  const recipient = accountOf(recipientBytes);
  if (sender.chainId !== member.chainId) throw doesNotFold(log, `is sent from chain ${sender.chainId}`);
  const options = packOptions(decodeAttributes(attributes));
  const hash = messageHash({
    source: member.id,
    destinationChainId: recipient.chainId,
    sender: sender.address,
    recipient: recipient.address,
    options,
    payload,
  });
  const id = idOf(lane.word, hash);
  if (id !== sendId) throw doesNotFold(log, `has the id ${sendId}, but the lane's word makes it ${id}`);
  return {
    id,
    nonce: countOf(lane.word),
    hash,
    before: lane.word,
    after: wordAfter(lane.word, id),
    sender: sender.address,
    recipient: recipient.address,
    options,
    payload,
    blockNumber: log.blockNumber,
    txHash: log.transactionHash,
  };
}

function doesNotFold(log: Log, defect: string): ParleyError {
  return new ParleyError(
    "chain/log-does-not-fold",
    `log ${log.index} of block ${log.blockNumber} at ${log.address} ${defect}`,
    "The node withholds or invents logs, or startBlock is later than the Gateway's first lane.",
  );
}
