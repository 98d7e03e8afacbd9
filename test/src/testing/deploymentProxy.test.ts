import { expect } from "chai";
import { getCreateAddress, keccak256, Transaction, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  DEPLOYMENT_PROXY,
  DEPLOYMENT_PROXY_CODE,
  DEPLOYMENT_PROXY_TRANSACTION,
  throughDeploymentProxy,
} from "../../../src/chain/deploymentProxy.ts";
import { ParleyError } from "../../../src/errors.ts";
import { placeDeploymentProxy } from "../../../src/testing/deploymentProxy.ts";

describe("Deterministic deployment proxy", () => {
  it("is what its well-known transaction deploys", () => {
    const { from, nonce } = Transaction.from(DEPLOYMENT_PROXY_TRANSACTION);
    expect(from).to.equal("0x3fAB184622Dc19b6109349B94811493BF2a45362");
    expect(getCreateAddress({ from: from!, nonce })).to.equal(DEPLOYMENT_PROXY);
    expect(keccak256(DEPLOYMENT_PROXY_CODE)).to.equal(
      "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989", // not a secret: the hash of the proxy's code on Ethereum mainnet (EXTCODEHASH)
    );
  });

  for (const chainType of ["l1", "op", "generic"] as const) {
    it(`comes onto a simulated chain of type ${chainType}, and again without harm, and deploys where it says`, async () => {
      const { provider, ethers } = await network.create({ network: "default", chainType });
      await placeDeploymentProxy(provider);
      await placeDeploymentProxy(provider);
      expect(await ethers.provider.getCode(DEPLOYMENT_PROXY)).to.equal(DEPLOYMENT_PROXY_CODE);

      const { data, address } = throughDeploymentProxy(ZeroHash, "0x600160005360016000f3"); // returns one byte, 01
      const [signer] = await ethers.getSigners();
      await (await signer!.sendTransaction({ to: DEPLOYMENT_PROXY, data })).wait();
      expect(await ethers.provider.getCode(address)).to.equal("0x01");
    });
  }

  it("is not put over other code", async () => {
    const { provider } = await network.create();
    await provider.request({ method: "hardhat_setCode", params: [DEPLOYMENT_PROXY, "0x00"] });
    const outcome = await placeDeploymentProxy(provider).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "deployment-proxy/occupied");
  });
});
