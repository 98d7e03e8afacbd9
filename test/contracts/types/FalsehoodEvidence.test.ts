import { expect } from "chai";
import fc from "fast-check";

import {
  checkFalsehood,
  countOf,
  decodeFalsehoodEvidence,
  encodeFalsehoodEvidence,
  fold,
  headOf,
  wordOf,
  ZERO_WORD,
  type FalsehoodEvidence,
  type SettledFacts,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { falsehoodEvidence, near, word } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { listingFields, statementFields, wireHarness } from "./harness.ts";

type Case = { readonly evidence: FalsehoodEvidence; readonly facts: SettledFacts };

describe("types/FalsehoodEvidence", () => {
  const { contradictions, noContradictions } = vectors("falsehood");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  const isContradictedHere = ({ evidence, facts }: Case): boolean =>
    acceptedBy(() => {
      checkFalsehood(evidence, facts);
      return true;
    }) === true;
  const inSolidity = ({ atClaim = ZERO_WORD, word: settled = ZERO_WORD, currentTime }: SettledFacts): unknown[] => [
    atClaim,
    settled,
    currentTime,
  ];
  const fields = ({ statement, listing, settledCount, from, messageHashes }: FalsehoodEvidence): unknown[] => [
    statementFields(statement),
    listingFields(listing),
    settledCount,
    from,
    messageHashes,
  ];
  const judge = async (bytes: string, facts: SettledFacts): Promise<[unknown, boolean]> => {
    const [atClaim, settled, currentTime] = inSolidity(facts) as [string, string, bigint];
    return await solidity.readFalsehood(bytes, { atClaim, word: settled, currentTime });
  };

  for (const { name, evidence, facts, bytes } of contradictions) {
    it(`R24 replays a contradiction: ${name}`, async () => {
      expect(await judge(bytes, facts)).to.deep.equal([fields(evidence), true]);
    });
  }

  for (const { name, evidence, facts, bytes } of noContradictions) {
    it(`R24 finds no contradiction: ${name}`, async () => {
      expect(await judge(bytes, facts)).to.deep.equal([fields(evidence), false]);
    });
  }

  /** Statements that what is settled contradicts, or misses by little. */
  const candidates: fc.Arbitrary<Case> = fc
    .record({
      evidence: falsehoodEvidence,
      other: word,
      length: fc.nat(4),
      shape: fc.constantFrom("direct", "later", "earlier", "time"),
      flaw: fc.constantFrom("none", "none", "same", "settled", "count", "hashes", "time"),
      at: fc.integer({ min: 1, max: 600 }),
    })
    .map(({ evidence, other, length, shape, flaw, at }) => {
      const { checkpoint } = evidence.statement;
      const low = wordOf(headOf(checkpoint.laneWord), BigInt(at));
      const from = wordOf(headOf(other), BigInt(flaw === "count" ? at + 1 : at));
      const messageHashes = evidence.messageHashes.slice(0, flaw === "hashes" ? length : undefined);
      const high = fold(flaw === "count" ? wordOf(headOf(other), BigInt(at)) : from, evidence.messageHashes);
      const settledLow = flaw === "same" ? from : low;
      const [said, settled, hashes] =
        shape === "direct"
          ? [low, wordOf(headOf(flaw === "same" ? low : other), BigInt(at)), []]
          : shape === "later"
            ? [settledLow, high, messageHashes]
            : shape === "earlier"
              ? [high, settledLow, messageHashes]
              : [wordOf(headOf(low), BigInt(at) + 1n), low, []];
      const isSame = countOf(said) === countOf(settled);
      return {
        evidence: {
          ...evidence,
          statement: { ...evidence.statement, checkpoint: { ...checkpoint, laneWord: said } },
          settledCount: countOf(settled),
          from,
          messageHashes: hashes,
        },
        facts: {
          atClaim: flaw === "settled" ? said : isSame ? settled : undefined,
          word: flaw === "settled" && isSame ? said : settled,
          currentTime: shape === "time" ? checkpoint.reachedBy + (flaw === "time" ? 0n : 1n) : 0n,
        },
      };
    });

  it("R24, invariant 6: finds the contradictions that the TypeScript finds", async () => {
    let found = 0;
    await checkAsync(
      fc.asyncProperty(candidates, async (one) => {
        const expected = isContradictedHere(one);
        if (expected) found += 1;
        const [, isContradicted] = await judge(encodeFalsehoodEvidence(one.evidence), one.facts);
        expect(isContradicted).to.equal(expected);
      }),
      400,
    );
    expect(found).to.be.within(100, 300);
  });

  it("encodes and reads evidence as the TypeScript does, and reads all that it accepts", async () => {
    await checkAsync(
      fc.asyncProperty(falsehoodEvidence, async (one) => {
        const { statement, messageHashes } = one;
        const given = {
          ...one,
          statement: { ...statement, siblings: [...statement.siblings] },
          messageHashes: [...messageHashes],
        };
        expect(await solidity.falsehood(given)).to.equal(encodeFalsehoodEvidence(one));
      }),
      100,
    );
    await checkAsync(
      fc.asyncProperty(near(falsehoodEvidence.map(encodeFalsehoodEvidence)), async (bytes) => {
        const here = acceptedBy(() => decodeFalsehoodEvidence(bytes));
        const call = solidity.readFalsehood(bytes, { atClaim: ZERO_WORD, word: ZERO_WORD, currentTime: 0n });
        const there = await outcomeOf(solidity, call);
        // The other way round does not hold: abi.decode also takes what abi.encode does not write.
        if (here !== undefined && there.accepted) {
          expect(there.value[0]).to.deep.equal(fields(here));
        }
      }),
      100,
    );
  });
});
