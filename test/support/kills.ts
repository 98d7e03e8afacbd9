/** How thorough the tests are that kill processes and reorganise chains: `npm run test:kills` has them do all there is. */
import { chance } from "../../src/testing/faults/chance.ts";

/** Whether everything is tried, or a sample that is the same on every run. */
export const isWhole = process.env["PARLEY_KILLS"] === "all";

/** What chooses where and how often; of a sample, always the same. */
export const SEED = (isWhole ? process.env["PARLEY_SEED"] : undefined) ?? "parley";

/** The same in an order that the seed chooses: all of them, or the first few. */
export function someOf<Item>(items: readonly Item[], few: number, ...labels: readonly string[]): Item[] {
  const places = items.map((item, place) => ({ item, at: chance(SEED, ...labels, place) }));
  const inOrder = places.sort((a, b) => a.at - b.at).map(({ item }) => item);
  return isWhole ? inOrder : inOrder.slice(0, few);
}
