/** The survivors that are known, and why each is none that a test could kill. */
import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { Verdict } from "./campaign.ts";
import { mutantId, type Mutant } from "./mutant.ts";

const FILE = path.join(import.meta.dirname, "survivors.json");

const Survivor = z
  .object({ file: z.string(), within: z.string(), before: z.string(), after: z.string(), reason: z.string().min(1) })
  .strict();
export type Survivor = z.infer<typeof Survivor>;

export const readSurvivors = (): Survivor[] => z.array(Survivor).parse(JSON.parse(readFileSync(FILE, "utf8")));

const idOf = ({ file, within, before, after }: Survivor): string => mutantId(file, within, before, after);

/** The reason that is given for a mutant's survival. */
export const reasonFor = (mutant: Mutant, known: readonly Survivor[]): string | undefined =>
  known.find((survivor) => idOf(survivor) === mutant.id)?.reason;

/** What is wrong with the list: names of survivors that are no mutants, or that were killed. */
export function staleSurvivors(
  known: readonly Survivor[],
  all: readonly Mutant[],
  verdicts: readonly Verdict[],
): string[] {
  return known.flatMap((survivor) => {
    const id = idOf(survivor);
    const name = `${survivor.file} ${survivor.within}: ${survivor.before} → ${survivor.after}`;
    if (!all.some((mutant) => mutant.id === id)) return [`listed as survivor, but no mutant: ${name}`];
    const outcome = verdicts.find(({ mutant }) => mutant.id === id)?.outcome ?? "survived";
    return outcome === "survived" ? [] : [`listed as survivor, but ${outcome}: ${name}`];
  });
}
