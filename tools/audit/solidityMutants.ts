/** The contracts' mutants: a sample, measured again, beside the whole campaign that docs/MUTANTS.md records. */
import { readFileSync } from "node:fs";

import { npm, okLine } from "./run.ts";
import type { Found, Step } from "./step.ts";

const SAMPLE = 30;

/** Sums of docs/MUTANTS.md's rows: `| file | killed | survived | identical | refused | …`. */
export function recordedCampaign(): { killed: number; survived: number; percent: number } {
  let [killed, survived] = [0, 0];
  for (const [, k, s] of readFileSync("docs/MUTANTS.md", "utf8").matchAll(/^\| `[^|]+\| (\d+) \| (\d+) \|/gm)) {
    killed += Number(k);
    survived += Number(s);
  }
  return { killed, survived, percent: (100 * killed) / (killed + survived) };
}

async function measure(args: readonly string[]): Promise<Found> {
  const ran = await npm("test:mutants", ...args, "--report", "cache/audit/mutants.json");
  const [, killed, survived] = /^all\s+(\d+)\s+(\d+)/m.exec(ran.output) ?? [];
  return {
    passed: ran.passed,
    says: okLine(ran),
    figures: { killed: Number(killed ?? 0), survived: Number(survived ?? 0) },
  };
}

export const solidityMutants = (isFull: boolean): Step => ({
  name: "mutants",
  what: "the contracts changed at one place at a time",
  demands: "≥ 95 % killed, every survivor explained",
  inputs: ["contracts", "test/contracts", "tools/mutants"],
  parts: () => [
    {
      name: isFull ? "all" : `sample of ${SAMPLE}`,
      run: () => measure(isFull ? [] : ["--sample", String(SAMPLE), "--seed", "audit"]),
    },
  ],
});
