import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  deploy,
  type DeploymentParameters,
  DeploymentResultType,
  type IgnitionModule,
  type IgnitionModuleResult,
} from "@nomicfoundation/ignition-core";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { expect } from "chai";
import { artifacts, network } from "hardhat";

import { DEPLOYMENT_PROXY } from "../../src/chain/deploymentProxy.ts";
import { ignitionDeployer } from "../../deploy/ignitionDeployer.ts";
import { placeDeploymentProxy } from "../../src/testing/deploymentProxy.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";
import { type FabricChain, startFabric } from "../../src/testing/fabric.ts";
import { gatewayDeployerCode } from "../../src/testing/gatewayCode.ts";

type Module = IgnitionModule<string, string, IgnitionModuleResult<string>>;

/** A chain whose deployments are journalled on disk, as on a real network, and what was deployed on it. */
interface Journalled {
  readonly chain: FabricChain;
  readonly runs: { module: Module; parameters: DeploymentParameters; addresses: Record<string, string> }[];
  readonly run: (
    module: Module,
    parameters: DeploymentParameters,
    deployment: number,
  ) => Promise<Record<string, string>>;
}

describe("Ignition modules", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-deploy-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function openJournalled(name: string, networkName: string, initialDate: Date): Promise<Journalled> {
    const { ethers, provider } = await network.create({ network: networkName, override: { initialDate } });
    const [signer] = await ethers.getSigners();
    const runs: Journalled["runs"] = [];
    const run: Journalled["run"] = async (ignitionModule, deploymentParameters, deployment) => {
      const result = await deploy({
        artifactResolver: new HardhatArtifactResolver(artifacts),
        provider,
        deploymentDir: path.join(folder, `${name}-${deployment}`),
        ignitionModule,
        deploymentParameters,
        accounts: [await signer!.getAddress()],
        config: { requiredConfirmations: 1 },
      });
      if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw new Error(JSON.stringify(result));
      return Object.fromEntries(
        Object.entries(ignitionModule.results).map(([key, { id }]) => [key, result.contracts[id]!.address]),
      );
    };
    const deployer = ignitionDeployer(async (module, parameters) => {
      const addresses = await run(module, parameters, runs.length);
      runs.push({ module, parameters, addresses });
      return addresses;
    });
    const { chainId } = await ethers.provider.getNetwork();
    return {
      chain: { name, network: name, chainId, confirmations: 0, provider, signer: signer!, deployer },
      runs,
      run,
    };
  }

  it("change nothing when they are run a second time", async () => {
    const now = new Date();
    const chains = [
      await openJournalled("l1", "parleyL1", genesisDate(now)),
      await openJournalled("alpha", "parleyAlpha", now),
    ] as const;
    const [l1, alpha] = chains;
    await startFabric({ l1: l1.chain, rollups: [alpha.chain], artifacts, operators: 4, quorumBps: 6_667 });
    expect(l1.runs.map(({ module }) => module.id)).to.deep.equal([
      "ParleyDevnetToken",
      "ParleySettlement",
      "ParleyGatewayDeployer",
      "ParleyLocalGateway",
      "ParleyLocalMember",
      "ParleyDevnetMember",
    ]);
    expect(alpha.runs.map(({ module }) => module.id)).to.deep.equal(["ParleyGatewayDeployer", "ParleyDevnetGateway"]);

    for (const { chain, runs, run } of chains) {
      const nonce = await chain.signer.getNonce();
      const block: unknown = await chain.provider.request({ method: "eth_blockNumber" });
      for (const [index, { module, parameters, addresses }] of runs.entries()) {
        expect(await run(module, parameters, index), module.id).to.deep.equal(addresses);
      }
      expect(await chain.signer.getNonce()).to.equal(nonce);
      expect(await chain.provider.request({ method: "eth_blockNumber" })).to.equal(block);
    }
  });

  it("put the GatewayDeployer at the address that the deployment proxy gives it", async () => {
    const { chain, runs } = await openJournalled("beta", "parleyBeta", new Date());
    await placeDeploymentProxy(chain.provider);
    const code = await gatewayDeployerCode(artifacts, await chain.signer.getAddress());
    expect(await chain.deployer.gatewayDeployer(code)).to.deep.equal({ gatewayDeployer: code.address });
    expect(runs).to.have.lengthOf(1);
    const receipt = await chain.signer.provider!.getBlock("latest", true);
    expect(receipt?.prefetchedTransactions[0]?.to).to.equal(DEPLOYMENT_PROXY);
  });
});
