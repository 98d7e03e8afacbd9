// Demands that the tests run every line of the shipped contracts. Runs after `hardhat test --coverage`, which writes lcov.
//
// Hardhat counts a line as run only if every statement that has a character on it ran, so full lines mean full statements.
import { existsSync, readFileSync } from "node:fs";

import { report } from "./report.ts";

const LCOV = "coverage/lcov.info";
const NOT_SHIPPED = /^contracts\/(devnet|examples|test)\/|\.t\.sol$/;

function uncoveredLines(record: string): number[] {
  return [...record.matchAll(/^DA:(\d+),0$/gm)].map(([, line]) => Number(line));
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
    for (const line of uncoveredLines(record)) problems.push(`${file}:${line}  ${source[line - 1]?.trim() ?? ""}`);
  }
  if (lines === 0) problems.push("no line of contracts/ was measured");
  report(
    problems,
    `all ${lines} lines of the shipped contracts ran`,
    "Test these lines, or remove what no input can reach.",
  );
}

check();
