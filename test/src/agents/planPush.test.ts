import { expect } from "chai";

import { planPush } from "../../../src/agents/relaying/planPush.ts";
import { encodeGatewayItem, type Hex, laneWord } from "../../../src/wire/index.ts";

const at = { chainId: 1n, settlement: `0x${"11".repeat(20)}` };
const id = (digit: string): Hex => `0x${digit.repeat(64)}`;

const table = (snapshot: bigint): Hex =>
  encodeGatewayItem(
    {
      kind: "table",
      table: {
        snapshot,
        expiry: snapshot + 100n,
        ...{
          scheme: 1,
          weightFloor: 1n,
          members: [{ ...{ chainId: 1n, gateway: `0x${"33".repeat(20)}` }, ...{ certifiableUntil: 1n, flags: 0 } }],
          operators: [{ key: `0x${"22".repeat(20)}`, weight: 1n }],
        },
      },
    },
    at,
  );
const revoked = (snapshot: bigint): Hex => encodeGatewayItem({ kind: "revoked", snapshot }, at);
const word = (digit: string): Hex =>
  encodeGatewayItem({ kind: "settled", source: id("a"), destination: id("b"), laneWord: laneWord(id(digit)) }, at);

describe("planPush", () => {
  const plan = (waiting: Hex[], inForce = 0n, revokedUntil = 0n): Hex[] =>
    planPush({ waiting, inForce, revokedUntil }, at);

  it("pushes the latest table alone, if it is newer than the one in force", () => {
    expect(plan([table(5n), table(7n), table(6n)])).to.deep.equal([table(7n)]);
    expect(plan([table(7n)], 7n)).to.deep.equal([]);
    expect(plan([table(8n)], 7n)).to.deep.equal([table(8n)]);
  });

  it("R22 pushes a revocation of the table in force before a newer table, and no table that is revoked", () => {
    expect(plan([table(9n), revoked(7n)], 7n)).to.deep.equal([revoked(7n), table(9n)]);
    expect(plan([table(8n), revoked(8n), revoked(7n)], 7n)).to.deep.equal([revoked(8n)]);
    expect(plan([table(8n)], 7n, 8n), "revoked before").to.deep.equal([]);
    expect(plan([revoked(6n)], 7n), "of none in force").to.deep.equal([]);
  });

  it("pushes every settled word, in their order, after what is said of tables, a hundred at a time", () => {
    expect(plan([word("1"), table(5n), word("2")])).to.deep.equal([table(5n), word("1"), word("2")]);
    expect(plan(Array.from({ length: 150 }, () => word("3")))).to.have.lengthOf(100);
  });

  it("leaves alone what it does not know", () => {
    expect(plan(["0xff", "0x"])).to.deep.equal([]);
  });
});
