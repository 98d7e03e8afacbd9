import { readFileSync } from "node:fs";

import type { VectorName, Vectors } from "../../tools/vectors/all.ts";
import { fromJson } from "../../tools/vectors/json.ts";

/** The committed test vectors of this name, integers as bigint. */
export function vectors<Name extends VectorName>(name: Name): Vectors<Name> {
  const text = readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8");
  return fromJson(text) as Vectors<Name>;
}
