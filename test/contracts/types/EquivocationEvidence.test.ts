import { expect } from "chai";
import type { Result } from "ethers";
import fc from "fast-check";

import {
  checkConflict,
  decodeEquivocationEvidence,
  encodeEquivocationEvidence,
  type EquivocationEvidence,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { equivocationEvidence, near } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { equivocationFields, equivocationInput, listingFields, wireHarness } from "./harness.ts";

describe("types/EquivocationEvidence", () => {
  const { conflicts, noConflicts, invalid, invalidListings } = vectors("equivocation");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  const fields = ({ equivocation, a, b }: EquivocationEvidence): unknown[] => [
    equivocationFields(equivocation),
    listingFields(a),
    listingFields(b),
  ];
  const written = ({ equivocation, a, b }: EquivocationEvidence): Promise<string> =>
    solidity.equivocationEvidence({ equivocation: equivocationInput(equivocation), a, b });
  type Given = Parameters<WireHarness["equivocationEvidence"]>[0];
  /** What a call returned, encoded again. */
  const rewritten = (read: unknown): Promise<string> =>
    solidity.equivocationEvidence((read as Result).toArray(true) as unknown as Given);
  const isConflictHere = ({ equivocation }: EquivocationEvidence): boolean =>
    acceptedBy(() => {
      checkConflict(equivocation);
      return true;
    }) === true;

  for (const { name, evidence, bytes } of conflicts) {
    it(`R24, R25 replays a conflict: ${name}`, async () => {
      expect(await solidity.readEquivocationEvidence(bytes)).to.deep.equal([fields(evidence), true]);
      expect(await written(evidence)).to.equal(bytes);
    });
  }

  for (const { name, evidence, bytes } of noConflicts) {
    it(`R24 finds no conflict: ${name}`, async () => {
      expect(await solidity.readEquivocationEvidence(bytes)).to.deep.equal([fields(evidence), false]);
      expect(await written(evidence)).to.equal(bytes);
    });
  }

  it("refuses bytes of another type, and reads what is only written otherwise as if it were written well", async () => {
    const refused: string[] = [];
    for (const { name, bytes } of invalid) {
      const read = await outcomeOf(solidity, solidity.readEquivocationEvidence(bytes));
      if (!read.accepted) refused.push(name);
      else expect(await rewritten(read.value[0]), name).to.not.equal(bytes);
    }
    expect(refused).to.deep.equal([
      "no bytes",
      "cut off",
      "the evidence of revokeTable",
      "a time of more than 64 bits",
      "a level of more than 8 bits",
      "siblings far behind the end",
      "an offset of the outermost tuple that is not 32",
    ]);
  });

  it("R25 reads an index that no table has, which is the Slasher's to refuse", async () => {
    for (const { bytes } of invalidListings) {
      const { read } = await solidity.readEquivocationEvidence(bytes);
      expect(read.a.index).to.equal(256n);
      expect(await rewritten(read)).to.equal(bytes);
    }
  });

  it("R24, R25 encodes and reads evidence as the TypeScript does, and reads all that it accepts", async () => {
    await checkAsync(
      fc.asyncProperty(equivocationEvidence, async (one) => {
        expect(await written(one)).to.equal(encodeEquivocationEvidence(one));
      }),
      100,
    );
    await checkAsync(
      fc.asyncProperty(near(equivocationEvidence.map(encodeEquivocationEvidence)), async (bytes) => {
        const here = acceptedBy(() => decodeEquivocationEvidence(bytes));
        const there = await outcomeOf(solidity, solidity.readEquivocationEvidence(bytes));
        // The other way round does not hold: abi.decode also takes what abi.encode does not write.
        if (here !== undefined) {
          expect(there.accepted && there.value).to.deep.equal([fields(here), isConflictHere(here)]);
        }
      }),
      100,
    );
  });
});
