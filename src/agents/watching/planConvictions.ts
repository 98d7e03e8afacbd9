import {
  Degree,
  listedIds,
  type EquivocationEvidence,
  type Equivocation,
  type Hex,
  type LaneWord,
  type Listing,
  type OperatorTable,
  type Statement,
} from "../../wire/index.ts";
import { loneCertificate, quorumCertificate } from "./evidenceCertificates.ts";
import { voicesOf, type SignedStatement } from "./signedStatement.ts";
import type { TakenTable } from "./tables.ts";

/** Two words that contradict each other, and who signed a statement of each. */
export type Contradiction = {
  readonly a: readonly SignedStatement[];
  readonly b: readonly SignedStatement[];
  /** As in evidence. */
  readonly from: LaneWord;
  readonly messageHashes: readonly Hex[];
};

/** What an operator can be convicted of. */
export type PlannedConviction = {
  readonly operator: string;
  readonly degree: Degree;
  readonly evidence: EquivocationEvidence;
};

/** What tables are worth as evidence. */
export type TableView = {
  /** The latest first. */
  readonly tables: readonly TakenTable[];
  /** Tables of this block of L1 or a later one can show that a quorum equivocated (R32). */
  readonly recentFrom: number;
};

/** Every operator that signed both words, each with the gravest evidence there is. */
export function planConvictions(
  contradiction: Contradiction,
  owners: ReadonlyMap<string, string>,
  view: TableView,
): PlannedConviction[] {
  const signersOf = (statements: readonly SignedStatement[]): Set<string> =>
    new Set(statements.flatMap((statement) => [...voicesOf(statement)].flatMap((key) => owners.get(key) ?? [])));
  const signedB = signersOf(contradiction.b);
  return [...signersOf(contradiction.a)]
    .filter((operator) => signedB.has(operator))
    .flatMap((operator) => {
      const isOwn = (key: string): boolean => owners.get(key) === operator;
      const a = gravestShare(contradiction.a, isOwn, view);
      const b = gravestShare(contradiction.b, isOwn, view);
      if (a === undefined || b === undefined) return [];
      const { from, messageHashes } = contradiction;
      const equivocation = { a: a.statement, b: b.statement, from, messageHashes };
      const degree = a.isQuorum && b.isQuorum ? Degree.quorum : Degree.lone;
      return [{ operator, degree, evidence: { equivocation, a: a.listing, b: b.listing } }];
    });
}

/** The evidence that two quorums of a table contradict each other; undefined unless they do. */
export function planRevocation(contradiction: Contradiction, table: OperatorTable): Equivocation | undefined {
  const a = quorumStatement(contradiction.a, table);
  const b = quorumStatement(contradiction.b, table);
  if (a === undefined || b === undefined) return undefined;
  const { from, messageHashes } = contradiction;
  return { a, b, from, messageHashes };
}

/** An operator's part in one word: a statement that it signed, and where the key that did is listed. */
export type Share = { readonly statement: Statement; readonly listing: Listing; readonly isQuorum: boolean };

/** With a quorum of a recent table if that can be; else with the operator's own signature alone. */
export function gravestShare(
  statements: readonly SignedStatement[],
  isOwn: (key: string) => boolean,
  { tables, recentFrom }: TableView,
): Share | undefined {
  let lone: Share | undefined;
  for (const { id: tableId, table, blockNumber } of tables) {
    for (const [index, id] of listedIds(table).entries()) {
      if (!isOwn(id)) continue;
      for (const statement of statements) {
        const listing = { tableId, index };
        const quorum = blockNumber < recentFrom ? undefined : quorumCertificate(statement, table, index);
        if (quorum !== undefined) return { statement: certified(statement, quorum), listing, isQuorum: true };
        if (lone !== undefined) continue;
        const alone = loneCertificate(statement, table, index);
        if (alone !== undefined) lone = { statement: certified(statement, alone), listing, isQuorum: false };
      }
    }
  }
  return lone;
}

function quorumStatement(statements: readonly SignedStatement[], table: OperatorTable): Statement | undefined {
  for (const statement of statements) {
    const certificate = quorumCertificate(statement, table);
    if (certificate !== undefined) return certified(statement, certificate);
  }
  return undefined;
}

const certified = ({ checkpoint, siblings }: SignedStatement, certificate: Hex): Statement => ({
  checkpoint,
  siblings,
  certificate,
});
