/** All chains of a devnet, and what its agents remember, as they were at one moment. */
import { ParleyError } from "../src/errors.ts";
import type { ChainProvider } from "../src/testing/eigenlayer.ts";
import type { AgentsMemory } from "./devnetAgents.ts";

/** A moment to which a devnet can go back, any number of times, until it goes back to an earlier one. */
export interface DevnetSnapshot {
  readonly memory: AgentsMemory;
}

/** Chains that go back together. */
export class Snapshots {
  readonly #chains: readonly { readonly name: string; readonly provider: ChainProvider }[];
  /** Those that can be gone back to, in the order in which they were taken, with each chain's own. */
  #live: { readonly snapshot: DevnetSnapshot; ids: readonly unknown[] }[] = [];

  constructor(chains: readonly { readonly name: string; readonly provider: ChainProvider }[]) {
    this.#chains = chains;
  }

  async take(memory: AgentsMemory): Promise<DevnetSnapshot> {
    const snapshot = { memory };
    this.#live.push({ snapshot, ids: await this.#takeAll() });
    return snapshot;
  }

  has(snapshot: DevnetSnapshot): boolean {
    return this.#live.some((one) => one.snapshot === snapshot);
  }

  /** Takes all chains back. Throws `devnet/no-snapshot`. */
  async restore(snapshot: DevnetSnapshot): Promise<void> {
    const place = this.#live.findIndex((one) => one.snapshot === snapshot);
    const found = this.#live[place];
    if (found === undefined)
      throw noSnapshot("the devnet went back to an earlier one since, or it is another devnet's");
    // Later ones are gone with the branch on which they were taken.
    this.#live = this.#live.slice(0, place);
    for (const [index, { name, provider }] of this.#chains.entries()) {
      const isBack = await provider.request({ method: "evm_revert", params: [found.ids[index]] });
      if (isBack !== true) throw noSnapshot(`${name} was taken back past it by something else`);
    }
    // A chain's snapshot serves once.
    this.#live.push({ snapshot, ids: await this.#takeAll() });
  }

  async #takeAll(): Promise<unknown[]> {
    const ids: unknown[] = [];
    for (const { provider } of this.#chains) ids.push(await provider.request({ method: "evm_snapshot", params: [] }));
    return ids;
  }
}

const noSnapshot = (why: string): ParleyError =>
  new ParleyError(
    "devnet/no-snapshot",
    `The devnet cannot go back to this snapshot: ${why}.`,
    "Take another one; `loadFixture` does so by itself.",
  );
