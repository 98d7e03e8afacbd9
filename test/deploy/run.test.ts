import { expect } from "chai";

import { type DeploymentPlan, planDeployment } from "../../deploy/plan.ts";
import { reviewPlan } from "../../deploy/review.ts";
import { runPlan } from "../../deploy/run.ts";
import type { DeploymentChoices } from "../../deploy/settings.ts";
import { ParleyError } from "../../src/errors.ts";
import { DEPLOYMENT_PROXY_TRANSACTION } from "../../src/chain/deploymentProxy.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { GatewayDeployer__factory } from "../../types/ethers-contracts/factories/GatewayDeployer__factory.ts";
import { type FaultyChains, openFaultyChains } from "./chains.ts";

/** What the chains hold in the end, as far as it follows from the plan. */
async function finalState(plan: DeploymentPlan): Promise<unknown[]> {
  const { contracts, chains } = plan;
  const { gateway } = contracts.everywhere;
  const members = await Promise.all(
    contracts.members.map(async ({ chain, id }) => {
      const connected = Gateway__factory.connect(gateway, chain.reader);
      const sources = await Promise.all(
        contracts.members.filter((source) => source.id !== id).map((source) => connected.member(source.id)),
      );
      const [table] = await connected.tableInForce();
      return [id, await connected.owner(), sources.map(String), (await chain.reader.getCode(table)) !== "0x"];
    }),
  );
  const nonces = await Promise.all(chains.map(({ reader, accounts }) => reader.getTransactionCount(accounts[0])));
  return [members, nonces];
}

