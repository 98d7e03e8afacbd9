import { expect } from "chai";
import { id as hashOf, Interface } from "ethers";

import { findDrift, findFileDrift } from "../../deploy/drift.ts";
import { type DeploymentPlan, planDeployment } from "../../deploy/plan.ts";
import { plannedDeployment } from "../../deploy/result.ts";
import { reviewPlan } from "../../deploy/review.ts";
import { runPlan } from "../../deploy/run.ts";
import { safeBatch } from "../../deploy/safe.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { type FaultyChains, openFaultyChains } from "./chains.ts";

describe("Deployment: what differs from the plan, and what is left for a Safe", function () {
  this.timeout(60_000);

  let faulty: FaultyChains;
  let plan: DeploymentPlan;

  before(async () => {
    faulty = await openFaultyChains();
    plan = await planDeployment(faulty.chains, faulty.choices);
  });

  after(() => faulty.close());

  const GATEWAY = Gateway__factory.createInterface();

  /** The owner of alpha's Gateway does something there. */
  async function atAlpha(data: string): Promise<void> {
    const [, alpha] = plan.chains;
    const to = plan.contracts.everywhere.gateway;
    await alpha!.provider.request({ method: "eth_sendTransaction", params: [{ from: alpha!.accounts[0], to, data }] });
  }

  it("writes the transactions that are left as a batch with the app's checksum, in order", async () => {
    const { steps } = await reviewPlan(plan);
    const own = steps.filter(({ step }) => step.chain.name === "alpha");
    const batch = safeBatch(own, {
      chainId: 5n,
      name: "alpha",
      safe: "0x00000000000000000000000000000000000000aA",
      createdAt: 7,
    });
    const calls = own.flatMap(({ step: { action, isLater } }) =>
      action.kind === "call" && isLater !== true ? [action.call] : [],
    );
    expect(batch.transactions.map(({ to, value, data }) => [to, value, data])).to.deep.equal(
      calls.map(({ to, value, data }) => [to, String(value), data]),
    );
    const deployer = new Interface(["function deploy(bytes, (address,address,address,uint256,address,address,bool))"]);
    const selectors = batch.transactions.map(({ data }) => data.slice(0, 10));
    expect(selectors).to.include(deployer.getFunction("deploy")!.selector);
    const { transactions: _, ...head } = safeBatch([], { chainId: 5n, name: "alpha", safe: "0xaA", createdAt: 7 });
    expect(head.meta.checksum).to.equal(
      hashOf(
        '{["chainId","createdAt","meta","transactions","version"]"5",7,' +
          '{["createdFromOwnerAddress","createdFromSafeAddress","description","name"]"","0xaA","What is left to deploy on alpha, in order.",null,},' +
          '[],"1.0",}',
      ),
    );
  });

  it("finds no drift before, nor after", async () => {
    expect(await findDrift(plan)).to.deep.equal([]);
    await runPlan(plan);
    expect(await findDrift(plan)).to.deep.equal([]);
  });

  it("finds what the owner changed at a source, and leaves it", async () => {
    const [l1] = plan.contracts.members;
    await atAlpha(GATEWAY.encodeFunctionData("setSource", [l1.id, 1, 9_000, true]));
    await atAlpha(GATEWAY.encodeFunctionData("setAcceptAll", [false]));
    const found = [
      { chain: "alpha", what: "whether new members are accepted", planned: "true", found: "false" },
      { chain: "alpha", what: "quorum of l1", planned: "7500", found: "9000" },
      { chain: "alpha", what: "least level of l1", planned: "2", found: "1" },
      { chain: "alpha", what: "whether l1 is paused", planned: "false", found: "true" },
    ];
    expect(await findDrift(plan)).to.deep.equal(found);
    const { length } = faulty.sent;
    await runPlan(plan);
    expect(faulty.sent).to.have.lengthOf(length);
    expect(await findDrift(plan)).to.deep.equal(found);
    await atAlpha(GATEWAY.encodeFunctionData("setSource", [l1.id, 0, 7_500, false]));
    await atAlpha(GATEWAY.encodeFunctionData("setAcceptAll", [true]));
    expect(await findDrift(plan)).to.deep.equal([]);
  });

  it("finds another maxSettleAge than the one that was registered", async () => {
    const [alpha] = plan.rollups;
    const chains = { l1: plan.chains[0], rollups: [{ ...alpha!, maxSettleAge: 5n }] };
    expect(await findDrift(await planDeployment(chains, faulty.choices))).to.deep.equal([
      { chain: "l1", what: "maxSettleAge of alpha", planned: "5", found: "259200" },
    ]);
  });

  it("finds other code where the bridge should be", async () => {
    const [, alpha] = plan.chains;
    const { bridge } = plan.contracts.everywhere;
    const code = await alpha!.reader.getCode(bridge);
    await alpha!.node.request({ method: "hardhat_setCode", params: [bridge, "0x00"] });
    expect((await findDrift(plan)).map(({ chain, what }) => `${chain} ${what}`)).to.deep.equal([
      "alpha code of the bridge",
    ]);
    await alpha!.node.request({ method: "hardhat_setCode", params: [bridge, code] });
  });

  it("finds what an addresses file names otherwise, and nothing where it names the same", () => {
    const deployment = plannedDeployment(plan, ({ name }) => ({ network: name, confirmations: 0, startBlock: 0 }));
    expect(findFileDrift(deployment, deployment)).to.deep.equal([]);
    const other = "0x1111111111111111111111111111111111111111";
    const file = { ...deployment, rollups: deployment.rollups.map((rollup) => ({ ...rollup, l1Bridge: other })) };
    expect(findFileDrift(deployment, file)).to.deep.equal([
      { chain: "file", what: "alpha: l1Bridge", planned: deployment.rollups[0]!.l1Bridge, found: other },
    ]);
  });
});
