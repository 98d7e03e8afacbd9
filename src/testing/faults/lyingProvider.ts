/** A node that lies: it shows one message of each lane otherwise than it was sent, and all that follows from it. */
import { concat, id, toUtf8Bytes } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { followLanes, type LaneHistory } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { idOf, messageHash, next, type Hex } from "../../wire/index.ts";
import type { ChainProvider } from "../eigenlayer.ts";

const GATEWAY = interfaceOf(IGateway__factory);
const SENT = GATEWAY.getEvent("MessageSent");

/** What a node says of lanes. */
const TELLS = new Set(["eth_call", "eth_getLogs"]);

/** A log as a node gives it. */
interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
}

/** What a lie makes of a lane's words and ids, and of the message that it begins with. */
interface Lie {
  readonly told: ReadonlyMap<string, string>;
  readonly payloads: ReadonlyMap<string, Hex>;
}

/**
 * A node of a member that, while `isLying`, shows the last message of each lane with another payload, and words and ids to fit, in
 * logs and in calls: who looks at this node alone cannot tell. Nodes of different names tell different lies.
 */
export function lyingProvider(
  provider: ChainProvider,
  { member, name, isLying }: { readonly member: MemberNode; readonly name: string; readonly isLying: () => boolean },
): ChainProvider {
  const lanes = followLanes(member);
  /** Where the lie about each lane began: the nonce of the message that is shown otherwise, by its honest id. */
  const began = new Map<Hex, bigint>();
  const invent = async (): Promise<Lie> => {
    const { state } = await lanes.latest();
    const told = new Map<string, string>();
    const payloads = new Map<string, Hex>();
    for (const lane of state.values()) {
      const last = BigInt(lane.messages.length) - 1n;
      const start = began.get(lane.destination) ?? last;
      if (last < 0n || start > last) continue;
      began.set(lane.destination, start);
      lieAbout(lane, start, member.id, name, told, payloads);
    }
    return { told, payloads };
  };
  return {
    request: async (args) => {
      const answer = await provider.request(args);
      if (!isLying()) {
        began.clear();
        return answer;
      }
      return TELLS.has(args.method) ? tell(answer, await invent()) : answer;
    },
  };
}

function lieAbout(
  lane: LaneHistory,
  start: bigint,
  source: Hex,
  name: string,
  told: Map<string, string>,
  payloads: Map<string, Hex>,
): void {
  let word = lane.messages[Number(start)]?.before ?? lane.genesis;
  for (const message of lane.messages.slice(Number(start))) {
    let { hash } = message;
    if (message.nonce === start) {
      const payload = concat([message.payload, id(`${name} says so`).slice(0, 10), toUtf8Bytes("lie")]);
      const { sender, recipient, options } = message;
      hash = messageHash({ source, destinationChainId: lane.destinationChainId, sender, recipient, options, payload });
      payloads.set(message.id, payload);
    }
    told.set(message.id.slice(2), idOf(word, hash).slice(2));
    word = next(word, hash);
    told.set(message.after.slice(2), word.slice(2));
  }
}

/** An answer with the lie in it. */
function tell(answer: unknown, { told, payloads }: Lie): unknown {
  const forged: unknown = Array.isArray(answer) ? answer.map((log: RawLog) => forge(log, payloads)) : answer;
  if (told.size === 0 || forged === null || forged === undefined) return forged;
  const text = JSON.stringify(forged).replaceAll(/[0-9a-f]{64}/g, (word) => told.get(word) ?? word);
  return JSON.parse(text);
}

function forge(log: RawLog, payloads: ReadonlyMap<string, Hex>): RawLog {
  const payload = payloads.get(log.topics[1] ?? "");
  if (payload === undefined || log.topics[0] !== SENT.topicHash) return log;
  const values = GATEWAY.decodeEventLog(SENT, log.data, [...log.topics]);
  const args = SENT.inputs.map(({ name }, place): unknown => (name === "payload" ? payload : values[place]));
  return { ...log, ...GATEWAY.encodeEventLog(SENT, args) };
}
