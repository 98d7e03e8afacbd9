/** What `rollup:check` found, as data and as text. */
import type { Finding, Registry, TimeBudget } from "../../src/checking/index.ts";
import type { StackTimes } from "../../src/stacks/index.ts";
import { layTable } from "./columns.ts";
import { plural } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface CheckResult {
  /** There is no danger; there may be warnings. */
  readonly well: boolean;
  readonly findings: readonly Finding[];
  /** A member each; none if L1 could not be read. Seconds. */
  readonly budgets: readonly {
    readonly name: string;
    readonly stack: string;
    /** What convicting of a lie about it takes at most, and for how long stake stays slashable at least. */
    readonly needed: bigint;
    readonly available: bigint;
    readonly met: boolean;
    /** Parts of 1e18 of an operator's stake that a falsehood about it costs. */
    readonly falsehoodWad: bigint;
  }[];
}

type Reckoner = (tableAge: bigint, times: StackTimes, delay: bigint) => TimeBudget;

export function checkResult(
  findings: readonly Finding[],
  registry: Registry | undefined,
  reckon: Reckoner,
): CheckResult {
  const budgets = (registry?.members ?? []).map(({ name, stack, times, falsehoodWad }) => {
    const { needed, available, isMet } = reckon(registry?.tableAge ?? 0n, times, registry?.deallocationDelay ?? 0n);
    return { name, stack, needed, available, met: isMet, falsehoodWad };
  });
  return { well: findings.every(({ severity }) => severity !== "danger"), findings, budgets };
}

const COLOURS = { danger: "red", warning: "yellow" } as const;

export function describeCheck({ well, findings, budgets }: CheckResult, paint: Paint): string {
  const dangers = findings.filter(({ severity }) => severity === "danger").length;
  const rest = findings.length - dangers;
  return [
    ...findings.flatMap(({ severity, code, subject, meaning, remedy }) => [
      `${paint(COLOURS[severity], severity)}  ${subject}: ${meaning} [${code}]`,
      `  ${remedy}`,
    ]),
    ...(findings.length === 0 ? [] : [""]),
    ...(budgets.length === 0 ? [] : [...budgetLines(budgets, paint), ""]),
    well
      ? paint("green", rest === 0 ? "All is well." : `No danger; ${plural(rest, "warning")}.`)
      : paint("red", `${plural(dangers, "danger")}, ${plural(rest, "warning")}.`),
  ].join("\n");
}

function budgetLines(budgets: CheckResult["budgets"], paint: Paint): string[] {
  const [titles, ...lines] = layTable(
    [
      { title: "member" },
      { title: "stack" },
      { title: "a lie is convicted within", align: "right" },
      { title: "stake stays for", align: "right" },
      { title: "falsehood costs", align: "right" },
    ],
    budgets.map(({ name, stack, needed, available, falsehoodWad }) => [
      name,
      stack,
      hours(needed),
      hours(available),
      `${Number(falsehoodWad / 10n ** 14n) / 100} %`,
    ]),
  );
  return [paint("dim", titles ?? ""), ...lines];
}

const hours = (seconds: bigint): string => `${seconds / 3_600n} h`;
