import { expect } from "chai";
import fc from "fast-check";

import {
  countOf,
  decodeEnvelope,
  decodeGatewayItem,
  decodeSettlementItem,
  encodeEnvelope,
  encodeGatewayItem,
  encodeSettlementItem,
  type GatewayItem,
  type SettlementItem,
} from "../../../src/wire/index.ts";
import { bytes as someBytes, hash, near, table, uint, word } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/item", () => {
  const all = vectors("item");
  const at = all.settlement;
  const sentWord = word.filter((one) => countOf(one) !== 0n);
  const gatewayItem: fc.Arbitrary<GatewayItem> = fc.oneof(
    fc.record({ kind: fc.constant("table" as const), table }),
    fc.record({
      kind: fc.constant("settled" as const),
      source: hash,
      destination: hash,
      laneWord: sentWord,
    }),
    fc.record({ kind: fc.constant("revoked" as const), snapshot: uint(40) }),
  );
  const wordItem: fc.Arbitrary<SettlementItem> = fc
    .record({
      kind: fc.constant("word" as const),
      destination: hash,
      laneWord: word,
      time: uint(64),
      current: fc.boolean(),
    })
    .filter(({ laneWord, current }) => current || countOf(laneWord) !== 0n);

  it("replays the vectors", () => {
    for (const { item, bytes } of [...all.settled, ...all.revoked]) {
      expect(encodeGatewayItem(item, at)).to.equal(bytes);
      expect(decodeGatewayItem(bytes, at)).to.deep.equal(item);
    }
    for (const { item, bytes } of all.words) {
      expect(encodeSettlementItem(item)).to.equal(bytes);
      expect(decodeSettlementItem(bytes)).to.deep.equal(item);
    }
    for (const { table: decoded, item } of all.tables) {
      expect(decodeGatewayItem(item, at)).to.deep.equal({ kind: "table", table: decoded });
    }
    for (const { items, bytes } of all.envelopes) {
      expect(encodeEnvelope(items)).to.equal(bytes);
      expect(decodeEnvelope(bytes)).to.deep.equal(items);
    }
  });

  it("takes an unknown kind, or no bytes, as something to ignore", () => {
    for (const bytes of all.unknown) {
      const kindByte = bytes === "0x" ? 0 : Number(bytes.slice(0, 4));
      expect(decodeGatewayItem(bytes, at)).to.deep.equal({ kind: "unknown", kindByte });
      expect(decodeSettlementItem(bytes)).to.deep.equal({ kind: "unknown", kindByte });
    }
  });

  for (const { name, bytes, error } of all.invalid) {
    it(`refuses an item to a Gateway: ${name}`, () => {
      expectRefusal(() => decodeGatewayItem(bytes, at), error);
    });
  }

  for (const { name, bytes, error } of all.invalidWords) {
    it(`refuses an item to Settlement: ${name}`, () => {
      expectRefusal(() => decodeSettlementItem(bytes), error);
    });
  }

  for (const { name, bytes, error } of all.invalidEnvelopes) {
    it(`refuses an envelope: ${name}`, () => {
      expectRefusal(() => decodeEnvelope(bytes), error);
    });
  }

  it("has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(gatewayItem.map((item) => encodeGatewayItem(item, at))), (bytes) => {
        const accepted = acceptedBy(() => decodeGatewayItem(bytes, at));
        if (accepted !== undefined && accepted.kind !== "unknown") {
          expect(encodeGatewayItem(accepted, at)).to.equal(bytes);
        }
      }),
    );
    check(
      fc.property(near(wordItem.map(encodeSettlementItem)), (bytes) => {
        const accepted = acceptedBy(() => decodeSettlementItem(bytes));
        if (accepted !== undefined && accepted.kind !== "unknown") {
          expect(encodeSettlementItem(accepted)).to.equal(bytes);
        }
      }),
    );
  });

  it("gives back the items of an envelope", () => {
    check(
      fc.property(fc.array(someBytes(0, 80), { maxLength: 5 }), (items) => {
        expect(decodeEnvelope(encodeEnvelope(items))).to.deep.equal(items);
      }),
    );
  });
});
