// Not among the tests of test/contracts: these run once more with code that counts what is covered, and that costs gas.
import { expect } from "chai";
import { id, toBeHex } from "ethers";

import { encodeGatewayItem, genesis, next, type Hex } from "../../src/wire/index.ts";
import {
  createArbitrumFabric,
  sendAsSettlement,
  settlementOf,
  snapshotInForce,
  tableItem,
  type ArbitrumFabric,
} from "../contracts/bridges/arbitrum/fabric.ts";

describe("Arbitrum bridge: the first attempt, by default", () => {
  let fabric: ArbitrumFabric;
  before(async () => {
    fabric = await createArbitrumFabric();
  });
  beforeEach(() => fabric.reset());

  it("has gas for every table: of one operator, of 200, of 256 with 64 new members", async () => {
    const { arbitrum, stranger } = fabric;
    for (const [operators, members] of [
      [1, 1],
      [200, 2],
      [256, 64],
    ] as const) {
      await fabric.reset();
      await sendAsSettlement(fabric, [await tableItem(fabric, operators, members, 2n ** 38n)], stranger.address);
      await arbitrum.pair.down();
      expect(arbitrum.pair.attempts[0]?.succeeded).to.equal(true);
      expect(await snapshotInForce(arbitrum)).to.equal(2n ** 38n);
    }
  });

  it("has gas for several items of all kinds, unknown and empty ones among them", async () => {
    const { arbitrum, stranger, rollup } = fabric;
    await sendAsSettlement(fabric, [await tableItem(fabric, 4, 2, 1_000n)], stranger.address);
    const ref = await settlementOf(fabric);
    const many: Hex[] = [];
    for (let laneWord = genesis(rollup.id, arbitrum.id); many.length < 24;) {
      laneWord = next(laneWord, id("a message"));
      many.push(encodeGatewayItem({ kind: "settled", source: rollup.id, destination: arbitrum.id, laneWord }, ref));
    }
    await sendAsSettlement(fabric, ["0x", "0x77", toBeHex(2n ** 2048n - 1n), ...many], stranger.address);
    await sendAsSettlement(fabric, ["0x", ...many, "0x030000000000000400"], stranger.address);
    await sendAsSettlement(fabric, [], stranger.address);
    expect(await arbitrum.pair.down()).to.equal(4);
    for (const attempt of arbitrum.pair.attempts) expect(attempt?.succeeded).to.equal(true);
    expect((await arbitrum.gateway.tableInForce())[0]).to.equal(`0x${"00".repeat(20)}`);
  });
});
