import { expect } from "chai";
import fc from "fast-check";

import { join } from "../../../src/wire/bytes.ts";
import { countOf, decodeBatch, encodeBatch, fold, foldBatch, idOf, messageHash } from "../../../src/wire/index.ts";
import { batch, hash, near, uint, word } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/batch", () => {
  const { valid, invalid } = vectors("batch");

  for (const one of valid) {
    it(`replays the vector: ${one.name}`, () => {
      expect(encodeBatch(one.items)).to.equal(one.bytes);
      expect(decodeBatch(one.bytes)).to.deep.equal(one.items);
      const { word: folded, placed } = foldBatch(one, one.from, one.items);
      expect(folded).to.equal(one.word);
      expect(placed.map(({ id }) => id)).to.deep.equal(one.ids);
      expect(placed.map((item) => item.messageHash)).to.deep.equal(one.messageHashes);
    });
  }

  for (const { name, bytes, error } of invalid) {
    it(`refuses a batch: ${name}`, () => {
      expectRefusal(() => decodeBatch(bytes), error);
    });
  }

  it("refuses to encode no items, and a payload that is too long", () => {
    expectRefusal(() => encodeBatch([]), "wire/empty");
    const item = {
      kind: "message" as const,
      sender: `0x${"11".repeat(20)}`,
      recipient: `0x${"22".repeat(20)}`,
      options: 0n,
      payload: `0x${"00".repeat(16_385)}`,
    };
    expectRefusal(() => encodeBatch([item]), "wire/payload-too-long");
  });

  it("gives back what it encoded", () => {
    check(
      fc.property(batch, (items) => {
        expect(decodeBatch(encodeBatch(items))).to.deep.equal(items);
      }),
    );
  });

  it("has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(batch.map(encodeBatch)), (bytes) => {
        const accepted = acceptedBy(() => decodeBatch(bytes));
        if (accepted !== undefined) expect(encodeBatch(accepted)).to.equal(bytes);
      }),
    );
  });

  it("reads batches behind one another as one batch", () => {
    check(
      fc.property(batch, batch, (first, second) => {
        expect(decodeBatch(join(encodeBatch(first), encodeBatch(second)))).to.deep.equal([...first, ...second]);
      }),
    );
  });

  it("invariant 4: folds to the same word whether a message is delivered or skipped", () => {
    check(
      fc.property(hash, uint(64), word, batch, (source, destinationChainId, from, items) => {
        const lane = { source, destinationChainId };
        const { word: folded, placed } = foldBatch(lane, from, items);
        const skips = placed.map((one) => ({ kind: "skip" as const, messageHash: one.messageHash }));
        expect(foldBatch(lane, from, skips).word).to.equal(folded);
        expect(
          fold(
            from,
            placed.map((one) => one.messageHash),
          ),
        ).to.equal(folded);
      }),
    );
  });

  it("places each item: its nonce, its hash, its id", () => {
    check(
      fc.property(hash, uint(64), word, batch, (source, destinationChainId, from, items) => {
        const { placed } = foldBatch({ source, destinationChainId }, from, items);
        let before = from;
        for (const [index, place] of placed.entries()) {
          expect(place.item).to.equal(items[index]);
          expect(place.nonce).to.equal(countOf(from) + BigInt(index));
          expect(place.id).to.equal(idOf(before, place.messageHash));
          if (place.item.kind === "message") {
            expect(place.messageHash).to.equal(messageHash({ source, destinationChainId, ...place.item }));
          }
          before = fold(before, [place.messageHash]);
        }
      }),
    );
  });
});
