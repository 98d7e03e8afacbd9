import { planBatches, type Batch, type BatchLimits } from "./planBatches.ts";
import type { StepProblem } from "./types.ts";

/**
 * Plans batches anew whose word was held no more when they arrived, to be proven by certificates now: whoever has words
 * replaced again and again holds nobody up. What no certificate reaches is a problem, and left for the next step.
 */
export function replanLost(lost: readonly Batch[], limits: BatchLimits): { batches: Batch[]; problems: StepProblem[] } {
  const batches: Batch[] = [];
  const problems: StepProblem[] = [];
  for (const { view, messages } of lost) {
    const nonces = new Set(messages.map(({ nonce }) => nonce));
    const candidates = view.candidates.filter(({ message }) => nonces.has(message.nonce));
    const planned = planBatches({ ...view, held: [], candidates }, limits);
    const left = nonces.size - planned.reduce((sum, batch) => sum + batch.messages.length, 0);
    batches.push(...planned);
    if (left === 0) continue;
    problems.push({
      subject: `${view.source.name} → ${view.destination.name}`,
      code: "relayer/word-not-held",
      reason: `the word by which ${left} messages were to be proven is not held any more, and no certificate reaches them`,
    });
  }
  return { batches, problems };
}
