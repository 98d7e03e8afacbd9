import { expect } from "chai";
import { ZeroAddress } from "ethers";
import fc from "fast-check";

import {
  decodeBatch,
  encodeBatch,
  foldBatch,
  type BatchLane,
  type LaneWord,
  type PlacedItem,
} from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { batch, bytes as someBytes, hash, near, uint, word } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf, refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Batch", () => {
  const { valid, invalid } = vectors("batch");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  const readInSolidity = (lane: BatchLane, from: LaneWord, bytes: string) =>
    solidity.batch(lane.source, lane.destinationChainId, from, bytes);

  /** What Solidity is to make of an item: kind, sender, recipient, options, payload, message hash, id. */
  const fields = ({ item, messageHash, id }: PlacedItem): unknown[] =>
    item.kind === "skip"
      ? [0n, ZeroAddress, ZeroAddress, 0n, "0x", messageHash, id]
      : [item.options === 0n ? 1n : 2n, item.sender, item.recipient, item.options, item.payload, messageHash, id];

  for (const { name, source, destinationChainId, from, items, bytes, word: folded } of valid) {
    it(`replays the vector: ${name}`, async () => {
      const lane = { source, destinationChainId };
      const { placed } = foldBatch(lane, from, items);
      expect(await readInSolidity(lane, from, bytes)).to.deep.equal([folded, placed.map(fields)]);
    });
  }

  for (const { name, bytes } of invalid) {
    it(`refuses a batch: ${name}`, async () => {
      const { source, destinationChainId, from } = valid[0]!;
      const call = readInSolidity({ source, destinationChainId }, from, bytes);
      expect(await refusalOf(solidity, call)).to.equal("MalformedBatch");
    });
  }

  it("invariant 4: accepts the batches that the TypeScript accepts, refuses all others, and folds them alike", async () => {
    const candidates = fc.oneof(
      { weight: 4, arbitrary: near(batch.map(encodeBatch)) },
      { weight: 1, arbitrary: someBytes(0, 120) },
      { weight: 1, arbitrary: fc.constantFrom(...invalid.map(({ bytes }) => bytes)) },
    );
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(hash, uint(256), word, candidates, async (source, destinationChainId, from, bytes) => {
        const lane = { source, destinationChainId };
        const here = acceptedBy(() => foldBatch(lane, from, decodeBatch(bytes)));
        const there = await outcomeOf(solidity, readInSolidity(lane, from, bytes));
        expect(there.accepted).to.equal(here !== undefined);
        if (there.accepted && here !== undefined) {
          accepted += 1;
          expect(there.value).to.deep.equal([here.word, here.placed.map(fields)]);
        }
      }),
      400,
    );
    expect(accepted).to.be.within(40, 360);
  });
});
