import type { Checkpoint, Hex, LaneWord, Level } from "../wire/index.ts";

/** A lane by its ends' member ids. */
export type LaneRef = { readonly source: Hex; readonly destination: Hex };

/** A word that an operator signed, or may have: what it knows of is written down before it signs. */
export type SignedWord = LaneRef & {
  readonly level: Level;
  /** At level final zero. */
  readonly blockHash: Hex;
  readonly laneWord: LaneWord;
};

/** What was signed on each of the lanes asked for, by {@link laneKey}. */
export type SigningHistory = ReadonlyMap<string, readonly SignedWord[]>;

/** What an operator signed, kept (R23). One key, one store, one process. */
export type SigningStore = {
  /**
   * Shows `plan` everything that was ever signed on these lanes, and keeps the words that it returns. Nothing else is
   * planned on these lanes in between. Resolves once what was planned is durable; if it rejects, nothing may be signed.
   */
  plan(lanes: readonly LaneRef[], plan: (history: SigningHistory) => readonly SignedWord[]): Promise<void>;
};

/** The key of a lane in a {@link SigningHistory}. */
export const laneKey = ({ source, destination }: LaneRef): string => `${source}:${destination}`;

/** What a checkpoint says of its lane. */
export const signedWord = (checkpoint: Checkpoint): SignedWord => ({
  source: checkpoint.source,
  destination: checkpoint.destination,
  level: checkpoint.level,
  blockHash: checkpoint.blockHash,
  laneWord: checkpoint.laneWord,
});
