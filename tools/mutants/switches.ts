/**
 * Many mutants in one build: each changed statement becomes
 *
 *     { if (_isMutant(2)) { the statement as mutant 2 has it } else { the statement } }
 *
 * and `_isMutant` compares with a word that stands for itself alone in the finished build, wherever that has it: in the code,
 * and in code that it deploys. So a mutant is chosen by writing its number there. What no `if` can choose (constants, modifiers,
 * loop headers) is compiled alone.
 */
import { createHash } from "node:crypto";

import type { Range } from "./ast.ts";
import type { Code } from "./compiler.ts";
import type { Mutant, Site } from "./mutant.ts";
import type { SourceText } from "./sourceText.ts";

/** Mutants of one site that share a build: more make the code large. */
const PER_SITE = 20;

/** Mutants that share a build. */
const PER_BUILD = 60;

/** What stands in a build where the number of a mutant is to be. */
const NUMBER = createHash("sha256").update("the number of the mutant that is chosen").digest("hex");

// Running code is never empty, but the optimizer does not know that, and so not what the comparison comes to.
const SWITCH = `
function _isMutant(uint256 which) pure returns (bool isMutant) {
    assembly ("memory-safe") {
        isMutant := eq(which, xor(0x${NUMBER}, iszero(codesize())))
    }
}
`;

/** Code in which this mutant is chosen; none if it is 0. */
export function choose({ bytecode, deployedBytecode }: Code, number: number): Code {
  const chosen = number.toString(16).padStart(NUMBER.length, "0");
  return {
    bytecode: bytecode.replaceAll(NUMBER, chosen),
    deployedBytecode: deployedBytecode.replaceAll(NUMBER, chosen),
  };
}

export const isSwitchable = ({ site }: Mutant): boolean => site.kind !== "fixed";

/** Divides switchable mutants into those that can share a build, in their order. */
export function batches(mutants: readonly Mutant[]): Mutant[][] {
  const result: Mutant[][] = [];
  for (const mutant of mutants) {
    const isSameSite = ({ file, site }: Mutant): boolean => file === mutant.file && site.start === mutant.site.start;
    const batch = result.find((some) => some.length < PER_BUILD && some.filter(isSameSite).length < PER_SITE);
    if (batch === undefined) result.push([mutant]);
    else batch.push(mutant);
  }
  return result;
}

/** The source with a mutant in place of what it changes. */
export function applyMutant(source: SourceText, { change }: Mutant): string {
  return source.replace([change]).content;
}

/** A mutant, and the number that chooses it. */
export type Choice = { readonly mutant: Mutant; readonly number: number };

/** Text of a build; of one mutant or of none. */
type Piece = { readonly text: string; readonly mutant?: Mutant };

/** The source with these mutants of it to choose from, and where each came to stand. */
export function applySwitches(
  source: SourceText,
  choices: readonly Choice[],
): { content: string; places: { range: Range; mutant: Mutant }[] } {
  const sites = new Map<number, { site: Site; choices: Choice[] }>();
  for (const choice of choices) {
    const { site } = choice.mutant;
    const at = sites.get(site.start) ?? { site, choices: [] };
    at.choices.push(choice);
    sites.set(site.start, at);
  }
  const edits = [...sites.values()].map(({ site, choices: here }) => {
    const pieces = switched(source, site, here);
    return { start: site.start, end: site.end, text: pieces.map(({ text }) => text).join(""), pieces };
  });
  const { content, ranges } = source.replace(edits);
  const places: { range: Range; mutant: Mutant }[] = [];
  edits.forEach(({ pieces }, i) => {
    let at = ranges[i]?.start ?? 0;
    for (const { text, mutant } of pieces) {
      const end = at + Buffer.byteLength(text);
      if (mutant !== undefined) places.push({ range: { start: at, end }, mutant });
      at = end;
    }
  });
  return { content: content + SWITCH, places };
}

function switched(source: SourceText, site: Site, choices: readonly Choice[]): Piece[] {
  const original = source.at(site);
  const changed = (range: Range, { change }: Mutant): string =>
    source.at({ start: range.start, end: change.start }) +
    change.text +
    source.at({ start: change.end, end: range.end });
  const cases = (write: (choice: Choice) => [string, string, string]): Piece[] =>
    choices.flatMap((choice) => {
      const [before, text, behind] = write(choice);
      return [{ text: before }, { text, mutant: choice.mutant }, { text: behind }];
    });

  if (site.kind === "expression") {
    return [
      { text: "(" },
      ...cases(({ mutant, number }) => [`_isMutant(${number}) ? (`, changed(site, mutant), ") : "]),
      { text: `(${original}))` },
    ];
  }
  const { value } = site;
  if (site.kind === "declaration" && value !== undefined) {
    const declared = source.at({ start: site.start, end: value.start }).replace(/=\s*$/, "");
    const names = namesOf(declared);
    return [
      { text: `${declarations(declared)} ` },
      ...cases(({ mutant, number }) => [
        `if (_isMutant(${number})) { ${names} = `,
        changed(value, mutant),
        "; } else ",
      ]),
      { text: `{ ${names} = ${source.at(value)}; }` },
    ];
  }
  return [
    { text: "{ " },
    ...cases(({ mutant, number }) => [`if (_isMutant(${number})) { `, changed(site, mutant), " } else "]),
    { text: `{ ${original} } }` },
  ];
}

/** `(uint256 a, , bool b) ` → `uint256 a; bool b;` */
function declarations(declared: string): string {
  return partsOf(declared)
    .filter((part) => part !== "")
    .map((part) => `${part};`)
    .join(" ");
}

/** `(uint256 a, , bool b) ` → `(a, , b)` */
function namesOf(declared: string): string {
  const names = partsOf(declared).map((part) => /(\w*)$/.exec(part)?.[1] ?? "");
  return names.length === 1 && !declared.trim().startsWith("(") ? (names[0] ?? "") : `(${names.join(", ")})`;
}

const partsOf = (declared: string): string[] => {
  const text = declared.trim();
  return text.startsWith("(")
    ? text
        .slice(1, -1)
        .split(",")
        .map((part) => part.trim())
    : [text];
};
