/** docs/AUDIT.md, made of what is recorded. */
import type { Finding, Findings } from "./record.ts";
import { recordedCampaign } from "./solidityMutants.ts";
import { CALLS } from "./solidityTests.ts";
import type { Step } from "./step.ts";
import { readSurvivors } from "./typescriptMutants.ts";

const sum = (findings: readonly Finding[], figure: string): number =>
  findings.reduce((total, { figures }) => total + (figures[figure] ?? 0), 0);

const unique = (texts: readonly string[]): string => [...new Set(texts)].join(", ");

/** What all parts of a step together found. */
function together({ name, parts }: Step, findings: readonly Finding[]): string {
  const share = (): string => {
    const [killed, survived] = [sum(findings, "killed"), sum(findings, "survived")];
    return `${((100 * killed) / (killed + survived)).toFixed(1)} % of ${killed + survived} killed`;
  };
  if (name === "typescript") return `${share()}; ${sum(findings, "unexplained")} survivors without a reason`;
  if (name === "mutants") return `${findings.map(({ says }) => says).join("; ")} (${share()})`;
  if (name === "fuzz") return `${sum(findings, "tests")} tests, ${sum(findings, "runs").toLocaleString("en")} runs`;
  if (name === "invariants")
    return `${sum(findings, "calls").toLocaleString("en")} calls, in ${findings.length} of ${parts().length} rounds`;
  return findings.map(({ says }) => says).join("; ");
}

const verdict = (parts: number, findings: readonly Finding[]): string => {
  if (findings.length === 0) return "not run";
  if (findings.some(({ passed }) => !passed)) return "**failed**";
  return findings.length < parts ? "passed as far as run" : "passed";
};

export function auditReport(steps: readonly Step[], all: Findings): string {
  const rows = steps.map((step) => {
    const found = step.parts().flatMap(({ name }) => all[step.name]?.[name] ?? []);
    const cells = [
      `\`${step.name}\`: ${step.what}`,
      step.demands,
      verdict(step.parts().length, found),
      found.length === 0 ? "" : together(step, found),
      sum(
        found.map((one) => ({ ...one, figures: { seconds: one.seconds } })),
        "seconds",
      ).toString(),
      unique(found.map(({ commit }) => commit)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const parts = steps.flatMap((step) =>
    step.parts().flatMap(({ name }) => {
      const found = all[step.name]?.[name];
      return found === undefined || step.parts().length === 1
        ? []
        : [`| \`${step.name}\` | ${name} | ${found.passed ? "" : "**failed:** "}${found.says} | ${found.seconds} |`];
    }),
  );
  const { killed, survived, percent } = recordedCampaign();
  const reasons = new Map<string, number>();
  for (const { reason } of readSurvivors()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return `# Audit

What \`npm run audit\` found: each step with what it demands, what came of it, the seconds that it took, and the commit that it looked at. The command writes this page and \`docs/audit.json\` after each part, and goes on where it was ended: a part is run again only if what it looks at has changed. \`-- --only fuzz,lint\` runs these steps alone, \`--minutes 30\` ends the rounds of invariants, \`--full\` measures all of the contracts' mutants, which takes hours, instead of a sample.

| step | demands | result | found | s | commit |
|---|---|---|---|---|---|
${rows.join("\n")}

Measured on: ${unique(Object.values(all).flatMap((step) => Object.values(step).map((one) => one.machine)))}; other work ran beside it, so the seconds are what it took there, no more.

## Mutants

Contracts: the campaign that [MUTANTS.md](MUTANTS.md) records, file by file, killed ${killed} of ${killed + survived} (${percent.toFixed(1)} %); the step above measures a sample of them again. Survivors with their reasons: \`tools/mutants/survivors.json\`.

TypeScript: survivors with their reasons are in \`tools/audit/survivors.json\`, by file, what is there and what StrykerJS makes of it. By reason:

| mutants | reason |
|---|---|
${[...reasons]
  .sort(([, a], [, b]) => b - a)
  .map(([reason, count]) => `| ${count} | ${reason} |`)
  .join("\n")}

StrykerJS changes \`src/wire/\`, and of \`src/agents/\` what decides about signatures and keeps them. Tests that start processes of their own (\`killedSigner\`, \`storeLock\`) or need chains (\`reorgDepths\`, \`operator\`) do not take part: they see no mutant. Mutants that are evaluated when a file is imported need a process each; where they were left out for want of time, "not measured" counts them.

## What was not run

Steps and parts without a result above. The invariants need an hour or more by themselves: a sequence of 512 calls of each takes some three seconds of one core, and ${CALLS.toLocaleString("en")} calls are a thousand of them. Until then \`npm test\` and \`npm run test:deep\` search for less long.

## Parts

| step | part | found | s |
|---|---|---|---|
${parts.join("\n")}
`;
}
