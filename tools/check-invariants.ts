// Holds docs/INVARIANTS.md to its word: every invariant and every rule in it names its tests, and these exist.
//
// An entry starts with a heading, `### 4 A lane only grows` or `### R13 …`. Its tests follow, each on a line of its own:
//     Test: test/invariants/lane.test.ts "invariant 4: the word is the fold of the messages"
//     Test: contracts/Gateway.t.sol "invariant_4_laneOnlyGrows"
// At least one of them has the entry's name in its title. What no code can show yet says so by a line `Later: …` instead.
import { existsSync, readFileSync } from "node:fs";

import { report } from "./report.ts";

const DOCUMENT = "docs/INVARIANTS.md";

interface Entry {
  name: string;
  tests: { file: string; title: string }[];
  isLater: boolean;
}

function entries(markdown: string): Entry[] {
  const found: Entry[] = [];
  for (const line of markdown.split("\n")) {
    const heading = /^#+\s+(?:Invariant\s+|Rule\s+)?(R?\d+)\b/i.exec(line)?.[1];
    const test = /^\s*(?:[-*]\s+)?Test:\s+`?([^\s`]+)`?\s+"(.+)"\s*$/.exec(line);
    if (heading !== undefined) found.push({ name: heading.toUpperCase(), tests: [], isLater: false });
    else if (test?.[1] !== undefined && test[2] !== undefined)
      found.at(-1)?.tests.push({ file: test[1], title: unescape(test[2]) });
    else if (/^\s*(?:[-*]\s+)?Test:/.test(line))
      throw new Error(`${DOCUMENT}: not of the form \`Test: file "title"\`: ${line}`);
    else if (/^\s*(?:[-*]\s+)?Later:/.test(line) && found.length > 0)
      Object.assign(found.at(-1) ?? {}, { isLater: true });
  }
  return found;
}

function unescape(text: string): string {
  return text.replace(/\\(["'`])/g, "$1");
}

/** Whether a test's source holds a test or suite of that title; `${…}` in a template literal stands for anything. */
function hasTitle(file: string, title: string): boolean {
  const source = readFileSync(file, "utf8");
  if (file.endsWith(".sol")) return [...source.matchAll(/\bfunction\s+(\w+)/g)].some(([, name]) => name === title);
  const literals = source.matchAll(
    /\b(?:it|describe|context)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g,
  );
  return [...literals].some(([, double, single, template]) => {
    const parts = template?.split(/\$\{[^}]*\}/) ?? [double ?? single ?? ""];
    const pattern = parts.map((part) => unescape(part).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+");
    return new RegExp(`^${pattern}$`).test(title);
  });
}

function namesEntry(title: string, entry: string): boolean {
  const words = title.replaceAll("_", " ");
  return new RegExp(entry.startsWith("R") ? `\\b${entry}\\b` : `\\binvariant ${entry}\\b`, "i").test(words);
}

function check(): void {
  const remedy = `See the head of tools/check-invariants.ts for the form of ${DOCUMENT}.`;
  if (!existsSync(DOCUMENT)) {
    report([`${DOCUMENT} is missing`], "", remedy);
    return;
  }
  const problems: string[] = [];
  const all = entries(readFileSync(DOCUMENT, "utf8"));
  if (all.length === 0) problems.push("it lists no invariant and no rule");
  for (const { name, tests, isLater } of all) {
    if (tests.length === 0 && !isLater) problems.push(`${name}: names no test`);
    for (const { file, title } of tests) {
      if (!existsSync(file)) problems.push(`${name}: there is no file ${file}`);
      else if (!hasTitle(file, title)) problems.push(`${name}: ${file} has no test "${title}"`);
    }
    if (tests.length > 0 && !tests.some(({ title }) => namesEntry(title, name))) {
      problems.push(`${name}: none of its tests has its name in the title`);
    }
  }
  const tested = all.filter(({ tests }) => tests.length > 0);
  report(
    problems,
    `${tested.length} of ${all.length} invariants and rules name their tests, the others come later`,
    remedy,
  );
}

check();
