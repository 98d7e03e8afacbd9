import { ParleyError } from "../../src/errors.ts";

/** The number that an option gives; undefined if it is left out. Throws `option/bad-count`. */
export function countIn(
  text: string | undefined,
  { option, least, most }: { readonly option: string; readonly least: number; readonly most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw new ParleyError("option/bad-count", `${option} is "${text}".`, `Give a whole number from ${least} to ${most}.`);
}
