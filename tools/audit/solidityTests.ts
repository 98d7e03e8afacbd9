/** Fuzz and invariants of the Solidity at the figures of an audit: profile `audit` of hardhat.config.ts, in parts of some minutes. */
import { globSync } from "node:fs";
import path from "node:path";

import { AUDIT } from "../../hardhat.config.ts";
import { hardhat, lastLine } from "./run.ts";
import type { Found, Part, Step } from "./step.ts";

/** Least runs of each fuzz test, and least calls that each invariant must outlive. */
const FUZZ_RUNS = 250_000;
export const CALLS = 512_000;

const PROFILE = ["--test-profile", "audit"];
const { fuzz, invariant } = AUDIT;

async function test(files: readonly string[], pattern: string, seed?: string): Promise<Found & { tests: number }> {
  const ran = await hardhat(
    ["test", "solidity", ...files, ...PROFILE, "--grep", pattern],
    seed === undefined ? {} : { PARLEY_SEED: seed },
  );
  const tests = Number(/(\d+) passing/.exec(ran.output)?.[1] ?? 0);
  const passed = ran.passed && tests > 0;
  return { passed, tests, says: passed ? `${tests} passed` : lastLine(ran) };
}

async function fuzzFile(file: string): Promise<Found> {
  const { passed, tests, says } = await test([file], "testFuzz");
  return {
    passed: passed && fuzz.runs >= FUZZ_RUNS,
    says: `${says}, ${fuzz.runs} runs each`,
    figures: { tests, runs: fuzz.runs * tests },
  };
}

export const fuzzing: Step = {
  name: "fuzz",
  what: "the fuzz tests of the Solidity",
  demands: `≥ ${FUZZ_RUNS} runs each`,
  inputs: ["contracts", "test/invariants/support", ...globSync("test/contracts/**/*.sol").sort()],
  parts: () =>
    globSync("test/contracts/**/*.t.sol")
      .sort()
      .map((file) => ({ name: path.basename(file), run: () => fuzzFile(file) })),
};

/** All invariants after each call, of as many random sequences as fit some minutes; another seed each time. */
async function outlive(round: number): Promise<Found> {
  const seed = `0x${Buffer.from(`audit ${round}`).toString("hex")}`;
  const { passed, tests, says } = await test(
    ["test/invariants/Gateway.t.sol", "test/invariants/Settlement.t.sol"],
    "invariant_all",
    seed,
  );
  const calls = passed ? invariant.runs * invariant.depth : 0;
  return {
    passed,
    says: `${says}: ${calls} calls, ${invariant.depth} in a sequence`,
    figures: { contracts: tests, calls },
  };
}

/** `minutes`: no round begins later than that. */
export const invariants = (minutes: number): Step => ({
  name: "invariants",
  what: "the stateful invariants of Gateway and Settlement, all of them after each call",
  demands: `≥ 12, and ≥ ${CALLS} calls each, in sequences of ≥ 512`,
  inputs: ["contracts", "test/invariants"],
  parts: () => {
    const until = Date.now() + minutes * 60_000;
    return Array.from({ length: Math.ceil(CALLS / (invariant.runs * invariant.depth)) }, (_, round): Part => ({
      name: `round ${round + 1}`,
      run: () => outlive(round),
      isLeftOut: () => Date.now() > until,
    }));
  },
});
