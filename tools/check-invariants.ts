// Holds docs/INVARIANTS.md to its word: every invariant and every rule in it names its tests, and these exist; and
// docs/SECURITY.md, of every incident.
//
// An entry starts with a heading, `### 4 A lane only grows` or `### R13 …`. Its tests follow, each on a line of its own:
//     Test: test/invariants/lane.test.ts "invariant 4: the word is the fold of the messages"
//     Test: contracts/Gateway.t.sol "invariant_4_laneOnlyGrows"
// At least one of them has the entry's name in its title, an incident's (`### 1 Nomad 2022`) the first word of what it is called.
//
// Before its tests an invariant or a rule says `Enforced: …`, where, and `Errors: …`, by which errors or codes, or none: they are
// declared somewhere. Folders and files that are named exist.
import { existsSync, globSync, readFileSync } from "node:fs";

import { report } from "./report.ts";

const DOCUMENTS = [
  { file: "docs/INVARIANTS.md", what: "invariants and rules", isNamed: namesEntry, proseProblems },
  { file: "docs/SECURITY.md", what: "incidents", isNamed: namesIncident, proseProblems: fileProblems },
] as const;

interface Entry {
  /** As in `R13` or `4`. */
  name: string;
  /** What follows the name in the heading. */
  text: string;
  /** What stands between the heading and the tests. */
  prose: string;
  tests: { file: string; title: string }[];
}

function entries(file: string, markdown: string): Entry[] {
  const found: Entry[] = [];
  for (const line of markdown.split("\n")) {
    const [, heading, text = ""] = /^#+\s+(?:Invariant\s+|Rule\s+)?(R?\d+)\b\s*(.*)/i.exec(line) ?? [];
    const test = /^\s*(?:[-*]\s+)?Test:\s+`?([^\s`]+)`?\s+"(.+)"\s*$/.exec(line);
    if (heading !== undefined) found.push({ name: heading.toUpperCase(), text, prose: "", tests: [] });
    else if (test?.[1] !== undefined && test[2] !== undefined)
      found.at(-1)?.tests.push({ file: test[1], title: unescape(test[2]) });
    else if (/^\s*(?:[-*]\s+)?Test:/.test(line))
      throw new Error(`${file}: not of the form \`Test: file "title"\`: ${line}`);
    else {
      const entry = found.at(-1);
      if (entry?.tests.length === 0) entry.prose += `${line}\n`;
    }
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

function namesEntry(title: string, { name }: Entry): boolean {
  const words = title.replaceAll("_", " ");
  return new RegExp(name.startsWith("R") ? `\\b${name}\\b` : `\\binvariant ${name}\\b`, "i").test(words);
}

function namesIncident(title: string, { text }: Entry): boolean {
  return title.includes(/^\w+/.exec(text)?.[0] ?? text);
}

/** What may refuse: errors and events of the contracts and of what they are built on, codes of the TypeScript. */
const declared = new Set<string>();
function isDeclared(refusal: string): boolean {
  if (declared.size === 0) {
    const sources = ["contracts", "node_modules/@openzeppelin/contracts/{access,crosschain,interfaces}"];
    for (const file of globSync(sources.map((folder) => `${folder}/**/*.sol`))) {
      for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^ *(?:error|event) (\w+)\(/gm))
        declared.add(name);
    }
    for (const file of globSync("src/**/*.ts")) {
      for (const [, code = ""] of readFileSync(file, "utf8").matchAll(/"([a-z]+\/[a-z-]+)"/g)) declared.add(code);
    }
  }
  return declared.has(refusal);
}

/** Names in backticks. */
const quoted = (prose: string): string[] => [...prose.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

function fileProblems({ prose }: Entry): string[] {
  const files = quoted(prose).filter((name) => /^(contracts|deploy|docs|src|tasks|test|tools)\//.test(name));
  return files.filter((file) => !existsSync(file)).map((file) => `there is no ${file}`);
}

function proseProblems(entry: Entry): string[] {
  const { prose } = entry;
  const problems = ["Enforced", "Errors:"].filter((part) => !prose.includes(part)).map((part) => `lacks ${part}`);
  const errors = /Errors: (.*)/g;
  const named = [...prose.matchAll(errors)].flatMap(([, list = ""]) =>
    quoted(list.replace(/ItemIgnored\(.*?\)/, "ItemIgnored")),
  );
  const refusals = named.filter((name) => /^[A-Z]\w+$|^[a-z]+\/[a-z-]+$/.test(name));
  const unknown = refusals.filter((name) => !isDeclared(name)).map((name) => `nothing declares ${name}`);
  return [...problems, ...unknown, ...fileProblems(entry)];
}

function check({ file: document, what, isNamed, proseProblems: problemsOf }: (typeof DOCUMENTS)[number]): void {
  const remedy = `See the head of tools/check-invariants.ts for the form of ${document}.`;
  if (!existsSync(document)) {
    report([`${document} is missing`], "", remedy);
    return;
  }
  const problems: string[] = [];
  const all = entries(document, readFileSync(document, "utf8"));
  if (all.length === 0) problems.push(`${document} lists no ${what}`);
  for (const entry of all) {
    const { name, tests } = entry;
    problems.push(...problemsOf(entry).map((problem) => `${name}: ${problem}`));
    if (tests.length === 0) problems.push(`${name}: names no test`);
    for (const { file, title } of tests) {
      if (!existsSync(file)) problems.push(`${name}: there is no file ${file}`);
      else if (!hasTitle(file, title)) problems.push(`${name}: ${file} has no test "${title}"`);
    }
    if (tests.length > 0 && !tests.some(({ title }) => isNamed(title, entry))) {
      problems.push(`${name}: none of its tests has its name in the title`);
    }
  }
  report(problems, `all ${all.length} ${what} name their tests`, remedy);
}

for (const document of DOCUMENTS) check(document);
