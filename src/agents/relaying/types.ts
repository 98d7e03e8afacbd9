import type { InterfaceAbi, Signer } from "ethers";

import type { MemberNode } from "../../chain/memberNode.ts";
import type { BatchPolicy } from "../../sending/batching/policy.ts";
import { directSender, type TransactionSender } from "../../sending/transactionSender.ts";
import type { Checkpoint, Hex, Level } from "../../wire/index.ts";
import type { OperatorClient, Refusal } from "../operatorClient.ts";

/** An account that pays for transactions on a chain. */
export type Payer = {
  /** Connected to the chain. */
  readonly signer: Signer;
  /** What sends its transactions; the signer itself, one after the other, if left out. */
  readonly sender?: TransactionSender;
};

/** A member, and the account that pays for transactions on its chain. */
export type RelayedMember = MemberNode &
  Payer & {
    /** What this member's bridge needs to know to carry a table; see the bridge. `0x` by default. */
    readonly stackParams?: Hex;
    /** Of an L3: where what L1 sends waits to be pushed on. */
    readonly hop?: HopAccess | undefined;
  };

/** A hop, on an L3's parent; the account is the parent's, and pays for pushing. */
export type HopAccess = Payer & {
  readonly address: string;
  /** No log of the hop is older. */
  readonly startBlock: number;
};

/** L1: where operator tables come from; the account pays for snapshots and for publishing tables. */
export type SettlementAccess = Payer & {
  readonly chainId: bigint;
  /** The Settlement contract. */
  readonly settlement: string;
  readonly serviceManager: string;
  /** No log of the ServiceManager is older. */
  readonly startBlock: number;
};

/** What sends an account's transactions. */
export const senderOf = ({ sender, signer }: Payer): TransactionSender => sender ?? directSender(signer);

/** What a relayer is made of. */
export type RelayerOptions = {
  readonly settlement: SettlementAccess;
  /** Lanes between these are served; L1's own Gateway is one of them if it has one. */
  readonly members: readonly RelayedMember[];
  readonly operators: readonly OperatorClient[];
  /** Most messages in a transaction; 100 by default. */
  readonly maxBatch?: number;
  /** From so many lanes to one destination on, it holds their words first (`advance`); 3 by default. */
  readonly advanceFrom?: number;
  /** When batches wait for more messages and cheaper gas; without it, never. */
  readonly batching?: BatchPolicy | undefined;
  /** ABIs of recipients, to report their errors by name. */
  readonly abis?: readonly InterfaceAbi[];
  /** Messages to carry, however often they failed; without it, all that are due. */
  readonly only?: ReadonlySet<Hex> | undefined;
  /** Milliseconds after which an operator counts as silent; 10,000 by default. */
  readonly operatorTimeout?: number;
};

/** A lane by the names of its ends. */
export type LaneNames = { readonly source: string; readonly destination: string };

export type DeliveredMessage = LaneNames & {
  readonly id: Hex;
  readonly nonce: bigint;
  readonly level: Level;
  readonly txHash: Hex;
  /** Of the whole transaction. */
  readonly gasUsed: bigint;
  /** Messages that the transaction delivered. */
  readonly batchSize: number;
};

/** A message that was tried and stays deliverable. */
export type FailedMessage = LaneNames & {
  readonly id: Hex;
  readonly nonce: bigint;
  /** Decoded, for people. */
  readonly reason: string;
  /** The transaction that tried it; undefined if none was sent because a simulation failed. */
  readonly txHash: Hex | undefined;
};

/** A checkpoint for which no quorum was found. Nothing was sent on it. */
export type UncertifiedCheckpoint = LaneNames & {
  readonly checkpoint: Checkpoint;
  /** Weight of the operators that would sign it, of the table in force at the destination. */
  readonly weight: bigint;
  readonly totalWeight: bigint;
  readonly quorumBps: bigint;
  /** What operators said, and those that said nothing. */
  readonly answers: readonly { readonly operator: string; readonly refusal: Omit<Refusal, "index"> }[];
};

export type PublishedTable = {
  readonly tableId: Hex;
  /** Name of the member to which it was sent. */
  readonly member: string;
  readonly txHash: Hex;
};

/** A revocation of tables that was sent to a member. */
export type PublishedRevocation = {
  /** Tables up to this one are revoked; seconds since 1970. */
  readonly snapshot: bigint;
  /** Name of the member to which it was sent. */
  readonly member: string;
  readonly txHash: Hex;
};

/** Items that were pushed on to an L3, from its hop. */
export type PushedItems = {
  /** Name of the L3. */
  readonly member: string;
  readonly items: readonly Hex[];
  readonly txHash: Hex;
};

/** A transaction that brought a word of a member, which its bridge had sent, on towards L1. */
export type CarriedUp = {
  /** Name of the member. */
  readonly member: string;
  /** What it did, for people. */
  readonly title: string;
  /** Name of the chain that it is on. */
  readonly at: string;
  readonly txHash: Hex;
};

/** Something that could not be done in this step, and is tried again in the next. */
export type StepProblem = {
  /** What it concerns, for people: a member, a lane. */
  readonly subject: string;
  readonly code: string;
  readonly reason: string;
};

/** What one step did. A step that finds nothing to do has empty lists. */
export type StepReport = {
  /** Tables sent to members. They are in force once the members' bridges have carried them. */
  readonly published: readonly PublishedTable[];
  readonly revoked: readonly PublishedRevocation[];
  readonly pushed: readonly PushedItems[];
  readonly delivered: readonly DeliveredMessage[];
  readonly failed: readonly FailedMessage[];
  readonly uncertified: readonly UncertifiedCheckpoint[];
  readonly problems: readonly StepProblem[];
};
