/** One stack's bridge between two chains, as Parley's two contracts use it. */
import type { TransactionReceipt } from "ethers";

import type { ConnectedMember } from "../../deployments/connect.ts";
import type { Hex } from "../../wire/index.ts";
import type { CanonicalStack } from "../stack.ts";
import type { NextOfJourney } from "../stackBridge.ts";

/** A rollup is joined to L1 by one; an L3 by two, its parent's and its own, with a hop between them. */
export interface Leg {
  /** The child's. */
  readonly stack: CanonicalStack;
  readonly parent: ConnectedMember;
  /** Parley's contract on the parent chain: L1's end, or the hop. */
  readonly parentEnd: string;
  readonly child: ConnectedMember;
  /** Parley's contract on the child chain: the rollup's end, or the hop. */
  readonly childEnd: string;
}

/** What is next of an envelope; or that it arrived; or `over`: it is not on its way any more, and may have to be sent anew. */
export type Passage = NextOfJourney | "arrived" | "over";

/** An envelope that one end sent to the other. */
export interface Envelope {
  /** Items of the bridge envelope (docs/PROTOCOL.md). */
  readonly items: readonly Hex[];
  /** The transaction that sent it. */
  readonly txHash: Hex;
  /** Asks the chains where it is. Throws `settle/no-method`, `settle/pruned-node`, `settle/node-behind`, and as the chains' nodes do. */
  readonly passage: () => Promise<Passage>;
}

/** What the child's end sent since a block of its chain, oldest first. */
export type ReadSentUp = (leg: Leg, fromBlock: number) => Promise<readonly Envelope[]>;

/** What the parent's end sent in a transaction, in order. */
export type ReadSentDown = (leg: Leg, receipt: TransactionReceipt) => Promise<readonly Envelope[]>;
