// Changes the contracts at one place at a time and demands that the tests notice: `npm run test:mutants`.
//
//   --only A,B     files whose path has it, or mutants' ids          --sample N --seed TEXT   N mutants that the seed chooses
//   --list         print the mutants, test none                      --workers N              test processes, by default 1
//   --report FILE  all verdicts as JSON, by default mutants.json
//
// Fails if one survives that tools/mutants/survivors.json gives no reason for, or if of 100 mutants or more less than
// 90 % are killed: of fewer, as in a small sample, a share says nothing.
//
// All files at once take hours; each by itself gives the same.
import { writeFileSync } from "node:fs";
import path from "node:path";

import { Campaign, type Verdict } from "./mutants/campaign.ts";
import { Compiler } from "./mutants/compiler.ts";
import { findMutants } from "./mutants/findMutants.ts";
import { sample, type Mutant } from "./mutants/mutant.ts";
import { parseOptions, type Options } from "./mutants/options.ts";
import { mutatedFiles } from "./mutants/scope.ts";
import { scoreOf, scoreTable, tooFewKilled } from "./mutants/score.ts";
import { SourceText } from "./mutants/sourceText.ts";
import { readSurvivors, reasonFor, staleSurvivors } from "./mutants/survivors.ts";
import { TestBench } from "./mutants/testBench.ts";
import { report } from "./report.ts";

const PROGRESS_EVERY = 25;

const show = ({ id, file, within, before, after }: Mutant): string =>
  `${id} ${file} ${within}\n    - ${before}\n    + ${after}`;

const options = parseOptions(process.argv.slice(2));
const root = path.resolve(import.meta.dirname, "..");
const compiler = new Compiler(root);
const contents = new Map(mutatedFiles(root).map((file) => [file, compiler.read(file)]));
const sources = new Map([...contents].map(([file, content]) => [file, new SourceText(file, content)]));
const asts = compiler.parse(contents);
const all = [...sources].flatMap(([file, source]) => {
  const ast = asts.get(file);
  return ast === undefined ? [] : findMutants(source, ast);
});
const chosen = choose(all, options);

if (options.list) for (const mutant of chosen) console.log(show(mutant));
else await test(chosen);

function choose(mutants: readonly Mutant[], { only, sample: count, seed }: Options): readonly Mutant[] {
  const some = mutants.filter(({ file, id }) => only.some((text) => file.includes(text) || id === text));
  if (some.length === 0) throw new Error(`No mutant is of ${only.join()}. \`--list\` shows them all.`);
  return count === undefined ? some : sample(some, count, seed);
}

async function test(mutants: readonly Mutant[]): Promise<void> {
  const verdicts: Verdict[] = [];
  const benches = Array.from({ length: options.workers }, () => new TestBench(root));
  const close = (): void => benches.forEach((bench) => bench.close());
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      close();
      writeReport(verdicts);
      process.exit(signal === "SIGINT" ? 130 : 143);
    });
  }
  const known = readSurvivors();
  const began = Date.now();
  try {
    const note = (verdict: Verdict): void => {
      verdicts.push(verdict);
      if (verdict.outcome === "survived") console.error(`survived: ${show(verdict.mutant)}`);
      if (verdicts.length % PROGRESS_EVERY === 0)
        console.error(`${verdicts.length} of ${mutants.length}, ${Math.round((Date.now() - began) / 1_000)} s`);
    };
    const isExplained = (mutant: Mutant): boolean => reasonFor(mutant, known) !== undefined;
    await new Campaign({ root, compiler, sources, benches, report: note, isExplained }).run(mutants);
  } finally {
    close();
  }
  conclude(verdicts, known);
}

function writeReport(verdicts: readonly Verdict[]): void {
  const entries = verdicts.map(({ mutant: { id, file, within, before, after, change }, outcome, by }) => ({
    id,
    file,
    within,
    kind: change.kind,
    before,
    after,
    outcome,
    by,
  }));
  writeFileSync(options.report, `${JSON.stringify(entries, null, 2)}\n`);
}

function conclude(verdicts: readonly Verdict[], known: ReturnType<typeof readSurvivors>): void {
  writeReport(verdicts);
  const survivors = verdicts.filter(({ outcome }) => outcome === "survived").map(({ mutant }) => mutant);
  for (const mutant of survivors) {
    console.log(`${show(mutant)}\n    ${reasonFor(mutant, known) ?? "survives without a reason"}`);
  }
  console.log(`\n${scoreTable(verdicts)}\n`);
  const { percent } = scoreOf(verdicts);
  report(
    [
      ...survivors
        .filter((mutant) => reasonFor(mutant, known) === undefined)
        .map((mutant) => `survives without a reason: ${show(mutant)}`),
      ...staleSurvivors(known, all, verdicts),
      ...tooFewKilled(verdicts),
    ],
    `${percent.toFixed(1)} % of the mutants killed, the others explained`,
    "Write a test that fails on it, or, if none can, the reason into tools/mutants/survivors.json.",
  );
}
