import type { Provider } from "ethers";

import { priceOf } from "../../sending/fees.ts";
import { decide, medianPrice, noPrices, withPrice, worthOf } from "../../sending/index.ts";
import type { BatchPolicy, GasMarket, GasPrices } from "../../sending/index.ts";
import { readMarket } from "../../sending/senderChain.ts";
import type { Hex } from "../../wire/index.ts";
import type { Batch } from "./planBatches.ts";

/** Milliseconds for which a price that was read counts. */
const PRICE_AGE = 2_000;
/** Messages of which it is remembered when they were first seen. */
const MOST_SEEN = 100_000;

/** Says of batches whether to send them now, by a policy. Remembers since when their messages wait, and what gas cost. */
export class BatchTiming {
  readonly #policy: BatchPolicy;
  readonly #clock: () => number;
  readonly #seen = new Map<Hex, number>();
  /** By destinations. */
  readonly #prices = new Map<Hex, { readonly readAt: number; readonly price: bigint; readonly known: GasPrices }>();

  constructor(policy: BatchPolicy, clock: () => number = Date.now) {
    this.#policy = policy;
    this.#clock = clock;
  }

  /** Whether to send a batch now. Rejects as the destination's node does. */
  async isTimely({ view, messages, gas }: Batch): Promise<boolean> {
    const now = this.#clock();
    const [source, destination] = [view.source.name, view.destination.name];
    const waiting = messages.map(({ id, recipient }) => ({
      since: this.#sinceOf(id, now),
      worth: worthOf(this.#policy, { source, destination, recipient }),
    }));
    const market = await this.#marketOf(view.destination.id, view.destination.provider, now);
    return decide({ gas, messages: waiting }, market, this.#policy, now).send;
  }

  #sinceOf(id: Hex, now: number): number {
    const since = this.#seen.get(id) ?? now;
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
    this.#seen.set(id, since);
    return since;
  }

  async #marketOf(destination: Hex, provider: Provider, now: number): Promise<GasMarket> {
    const last = this.#prices.get(destination);
    if (last !== undefined && now < last.readAt + PRICE_AGE) {
      return { price: last.price, median: medianPrice(last.known) };
    }
    const price = priceOf(await readMarket(provider));
    const known = withPrice(last?.known ?? noPrices(), price, now);
    this.#prices.set(destination, { readAt: now, price, known });
    return { price, median: medianPrice(known) };
  }
}
