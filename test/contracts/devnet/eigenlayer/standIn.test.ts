import { expect } from "chai";
import { network } from "hardhat";

import { DEALLOCATION_DELAY } from "../../../../src/chain/eigenlayer.ts";
import { placeEigenLayer } from "../../../../src/testing/placeEigenLayer.ts";
import { slash, WAD, withMember } from "../../../eigenlayer/fixture.ts";

// What the stand-in has in common with EigenLayer is tested where both are: test/eigenlayer.
describe("EigenLayer stand-in: what no fork of mainnet can show", () => {
  // Mainnet is far above, and no fork can go below the block at which EigenLayer came to be.
  it("trap 6: slashOperator panics while the chain is not higher than the delay, as EigenLayer's does", async () => {
    const chain = await network.create({ network: "default", chainType: "l1" });
    await placeEigenLayer(chain.provider);
    const eigen = await withMember(chain);
    await chain.networkHelpers.mineUpTo(DEALLOCATION_DELAY - 1n);
    await expect(slash(eigen, { wad: WAD })).to.be.revertedWithPanic(0x11);
    await chain.networkHelpers.mine(1);
    await expect(slash(eigen, { wad: WAD })).to.emit(eigen.allocations, "OperatorSlashed");
  });
});
