import { expect } from "chai";
import { artifacts, network } from "hardhat";

import { EIGENLAYER, KEY_CURVE } from "../../../../src/chain/eigenlayer.ts";
import { placeEigenLayer } from "../../../../src/testing/eigenlayer.ts";

// What the stand-in has in common with EigenLayer is tested where both are: test/eigenlayer.
describe("EigenLayer stand-in: where it differs from EigenLayer", () => {
  it("says that it leaves out BN254, which the real KeyRegistrar takes", async () => {
    const { ethers, provider } = await network.create();
    await placeEigenLayer(provider, artifacts);
    const [avs] = await ethers.getSigners();
    const keys = await ethers.getContractAt("DevnetKeyRegistrar", EIGENLAYER.keyRegistrar);
    await expect(keys.configureOperatorSet({ avs: avs!.address, id: 8n }, KEY_CURVE.bn254))
      .to.be.revertedWithCustomError(keys, "CurveLeftOutOfStandIn")
      .withArgs(KEY_CURVE.bn254);
  });
});
