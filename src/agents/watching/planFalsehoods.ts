import { Level, OffenceKind, type FalsehoodEvidence, type Hex } from "../../wire/index.ts";
import type { Untruth } from "./findFalsehoods.ts";
import { gravestShare } from "./planConvictions.ts";
import { voicesOf } from "./signedStatement.ts";
import type { TakenTable } from "./tables.ts";

/** What an operator can be convicted of about a source. */
export type PlannedFalsehood = {
  readonly operator: string;
  readonly kind: OffenceKind;
  readonly source: Hex;
  /** Of the statement. */
  readonly reachedBy: bigint;
  readonly evidence: FalsehoodEvidence;
};

/** Every operator that signed one of the statements, each with one of them. A quorum's signatures make it no graver. */
export function planFalsehoods(
  { statements, ...shown }: Untruth,
  owners: ReadonlyMap<string, string>,
  tables: readonly TakenTable[],
): PlannedFalsehood[] {
  const operators = new Set(
    statements.flatMap((statement) => [...voicesOf(statement)].flatMap((key) => owners.get(key) ?? [])),
  );
  return [...operators].flatMap((operator) => {
    const share = gravestShare(statements, (key) => owners.get(key) === operator, { tables, recentFrom: Infinity });
    if (share === undefined) return [];
    const { statement, listing } = share;
    const { level, source, reachedBy } = statement.checkpoint;
    const kind = level === Level.final ? OffenceKind.falsehood : OffenceKind.unsettled;
    return [{ operator, kind, source, reachedBy, evidence: { ...shown, statement, listing } }];
  });
}
