import type { Outcome, Verdict } from "./campaign.ts";

/** Least share of mutants that the tests must kill, in per cent. */
export const REQUIRED = 90;

export type Score = Readonly<Record<Outcome, number>> & {
  /** Killed, of all but those that do not compile or have the original's code; in per cent. */
  readonly percent: number;
};

/** Survivors with a reason count as survivors. */
export function scoreOf(verdicts: readonly Verdict[]): Score {
  const count = (outcome: Outcome): number => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const [killed, survived] = [count("killed"), count("survived")];
  const percent = killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);
  return { killed, survived, identical: count("identical"), refused: count("refused"), percent };
}

/** The score of each file and of all, in columns. */
export function scoreTable(verdicts: readonly Verdict[]): string {
  const files = [...new Set(verdicts.map(({ mutant }) => mutant.file))].sort();
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(40) + cells.map((cell) => cell.padStart(11)).join("");
  const row = (name: string, some: readonly Verdict[]): string => {
    const { killed, survived, identical, refused, percent } = scoreOf(some);
    return line(name, [killed, survived, identical, refused].map(String).concat(`${percent.toFixed(1)} %`));
  };
  return [
    line("", ["killed", "survived", "identical", "refused", "score"]),
    ...files.map((file) =>
      row(
        file,
        verdicts.filter(({ mutant }) => mutant.file === file),
      ),
    ),
    row("all", verdicts),
  ].join("\n");
}
