import type { Follower } from "../../chain/follower.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import type { Hex, SettlementRef } from "../../wire/index.ts";
import { followCalls, type CertifiedTransaction } from "./followCalls.ts";
import { readCalls, type ShownByCalls } from "./readCalls.ts";

/** What new transactions at a member show. */
export type Shown = Omit<ShownByCalls, "calls"> & {
  /** Transactions whose call to the Gateway could not be read. */
  readonly unseen: readonly Hex[];
};

/** Reads what operators said in each transaction that a member's Gateway took at its word, once. */
export class CallReader {
  readonly node: MemberNode;
  readonly #settlement: SettlementRef;
  readonly #calls: Follower<readonly CertifiedTransaction[]>;
  readonly #read = new Set<Hex>();

  constructor(node: MemberNode, settlement: SettlementRef) {
    this.node = node;
    this.#settlement = settlement;
    this.#calls = followCalls(node);
  }

  /** What is new. Throws as `Follower.latest` does, and as the provider does. */
  async read(): Promise<Shown> {
    const { state } = await this.#calls.latest();
    const shown: Shown[] = [];
    for (const transaction of state) {
      if (this.#read.has(transaction.hash)) continue;
      const found = await this.#readOne(transaction);
      if (found === undefined) continue;
      this.#read.add(transaction.hash);
      shown.push(found);
    }
    return {
      statements: shown.flatMap(({ statements }) => statements),
      folds: shown.flatMap(({ folds }) => folds),
      unseen: shown.flatMap(({ unseen }) => unseen),
    };
  }

  /** Undefined if the node does not have the transaction (any more). */
  async #readOne({ hash, isSurelyCalled }: CertifiedTransaction): Promise<Shown | undefined> {
    const { provider, gateway } = this.node;
    const transaction = await provider.getTransaction(hash);
    if (transaction === null) return undefined;
    const isDirect = transaction.to?.toLowerCase() === gateway.toLowerCase();
    const { statements, folds, calls } = readCalls(transaction.data, isDirect, this.node, this.#settlement);
    return { statements, folds, unseen: calls === 0 && isSurelyCalled ? [hash] : [] };
  }
}
