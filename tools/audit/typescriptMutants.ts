/** The TypeScript's mutants, by StrykerJS, which is installed when it is first needed. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { node, run } from "./run.ts";
import type { Found, Step } from "./step.ts";

/** Least share that the tests must kill, in per cent. */
const REQUIRED = 90;

const HOME = import.meta.dirname;
/** A package of its own, so that nothing else comes by what it brings along. */
const PACKAGE = path.join(HOME, "stryker");
const STRYKER = path.join(PACKAGE, "node_modules/@stryker-mutator/core/bin/stryker.js");

const PARTS = ["wire", "bn254", "signer"] as const;
type PartName = (typeof PARTS)[number];

const Place = z.object({ line: z.number(), column: z.number() });
const Report = z.object({
  files: z.record(
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().default(""),
          status: z.string(),
          location: z.object({ start: Place, end: Place }),
        }),
      ),
    }),
  ),
});

const Survivor = z
  .object({ file: z.string(), before: z.string(), after: z.string(), reason: z.string().min(1) })
  .strict();
export type Survivor = z.infer<typeof Survivor>;

export const readSurvivors = (): Survivor[] =>
  z.array(Survivor).parse(JSON.parse(readFileSync(path.join(HOME, "survivors.json"), "utf8")));

/** A source's text from one place to another, on one line. */
function textOf(source: string, { start, end }: { start: z.infer<typeof Place>; end: z.infer<typeof Place> }): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1]?.slice(0, end.column - 1) ?? "";
  lines[0] = lines[0]?.slice(start.column - 1) ?? "";
  return oneLine(lines.join("\n"));
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const KILLED = new Set(["Killed", "Timeout"]);
const SURVIVED = new Set(["Survived", "NoCoverage"]);

/** What StrykerJS reported, and the survivors among it. */
export function readReport(name: PartName): {
  killed: number;
  /** Left out, as they would need a process each: what is evaluated when a file is imported. */
  left: number;
  survivors: Omit<Survivor, "reason">[];
} {
  const { files } = Report.parse(JSON.parse(readFileSync(`cache/audit/stryker-${name}.json`, "utf8")));
  let [killed, left] = [0, 0];
  const survivors: Omit<Survivor, "reason">[] = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const { status, replacement, location } of mutants) {
      if (KILLED.has(status)) killed += 1;
      if (status === "Ignored") left += 1;
      if (SURVIVED.has(status)) survivors.push({ file, before: textOf(source, location), after: oneLine(replacement) });
    }
  }
  return { killed, left, survivors };
}

async function measure(name: PartName): Promise<Found> {
  if (!existsSync(STRYKER)) {
    const installed = await run("npm", [
      "ci",
      "--prefix",
      PACKAGE,
      "--ignore-scripts",
      "--legacy-peer-deps",
      "--no-audit",
      "--no-fund",
    ]);
    if (!installed.passed) return { passed: false, says: "StrykerJS could not be installed" };
  }
  const ran = await node(STRYKER, ["run", path.join(PACKAGE, `${name}.js`)]);
  if (!ran.passed) return { passed: false, says: "StrykerJS ended with an error" };
  return judge(name);
}

function judge(name: PartName): Found {
  const { killed, left, survivors } = readReport(name);
  const known = readSurvivors();
  const unexplained = survivors.filter(
    ({ file, before, after }) =>
      !known.some((one) => one.file === file && one.before === before && one.after === after),
  );
  for (const { file, before, after } of unexplained) {
    console.error(`survives without a reason: ${file}\n    - ${before}\n    + ${after}`);
  }
  const percent = (100 * killed) / (killed + survivors.length);
  return {
    passed: percent >= REQUIRED && unexplained.length === 0,
    says:
      `${percent.toFixed(1)} % killed, ${survivors.length} survive, ${unexplained.length} of them without a reason` +
      (left === 0 ? "" : `; ${left} not measured`),
    figures: { killed, survived: survivors.length, unexplained: unexplained.length },
  };
}

/** `fromReports`: judges by StrykerJS's last reports, without running it. */
export const typescriptMutants = (fromReports: boolean): Step => ({
  name: "typescript",
  what: "the wire format's and the signer's TypeScript changed at one place at a time (StrykerJS)",
  demands: `≥ ${REQUIRED} % killed, every survivor explained`,
  inputs: ["src/agents", "src/wire", "test/src", "test/vectors", "tools/audit/stryker"],
  parts: () => PARTS.map((name) => ({ name, run: () => (fromReports ? Promise.resolve(judge(name)) : measure(name)) })),
});
