import type { BlockRef } from "../../chain/blocks.ts";
import type { LaneHistory, SentMessage } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import type { Hex } from "../../wire/index.ts";

/** How the attempts on a message failed. */
export type Failures = {
  readonly attempts: number;
  /** When the last one did; seconds since 1970. */
  readonly at: bigint;
};

/** A message that its destination has not executed. */
export type OpenMessage = {
  readonly message: SentMessage;
  readonly failures: Failures | undefined;
  /** Whether nothing came of an attempt: its destination is asked about it before the next one. */
  readonly isDoubtful: boolean;
};

/** What of a lane waits. */
export type OpenLane = {
  /** By nonce; the first ones, where there are many. */
  readonly open: readonly OpenMessage[];
  /** Messages of the lane up to its source's final and latest block. */
  readonly counts: { readonly final: bigint; readonly latest: bigint };
  /** Counts of the lane's settled words that arrived and may prove these messages; some may be delayed. */
  readonly settledCounts: readonly bigint[];
  /** Whether a certified word of the lane ever arrived. */
  readonly isCertified: boolean;
};

/** Which of a lane's open messages are wanted. */
export type OpenQuery = {
  /** Most of them. */
  readonly limit: number;
  /** These alone, however often they failed; undefined for all that are to be looked at now. */
  readonly only: ReadonlySet<Hex> | undefined;
};

/** Two members, by their ids. */
export type LaneEnds = { readonly source: Hex; readonly destination: Hex };

/** What a relayer knows of members' logs. */
export type History = {
  /** Reads what has arrived at a member. Answers its latest block. Throws `chain/…`, and as the node does. */
  readArrived(member: MemberNode): Promise<BlockRef>;
  /** Reads what a member has sent. Throws as {@link readArrived} does. */
  readSent(member: MemberNode): Promise<{ readonly final: BlockRef; readonly latest: BlockRef }>;
  /** What of a lane waits, by what was last read of both of its ends; undefined if there is no such lane, or nothing waits. */
  openLane(ends: LaneEnds, query: OpenQuery): Promise<OpenLane | undefined>;
  /**
   * The lane, as far as batches of these messages need it, up to words at these counts and certificates. Of `messages` the others
   * may be missing.
   */
  lane(ends: LaneEnds, messages: readonly SentMessage[], counts: readonly bigint[]): Promise<LaneHistory>;
};
