/** Pushes on what L1 sent to L3s and waits at their hops (contracts/bridges/hop/Hop.sol). */
import { keccak256 } from "ethers";

import { contractAt, interfaceOf } from "../../chain/contractAt.ts";
import { IHop__factory } from "../../../types/ethers-contracts/factories/interfaces/IHop__factory.ts";
import { amplyEstimated } from "../../chain/amplyEstimated.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { feesNow } from "../../chain/feesNow.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { readLogs } from "../../chain/readLogs.ts";
import { readTableInForce } from "../../chain/readTableInForce.ts";
import { downwardPrice } from "../../stacks/downwardPrice.ts";
import type { Hex, SettlementRef } from "../../wire/index.ts";
import { planPush } from "./planPush.ts";
import { type HopAccess, type PushedItems, type RelayedMember, senderOf, type StepProblem } from "./types.ts";

const HOP = interfaceOf(IHop__factory);

/** Blocks of a parent, at a second each, in which a table loses its force and more: what arrived before is not looked for. */
const WINDOW = 900_000;

/** Blocks that are read again each time, since they may have been another branch's. */
const REORG = 128;

/** What a hop's logs said, as far as they were read: only so that they are not all read again. */
interface Known {
  next: number;
  readonly arrived: Map<Hex, { item: Hex; place: number }>;
  readonly pushed: Map<Hex, number>;
}
const known = new WeakMap<HopAccess, Known>();

/** Pushes on, for each member that has a hop. Never rejects. */
export async function pushAtHops(
  members: readonly RelayedMember[],
  settlement: SettlementRef,
): Promise<{ pushed: PushedItems[]; problems: StepProblem[] }> {
  const pushed: PushedItems[] = [];
  const problems: StepProblem[] = [];
  for (const member of members) {
    if (member.hop === undefined) continue;
    try {
      const contract = contractAt(IHop__factory, member.hop.address, member.hop.signer);
      const waiting = await readWaiting(member.hop);
      if (waiting.length === 0) continue;
      const inForce = (await readTableInForce(member)).snapshot;
      const items = planPush({ waiting, inForce, revokedUntil: await contract.revokedUntil() }, settlement);
      if (items.length > 0) pushed.push({ member: member.name, items, txHash: await push(member.hop, items) });
    } catch (error) {
      problems.push({ subject: member.name, code: "relayer/not-pushed", reason: decodeCallError(error).text });
    }
  }
  return { pushed, problems };
}

/** Items that arrived at a hop and were not pushed on since, oldest first. */
async function readWaiting(hop: HopAccess): Promise<Hex[]> {
  const node = { provider: readerOf(hop.signer), gateway: hop.address };
  const latest = await node.provider.getBlockNumber();
  const first = Math.max(hop.startBlock, latest - WINDOW);
  const state: Known = known.get(hop) ?? { next: first, arrived: new Map(), pushed: new Map() };
  const from = Math.max(first, Math.min(state.next, latest + 1) - REORG);
  for (const [hash, { place }] of state.arrived) if (place >= placeOf(from, 0)) state.arrived.delete(hash);
  for (const [hash, place] of state.pushed) if (place >= placeOf(from, 0)) state.pushed.delete(hash);
  const topics = [HOP.getEvent("ItemArrived").topicHash, HOP.getEvent("ItemPushed").topicHash];
  for (const log of await readLogs(node, [topics], from, latest)) {
    const place = placeOf(log.blockNumber, log.index);
    const event = HOP.parseLog(log);
    const hash = String(event?.args["itemHash"]);
    if (event?.name === "ItemArrived") state.arrived.set(hash, { item: String(event.args["item"]), place });
    else state.pushed.set(hash, place);
  }
  known.set(hop, { ...state, next: latest + 1 });
  return [...state.arrived]
    .filter(([hash, { place }]) => place > (state.pushed.get(hash) ?? -1))
    .sort(([, a], [, b]) => a.place - b.place)
    .map(([, { item }]) => item);
}

/** Where in a chain a log is. */
const placeOf = (block: number, index: number): number => block * 2 ** 20 + index;

async function push(hop: HopAccess, items: Hex[]): Promise<Hex> {
  const { address: to, signer } = hop;
  const reader = readerOf(signer);
  const payer = await signer.getAddress();
  const value = await downwardPrice({ reader, bridge: to, payer }, items);
  const data = HOP.encodeFunctionData("push", [items, "0x"]);
  const gasLimit = await amplyEstimated(reader, { to, data, value, from: payer });
  const fees = await feesNow(reader);
  const key = `push on ${keccak256(data)} from ${to}`;
  return (await senderOf(hop).send({ key, to, data, value, gasLimit, fees })).hash;
}
