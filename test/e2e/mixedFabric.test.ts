import { expect } from "chai";
import { AbiCoder, Contract, type ContractTransactionReceipt } from "ethers";

import { findDrift } from "../../deploy/drift.ts";
import { onlyMember } from "../../deploy/onlyMember.ts";
import { isDeployed, plannedDeployment } from "../../deploy/result.ts";
import { reviewPlan } from "../../deploy/review.ts";
import { runPlan, type RunOutcome } from "../../deploy/run.ts";
import { ParleyError } from "../../src/errors.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { downwardPrice } from "../../src/stacks/downwardPrice.ts";
import { confirmDelivered, deployPingPong, type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric, FabricMember } from "../../src/testing/fabric.ts";
import { IHop__factory } from "../../types/ethers-contracts/factories/interfaces/IHop__factory.ts";
import { createAgents, relayAll } from "../../src/testing/fabricAgents.ts";
import { type BatchItem, encodeBatch, encodeProof, foldBatch, genesis, Level } from "../../src/wire/index.ts";
import { MIXED, type MixedChains, mixedFabric, openMixedChains, planMixed } from "../support/stacks/mixedFabric.ts";
import { connectMixed } from "../support/stacks/connectMixed.ts";
import { bridgeOf, type StackBridge } from "../../src/stacks/index.ts";
import { settlesByItself } from "./mixedSettling.ts";

const SETTLE_CURRENT = ["function settleCurrent(bytes32 destination) payable"];

const statesOf = ({ outcomes }: RunOutcome): Map<string, string> =>
  new Map(
    outcomes.map(({ step, status }) => [
      `${step.chain.name} ${step.id}`,
      typeof status === "string" ? status : status.waitsFor,
    ]),
  );

async function confirm(contract: Contract, method: string, ...args: unknown[]): Promise<ContractTransactionReceipt> {
  const response = await contract.getFunction(method).send(...args);
  const receipt = await response.wait();
  expect(receipt?.status).to.equal(1);
  return receipt!;
}

