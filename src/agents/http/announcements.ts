/** Where L1 says that operators are reached. */
import type { Log, Provider } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { readBlock, readFinalBlock } from "../../chain/blocks.ts";
import type { Confirmations } from "../../chain/memberNode.ts";
import { readLogs } from "../../chain/readLogs.ts";
import type { Hex } from "../../wire/index.ts";

/** What an operator of the set announces. */
export type Announced = {
  /** The operator's account. */
  readonly operator: string;
  /** Id of the key with which it joined, in lower case. */
  readonly keyId: string;
  readonly endpoint: string;
};

/** Where operators join, on L1. */
export type Registry = { readonly serviceManager: string; readonly provider: Provider; readonly startBlock: number };

const MANAGER = interfaceOf(IServiceManager__factory);
const TOPICS: Hex[] = (["OperatorJoined", "OperatorLeft", "EndpointChanged"] as const).map(
  (name) => MANAGER.getEvent(name).topicHash,
);

/** By operators' accounts. */
type Book = ReadonlyMap<string, Announced>;

/** Follows what the operators in the set announce: what is final is read once. */
export class Announcements {
  readonly #registry: Registry;
  readonly #confirmations: Confirmations;
  #final: { readonly next: number; readonly book: Book };

  constructor({ confirmations, ...registry }: Registry & { readonly confirmations: Confirmations }) {
    this.#registry = registry;
    this.#confirmations = confirmations;
    this.#final = { next: registry.startBlock, book: new Map() };
  }

  /** All of them as they are now. Rejects as the node does. */
  async read(): Promise<readonly Announced[]> {
    const { provider, serviceManager, startBlock } = this.#registry;
    const { number: final } = await readFinalBlock({ provider, confirmations: this.#confirmations });
    // A chain that went back: a simulated one, or a node's first answer was not the truth.
    if (final + 1 < this.#final.next) this.#final = { next: startBlock, book: new Map() };
    // A block, not its number alone: that is what nodes that have to agree are asked for.
    const latest = Math.max(final, (await readBlock(provider, "latest")).number);
    const logs = await readLogs({ provider, gateway: serviceManager }, [TOPICS], this.#final.next, latest);
    const isFinal = ({ blockNumber }: Log): boolean => blockNumber <= final;
    const book = foldAnnouncements(this.#final.book, logs.filter(isFinal));
    this.#final = { next: Math.max(this.#final.next, final + 1), book };
    const now = foldAnnouncements(
      book,
      logs.filter((log) => !isFinal(log)),
    );
    return [...now.values()];
  }
}

function foldAnnouncements(before: Book, logs: readonly Log[]): Book {
  const book = new Map(before);
  for (const log of logs) {
    const event = MANAGER.parseLog(log);
    if (event?.name === "OperatorJoined") {
      const [operator, key, endpoint] = event.args as unknown as [string, string, string];
      book.set(operator, { operator, keyId: key.toLowerCase(), endpoint });
    } else if (event?.name === "OperatorLeft") {
      book.delete(String(event.args[0]));
    } else if (event?.name === "EndpointChanged") {
      const [operator, endpoint] = event.args as unknown as [string, string];
      const known = book.get(operator);
      if (known !== undefined) book.set(operator, { ...known, endpoint });
    }
  }
  return book;
}
