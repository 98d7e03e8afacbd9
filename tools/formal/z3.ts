/** z3, on queries of solc's CHC engine. */
import { spawnSync } from "node:child_process";

import { withoutBitVectors } from "./bitwise.ts";
import { unfold } from "./unfold.ts";

export type Answer = "holds" | "fails" | "open";

/** How z3 is asked about a part of a path, one after the other until it knows: no one way is best for all of them. */
const WAYS = [[], ["smt.arith.solver=2"], ["smt.relevancy=0"]];
/** How long about each part at first; three times as long each time that it was asked in all these ways. */
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
    const answer = run(["-smt2", "-in", `-T:${seconds}`], horn, seconds).trim();
    return answer === "sat" ? "holds" : answer === "unsat" ? "fails" : "open";
  }
  const answers = new Map<string, string>();
  const isOpen = (part: string): boolean => !answers.has(part);
  const isClosed = (path: string[]): boolean => path.some((part) => answers.get(part) === "unsat");
  const isTaken = (path: string[]): boolean => path.every((part) => answers.get(part) === "sat");
  for (let round = 0; ; round++) {
    const way = WAYS[round % WAYS.length] ?? [];
    const secondsAPart = SECONDS_A_PART * 3 ** Math.floor(round / WAYS.length);
    const left = Math.ceil((end - Date.now()) / 1_000);
    if (left <= 0) return "open";
    const parts = [...new Set(paths.filter((path) => !isClosed(path)).flat())].filter(isOpen);
    const limit = `(set-option :timeout ${secondsAPart * 1_000})`;
    const script = parts.map((part, i) => `${limit}\n${part}\n(echo "${i}")\n(reset)\n`).join("");
    const output = run(["-smt2", "-in", `-T:${left}`, ...way], script, left);
    for (const [, answer = "", i] of output.matchAll(/^(sat|unsat)\n(\d+)$/gm)) {
      const part = parts[Number(i)];
      if (part !== undefined) answers.set(part, answer);
    }
    if (paths.every(isClosed)) return "holds";
    if (paths.some(isTaken)) return "fails";
  }
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
  if (stdout.includes("(error")) throw new Error(`z3 does not understand a query: ${stdout.slice(0, 500)}`);
  return stdout;
}
