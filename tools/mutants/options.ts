import { parseArgs } from "node:util";

export type Options = {
  /** Parts of files' paths, or mutants' ids: whatever one of them fits. */
  readonly only: readonly string[];
  readonly sample: number | undefined;
  readonly seed: string;
  readonly workers: number;
  readonly list: boolean;
  readonly report: string;
};

export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      sample: { type: "string" },
      seed: { type: "string", default: "parley" },
      workers: { type: "string", default: "1" },
      list: { type: "boolean", default: false },
      report: { type: "string", default: "mutants.json" },
    },
  });
  const { only, seed, list, report } = values;
  return {
    only: only.split(","),
    seed,
    list,
    report,
    sample: values.sample === undefined ? undefined : positive("--sample", values.sample),
    workers: positive("--workers", values.workers),
  };
}

function positive(name: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new Error(`${name} takes a number from 1 on, not "${value}".`);
  return Number(value);
}
