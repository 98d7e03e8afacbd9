// Compares bench/gas.json with what the benchmark measures now (`--write` renews it). Gas is deterministic: any difference fails.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { report } from "./report.ts";

const BENCHMARK = "bench/gas.ts";
const SNAPSHOT = "bench/gas.json";

const Figures = z
  .object({
    send32: z.number().int(),
    send256: z.number().int(),
    deliver32: z.number().int(),
    deliver256: z.number().int(),
    batch100_32: z.number().int(),
    batch100_256: z.number().int(),
  })
  .catchall(z.number().int());
type Figures = z.infer<typeof Figures>;

function measure(): Figures {
  const run = spawnSync("npm", ["run", "--silent", "bench:gas", "--", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  if (run.status !== 0) throw new Error(`\`npm run bench:gas\` ended with ${run.status ?? run.signal ?? "no status"}.`);
  try {
    return Figures.parse(JSON.parse(run.stdout));
  } catch (error) {
    throw new Error(
      `\`npm run bench:gas -- --json\` must print the figures as one JSON object, but printed:\n${run.stdout}`,
      { cause: error },
    );
  }
}

function table(before: Partial<Figures>, after: Figures): string {
  const line = (...cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(10))).join("");
  const lines = [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => {
    const [was, is] = [before[name], after[name]];
    const change =
      was === undefined || is === undefined || was === is ? "" : (is > was ? "+" : "") + (is - was).toString();
    return line(name, was?.toString() ?? "-", is?.toString() ?? "-", change);
  });
  return [line("", "committed", "measured", "change"), ...lines].join("\n");
}

function check(): void {
  const remedy = "If the change is meant: `npm run gas:write`, and commit.";
  if (!existsSync(BENCHMARK)) {
    report([`${BENCHMARK} is missing: there is nothing to measure`], "", "");
    return;
  }
  const after = measure();
  if (process.argv.includes("--write")) {
    writeFileSync(SNAPSHOT, `${JSON.stringify(after, null, 2)}\n`);
    console.log(table(after, after));
    return;
  }
  if (!existsSync(SNAPSHOT)) {
    report([`${SNAPSHOT} is missing`], "", "Write it by `npm run gas:write`, and commit.");
    return;
  }
  const before = Figures.parse(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
  console.log(table(before, after));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => before[name] !== after[name]);
  report(
    changed.map((name) => `${name} differs`),
    "gas as committed",
    remedy,
  );
}

check();
