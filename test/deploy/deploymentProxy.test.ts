import { expect } from "chai";
import { getCreateAddress, keccak256, Transaction, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  DEPLOYMENT_PROXY,
  DEPLOYMENT_PROXY_CODE,
  DEPLOYMENT_PROXY_TRANSACTION,
  throughDeploymentProxy,
} from "../../src/chain/deploymentProxy.ts";
import { ParleyError } from "../../src/errors.ts";
import type { DeployChain } from "../../deploy/chain.ts";
import { runPlan } from "../../deploy/run.ts";
import { deploymentProxySteps } from "../../deploy/steps/deploymentProxy.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;

async function placeDeploymentProxy({ ethers, provider }: Connection): Promise<readonly unknown[]> {
  const [signer] = await ethers.getSigners();
  const owner = signer!.address;
  const chain: DeployChain = {
    ...{ name: "l1", chainId: 1n, provider, node: provider, reader: ethers.provider, accounts: [owner] },
    ...{ isDevelopment: true, maxSettleAge: 1n },
  };
  const { outcomes } = await runPlan({ steps: deploymentProxySteps(chain), settings: { owner } });
  return outcomes.map(({ status }) => status);
}

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
      const connection = await network.create({ network: "default", chainType });
      const { ethers } = connection;
      expect(await placeDeploymentProxy(connection)).to.deep.equal(["sent", "sent"]);
      expect(await placeDeploymentProxy(connection)).to.deep.equal(["done", "done"]);
      expect(await ethers.provider.getCode(DEPLOYMENT_PROXY)).to.equal(DEPLOYMENT_PROXY_CODE);

      const { data, address } = throughDeploymentProxy(ZeroHash, "0x600160005360016000f3"); // returns one byte, 01
      const [signer] = await ethers.getSigners();
      await (await signer!.sendTransaction({ to: DEPLOYMENT_PROXY, data })).wait();
      expect(await ethers.provider.getCode(address)).to.equal("0x01");
    });
  }

  it("is not put over other code", async () => {
    const connection = await network.create();
    await connection.provider.request({ method: "hardhat_setCode", params: [DEPLOYMENT_PROXY, "0x00"] });
    const outcome = await placeDeploymentProxy(connection).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "deployment-proxy/occupied");
  });
});
