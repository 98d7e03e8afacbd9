import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { planSignature, type SignedWord } from "../../../src/agents/index.ts";
import { ParleyError } from "../../../src/errors.ts";
import {
  checkConflict,
  countOf,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
} from "../../../src/wire/index.ts";
import { check } from "../../support/property.ts";
import { branch, fast, final, foldOf, signed, wordAt, type Branch } from "./statements.ts";

describe("R23: planSignature", () => {
  const own = branch("own", 300);
  const other = [...own.slice(0, 5), ...branch("other", 10)];

  it("signs a final word on the own fold, and the same again without writing it down twice", () => {
    const checkpoint = final(wordAt(own, 7));
    const record = signed(checkpoint);
    expect(planSignature([], checkpoint, foldOf(own))).to.deep.equal({ sign: true, record });
    expect(planSignature([record], checkpoint, foldOf(own))).to.deep.equal({ sign: true, record: undefined });
  });

  for (const [what, history, checkpoint, view, code] of [
    ["another final word at the same count", [final(wordAt(own, 7))], final(wordAt(other, 7)), other, "equivocation"],
    [
      "another fast word at the same block",
      [fast(wordAt(own, 7), id("b"))],
      fast(wordAt(other, 7), id("b")),
      other,
      "equivocation",
    ],
    ["a final word that is not on the own fold", [], final(wordAt(other, 7)), own, "off-fold"],
    ["a final word beyond the own fold", [], final(wordAt(own, 300)), own.slice(0, 299), "off-fold"],
    [
      "a later final word on a fold that misses a signed one",
      [final(wordAt(own, 7))],
      final(wordAt(other, 9)),
      other,
      "off-fold",
    ],
    [
      "an earlier final word on a fold that misses a signed one",
      [final(wordAt(own, 9))],
      final(wordAt(other, 7)),
      other,
      "off-fold",
    ],
    [
      "a final word on a fold that ends before a signed one",
      [final(wordAt(own, 9))],
      final(wordAt(own, 7)),
      own.slice(0, 8),
      "off-fold",
    ],
    [
      "a final word that misses one signed more than 255 messages ago",
      [final(wordAt(own, 6))],
      final(wordAt([...other, ...branch("more", 285)], 300)),
      [...other, ...branch("more", 285)],
      "off-fold",
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const plan = planSignature(history.map(signed), checkpoint, foldOf(view));
      expect(plan).to.include({ sign: false, code: `signing/${code}` });
    });
  }

  it("signs fast words of other blocks and counts whatever was signed at level fast", () => {
    const history = [signed(fast(wordAt(own, 7), id("b"))), signed(final(wordAt(own, 6)))];
    for (const checkpoint of [fast(wordAt(other, 7), id("c")), fast(wordAt(own, 8), id("b"))]) {
      expect(planSignature(history, checkpoint, foldOf(other))).to.include({ sign: true });
    }
  });
});

/** What happens to an operator: its node changes branches, and relayers ask it to sign what the node shows or showed. */
type Happening =
  | { readonly kind: "reorg"; readonly keep: number; readonly add: number; readonly salt: number }
  | { readonly kind: "ask"; readonly level: typeof Level.fast | typeof Level.final; readonly back: number };

const happenings = fc.array(
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

type Statement = { readonly checkpoint: Checkpoint; readonly messages: Branch };

/** Lets it happen to an operator that signs what `allows` allows; returns what it signed, and the branch it saw then. */
function live(events: readonly Happening[], allows: typeof planSignature): Statement[] {
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
function canConvict(first: Statement, second: Statement): boolean {
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

const pairs = (statements: readonly Statement[]): [Statement, Statement][] =>
  statements.flatMap((first, place) =>
    statements.slice(place + 1).map((second): [Statement, Statement] => [first, second]),
  );

describe("R23 over reorganisations", () => {
  it("no two statements of an operator that follows R23 conflict, whatever its node shows", () => {
    let signatures = 0;
    check(
      fc.property(happenings, (events) => {
        const statements = live(events, planSignature);
        signatures += statements.length;
        for (const [first, second] of pairs(statements)) expect(canConvict(first, second)).to.equal(false);
      }),
    );
    expect(signatures).to.be.greaterThan(200);
  });

  it("an operator that only looks at its node, or forgets what it signed, is convicted", () => {
    const forgets: typeof planSignature = (_, checkpoint, view) => planSignature([], checkpoint, view);
    const sample = fc.sample(happenings, { seed: 7786, numRuns: 200 });
    const convicted = sample.filter((events) =>
      pairs(live(events, forgets)).some(([first, second]) => canConvict(first, second)),
    );
    expect(convicted.length).to.be.greaterThan(10);
  });

  it("an operator that forgets all final words but those at the same count is convicted by a fold", () => {
    const onlySameCount: typeof planSignature = (history, checkpoint, view) =>
      planSignature(
        history.filter(({ laneWord }) => countOf(laneWord) === countOf(checkpoint.laneWord)),
        checkpoint,
        view,
      );
    const sample = fc.sample(happenings, { seed: 7786, numRuns: 200 });
    const convicted = sample.filter((events) =>
      pairs(live(events, onlySameCount)).some(([first, second]) => canConvict(first, second)),
    );
    expect(convicted.length).to.be.greaterThan(10);
  });
});
