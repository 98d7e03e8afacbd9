/** What an operator says over time, while its node changes branches. */
import { id } from "ethers";
import fc from "fast-check";

import type { planSignature, SignedWord } from "../../../src/agents/index.ts";
import { ParleyError } from "../../../src/errors.ts";
import {
  checkConflict,
  countOf,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
} from "../../../src/wire/index.ts";
import { branch, fast, final, foldOf, wordAt, type Branch } from "./statements.ts";

/** What happens to an operator: its node changes branches, and relayers ask it to sign what the node shows or showed. */
export type Happening =
  | { readonly kind: "reorg"; readonly keep: number; readonly add: number; readonly salt: number }
  | { readonly kind: "ask"; readonly level: typeof Level.fast | typeof Level.final; readonly back: number };

export const happenings = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("reorg" as const),
      keep: fc.nat(300),
      add: fc.nat({ max: 4 }).chain((few) => fc.constantFrom(few, few, few, few * 70)),
      salt: fc.nat(1_000),
    }),
    fc.record({
      kind: fc.constant("ask" as const),
      level: fc.constantFrom(Level.fast, Level.final, Level.final),
      back: fc.nat(6),
    }),
  ),
  { minLength: 4, maxLength: 40 },
);

/** What was signed, and the branch on which it lies. */
export type Statement = { readonly checkpoint: Checkpoint; readonly messages: Branch };

/** Lets it happen to an operator that signs what `allows` allows; returns what it signed, and the branch it saw then. */
export function live(events: readonly Happening[], allows: typeof planSignature): Statement[] {
  let messages: Branch = [];
  const statements: Statement[] = [];
  const history: SignedWord[] = [];
  for (const event of events) {
    if (event.kind === "reorg") {
      messages = [...messages.slice(0, event.keep), ...branch(`salt ${event.salt}`, event.add)];
      continue;
    }
    const count = Math.max(0, messages.length - event.back);
    if (count === 0) continue;
    const word = wordAt(messages, count);
    // A block's hash commits to all before it: one branch, one hash.
    const checkpoint = event.level === Level.final ? final(word) : fast(word, id(messages.join()));
    const plan = allows(history, checkpoint, foldOf(messages));
    if (!plan.sign) continue;
    if (plan.record !== undefined) history.push(plan.record);
    statements.push({ checkpoint, messages });
  }
  return statements;
}

/** Whether anyone could convict the signer of these two, knowing every branch that there was (contracts/types/Equivocation.sol). */
export function canConvict(first: Statement, second: Statement): boolean {
  const [a, b] =
    countOf(first.checkpoint.laneWord) <= countOf(second.checkpoint.laneWord) ? [first, second] : [second, first];
  const [low, high] = [countOf(a.checkpoint.laneWord), countOf(b.checkpoint.laneWord)].map(Number) as [number, number];
  const statement = ({ checkpoint }: Statement): Equivocation["a"] => ({ checkpoint, siblings: [], certificate: "0x" });
  try {
    checkConflict({
      a: statement(a),
      b: statement(b),
      from: low === high ? ZERO_WORD : wordAt(b.messages, low),
      messageHashes: b.messages.slice(low, high),
    });
    return true;
  } catch (error) {
    if (error instanceof ParleyError && error.code === "wire/no-conflict") return false;
    throw error;
  }
}

export const pairs = (statements: readonly Statement[]): [Statement, Statement][] =>
  statements.flatMap((first, place) =>
    statements.slice(place + 1).map((second): [Statement, Statement] => [first, second]),
  );
