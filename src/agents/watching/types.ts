import type { Checkpoint, Degree, Hex, LaneWord, OffenceName } from "../../wire/index.ts";
import type { HeardStatements } from "./heardStatements.ts";
import type { LaneNames, RelayedMember, SettlementAccess, StepProblem } from "../relaying/types.ts";

/** What a watcher is made of. */
export type WatcherOptions = {
  /** L1. The signer's account convicts, and is owed the bounties. */
  readonly settlement: SettlementAccess;
  /** Every member, on the watcher's own nodes. The signers' accounts revoke tables. */
  readonly members: readonly RelayedMember[];
  /** Keeps what it is handed, over its own end; if left out, that is forgotten then. */
  readonly heard?: HeardStatements;
};

/** A certified checkpoint that the watcher's own node contradicts. */
export type FalseStatement = LaneNames & {
  readonly checkpoint: Checkpoint;
  /** The own node's word at that count; undefined if the lane does not reach it. */
  readonly own: LaneWord | undefined;
  /** For people. */
  readonly reason: string;
  /** Ids of the signing keys. */
  readonly signers: readonly string[];
};

/** An operator that was convicted in this step. */
export type Convicted = {
  readonly operator: string;
  readonly offence: OffenceName;
  readonly degree: Degree;
  /** Part of its slashable stake that it is to lose, of 1e18. */
  readonly wad: bigint;
  readonly txHash: Hex;
};

/** A convicted operator that EigenLayer would not slash before, and did in this step. */
export type Slashed = { readonly operator: string; readonly wad: bigint; readonly txHash: Hex };

/** A table that was revoked in this step. */
export type Revoked = {
  readonly tableId: Hex;
  /** Name of the member at which it was; `L1's ServiceManager` for all later tables' sake. */
  readonly at: string;
  readonly txHash: Hex;
};

/** A transaction that had a Gateway believe operators through another contract, in a call that cannot be read from outside. */
export type UnseenCall = { readonly member: string; readonly txHash: Hex };

/** What one step of a watcher saw and did. A step that finds nothing new has zero and empty lists. */
export type WatchReport = {
  /** Statements that were not known before. */
  readonly statements: number;
  readonly contradicted: readonly FalseStatement[];
  readonly convicted: readonly Convicted[];
  readonly slashed: readonly Slashed[];
  readonly revoked: readonly Revoked[];
  readonly unseen: readonly UnseenCall[];
  /** What could not be done in this step, and is tried again in the next. */
  readonly problems: readonly StepProblem[];
};
