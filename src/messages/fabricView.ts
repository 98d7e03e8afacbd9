/** What the chains of a fabric show now: every lane, and what arrived. */
import { followArrivals, type Arrivals } from "../chain/arrivals.ts";
import type { BlockRef } from "../chain/blocks.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import type { Follower } from "../chain/follower.ts";
import { followLanes, type Lanes } from "../chain/lanes.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";

/** A member's chain as its node shows it. */
export interface MemberView {
  readonly member: ConnectedMember;
  readonly latest: BlockRef;
  readonly final: BlockRef;
  /** The lanes that begin here, up to the latest block. */
  readonly lanes: Lanes;
  /** The same, up to the final block. */
  readonly finalLanes: Lanes;
  /** What arrived here, up to the latest block. */
  readonly arrivals: Arrivals;
}

/** A member whose chain could not be read, and why. */
export interface UnreadMember {
  readonly member: ConnectedMember;
  readonly error: ParleyError;
}

/** All members, by id; what could not be read holds up nothing else. */
export interface FabricView {
  readonly read: ReadonlyMap<Hex, MemberView>;
  readonly unread: ReadonlyMap<Hex, UnreadMember>;
}

interface Followers {
  readonly member: ConnectedMember;
  readonly lanes: Follower<Lanes>;
  readonly arrivals: Follower<Arrivals>;
}

/** Reads a fabric again and again; what is final is read once. */
export class FabricReader {
  readonly #followers: readonly Followers[];

  constructor(members: readonly ConnectedMember[]) {
    this.#followers = members.map((member) => ({
      member,
      lanes: followLanes(member),
      arrivals: followArrivals(member),
    }));
  }

  async read(): Promise<FabricView> {
    const views = await Promise.all(this.#followers.map(readMember));
    return {
      read: new Map(views.flatMap((view) => ("error" in view ? [] : [[view.member.id, view]]))),
      unread: new Map(views.flatMap((view) => ("error" in view ? [[view.member.id, view]] : []))),
    };
  }
}

async function readMember({ member, lanes, arrivals }: Followers): Promise<MemberView | UnreadMember> {
  try {
    await requireReachable(member);
    const final = await lanes.final();
    const [latest, arrived] = await Promise.all([lanes.latest(), arrivals.latest()]);
    return {
      member,
      latest: latest.block,
      final: final.block,
      lanes: latest.state,
      finalLanes: final.state,
      arrivals: arrived.state,
    };
  } catch (error) {
    return { member, error: error instanceof ParleyError ? error : unreadable(member, error) };
  }
}

function unreadable({ name, at }: ConnectedMember, cause: unknown): ParleyError {
  return new ParleyError(
    "chain/unreadable",
    `The node of ${name} at ${at} answers with an error: ${decodeCallError(cause).text}`,
    "Look at the node; if it refuses to show old logs, use one that has them.",
    { cause },
  );
}