describe("Deployment: running the plan", function () {
  this.timeout(60_000);

  let faulty: FaultyChains;
  let undisturbed: { state: unknown[]; sent: number };

  before(async () => {
    const clean = await openFaultyChains();
    const plan = await planDeployment(clean.chains, clean.choices);
    const { outcomes } = await runPlan(plan);
    expect(
      outcomes.map(({ status }) => status).filter((status) => status !== "sent" && status !== "done"),
    ).to.deep.equal([]);
    undisturbed = { state: await finalState(plan), sent: clean.sent.length };
    await clean.close();
  });

  beforeEach(async () => {
    faulty = await openFaultyChains();
  });

  afterEach(() => faulty.close());

  const planned = (choices: Partial<DeploymentChoices> = {}): Promise<DeploymentPlan> =>
    planDeployment(faulty.chains, { ...faulty.choices, ...choices });

  /** Runs again and again, each run up to a transaction that fails as `fail` says, until nothing is left to fail. */
  async function runWithFaults(fail: (forward: () => Promise<unknown>) => Promise<never>): Promise<number> {
    const failed = new Set<number>();
    faulty.fault = (forward) => {
      const next = faulty.sent.length;
      if (failed.has(next)) return forward();
      failed.add(next);
      return fail(forward);
    };
    for (let runs = 1; ; ++runs) {
      const before = failed.size;
      try {
        await runPlan(await planned());
        return runs;
      } catch (error) {
        expect(error).to.be.instanceOf(ParleyError).with.property("code", "deploy/step-failed");
        expect(failed.size, "each run gets further").to.equal(before + 1);
      }
    }
  }

  it("resumes after a failure at any transaction, before it was sent: the same state in the end, nothing sent twice", async () => {
    const runs = await runWithFaults(() => Promise.reject(new Error("the node is gone")));
    expect(runs).to.equal(undisturbed.sent + 1);
    expect(faulty.sent).to.have.lengthOf(undisturbed.sent);
    expect(await finalState(await planned())).to.deep.equal(undisturbed.state);
  });

  it("resumes after the answer to any transaction was lost: the same state in the end, nothing sent twice", async () => {
    await runWithFaults(async (forward) => {
      await forward();
      throw new Error("the answer is lost");
    });
    expect(faulty.sent).to.have.lengthOf(undisturbed.sent);
    expect(await finalState(await planned())).to.deep.equal(undisturbed.state);
  });

  it("knows every address before anything is sent, the Gateway's the same on every chain", async () => {
    const { contracts, steps } = await planned();
    await runPlan(await planned());
    const again = await planned();
    expect(again.contracts.everywhere).to.deep.equal(contracts.everywhere);
    expect(again.steps.map(({ id }) => id)).to.deep.equal(steps.map(({ id }) => id));
    const { gatewayDeployer, gateway, bridge } = contracts.everywhere;
    const settlement = [faulty.chains.l1.chainId, contracts.settlement.address] as const;
    for (const { chain, id } of contracts.members) {
      const deployer = GatewayDeployer__factory.connect(gatewayDeployer.address, chain.reader);
      expect(await deployer.gatewayAddress(...settlement)).to.equal(gateway);
      expect(await deployer.bridgeAddress(...settlement)).to.equal(bridge);
      expect(await Gateway__factory.connect(gateway, chain.reader).MEMBER_ID()).to.equal(id);
    }
  });

  it("sends nothing the second time", async () => {
    await runPlan(await planned());
    const { length } = faulty.sent;
    const { outcomes } = await runPlan(await planned());
    expect(new Set(outcomes.map(({ status }) => status))).to.deep.equal(new Set(["done"]));
    expect(faulty.sent).to.have.lengthOf(length);
  });

  it("estimates the gas of each transaction from above, and not by much", async () => {
    const { outcomes } = await runPlan(await planned());
    for (const { step, txHash } of outcomes) {
      if (txHash === undefined || step.action.kind === "signed") continue;
      const used = await faulty.gasOf(txHash);
      expect(step.gas >= used, `${step.id}: ${step.gas} for ${used}`).to.equal(true);
      if (step.isLater === true && step.id !== "table") continue; // depends on the bridge
      expect(step.gas <= 4n * used, `${step.id}: ${step.gas} for ${used}`).to.equal(true);
    }
    const gasOfTable = ({ steps }: DeploymentPlan): bigint => steps.find(({ id }) => id === "table")!.gas;
    // Two operators are there, whoever else would be made.
    expect(gasOfTable(await planned({ operators: 1 }))).to.equal(gasOfTable(await planned({ operators: 2 })));
    expect(gasOfTable(await planned({ operators: 3 })) > gasOfTable(await planned())).to.equal(true);
  });

  it("says which step a contract refused, and why", async () => {
    const plan = await planned();
    const [first, ...steps] = plan.steps.map((step) =>
      step.id === "member-l1" && step.action.kind === "call"
        ? {
            ...step,
            action: {
              kind: "call" as const,
              call: { ...step.action.call, data: `${step.action.call.data.slice(0, -8)}00000000` },
            },
          }
        : step,
    );
    const error: unknown = await runPlan({ ...plan, steps: [first!, ...steps] }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "deploy/step-failed");
    expect((error as ParleyError).message)
      .to.contain("register l1")
      .and.to.contain("InvalidMember");
  });

  it("takes a transaction that had no effect for a failure", async () => {
    const plan = await planned();
    const steps = plan.steps.map((step) =>
      step.id === "height" ? { ...step, action: { kind: "development" as const, run: () => Promise.resolve() } } : step,
    );
    const error: unknown = await runPlan({ ...plan, steps }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "deploy/step-failed");
    expect((error as ParleyError).message).to.contain("no effect");
  });

  it("waits no longer than it may for a transaction to be in a block: deploy/not-mined", async () => {
    faulty.fault = () => Promise.resolve(`0x${"12".repeat(32)}`);
    const error: unknown = await runPlan(await planned(), { patience: 50 }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "deploy/not-mined");
  });

  it("leaves to an owner whose key it has not what is the owner's, and does the rest", async () => {
    const owner = "0x1111111111111111111111111111111111111111";
    const plan = await planDeployment(faulty.chains, { ...faulty.choices, owner });
    const { outcomes } = await runPlan(plan);
    const waiting = outcomes.filter(({ status }) => typeof status === "object" && status.waitsFor.includes(owner));
    expect(waiting.map(({ step }) => step.id)).to.include.members(["bridge", "gateway", "member-l1", "member-alpha"]);
    const { bills, steps } = await reviewPlan(plan);
    expect(steps.filter(({ state }) => state === "due")).to.deep.equal([]);
    expect(bills.map(({ account }) => account)).to.not.include(owner);
  });

  it("sends the deployment proxy's transaction as it is known", async () => {
    const plan = await planned();
    const proxies = plan.steps.filter(({ action }) => action.kind === "signed");
    expect(proxies.map(({ action }) => "transaction" in action && action.transaction)).to.deep.equal([
      DEPLOYMENT_PROXY_TRANSACTION,
      DEPLOYMENT_PROXY_TRANSACTION,
    ]);
  });
});
