import { expect } from "chai";
import { ZeroHash } from "ethers";
import fc from "fast-check";

import {
  decodeAdvanceProof,
  decodeProof,
  encodeAdvanceProof,
  encodeProof,
  type AdvanceProof,
  type Proof,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { bytes as someBytes, hash, near, proof } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Proof", () => {
  const { deliver, advance } = vectors("proof");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  /** What Solidity is to make of a proof of deliver. */
  const fields = (one: Proof): unknown[] =>
    one.kind === "held"
      ? [0n, BigInt(one.level), 0n, ZeroHash, [], "0x"]
      : [1n, BigInt(one.level), one.reachedBy, one.blockHash, one.siblings, one.certificate];
  const advanceFields = (one: AdvanceProof): unknown[] => [one.siblings, one.certificate];

  /** Solidity leaves an empty certificate to the verifier, which refuses it; the TypeScript refuses it here. */
  async function deliverInSolidity(bytes: string): Promise<readonly unknown[] | undefined> {
    const outcome = await outcomeOf(solidity, solidity.deliverProof(bytes));
    if (!outcome.accepted) {
      expect(outcome.error).to.equal("MalformedProof");
      return undefined;
    }
    return outcome.value.kind === 1n && outcome.value.certificate === "0x" ? undefined : outcome.value;
  }
  async function advanceInSolidity(bytes: string, checkpoints: number): Promise<readonly unknown[] | undefined> {
    const outcome = await outcomeOf(solidity, solidity.advanceProof(bytes, checkpoints));
    if (!outcome.accepted) {
      expect(outcome.error).to.equal("MalformedProof");
      return undefined;
    }
    return outcome.value.certificate === "0x" ? undefined : outcome.value;
  }

  it("replays the vectors", async () => {
    for (const one of deliver.valid) expect(await deliverInSolidity(one.bytes)).to.deep.equal(fields(one.proof));
    for (const one of advance.valid) {
      expect(await advanceInSolidity(one.bytes, one.checkpoints)).to.deep.equal(advanceFields(one.proof));
    }
  });

  for (const { name, bytes } of deliver.invalid) {
    it(`refuses a proof of deliver: ${name}`, async () => {
      expect(await deliverInSolidity(bytes)).to.equal(undefined);
    });
  }

  for (const { name, bytes, checkpoints } of advance.invalid) {
    it(`refuses a proof of advance: ${name}`, async () => {
      expect(await advanceInSolidity(bytes, checkpoints)).to.equal(undefined);
    });
  }

  it("accepts the proofs of deliver that the TypeScript accepts, refuses all others, and reads them alike", async () => {
    const candidates = fc.oneof(
      { weight: 4, arbitrary: near(proof.map(encodeProof)) },
      { weight: 1, arbitrary: someBytes(0, 120) },
      { weight: 1, arbitrary: fc.constantFrom(...deliver.invalid.map(({ bytes }) => bytes)) },
    );
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(candidates, async (bytes) => {
        const here = acceptedBy(() => decodeProof(bytes));
        if (here !== undefined) accepted += 1;
        expect(await deliverInSolidity(bytes)).to.deep.equal(here === undefined ? undefined : fields(here));
      }),
      400,
    );
    expect(accepted).to.be.within(40, 360);
  });

  it("accepts the proofs of advance that the TypeScript accepts, refuses all others, and reads them alike", async () => {
    const candidates = fc.record({
      siblings: fc.array(fc.array(hash, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      certificate: someBytes(1, 130),
    });
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(near(candidates.map(encodeAdvanceProof)), fc.nat(3), async (bytes, checkpoints) => {
        const here = acceptedBy(() => decodeAdvanceProof(bytes, checkpoints));
        if (here !== undefined) accepted += 1;
        const there = await advanceInSolidity(bytes, checkpoints);
        expect(there).to.deep.equal(here === undefined ? undefined : advanceFields(here));
      }),
      400,
    );
    expect(accepted).to.be.within(40, 360);
  });
});
