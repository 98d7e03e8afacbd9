import { Accountability } from "../agents/watching/accountability.ts";
import { isOpen, readCases, readFalsehoodCases, tryCase, type ConvictionCase } from "../agents/watching/convictions.ts";
import { given } from "../agents/watching/readCalls.ts";
import type { Contradiction } from "../agents/watching/planConvictions.ts";
import { revocationAt, revocationOnL1, type Revocation } from "../agents/watching/revocations.ts";
import { signedStatement, voicesOf, type SignedStatement } from "../agents/watching/signedStatement.ts";
import type { RelayedMember, SettlementAccess } from "../agents/relaying/types.ts";
import { ParleyError } from "../errors.ts";
import { laneKey } from "../agents/signingStore.ts";
import {
  checkConflict,
  checkFalsehood,
  countOf,
  Level,
  type Equivocation,
  type FalsehoodEvidence,
  type LaneWord,
  type OffenceName,
  type Statement,
} from "../wire/index.ts";
import { isFalsehood, type Evidence } from "./evidenceFile.ts";

/** What can be made of evidence: `refusal` says why the contract would not do it now. */
export type Reviewed<Case> = Case & { readonly refusal: ParleyError | undefined };

export interface EvidenceReview {
  readonly offence: OffenceName;
  /** One or two, that contradict each other or what is settled. */
  readonly statements: readonly SignedStatement[];
  /** The word that contradicts a falsehood; undefined for an equivocation. */
  readonly settled: LaneWord | undefined;
  /** Against every operator that signed what it may not, those that are convicted already too. */
  readonly cases: readonly Reviewed<ConvictionCase & { readonly isOpen: boolean }>[];
  /** Tables that can be revoked now, where they are. */
  readonly revocations: readonly Reviewed<Revocation>[];
  readonly l1: Accountability;
}

type Found = Pick<EvidenceReview, "offence" | "statements" | "settled"> & {
  readonly cases: readonly ConvictionCase[];
  readonly revocations: readonly Revocation[];
};

/**
 * Says what evidence is good for, and sends nothing: whether it holds, whom it convicts of what, which tables it revokes.
 * Throws `wire/no-conflict`, `wire/no-contradiction`, `evidence/nobody`, `evidence/nothing-accepted`, and as the nodes do.
 */
export async function reviewEvidence(
  evidence: Evidence,
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<EvidenceReview> {
  const l1 = new Accountability(settlement);
  const domain = { settlementChainId: settlement.chainId, serviceManager: settlement.serviceManager };
  const tables = await l1.sharedTables();
  const signed = (statement: Statement): SignedStatement => signedStatement(given(statement), domain, tables);
  const { cases, revocations, ...found } = isFalsehood(evidence)
    ? await reviewFalsehood(evidence, signed(evidence.statement), l1)
    : await reviewEquivocation(evidence, [signed(evidence.a), signed(evidence.b)], members, l1);
  return {
    ...found,
    cases: await Promise.all(
      cases.map(async (one) => {
        const open = isOpen(one);
        return { ...one, isOpen: open, refusal: open ? await refusalOf(() => tryCase(one, l1)) : undefined };
      }),
    ),
    revocations: await Promise.all(
      revocations.map(async (one) => ({ ...one, refusal: await refusalOf(() => one.simulate()) })),
    ),
    l1,
  };
}

async function reviewEquivocation(
  equivocation: Equivocation,
  [a, b]: readonly [SignedStatement, SignedStatement],
  members: readonly RelayedMember[],
  l1: Accountability,
): Promise<Found> {
  checkConflict(equivocation);
  const { from, messageHashes } = equivocation;
  const contradictions: Contradiction[] = [{ a: [a], b: [b], from, messageHashes }];
  const cases = await readCases(contradictions, l1);
  if (cases.length === 0) {
    throw new ParleyError(
      "evidence/nobody",
      "The statements contradict each other, but no operator signed both.",
      "Collect another signature: whoever signed one of them alone said nothing that contradicts itself.",
    );
  }
  const places = [
    await revocationOnL1(contradictions, l1),
    ...(await Promise.all(members.map((member) => revocationAt(member, contradictions, l1)))),
  ];
  const revocations = places.filter((revocation) => revocation !== undefined);
  return { offence: "equivocation", statements: [a, b], settled: undefined, cases, revocations };
}

async function reviewFalsehood(
  { listing: _, ...falsehood }: FalsehoodEvidence,
  statement: SignedStatement,
  l1: Accountability,
): Promise<Found> {
  const { checkpoint } = statement;
  const lane = (await l1.settledLanes()).get(laneKey(checkpoint));
  const found = lane?.get(falsehood.settledCount);
  checkFalsehood(falsehood, {
    atClaim: lane?.get(countOf(checkpoint.laneWord))?.word,
    word: found?.word,
    currentTime: found?.currentTime ?? 0n,
  });
  const cases = await readFalsehoodCases([{ ...falsehood, statements: [statement] }], l1);
  if (cases.length === 0) {
    const owners = await l1.ownersOf(voicesOf(statement));
    throw owners.size === 0
      ? new ParleyError(
          "evidence/nobody",
          "The statement is false, but no operator signed it.",
          "Show a signature of an operator's that a table of L1 lists.",
        )
      : new ParleyError(
          "evidence/nothing-accepted",
          "The statement is false, but no stake answers for it: its source's falsehoodWad is 0, or the source is faulted.",
          "Nothing can be done with it, until the owner of Settlement has stake answer for that source.",
        );
  }
  const offence = checkpoint.level === Level.final ? "falsehood" : "unsettled";
  return { offence, statements: [statement], settled: found?.word, cases, revocations: [] };
}

async function refusalOf(attempt: () => Promise<void>): Promise<ParleyError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
}
