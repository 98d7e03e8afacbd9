import type { Random } from "./random.ts";

/** Makes what a file of vectors holds. */
export type Build = (random: Random) => Record<string, unknown>;
