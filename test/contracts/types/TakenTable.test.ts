import { expect } from "chai";
import { getAddress } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";

import { encodeTable, isQuorum, sortedTable, totalWeight } from "../../../src/wire/index.ts";
import type { TablesHarness } from "../../../types/ethers-contracts/index.ts";
import { table } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { vectors } from "../../support/vectors.ts";

const QUORUM = 6_667n;

describe("types/TakenTable", () => {
  const { settlement: at, tables } = vectors("item");
  let solidity: TablesHarness;
  before(async () => {
    const { ethers } = await network.create();
    solidity = await ethers.deployContract("TablesHarness");
  });

  for (const { name, item, table: taken } of tables) {
    it(`reads the operators of the vector: ${name}`, async () => {
      const [keys, weights, total] = await solidity.table(item);
      expect(keys).to.deep.equal(taken.operators.map(({ key }) => getAddress(key)));
      expect(weights).to.deep.equal(taken.operators.map(({ weight }) => weight));
      expect(total).to.equal(totalWeight(taken));
    });
  }

  it("reads any table that the TypeScript writes", async () => {
    await checkAsync(
      fc.asyncProperty(table, async (one) => {
        const { operators } = sortedTable(one, at);
        const [keys, weights] = await solidity.table(encodeTable(one, at));
        expect(keys).to.deep.equal(operators.map(({ key }) => key));
        expect(weights).to.deep.equal(operators.map(({ weight }) => weight));
      }),
      40,
    );
  });

  it("R17 a quorum is strictly more than its share, as the table itself says", async () => {
    for (const { item, table: taken } of tables) {
      const total = totalWeight(taken);
      const share = (total * QUORUM) / 10_000n;
      for (const weight of [0n, share - 1n, share, share + 1n, total])
        if (weight >= 0n)
          expect(await solidity.isQuorum(item, weight)).to.equal(isQuorum(weight, total, QUORUM), String(weight));
    }
    const [{ table: some }] = tables as [(typeof tables)[0]];
    const exact = encodeTable({ ...some, operators: [{ key: some.operators[0]!.key, weight: 10_000n }] }, at);
    expect(await solidity.isQuorum(exact, QUORUM)).to.equal(false);
    expect(await solidity.isQuorum(exact, QUORUM + 1n)).to.equal(true);
  });
});
