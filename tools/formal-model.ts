// Simulates formal/parley.qnt by Quint, as it is and with each of its bugs: `npm run formal:model`. `-- --traces N` and
// `--steps N` say how many behaviours of which length without a bug, `--seed N` which, `--only BUG` tries one bug alone. Exit
// code 1: an invariant is violated, or a bug was not found.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { report } from "./report.ts";

const MODEL = "formal/parley.qnt";
const QUINT = path.resolve("formal/node_modules/@informalsystems/quint/dist/src/cli.js");
const NO_BUG = 'BUG = "none"';
/** A bug is looked for in as many behaviours at most. */
const TRACES_WITH_BUG = 20_000;

const { values } = parseArgs({
  options: {
    traces: { type: "string", default: "10000" },
    steps: { type: "string", default: "40" },
    seed: { type: "string", default: "7" },
    only: { type: "string" },
  },
});

/** The names of the invariants that a simulation with this bug violates; none if it ends in peace. */
function simulate(model: string, invariants: readonly string[], bug: string, traces: string): string[] {
  const directory = mkdtempSync(path.join(tmpdir(), "parley-model-"));
  try {
    const file = path.join(directory, "parley.qnt");
    writeFileSync(file, model.replace(NO_BUG, `BUG = "${bug}"`));
    const options = [
      `--max-samples=${traces}`,
      `--max-steps=${values.steps}`,
      `--seed=${values.seed}`,
      "--verbosity=1",
    ];
    const args = [
      QUINT,
      "run",
      file,
      "--backend=typescript",
      "--main=parley",
      ...options,
      "--invariants",
      ...invariants,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    const output = stdout + stderr;
    if (output.includes("No violation found")) return [];
    const violated = invariants.filter((name) => new RegExp(`❌ ${name}\\b`).test(output));
    if (violated.length === 0) throw new Error(`Quint failed:\n${output}`);
    return violated;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (!existsSync(QUINT)) {
  execFileSync("npm", ["ci", "--prefix", "formal", "--ignore-scripts", "--no-audit", "--no-fund"], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}
const model = readFileSync(MODEL, "utf8");
const invariants = [...model.matchAll(/^ {2}val ((?:invariant|rule)\w+)/gm)].map(([, name]) => name ?? "");
const bugs = [...new Set([...model.matchAll(/BUG [!=]= "(\w+)"/g)].map(([, name]) => name ?? ""))];
const tried = bugs.filter((bug) => values.only === undefined || bug === values.only);
if (tried.length === 0) throw new Error(`The model has no bug ${values.only ?? ""}.`);
const problems: string[] = [];
if (values.only === undefined) {
  const violated = simulate(model, invariants, "none", values.traces);
  console.log(`${"no bug".padEnd(24)} ${violated.length === 0 ? "holds" : `violates ${violated.join(", ")}`}`);
  problems.push(...violated.map((name) => `${name} is violated`));
}
for (const bug of tried) {
  const violated = simulate(model, invariants, bug, TRACES_WITH_BUG.toString());
  console.log(`${bug.padEnd(24)} ${violated.length === 0 ? "NOT FOUND" : `violates ${violated.join(", ")}`}`);
  if (violated.length === 0) problems.push(`the bug ${bug} is not found`);
}
const peace = values.only === undefined ? `; without them ${invariants.length} invariants hold` : "";
report(problems, `${tried.length} bug(s) of the model found${peace}`, "See docs/FORMAL.md.");
