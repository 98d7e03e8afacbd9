// Everything an auditor would run first, one after the other, with a report: `npm run audit`. It takes hours; what is recorded is not
// run again unless what it looks at has changed, so it may be ended at any time, and goes on where it was.
//
//   --only STEP,STEP   these steps alone            --full         all mutants of the contracts, not a sample
//   --minutes N        for the rounds of invariants --recorded     the TypeScript's mutants by StrykerJS's last reports
//   --list             the steps and what they demand
//
// Writes docs/audit.json and docs/AUDIT.md after each part. Fails if a part fails.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { auditReport } from "./audit/auditReport.ts";
import { commit, inputsOf, machine, readFindings, writeFindings } from "./audit/record.ts";
import { auditSteps } from "./audit/steps.ts";
import { report } from "./report.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    minutes: { type: "string", default: "600" },
    full: { type: "boolean", default: false },
    recorded: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

const steps = auditSteps({ full: values.full, recorded: values.recorded, minutes: Number(values.minutes) });
const names = steps.map(({ name }) => name);
const chosen = values.only?.split(",") ?? names;

async function audit(): Promise<void> {
  const failed: string[] = [];
  for (const step of steps.filter(({ name }) => chosen.includes(name))) {
    for (const part of step.parts()) {
      const inputs = inputsOf(step.inputs);
      const known = readFindings()[step.name]?.[part.name];
      if (known?.passed === true && known.inputs === inputs && !inputs.endsWith("changed") && !values.recorded)
        continue;
      if (part.isLeftOut?.() === true) continue;
      console.error(`\n=== ${step.name}: ${part.name}`);
      const began = Date.now();
      const { passed, says, figures = {} } = await part.run();
      const seconds = values.recorded ? (known?.seconds ?? 0) : Math.round((Date.now() - began) / 1_000);
      const findings = readFindings();
      const finding = { inputs, commit: commit(), machine: machine(), seconds, passed, says, figures };
      findings[step.name] = { ...findings[step.name], [part.name]: finding };
      writeFindings(findings);
      writeFileSync("docs/AUDIT.md", auditReport(steps, findings));
      if (!passed) failed.push(`${step.name}, ${part.name}: ${says}`);
    }
  }
  writeFileSync("docs/AUDIT.md", auditReport(steps, readFindings()));
  report(failed, "what was run passed: docs/AUDIT.md", "docs/AUDIT.md says what came of the other steps.");
}

const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0)
  report(
    unknown.map((name) => `no step is named ${name}`),
    "",
    `Steps: ${names.join(", ")}.`,
  );
else if (values.list) for (const { name, what, demands } of steps) console.log(`${name}: ${what}; demands: ${demands}`);
else await audit();
