import { expect } from "chai";

import type { Equivocation, Hex, Listing, Statement } from "../../../src/wire/index.ts";
import { vectors } from "../../support/vectors.ts";

// The tables of docs/PROTOCOL.md, Evidence, and nothing else: what somebody would write who has no ABI coder.
describe("wire: evidence, word by word", () => {
  const digits = (value: Hex): string => value.slice(2);
  const uint = (value: bigint | number): string => value.toString(16).padStart(64, "0");
  const sizeOf = (value: string): number => value.length / 2;
  const hashes = (list: readonly Hex[]): string => uint(list.length) + list.map(digits).join("");

  const statement = ({ checkpoint: one, siblings, certificate }: Statement): string => {
    const signatures = digits(certificate);
    return [
      ...[digits(one.source), digits(one.destination), digits(one.laneWord)],
      ...[uint(one.reachedBy), uint(one.level), digits(one.blockHash)],
      ...[uint(256), uint(288 + 32 * siblings.length)],
      hashes(siblings),
      uint(sizeOf(signatures)),
      signatures.padEnd(64 * Math.ceil(signatures.length / 64), "0"),
    ].join("");
  };
  const equivocation = ({ a, b, from, messageHashes }: Equivocation): string => {
    const [first, second] = [statement(a), statement(b)];
    const offsets = [128, 128 + sizeOf(first)].map(uint);
    return [
      ...offsets,
      digits(from),
      uint(128 + sizeOf(first) + sizeOf(second)),
      first,
      second,
      hashes(messageHashes),
    ].join("");
  };
  const listing = ({ tableId, index }: Listing): string => digits(tableId) + uint(index);

  it("R22 the evidence of revokeTable has the layout that is written down", () => {
    const { conflicts, noConflicts } = vectors("evidence");
    for (const { evidence, bytes } of [...conflicts, ...noConflicts]) {
      expect(`0x${uint(32)}${equivocation(evidence)}`).to.equal(bytes);
    }
  });

  it("R24, R25 so has the evidence of an equivocation", () => {
    const { conflicts, noConflicts } = vectors("equivocation");
    for (const { evidence, bytes } of [...conflicts, ...noConflicts]) {
      const head = uint(32) + uint(160) + listing(evidence.a) + listing(evidence.b);
      expect(`0x${head}${equivocation(evidence.equivocation)}`).to.equal(bytes);
    }
  });

  it("R24, R25 so has the evidence of a falsehood", () => {
    const { contradictions, noContradictions } = vectors("falsehood");
    for (const { evidence, bytes } of [...contradictions, ...noContradictions]) {
      const said = statement(evidence.statement);
      const head = [
        ...[uint(32), uint(192), listing(evidence.listing)],
        ...[uint(evidence.settledCount), digits(evidence.from), uint(192 + sizeOf(said))],
      ].join("");
      expect(`0x${head}${said}${hashes(evidence.messageHashes)}`).to.equal(bytes);
    }
  });
});
