// Proves the assertions of formal/proofs/ with solc's CHC engine and z3, and shows that each fails on a bug seeded into the
// contracts: `npm run formal`. `-- --only NAME` checks one contract of formal/proofs/, `--seconds N` gives z3 so long for each
// query, `--write` renews the table in docs/FORMAL.md. Exit code 1: something is refuted, a bug was not noticed, or z3 had too
// little time for what it is known to prove; 2: there is no z3.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { check } from "./formal/prove.ts";
import { PROOFS, type Proof } from "./formal/proofs.ts";
import { tableOf, writeSection } from "./formal/section.ts";
import { MissingZ3, versionOfZ3, type Answer } from "./formal/z3.ts";
import { report } from "./report.ts";

const ASSERTION = { holds: "proven", fails: "REFUTED", open: "timed out" } as const;
const BUG = { holds: "NOT NOTICED", fails: "found", open: "timed out" } as const;

type Result = { readonly proof: Proof; readonly asIs: Answer; readonly withBug: Answer };

function problemsOf({ proof, asIs, withBug }: Result): string[] {
  const { contract, bug, timesOut } = proof;
  const change = `with \`${bug.to}\` in place of \`${bug.from}\` in ${bug.file}`;
  const problems: string[] = [];
  if (asIs === "fails") problems.push(`${contract} is refuted`);
  if (withBug === "holds") problems.push(`${contract} is proven ${change} too: it proves nothing`);
  if (!timesOut && asIs === "open") problems.push(`${contract} timed out; give it more time: --seconds`);
  if (!timesOut && withBug === "open") problems.push(`${contract} timed out ${change}; give it more time: --seconds`);
  return problems;
}

/** What a contract of formal/proofs/ says that it proves. */
function claimOf({ file, contract }: Proof): string {
  const source = readFileSync(`formal/proofs/${file}`, "utf8");
  return new RegExp(`/// @notice ([^\\n]*)\\ncontract ${contract} `).exec(source)?.[1] ?? "";
}

function codeOf(text: string): string {
  return text === "" ? "nothing" : `\`${text.trim().replaceAll("|", "\\|")}\``;
}

function rowOf({ proof, asIs, withBug }: Result): string[] {
  const { contract, bug } = proof;
  const place = bug.file.replace("contracts/", "");
  const change = `\`${place}\`: ${codeOf(bug.to)} for ${codeOf(bug.from)}`;
  return [`\`${contract}\``, claimOf(proof), ASSERTION[asIs], change, BUG[withBug]];
}

function main(): void {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seconds: { type: "string", default: "120" },
      write: { type: "boolean", default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error("--seconds takes a number above zero.");
  const proofs = PROOFS.filter(({ contract }) => values.only === undefined || contract === values.only);
  if (proofs.length === 0) throw new Error(`There is no ${values.only ?? "proof"} in formal/proofs/.`);
  console.error(versionOfZ3());
  const results = proofs.map((proof): Result => {
    const started = Date.now();
    // What z3 does not end on anyway gets a sixth of the time.
    const limit = proof.timesOut ? Math.ceil(seconds / 6) : seconds;
    const result = { proof, asIs: check(proof, limit), withBug: check(proof, limit, proof.bug) };
    const words = [ASSERTION[result.asIs].padEnd(10), `bug ${BUG[result.withBug]}`.padEnd(14)];
    console.log(`${proof.contract.padEnd(24)} ${words.join(" ")} ${((Date.now() - started) / 1_000).toFixed(1)} s`);
    return result;
  });
  if (values.write && values.only === undefined) {
    writeSection("proofs", tableOf(["proof", "what it says", "result", "seeded bug", "bug"], results.map(rowOf)));
  }
  const proven = results.filter(({ asIs, withBug }) => asIs === "holds" && withBug === "fails").length;
  report(
    results.flatMap(problemsOf),
    `${proven} of ${results.length} assertions proven, each fails on its bug; ${results.length - proven} known to time out`,
    "See docs/FORMAL.md.",
  );
}

try {
  main();
} catch (error) {
  if (!(error instanceof MissingZ3)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
