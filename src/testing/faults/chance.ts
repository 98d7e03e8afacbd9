import { id } from "ethers";

/** What names a schedule: the same seed makes the same one. */
export type Seed = number | string;

const BITS = 48;

/** A number from 0 up to 1 that depends on nothing but what it is given: evenly spread, and unlike for unlike labels. */
export function chance(seed: Seed, ...labels: readonly (number | string)[]): number {
  return parseInt(id(JSON.stringify([String(seed), ...labels])).slice(2, 2 + BITS / 4), 16) / 2 ** BITS;
}

/** An integer from `least` to `most`, by {@link chance}. */
export function integer(least: number, most: number, seed: Seed, ...labels: readonly (number | string)[]): number {
  return least + Math.floor(chance(seed, ...labels) * (most - least + 1));
}

/** One of these, by {@link chance}; undefined if there are none. */
export function oneOf<Item>(
  items: readonly Item[],
  seed: Seed,
  ...labels: readonly (number | string)[]
): Item | undefined {
  return items[Math.floor(chance(seed, ...labels) * items.length)];
}
