/** What a deployment consists of. */
import type { Fees } from "../src/chain/feesNow.ts";
import type { DeployChain } from "./chain.ts";

/** A transaction, as any account may send it, a Safe too. */
export interface Call {
  readonly to: string;
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
  /** To send with, where a node's own estimate may fall short. */
  readonly gas?: bigint;
  /** To send with, where `value` was reckoned by them. */
  readonly fees?: Fees;
}

/**
 * How a step is done:
 * `call`: by a transaction that is known before anything is sent. `lateCall`: by one that follows from what earlier steps did, with
 * `mostValue` wei at most. `signed`: by a transaction that somebody signed. `development`: by what a development node alone allows.
 * `none`: by nobody here; it is done or waited for, never due.
 */
export type Action =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "lateCall"; readonly call: () => Promise<Call>; readonly mostValue?: () => Promise<bigint> }
  | { readonly kind: "signed"; readonly transaction: string }
  | { readonly kind: "development"; readonly run: () => Promise<unknown> }
  | { readonly kind: "none" };

/** How far a step is, as the chains show it. */
export type StepState =
  | "done"
  | "due"
  /** It cannot be done yet, or not by this process. */
  | { readonly waitsFor: string };

/** One step, that is done at once or not at all. */
export interface Step {
  /** Names it among the steps of its chain. */
  readonly id: string;
  /** What it does, for people. */
  readonly title: string;
  readonly chain: DeployChain;
  /** Who may do it. */
  readonly sender: "anyone" | "owner";
  /** Gas that it takes on Ethereum, estimated from above. */
  readonly gas: bigint;
  readonly action: Action;
  /** It concerns operators, tables or settings: the contracts stand without it. */
  readonly isLater?: true;
  /** Reads how far it is. */
  readonly state: () => Promise<StepState>;
}

/** The states of a step that is done once something is so. */
export const doneIf = (isDone: boolean): StepState => (isDone ? "done" : "due");
