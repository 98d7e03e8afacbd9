/** z3, on queries of solc's CHC engine. */
import { spawnSync } from "node:child_process";

import { withoutBitVectors } from "./bitwise.ts";
import { unfold } from "./unfold.ts";

export type Answer = "holds" | "fails" | "open";

/** How z3 is asked about a part of a path, one after the other until it knows: no one way is best for all of them. */
const WAYS = [[], ["smt.arith.solver=2"], ["smt.relevancy=0"]];
const SECONDS_A_PART = 3;

export class MissingZ3 extends Error {
  constructor() {
    super(
      "z3 is not installed. It is a package of most systems: `apt-get install z3`, `brew install z3`, `pip install z3-solver`.",
    );
  }
}

export function versionOfZ3(): string {
  return run(["--version"], "", 10).trim();
}

/** Whether the assertion of a query holds; "open" if z3 does not know within `seconds`. */
export function solve(query: string, seconds: number): Answer {
  const end = Date.now() + seconds * 1_000;
  const horn = withoutBitVectors(query);
  const paths = unfold(horn);
  if (paths === undefined) {
    const [answer] = answersOf(run(["-smt2", "-in", `-T:${seconds}`], horn, seconds));
    return answer === "sat" ? "holds" : answer === "unsat" ? "fails" : "open";
  }
  const answers = new Map<string, string>();
  for (const way of WAYS) {
    const left = Math.ceil((end - Date.now()) / 1_000);
    if (left <= 0) return "open";
    const isOpen = (part: string): boolean => !answers.has(part);
    const isClosed = (path: string[]): boolean => path.some((part) => answers.get(part) === "unsat");
    const parts = [...new Set(paths.filter((path) => !isClosed(path)).flat())].filter(isOpen);
    const script = parts.map((part) => `(set-option :timeout ${SECONDS_A_PART * 1_000})\n${part}\n(reset)\n`).join("");
    answersOf(run(["-smt2", "-in", `-T:${left}`, ...way], script, left)).forEach((answer, i) => {
      const part = parts[i];
      if (part !== undefined && (answer === "sat" || answer === "unsat")) answers.set(part, answer);
    });
    if (paths.every(isClosed)) return "holds";
    if (paths.some((path) => path.every((part) => answers.get(part) === "sat"))) return "fails";
  }
  return "open";
}

function answersOf(output: string): string[] {
  return output.match(/^(sat|unsat|unknown|timeout)$/gm) ?? [];
}

function run(args: readonly string[], input: string, seconds: number): string {
  const { stdout, error } = spawnSync("z3", args, {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    timeout: (seconds + 5) * 1_000,
    stdio: ["pipe", "pipe", "ignore"],
  });
  if (error !== undefined && "code" in error && error.code === "ENOENT") throw new MissingZ3();
  return stdout;
}
