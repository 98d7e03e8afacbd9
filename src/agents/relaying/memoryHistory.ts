import { followArrivals, type Arrivals } from "../../chain/arrivals.ts";
import { readBlock, type BlockRef } from "../../chain/blocks.ts";
import type { Followed, Follower } from "../../chain/follower.ts";
import { followLanes, type LaneHistory, type Lanes } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { countOf, type Hex } from "../../wire/index.ts";
import type { History, LaneEnds, OpenLane, OpenMessage, OpenQuery } from "./history.ts";

/** What is known of a member. */
type Known = {
  readonly node: MemberNode;
  readonly arriving: Follower<Arrivals>;
  readonly sending: Follower<Lanes>;
  arrived?: Followed<Arrivals>;
  sent?: { readonly final: Followed<Lanes>; readonly latest: Followed<Lanes> };
};

/** Keeps all that members' logs say in memory: nothing needs to be set up, and a new one reads everything again. */
export class MemoryHistory implements History {
  readonly #known: ReadonlyMap<Hex, Known>;

  constructor(members: readonly MemberNode[]) {
    this.#known = new Map(
      members.map((node) => [node.id, { node, arriving: followArrivals(node), sending: followLanes(node) }]),
    );
  }

  async readArrived({ id }: MemberNode): Promise<BlockRef> {
    const known = this.#of(id);
    known.arrived = await known.arriving.latest();
    return known.arrived.block;
  }

  async readSent({ id, provider }: MemberNode): Promise<{ final: BlockRef; latest: BlockRef }> {
    const known = this.#of(id);
    const final = await known.sending.final();
    const latest = await known.sending.upTo(await readBlock(provider, "latest"));
    known.sent = { final, latest };
    return { final: final.block, latest: latest.block };
  }

  async openLane({ source, destination }: LaneEnds, { limit, only }: OpenQuery): Promise<OpenLane | undefined> {
    const { sent } = this.#of(source);
    const { arrived, node } = this.#of(destination);
    const lane = sent?.latest.state.get(destination);
    if (lane === undefined || arrived === undefined) return undefined;
    const { delivered, failed, settledCounts, certified } = arrived.state;
    const waiting = lane.messages
      .filter(({ id }) => !delivered.has(id) && (only === undefined || only.has(id)))
      .slice(0, limit);
    if (waiting.length === 0) return undefined;
    const open: OpenMessage[] = [];
    for (const message of waiting) {
      const found = failed.get(message.id);
      const failures =
        found === undefined
          ? undefined
          : { attempts: found.attempts, at: (await readBlock(node.provider, found.blockNumber)).timestamp };
      open.push({ message, failures, isDoubtful: false });
    }
    const final = sent?.final.state.get(destination);
    return {
      open,
      counts: { final: final === undefined ? 0n : countOf(final.word), latest: countOf(lane.word) },
      settledCounts: [...(settledCounts.get(source) ?? [])],
      isCertified: certified.has(source),
    };
  }

  lane({ source, destination }: LaneEnds): Promise<LaneHistory> {
    const lane = this.#of(source).sent?.latest.state.get(destination);
    if (lane === undefined) throw new Error("what waits is on a lane");
    return Promise.resolve(lane);
  }

  #of(id: Hex): Known {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error("every member is known");
    return known;
  }
}
