import { createHash } from "node:crypto";

import type { Range } from "./ast.ts";
import type { Change } from "./operators/change.ts";

/** The statement or condition that a change is in; mutants of it can be switched on and off in one build (see switches.ts). */
export type Site = Range & {
  readonly kind: "statement" | "declaration" | "expression" | "fixed";
  /** Of a declaration: where its value is. */
  readonly value?: Range;
};

/** One change of one source. */
export type Mutant = {
  readonly file: string;
  /** The function or variable that it is in. */
  readonly within: string;
  /** The statement or condition, on one line, as it is and as it becomes. */
  readonly before: string;
  readonly after: string;
  readonly change: Change;
  readonly site: Site;
  /** Says the same as the four texts above. */
  readonly id: string;
};

/** Eight hexadecimal digits that depend on what a mutant is, not on where it stands in its file. */
export function mutantId(file: string, within: string, before: string, after: string): string {
  return createHash("sha256").update([file, within, before, after].join("\n")).digest("hex").slice(0, 8);
}

/** `count` mutants in an order that the seed alone decides. */
export function sample<Item extends { readonly id: string }>(
  mutants: readonly Item[],
  count: number,
  seed: string,
): Item[] {
  const rank = ({ id }: Item): string => createHash("sha256").update(`${seed}:${id}`).digest("hex");
  const ranked = mutants.map((mutant) => ({ mutant, rank: rank(mutant) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.slice(0, count).map(({ mutant }) => mutant);
}
