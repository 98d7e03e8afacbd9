/** What differs by stack of an item's way over a member's own bridge. */
import type { ConnectedMember } from "../deployments/connect.ts";
import type { Hex } from "../wire/index.ts";

/** A transaction that carries an envelope on. */
export interface StackCall {
  /** What it does, for people. */
  readonly title: string;
  /** Who may send it, for people: mostly anyone. */
  readonly by: string;
  /** On whose chain. */
  readonly at: ConnectedMember;
  readonly to: string;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
  /** As whom its gas is to be estimated, if not as who sends it. */
  readonly estimateAs?: string;
}

/** What happens next to an envelope: nothing that anybody could do now, or a transaction. */
export type NextOfJourney =
  | {
      readonly kind: "waits";
      /** What it waits for: finality, a proof, the end of a challenge period. */
      readonly for: string;
      /** Seconds since 1970, by L1's clock; undefined if nobody can tell. */
      readonly until: bigint | undefined;
    }
  | { readonly kind: "due"; readonly call: StackCall };

/** An envelope that one end sent and the other one has not taken yet. */
export interface Journey {
  /** Items of the bridge envelope (docs/PROTOCOL.md). */
  readonly items: readonly Hex[];
  /** The transaction that sent it. */
  readonly txHash: Hex;
  readonly next: NextOfJourney;
}

/** Whether anybody asks for an item: what carries none such is not looked after. */
export type Matters = (item: Hex) => boolean;

/** What of that which L1 sends is asked for: a kind that is left out is not. */
export interface Sought {
  readonly word?: (item: Hex) => boolean;
  readonly table?: (id: Hex) => boolean;
  readonly revocation?: (snapshot: bigint) => boolean;
}

/** All that L1 sends. */
export const EVERYTHING: Sought = { word: () => true, table: () => true, revocation: () => true };

/** What L1's end has to be paid and told. */
export interface DownwardPrice {
  /** Wei. */
  readonly value: bigint;
  readonly stackParams: Hex;
}

/** How long a stack may take, reckoned from above (docs/SECURITY.md, Time budget). Seconds. */
export interface StackTimes {
  /** Until L1 can force a transaction onto the chain. */
  readonly forcedInclusion: bigint;
  /** From a word's being read to its being settled on L1, disputed to the end. */
  readonly disputedSettlement: bigint;
}

/** A member's bridge, as its stack has it. */
export interface StackBridge {
  readonly stack: string;
  readonly times: StackTimes;
  /** The member's end: where its lanes are settled. */
  readonly address: string;
  /**
   * Envelopes from the member to L1 that are under way, oldest first: all, or those with an item that matters and sent since a block of
   * the member's. Throws `settle/…`, and as the chains' nodes do.
   */
  upward(matters?: Matters, fromBlock?: number): Promise<readonly Journey[]>;
  /** Items that the member's end sent to L1, oldest first: those under way at least. Nobody is asked what became of them. */
  sentUp(): Promise<readonly Hex[]>;
  /** Envelopes from L1 to the member that are under way, oldest first: all, or those that are sought. Throws as `upward`. */
  downward(sought?: Sought): Promise<readonly Journey[]>;
  /** Gas that L1's transaction takes at most which sends a table of 200 operators down. */
  readonly publishGas: bigint;
  /** What sending these items down costs now, beside gas. */
  price(items: readonly Hex[]): Promise<DownwardPrice>;
}
