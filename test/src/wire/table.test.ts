import { expect } from "chai";
import { keccak256, SigningKey, computeAddress } from "ethers";
import fc from "fast-check";

import {
  decodeTable,
  encodeCertificate,
  encodeTable,
  FAULTED,
  isFaulted,
  isQuorum,
  memberId,
  SCHEME_ECDSA,
  signedWeight,
  sortedTable,
  tableId,
  totalWeight,
  type OperatorTable,
} from "../../../src/wire/index.ts";
import { table, uint } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/table", () => {
  const { settlement: at, tables } = vectors("item");

  for (const one of tables) {
    it(`replays the vector: ${one.name}`, () => {
      expect(encodeTable(one.table, at)).to.equal(one.item);
      expect(decodeTable(one.item, at)).to.deep.equal(one.table);
      expect(tableId(one.item)).to.equal(one.tableId).and.equal(keccak256(one.item));
      expect(one.table.members.map((member) => memberId(at, member))).to.deep.equal(one.memberIds);
    });
  }

  it("puts members and operators into their order", () => {
    check(
      fc.property(table, (one) => {
        const shuffled = { ...one, members: [...one.members].reverse(), operators: [...one.operators].reverse() };
        const item = encodeTable(one, at);
        expect(encodeTable(shuffled, at)).to.equal(item);
        expect(decodeTable(item, at)).to.deep.equal(sortedTable(one, at));
      }),
    );
  });

  it("orders members by their ids, which depend on the Settlement", () => {
    const { item } = tables.find(({ table: { members } }) => members.length === 64)!;
    const elsewhere = { chainId: at.chainId, settlement: `0x${"11".repeat(20)}` };
    expectRefusal(() => decodeTable(item, elsewhere), "wire/order");
  });

  it("refuses to encode what a Gateway would ignore", () => {
    const good = tables[1]!.table;
    const refuse = (change: Partial<Omit<OperatorTable, "scheme">>, code: string): void => {
      expectRefusal(() => encodeTable({ ...good, ...change }, at), code);
    };
    const [member, operator] = [good.members[0]!, good.operators[0]!];
    refuse({ members: [] }, "wire/range");
    refuse({ members: [member, member] }, "wire/order");
    refuse({ members: [{ ...member, chainId: 0n }] }, "wire/range");
    refuse({ members: [{ ...member, flags: 256 }] }, "wire/range");
    refuse({ operators: [] }, "wire/range");
    refuse({ operators: [operator, operator] }, "wire/order");
    refuse({ operators: [{ ...operator, weight: 0n }] }, "wire/zero");
    refuse({ operators: [{ ...operator, weight: 2n ** 96n }] }, "wire/range");
    refuse({ operators: [{ ...operator, key: `0x${"00".repeat(20)}` }] }, "wire/zero");
    refuse({ weightFloor: 0n }, "wire/zero");
    refuse({ snapshot: 2n ** 40n }, "wire/range");
    refuse({ expiry: 2n ** 64n }, "wire/range");
  });

  it("tells faulted members by bit 0 of their flags alone", () => {
    const member = tables[0]!.table.members[0]!;
    expect([0, 1, 2, 3, 0xfe, 0xff].map((flags) => isFaulted({ ...member, flags }))).to.deep.equal([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(FAULTED).to.equal(1);
  });

  describe("with keys at hand", () => {
    const keys = [11, 12, 13].map((value) => new SigningKey(`0x${value.toString(16).padStart(64, "0")}`));
    const unsorted: OperatorTable = {
      ...tables[0]!.table,
      scheme: SCHEME_ECDSA,
      operators: keys.map((key, index) => ({ key: computeAddress(key.publicKey), weight: 10n ** BigInt(index) })),
    };
    const signing = sortedTable(unsorted, at);
    const digest = `0x${"ab".repeat(32)}`;
    const sign = (place: number, hash = digest): string => {
      const { key } = signing.operators[place]!;
      return keys.find((candidate) => computeAddress(candidate.publicKey) === key)!.sign(hash).serialized;
    };

    it("adds up the weight of those who signed", () => {
      const certificate = encodeCertificate([0, 2].map((index) => ({ index, signature: sign(index) })));
      const expected = signing.operators[0]!.weight + signing.operators[2]!.weight;
      expect(signedWeight(signing, digest, certificate)).to.equal(expected);
      expect(totalWeight(signing)).to.equal(111n);
    });

    it("R17 refuses a signature by another operator, over another digest, and beyond the table", () => {
      const refuse = (index: number, signature: string): void => {
        expectRefusal(() => signedWeight(signing, digest, encodeCertificate([{ index, signature }])), "wire/signer");
      };
      refuse(0, sign(1));
      refuse(1, sign(1, `0x${"ac".repeat(32)}`));
      refuse(3, sign(0));
    });
  });

  it("R17 takes strictly more than the quorum, rounded against the signers", () => {
    expect(isQuorum(6_667n, 10_000n, 6_667n)).to.equal(false);
    expect(isQuorum(6_668n, 10_000n, 6_667n)).to.equal(true);
    expect(isQuorum(5n, 8n, 6_667n)).to.equal(false);
    expect(isQuorum(6n, 8n, 6_667n)).to.equal(true);
    expect(isQuorum(0n, 0n, 6_667n)).to.equal(false);
    check(
      fc.property(uint(96), uint(96, 1n), fc.bigInt({ min: 6_667n, max: 9_000n }), (signed, total, quorumBps) => {
        // Compared as fractions: signed / total > quorumBps / 10,000.
        const below = (total * quorumBps) / 10_000n;
        expect(isQuorum(signed, total, quorumBps)).to.equal(signed > below);
      }),
    );
  });
});
