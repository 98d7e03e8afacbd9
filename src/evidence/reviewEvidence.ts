import { Accountability } from "../agents/watching/accountability.ts";
import { isOpen, readCases, tryCase, type ConvictionCase } from "../agents/watching/convictions.ts";
import { given } from "../agents/watching/readCalls.ts";
import type { Contradiction } from "../agents/watching/planConvictions.ts";
import { revocationAt, revocationOnL1, type Revocation } from "../agents/watching/revocations.ts";
import { signedStatement, type SignedStatement } from "../agents/watching/signedStatement.ts";
import type { RelayedMember, SettlementAccess } from "../agents/relaying/types.ts";
import { ParleyError } from "../errors.ts";
import { checkConflict, type Equivocation } from "../wire/index.ts";

/** What can be made of evidence: `refusal` says why the contract would not do it now. */
export type Reviewed<Case> = Case & { readonly refusal: ParleyError | undefined };

export interface EvidenceReview {
  readonly equivocation: Equivocation;
  readonly a: SignedStatement;
  readonly b: SignedStatement;
  /** Against every operator that signed both, those that are convicted already too. */
  readonly cases: readonly Reviewed<ConvictionCase & { readonly isOpen: boolean }>[];
  /** Tables that can be revoked now, where they are. */
  readonly revocations: readonly Reviewed<Revocation>[];
  readonly l1: Accountability;
}

/**
 * Says what evidence is good for, and sends nothing: whether it holds, whom it convicts of what, which tables it revokes.
 * Throws `wire/no-conflict`, `evidence/nobody`, and as the nodes do.
 */
export async function reviewEvidence(
  equivocation: Equivocation,
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<EvidenceReview> {
  checkConflict(equivocation);
  const domain = { settlementChainId: settlement.chainId, serviceManager: settlement.serviceManager };
  const [a, b] = [signedStatement(given(equivocation.a), domain), signedStatement(given(equivocation.b), domain)];
  const { from, messageHashes } = equivocation;
  const contradictions: Contradiction[] = [{ a: [a], b: [b], from, messageHashes }];
  const l1 = new Accountability(settlement);
  const found = await readCases(contradictions, l1);
  if (found.length === 0) {
    throw new ParleyError(
      "evidence/nobody",
      "The statements contradict each other, but no operator signed both.",
      "Collect another signature: whoever signed one of them alone said nothing that contradicts itself.",
    );
  }
  const places = [
    await revocationOnL1(contradictions, l1),
    ...(await Promise.all(members.map((member) => revocationAt(member, contradictions, l1)))),
  ].filter((revocation) => revocation !== undefined);
  return {
    equivocation,
    a,
    b,
    cases: await Promise.all(
      found.map(async (one) => {
        const open = isOpen(one);
        return { ...one, isOpen: open, refusal: open ? await refusalOf(() => tryCase(one, l1)) : undefined };
      }),
    ),
    revocations: await Promise.all(
      places.map(async (one) => ({ ...one, refusal: await refusalOf(() => one.simulate()) })),
    ),
    l1,
  };
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
