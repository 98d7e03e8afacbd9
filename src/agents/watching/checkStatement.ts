import { isCanonical, readBlock } from "../../chain/blocks.ts";
import type { Followed, Follower } from "../../chain/follower.ts";
import { wordAt, type LaneHistory, type Lanes } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { ParleyError } from "../../errors.ts";
import { countOf, Level, type Checkpoint, type Hex, type LaneWord } from "../../wire/index.ts";

/**
 * What the watcher's own node says of a checkpoint. `unknown`: nothing yet, ask again. `unknowable`: its block is on no
 * branch that the node follows, and none that it will.
 */
export type Verdict =
  | { readonly kind: "true" | "unknown" | "unknowable" }
  | {
      readonly kind: "false";
      /** The node's word at that count; undefined if the lane does not reach it. */
      readonly own: LaneWord | undefined;
      /** For people. */
      readonly reason: string;
    };

/** A source as the watcher's own node shows it. */
export type WatchedSource = {
  readonly node: MemberNode;
  readonly lanes: Follower<Lanes>;
  /** Its lanes up to the block that is final now. */
  readonly final: Followed<Lanes>;
};

/** Compares a checkpoint with the watcher's own node. Throws as the follower does. */
export async function checkStatement(checkpoint: Checkpoint, source: WatchedSource): Promise<Verdict> {
  return checkpoint.level === Level.final ? await checkFinal(checkpoint, source) : await checkFast(checkpoint, source);
}

async function checkFinal(checkpoint: Checkpoint, { node, final }: WatchedSource): Promise<Verdict> {
  const lane = final.state.get(checkpoint.destination);
  // Another node may know more of the chain than this one: what is not final here may be there.
  if (lane === undefined || countOf(lane.word) < countOf(checkpoint.laneWord)) return { kind: "unknown" };
  return await compare(checkpoint, lane, node);
}

async function checkFast(checkpoint: Checkpoint, { node, lanes, final }: WatchedSource): Promise<Verdict> {
  const block = await findBlock(node, checkpoint.blockHash);
  if (block === undefined || !(await isCanonical(node.provider, block))) {
    // Long after the time that it speaks of, no block of that time comes any more.
    return { kind: final.block.timestamp > checkpoint.reachedBy + PATIENCE ? "unknowable" : "unknown" };
  }
  const { state } = await lanes.upTo(block);
  const lane = state.get(checkpoint.destination);
  const count = countOf(checkpoint.laneWord);
  const message = lane?.messages[Number(count) - 1];
  if (lane === undefined || message === undefined || message.blockNumber > block.number) {
    const reason = `in block ${block.number} (${block.hash}) the lane from ${node.name} had not reached ${count} messages`;
    return { kind: "false", own: undefined, reason };
  }
  return await compare(checkpoint, lane, node);
}

/** Seconds. */
const PATIENCE = 3_600n;

async function findBlock(node: MemberNode, hash: Hex): Promise<Awaited<ReturnType<typeof readBlock>> | undefined> {
  try {
    return await readBlock(node.provider, hash);
  } catch (error) {
    if (error instanceof ParleyError && error.code === "chain/no-block") return undefined;
    throw error;
  }
}

async function compare(checkpoint: Checkpoint, lane: LaneHistory, node: MemberNode): Promise<Verdict> {
  const { laneWord, reachedBy } = checkpoint;
  const count = countOf(laneWord);
  const own = wordAt(lane, count);
  if (own !== laneWord) {
    const reason = `with ${count} messages the lane from ${node.name} stood at ${own ?? "no word"}, not at ${laneWord}`;
    return { kind: "false", own, reason };
  }
  const message = lane.messages[Number(count) - 1];
  if (message === undefined) return { kind: "true" }; // nothing was sent: reached at any time
  const { timestamp } = await readBlock(node.provider, message.blockNumber);
  if (timestamp <= reachedBy) return { kind: "true" };
  return {
    kind: "false",
    own,
    reason: `the lane from ${node.name} reached ${laneWord} at ${timestamp}, not by ${reachedBy}`,
  };
}
