import { readFileSync, writeFileSync } from "node:fs";

const FILE = "docs/FORMAL.md";

/** Writes what is between two marks of docs/FORMAL.md anew. */
export function writeSection(name: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const text = readFileSync(FILE, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has no section ${name}.`);
  writeFileSync(FILE, `${before}${begin}\n${lines.join("\n")}\n${end}${after}`);
}

/** A table of Markdown. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}
