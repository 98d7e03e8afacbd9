import { decodeCallError } from "../chain/decodeFailure.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import type { TokenPlan, TokenStep } from "./planToken.ts";

/** How far a step is. `done`: before. `sent`: now. */
export type TokenStepStatus = "done" | "due" | "sent";

export interface TokenStepOutcome {
  readonly step: TokenStep;
  readonly status: TokenStepStatus;
  readonly txHash?: Hex;
}

/** What of a plan is done by now. Throws `token/linked-otherwise`. */
export async function reviewToken({ steps }: TokenPlan): Promise<TokenStepOutcome[]> {
  const outcomes: TokenStepOutcome[] = [];
  for (const step of steps) outcomes.push({ step, status: (await step.isDone()) ? "done" : "due" });
  return outcomes;
}

/** Does what is due, in order. Throws `token/step-failed`, `token/linked-otherwise`; run again, it goes on from there. */
export async function deployToken(
  { order, steps }: TokenPlan,
  onStep: (step: TokenStep) => void = () => undefined,
): Promise<TokenStepOutcome[]> {
  const outcomes: TokenStepOutcome[] = [];
  for (const step of steps) {
    if (await step.isDone()) {
      outcomes.push({ step, status: "done" });
      continue;
    }
    onStep(step);
    outcomes.push({ step, status: "sent", txHash: await send(step, order.account) });
  }
  return outcomes;
}

async function send(step: TokenStep, account: string | undefined): Promise<Hex> {
  const { member } = step.end;
  const call = await step.call();
  try {
    const signer = await member.signer(account);
    const receipt = await (await signer.sendTransaction(call)).wait();
    if (receipt === null) throw new Error("the node has no receipt of the transaction");
    if (await step.isDone()) return receipt.hash;
    throw new Error(`it had no effect (${receipt.hash})`);
  } catch (cause) {
    throw new ParleyError(
      "token/step-failed",
      `On ${member.name}: "${step.title}" failed: ${decodeCallError(cause).text}`,
      "Put this right, and run the command again: it goes on from what the chains show, and sends nothing twice.",
      { cause },
    );
  }
}
