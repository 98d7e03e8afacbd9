import type { RollupLetters } from "../src/devnet/rollupNames.ts";

/** Which rollups a devnet has: how many (alpha, beta and on), or their names. */
export type RollupsOption = number | readonly string[];

/** The names of a devnet's rollups, as far as the compiler knows them. */
export type RollupNames<Rollups extends RollupsOption> = Rollups extends readonly string[]
  ? Rollups[number]
  : Rollups extends number
    ? number extends Rollups
      ? string
      : FirstOf<Rollups, RollupLetters, []>
    : never;

type FirstOf<
  Count extends number,
  Letters extends readonly string[],
  Taken extends readonly string[],
> = Taken["length"] extends Count
  ? Taken[number]
  : Letters extends readonly [infer First extends string, ...infer Rest extends readonly string[]]
    ? FirstOf<Count, Rest, readonly [...Taken, First]>
    : string;
