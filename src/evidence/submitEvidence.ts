import { decodeCallError } from "../chain/decodeFailure.ts";
import { ParleyError } from "../errors.ts";
import { convict, slashWaiting } from "../agents/watching/convictions.ts";
import type { Hex } from "../wire/index.ts";
import type { EvidenceReview } from "./reviewEvidence.ts";

/** What became of one call. */
export interface Submitted {
  /** The operator; or where a table was revoked. */
  readonly subject: string;
  readonly txHash: Hex | undefined;
  /** Why it was not done; undefined if it was. */
  readonly problem: ParleyError | undefined;
}

export interface Submission {
  readonly revoked: readonly Submitted[];
  readonly convicted: readonly Submitted[];
  /** Convicted operators that EigenLayer would not slash at once, and now has. */
  readonly slashed: readonly Submitted[];
}

/**
 * Revokes what evidence revokes, then convicts, one call per operator; run again, it does what is left. One that fails holds up
 * no other.
 */
export async function submitEvidence(
  { cases, revocations, l1 }: EvidenceReview,
  onStep: (subject: string) => void = () => undefined,
): Promise<Submission> {
  const submit = async (subject: string, send: () => Promise<Hex | undefined>): Promise<Submitted> => {
    onStep(subject);
    try {
      return { subject, txHash: await send(), problem: undefined };
    } catch (error) {
      return { subject, txHash: undefined, problem: asParleyError(subject, error) };
    }
  };
  const revoked: Submitted[] = [];
  for (const one of revocations) revoked.push(await submit(one.at, () => one.revoke()));
  const convicted: Submitted[] = [];
  for (const one of cases.filter(({ isOpen }) => isOpen)) {
    convicted.push(await submit(one.operator, () => convict(one, l1)));
  }
  const slashed: Submitted[] = [];
  for (const { operator } of cases) {
    const done = await submit(operator, async () => (await slashWaiting(operator, l1))?.txHash);
    if (done.txHash !== undefined || done.problem !== undefined) slashed.push(done);
  }
  return { revoked, convicted, slashed };
}

const asParleyError = (subject: string, error: unknown): ParleyError =>
  error instanceof ParleyError
    ? error
    : new ParleyError(
        "evidence/not-sent",
        `The call about ${subject} failed: ${decodeCallError(error).text}`,
        "Look at L1's node and the account that pays, and run evidence:submit again.",
        { cause: error },
      );
