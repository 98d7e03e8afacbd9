// Demands that the tests run every line of the shipped contracts. Runs after `hardhat test --coverage`, which writes lcov.
//
// Hardhat counts a line as run only if every statement that has a character on it ran, so full lines mean full statements.
import { existsSync, readFileSync } from "node:fs";

import { report } from "./report.ts";

const LCOV = "coverage/lcov.info";
const NOT_SHIPPED = /^contracts\/(devnet|examples|test)\/|\.t\.sol$/;

/** The lines that did not run, as ranges of neighbours. */
function uncovered(record: string): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  const lines = [...record.matchAll(/^DA:(\d+),0$/gm)].map(([, line]) => Number(line)).sort((a, b) => a - b);
  for (const line of lines) {
    const range = ranges.at(-1);
    if (range?.last === line - 1) range.last = line;
    else ranges.push({ first: line, last: line });
  }
  return ranges;
}

function check(): void {
  if (!existsSync(LCOV)) {
    report([`${LCOV} is missing`], "", "Run `npm run coverage`.");
    return;
  }
  const problems: string[] = [];
  let lines = 0;
  for (const record of readFileSync(LCOV, "utf8").split("end_of_record")) {
    const file = /^SF:(.+)$/m.exec(record)?.[1]?.replaceAll("\\", "/");
    if (file === undefined || !file.startsWith("contracts/") || NOT_SHIPPED.test(file)) continue;
    lines += [...record.matchAll(/^DA:/gm)].length;
    const source = readFileSync(file, "utf8").split("\n");
    for (const { first, last } of uncovered(record)) {
      const place = first === last ? first.toString() : `${first}-${last}`;
      problems.push(`${file}:${place}  ${source[first - 1]?.trim() ?? ""}`);
    }
  }
  if (lines === 0) problems.push("no line of contracts/ was measured");
  report(
    problems,
    `all ${lines} lines of the shipped contracts ran`,
    "Test these lines, or remove what no input can reach.",
  );
}

check();
