import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import fc from "fast-check";

import { planSignature } from "../../../src/agents/index.ts";
import { countOf } from "../../../src/wire/index.ts";
import { check } from "../../support/property.ts";
import { canConvict, happenings, live, pairs } from "./histories.ts";
import { branch, fast, final, foldOf, signed, wordAt } from "./statements.ts";

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

  it("says which word contradicts which, and what the node shows", () => {
    const reasonOf = (...given: Parameters<typeof planSignature>): string => {
      const plan = planSignature(...given);
      return plan.sign ? expect.fail("it was signed") : plan.reason;
    };
    const [seven, other7] = [wordAt(own, 7), wordAt(other, 7)];
    expect(reasonOf([signed(final(seven))], final(other7), foldOf(other))).to.equal(
      `the final word ${seven} was signed at count 7: ${other7} would contradict it`,
    );
    expect(reasonOf([], final(other7), foldOf(own))).to.equal(
      `the word ${other7} is not what this operator's node shows at count 7: ${seven}`,
    );
    expect(reasonOf([], final(seven), foldOf(own.slice(0, 6)))).to.equal(
      `the word ${seven} is not what this operator's node shows at count 7: nothing`,
    );
    expect(reasonOf([signed(final(seven))], final(wordAt(other, 9)), foldOf(other))).to.equal(
      `a final word that was signed before, ${seven} is not what this operator's node shows at count 7: ${other7}`,
    );
  });

  it("signs a final word whatever was signed at level fast, and writes it down although a fast one is", () => {
    const history = [
      signed(fast(wordAt(other, 7), id("b"))),
      signed({ ...fast(wordAt(own, 7), id("b")), blockHash: ZeroHash }),
    ];
    const checkpoint = final(wordAt(own, 7));
    expect(planSignature(history, checkpoint, foldOf(own))).to.deep.equal({ sign: true, record: signed(checkpoint) });
  });

  it("signs fast words of other blocks and counts whatever was signed at level fast", () => {
    const history = [signed(fast(wordAt(own, 7), id("b"))), signed(final(wordAt(own, 6)))];
    for (const checkpoint of [fast(wordAt(other, 7), id("c")), fast(wordAt(own, 8), id("b"))]) {
      expect(planSignature(history, checkpoint, foldOf(other))).to.include({ sign: true });
    }
  });
});

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
