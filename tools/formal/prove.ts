/** Asks solc's CHC engine about the assertion of a contract in formal/proofs/. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { z } from "zod";

import type { Bug, Proof } from "./proofs.ts";
import { solve, type Answer } from "./z3.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const QUOTE = /\/\/ quotes (\S+): (.*)\n(.*)/g;
/**
 * solc's model checker does not know the type of errors, and goes on behind `revert Error(…)` as if it were not there. Whether
 * the call reverts is the same without the error.
 */
const REVERT = /\brevert\s+[\w.]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\);/g;

const Output = z.object({
  errors: z.array(z.object({ severity: z.string(), errorCode: z.string(), message: z.string() })).default([]),
});

type Callbacks = {
  import: (file: string) => { contents: string } | { error: string };
  smtSolver: (query: string) => { contents: string };
};
type Solc = { compile(input: string, callbacks: Callbacks): string };
const solc = createRequire(import.meta.url)("solc") as Solc;

/** What becomes of the proof's assertion, with a bug in the contracts or as they are. */
export function check({ file, contract }: Proof, seconds: number, bug?: Bug): Answer {
  const answers: Answer[] = [];
  const entry = `formal/proofs/${file}`;
  const input = {
    language: "Solidity",
    sources: { [entry]: { content: sourceOf(entry, bug) } },
    settings: {
      evmVersion: "prague",
      outputSelection: {},
      modelChecker: {
        engine: "chc",
        solvers: ["smtlib2"],
        targets: ["assert"],
        contracts: { [entry]: [contract] },
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const callbacks: Callbacks = {
    import: (name) => (existsSync(placeOf(name)) ? { contents: sourceOf(name, bug) } : { error: "not found" }),
    smtSolver: (query) => {
      const answer = solve(query, seconds);
      answers.push(answer);
      return { contents: { holds: "sat\n", fails: "unsat\n", open: "unknown\n" }[answer] };
    },
  };
  const { errors } = Output.parse(JSON.parse(solc.compile(JSON.stringify(input), callbacks)));
  const wrong = errors.find(({ severity }) => severity === "error");
  if (wrong !== undefined) throw new Error(`${contract} does not compile: ${wrong.message}`);
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) throw new Error(`${contract} must have one assertion to prove.`);
  const isSafe = errors.some(({ errorCode }) => errorCode === "9576");
  if (isSafe !== (answer === "holds")) throw new Error(`solc and z3 say different things of ${contract}.`);
  return answer;
}

/** A source as the model checker gets it. Fails if it quotes what is not there, or there is no place for the bug. */
export function sourceOf(name: string, bug?: Bug): string {
  let source = readFileSync(placeOf(name), "utf8");
  if (bug?.file === name) source = seeded(source, bug, name);
  if (name.startsWith("formal/"))
    source = source.replace(QUOTE, (all, file: string, text: string, line: string) => {
      if (!flat(readFileSync(placeOf(file), "utf8")).includes(text))
        throw new Error(`${file} has no \`${text}\` any more.`);
      if (!line.includes(text)) throw new Error(`${name} does not say what it quotes: \`${text}\`.`);
      return bug?.file === file && text.includes(bug.from) ? seeded(line, bug, name) : all;
    });
  return source.replace(REVERT, "revert();");
}

function seeded(source: string, { from, to }: Bug, name: string): string {
  if (!source.includes(from)) throw new Error(`${name} has no \`${from}\` to seed a bug in.`);
  return source.replaceAll(from, to);
}

function placeOf(name: string): string {
  return path.join(ROOT, name.startsWith("@") ? "node_modules" : "", name);
}

function flat(source: string): string {
  return source.replaceAll(/\s+/g, " ");
}