describe("A fabric of every stack: L1, an OP Stack chain, an Arbitrum chain, a ZK Stack chain, and an L3", function () {
  this.timeout(120_000);

  let chains: MixedChains;
  let fabric: Fabric;
  let tables: PingPong[];

  before(async () => {
    chains = await openMixedChains();
  });

  after(() => chains.close());

  it("finds out each rollup's stack from its node, and that the contract on L1 is its own", () => {
    expect(chains.rollups.map(({ stack }) => stack!.name)).to.deep.equal([
      "optimism",
      "arbitrum",
      "zksync",
      "arbitrum",
    ]);
  });

  it("plans no L3 for whose stacks there is no hop: stack/no-hop", async () => {
    const error: unknown = await planMixed(chains, "zksync").catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "stack/no-hop");
    expect((error as ParleyError).message)
      .to.contain("l3 (arbitrum)")
      .and.to.contain("zksync");
  });

  it("names an L3's parent and hop in the addresses file, and adds both sides of the hop with rollup:add", async () => {
    const plan = await planMixed(chains);
    const { rollups } = plannedDeployment(plan, () => ({ network: "any", confirmations: 0, startBlock: 0 }));
    expect(rollups.map(({ name, parent, hop }) => [name, parent, hop])).to.deep.equal([
      ...MIXED.map((name) => [name, undefined, undefined]),
      ["l3", "optimism", plan.contracts.members.at(-1)!.bridge.hop!.address],
    ]);
    const stepsOf = (only: string): string[] =>
      onlyMember(plan, only).steps.flatMap(({ chain, id }) => (chain.name === "optimism" ? [id] : []));
    expect(stepsOf("l3")).to.deep.equal(["hop-l3", "push-l3"]);
    expect(stepsOf("arbitrum"), "the L3 learns of it by the next table").to.deep.equal(["push-l3"]);
  });

  it("is deployed by the plan: it pays each stack, and waits for what only the rollups' own bridges bring", async () => {
    const plan = await planMixed(chains);
    const { bills } = await reviewPlan(plan);
    const [onL1] = bills.filter(({ chain }) => chain.name === "l1");
    const first = await runPlan(plan);
    const states = statesOf(first);
    expect(isDeployed(first)).to.equal(true);
    expect(onL1!.cost > 10n ** 15n, "the fees of sending tables are in the bill").to.equal(true);
    for (const name of MIXED) {
      expect(states.get(`l1 publish-${name}`), name).to.equal("sent");
      expect(states.get(`${name} table-arrival`), name).to.contain("the table that L1 sent to arrive");
    }
    const again = statesOf(await runPlan(await planMixed(chains)));
    for (const name of MIXED) expect(again.get(`l1 publish-${name}`), `${name}: not sent twice`).to.equal("done");

    expect(states.get("optimism push-l3")).to.contain("to arrive on optimism");
    // The OP Stack chain brings its own table, and the L3's to the hop.
    for (const name of MIXED) expect(await chains.pairs[name].down(), name).to.equal(name === "optimism" ? 2 : 1);
    const pushed = statesOf(await runPlan(await planMixed(chains)));
    expect(pushed.get("optimism push-l3")).to.equal("sent");
    expect(statesOf(await runPlan(await planMixed(chains))).get("optimism push-l3"), "not twice").to.equal("done");
    expect(await chains.pairs.l3.down()).to.equal(1);
    const last = await runPlan(await planMixed(chains));
    expect(new Set(statesOf(last).values())).to.deep.equal(new Set(["done"]));
    expect(await findDrift(plan)).to.deep.equal([]);
    fabric = await mixedFabric(chains, plan, first);
    for (const { l1Bridge, name } of fabric.members) {
      expect(await readerOf(fabric.members[0].signer).getBalance(l1Bridge), `left at L1's end to ${name}`).to.equal(0n);
    }
  });

  it("passes messages from each member to each other by certificates", async () => {
    tables = await deployPingPong(fabric.members);
    const sent = [];
    for (const from of tables) for (const to of tables) if (from !== to) sent.push(await serve(from, to));
    expect(sent).to.have.lengthOf(20);
    const delivered = confirmDelivered(sent, await relayAll(fabric, createAgents(fabric).relayer));
    expect(delivered).to.have.lengthOf(20);
    for (const { contract } of tables) expect(await contract.getFunction("received").staticCall()).to.equal(4n);
  });

  /** Has the rollup's stack bring the one envelope that waits; to the L3 over the hop, where somebody pays. */
  async function bringDown({ name }: FabricMember): Promise<void> {
    if (name !== "l3") {
      expect(await chains.pairs[name as (typeof MIXED)[number]].down(), name).to.equal(1);
      return;
    }
    expect(await chains.pairs.optimism.down()).to.equal(1);
    const parent = fabric.members.find((member) => member.name === "optimism")!;
    const { contracts } = await planMixed(chains);
    const { address } = contracts.members.at(-1)!.bridge.hop!;
    const hop = IHop__factory.connect(address, parent.signer);
    const arrived = (await hop.queryFilter(hop.filters.ItemArrived())).at(-1)!.args.item;
    const value = await downwardPrice({ reader: readerOf(parent.signer), bridge: address }, [arrived]);
    await (await hop.push([arrived], "0x", { value })).wait();
    expect(await chains.pairs.l3.down()).to.equal(1);
    expect(await readerOf(parent.signer).getBalance(address)).to.equal(0n);
  }

  it("invariant 9: passes a message from each stack to the next with no operator alive, over both rollups' own bridges", async () => {
    const rollups = tables.filter(({ member }) => member.stack !== undefined);
    const plan = await planMixed(chains);
    const hopToL3 = plan.contracts.members.at(-1)!.bridge.hop!;
    const connected = await connectMixed(chains, plan, fabric);
    const bridgeTo = ({ name }: FabricMember): StackBridge =>
      bridgeOf(
        connected,
        connected.members.find((member) => member.name === name)!,
      );
    const lanes = rollups.map((from, index) => ({ from, to: rollups[(index + 1) % rollups.length]! }));
    for (const { from, to } of lanes) {
      await serve(from, to);
      const end = new Contract(from.member.contracts.bridge, SETTLE_CURRENT, from.member.signer);
      await confirm(end, "settleCurrent", to.member.id);
      const rising = await bridgeTo(from.member).upward();
      expect(
        rising.map(({ items, next }) => [items.length, next.kind]),
        from.member.name,
      ).to.deep.equal([[1, "waits"]]);
    }
    expect(await chains.pairs.l3.up(), "to the hop, and on").to.equal(1);
    for (const name of MIXED) expect(await chains.pairs[name].up(), name).to.equal(name === "optimism" ? 2 : 1);

    const [l1] = fabric.members;
    for (const { from, to } of lanes) {
      const ends = [from.member.id, to.member.id, 2] as const;
      const { items, word } = laneOf(from, to);
      expect(await fabric.settlement.getFunction("settled").staticCall(...ends)).to.equal(word);
      const { value, stackParams } = await bridgeTo(to.member).price([`0x${"00".repeat(97)}`]);
      await confirm(fabric.settlement, "forward", ...ends, stackParams, { value });
      const [sent, ...others] = await bridgeTo(to.member).downward();
      expect([others, sent!.items.length, sent!.next.kind], to.member.name).to.deep.equal([[], 1, "waits"]);
      if (to.member.name === "l3") expect(sent!.next).to.have.property("for").that.contains(hopToL3.address);
      expect(await readerOf(l1.signer).getBalance(to.member.l1Bridge)).to.equal(0n);
      await bringDown(to.member);
      expect(await bridgeTo(to.member).downward(), "arrived").to.deep.equal([]);

      const proof = encodeProof({ kind: "held", level: Level.settled });
      const { gateway, id } = to.member;
      await confirm(gateway, "deliver", from.member.ref, encodeBatch(items), proof, genesis(from.member.id, id));
      expect(await gateway.getFunction("isDelivered").staticCall(from.member.id, 1)).to.equal(true);
      expect(await to.contract.getFunction("received").staticCall()).to.equal(5n);
    }
  });

  it("asks for a price where the stack has one, and for none where it takes no value", async () => {
    const [l1, ...rollups] = fabric.members;
    const prices = rollups.map(({ l1Bridge }) =>
      downwardPrice({ reader: readerOf(l1.signer), bridge: l1Bridge }, [`0x${"00".repeat(97)}`]),
    );
    const [optimism, arbitrum, zksync, l3] = await Promise.all(prices);
    expect([optimism, l3], "to the hop as to its parent").to.deep.equal([0n, 0n]);
    expect(arbitrum! > 0n && zksync! > 0n).to.equal(true);
  });

  settlesByItself(async () => ({ chains, plan: await planMixed(chains), fabric, tables }));
});

/** Both messages of a lane, the first of which was delivered by a certificate, and the lane's word behind them. */
function laneOf(from: PingPong, to: PingPong): { items: BatchItem[]; word: string } {
  const message: BatchItem = {
    kind: "message",
    sender: from.address,
    recipient: to.address,
    options: 0n,
    payload: AbiCoder.defaultAbiCoder().encode(["uint256"], [0]),
  };
  const items = [message, message];
  const lane = { source: from.member.id, destinationChainId: to.member.chainId };
  return { items, word: foldBatch(lane, genesis(from.member.id, to.member.id), items).word };
}
