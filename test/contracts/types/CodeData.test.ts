import { expect } from "chai";
import { dataSlice } from "ethers";
import { network } from "hardhat";

import type { TablesHarness } from "../../../types/ethers-contracts/index.ts";

/** EIP-170. */
const LONGEST = 24_576;

describe("types/CodeData", () => {
  let solidity: TablesHarness;
  before(async () => {
    const { ethers } = await network.create();
    solidity = await ethers.deployContract("TablesHarness");
  });

  async function keep(data: string): Promise<string> {
    const receipt = await (await solidity.keep(data)).wait();
    const [event] = await solidity.queryFilter(solidity.filters.Kept(), receipt!.blockNumber, receipt!.blockNumber);
    return event!.args.account;
  }

  const some = (length: number): string =>
    `0x${Array.from({ length }, (_, index) => ((index * 7) % 256).toString(16).padStart(2, "0")).join("")}`;

  for (const length of [1, 2, 31, 32, 33, 1_000, LONGEST]) {
    it(`keeps ${length} bytes, and gives them back from any one on`, async () => {
      const data = some(length);
      const account = await keep(data);
      for (const offset of [0, 1, length >> 1, length - 1, length]) {
        const expected = offset === length ? "0x" : dataSlice(data, offset);
        expect(await solidity.kept(account, offset)).to.equal(expected, `from ${offset} on`);
      }
    });
  }

  it("gives each an account of its own", async () => {
    const [one, other] = [await keep("0x0001"), await keep("0x0001")];
    expect(one).not.to.equal(other);
  });

  it("refuses what no code may begin with (EIP-3541): DeploymentFailed", async () => {
    await expect(solidity.keep("0xef")).to.be.revertedWithCustomError(solidity, "DeploymentFailed");
  });

  it("gives nothing of an account without code, or beyond its end", async () => {
    expect(await solidity.kept(`0x${"11".repeat(20)}`, 0)).to.equal("0x");
    expect(await solidity.kept(await keep("0x0102"), 3)).to.equal("0x");
  });
});
