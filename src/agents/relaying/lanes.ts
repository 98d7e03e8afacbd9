import type { HeldWord } from "../../chain/readHeld.ts";
import type { LaneHistory, SentMessage } from "../../chain/lanes.ts";
import type { Hex, Level, OperatorTable } from "../../wire/index.ts";
import type { RelayedMember } from "./types.ts";

/** Up to where a lane can be certified at a level, and what the checkpoint says of when. */
export type Horizon = {
  /** Messages of the lane that operators can speak of. */
  readonly count: bigint;
  /** Seconds since 1970. */
  readonly reachedBy: bigint;
  /** At level final zero. */
  readonly blockHash: Hex;
};

/** By which operators a destination judges certificates about a source. */
export type Judges = { readonly table: OperatorTable; readonly quorumBps: bigint };

/** An undelivered message that is to be tried now. */
export type Candidate = {
  readonly message: SentMessage;
  /** Its recipient is likely to refuse it: it gets a transaction of its own. */
  readonly isSuspect: boolean;
};

/** A lane with something to deliver, as a relayer sees it. */
export type LaneView = {
  readonly source: RelayedMember;
  readonly destination: RelayedMember;
  readonly lane: LaneHistory;
  /** Undefined if no certificate about the source counts at the destination now. */
  readonly judges: Judges | undefined;
  /** For each level that the destination takes certificates at. */
  readonly horizons: ReadonlyMap<Level, Horizon>;
  /** Words of this lane that the destination holds. */
  readonly held: readonly HeldWord[];
  /** By nonce. */
  readonly candidates: readonly Candidate[];
};
