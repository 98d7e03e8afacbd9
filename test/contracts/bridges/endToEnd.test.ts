import { expect } from "chai";
import { id } from "ethers";

import { encodeBatch, encodeProof, encodeSettlementItem, genesis, Level, next } from "../../../src/wire/index.ts";
import { DELIVER_GAS } from "../../fixtures/messages.ts";
import { carry, MAX_SETTLE_AGE } from "../settlement/fabric.ts";
import { certifyBy, createRunningFabric, deliverTo, publishTable, sendFrom, type RunningFabric } from "./running.ts";

const settledProof = encodeProof({ kind: "held", level: Level.settled });

describe("Bridges from end to end", () => {
  let fabric: RunningFabric;
  before(async () => {
    fabric = await createRunningFabric();
  });
  beforeEach(() => fabric.reset());

  it("R3, R19: the table that ServiceManager takes is in force at both members, by the local and the devnet bridge", async () => {
    const [table] = await fabric.manager.latestTable();
    for (const [gateway, other, chainId] of [
      [fabric.local.gateway, fabric.rollup.id, fabric.rollup.chainId],
      [fabric.rollup.gateway, fabric.local.id, fabric.l1.chainId],
    ] as const) {
      const [address, snapshot] = await gateway.tableInForce();
      const [, taken] = await fabric.manager.latestTable();
      expect(snapshot).to.equal(taken);
      const connection = gateway === fabric.local.gateway ? fabric.l1 : fabric.rollup.connection;
      const contract = await connection.ethers.getContractAt("EcdsaOperatorTable", address);
      expect((await contract.table()).id).to.equal(table);
      expect(await gateway.laneTo(chainId)).to.equal(genesis(await gateway.MEMBER_ID(), other));
    }
  });

  it("a message each way on the operators' word, with the real table", async () => {
    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const there = await (await fabric.rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const out = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, here);
    const back = await sendFrom(fabric.local.gateway, fabric.stranger, fabric.members.rollup, there);
    const time = BigInt(await fabric.l1.networkHelpers.time.latest());
    await expect(
      deliverTo(
        fabric.local.gateway,
        fabric.members.rollup,
        out,
        certifyBy(fabric, { source: fabric.rollup.id, destination: fabric.local.id }, out.after, time),
      ),
    )
      .to.emit(fabric.local.gateway, "MessageDelivered")
      .withArgs(out.id, fabric.l1.signers[0]!.address);
    await expect(
      deliverTo(
        fabric.rollup.gateway,
        fabric.members.local,
        back,
        certifyBy(fabric, { source: fabric.local.id, destination: fabric.rollup.id }, back.after, time),
      ),
    ).to.emit(fabric.rollup.gateway, "MessageDelivered");
  });

  it("invariant 9: a message each way through L1 alone, with no operator", async () => {
    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const there = await (await fabric.rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();

    const out = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, here);
    await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), fabric.ends.l1);
    expect(await fabric.settlement.settled(fabric.rollup.id, fabric.local.id, 1)).to.equal(out.after);
    await expect(fabric.settlement.connect(fabric.stranger).forward(fabric.rollup.id, fabric.local.id, 1, "0x"))
      .to.emit(fabric.local.gateway, "WordHeld")
      .withArgs(fabric.rollup.id, Level.settled, out.after);
    await expect(deliverTo(fabric.local.gateway, fabric.members.rollup, out, settledProof)).to.emit(
      fabric.local.gateway,
      "MessageDelivered",
    );

    const back = await sendFrom(fabric.local.gateway, fabric.stranger, fabric.members.rollup, there);
    await expect(fabric.local.bridge.connect(fabric.stranger).settleCurrent(fabric.rollup.id))
      .to.emit(fabric.settlement, "WordSettled")
      .withArgs(fabric.local.id, fabric.rollup.id, back.after, (time: bigint) => time > 0n, true);
    await carry(
      fabric.rollup.l1Bridge,
      fabric.settlement.forward(fabric.local.id, fabric.rollup.id, 1, "0x"),
      fabric.ends.rollup,
    );
    await expect(deliverTo(fabric.rollup.gateway, fabric.members.local, back, settledProof)).to.emit(
      fabric.rollup.gateway,
      "MessageDelivered",
    );
  });

  it("R28 a source that lies to L1: its fault reaches every Gateway with the next table and ends its certified path", async () => {
    const lie = next(genesis(fabric.rollup.id, fabric.local.id), id("a message that was never sent"));
    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const out = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, here);
    const time = BigInt(await fabric.l1.networkHelpers.time.latest());
    const proof = certifyBy(fabric, { source: fabric.rollup.id, destination: fabric.local.id }, out.after, time);
    await fabric.local.gateway.deliver.staticCall(fabric.members.rollup, encodeBatch([out.item]), proof, out.before, {
      gasLimit: DELIVER_GAS,
    });

    await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), fabric.ends.l1);
    const item = encodeSettlementItem({
      kind: "word",
      destination: fabric.local.id,
      laneWord: lie,
      time,
      current: false,
    });
    await expect(fabric.ends.l1.derive(await fabric.rollup.bridge.getAddress(), 1, [item])).to.emit(
      fabric.settlement,
      "SourceFaulted",
    );
    await publishTable(fabric);
    await expect(deliverTo(fabric.local.gateway, fabric.members.rollup, out, proof))
      .to.be.revertedWithCustomError(fabric.local.gateway, "SourceFaulted")
      .withArgs(fabric.rollup.id);
    // What it settled first is deliverable still.
    await fabric.settlement.forward(fabric.rollup.id, fabric.local.id, 1, "0x");
    await expect(deliverTo(fabric.local.gateway, fabric.members.rollup, out, settledProof)).to.emit(
      fabric.local.gateway,
      "MessageDelivered",
    );
  });

  it("R20 a source that settles nothing loses its certified path, and has it again once it settles", async () => {
    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const out = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, here);
    await fabric.l1.networkHelpers.time.increase(MAX_SETTLE_AGE);
    await publishTable(fabric);
    const attempt = async (): Promise<unknown> => {
      const time = BigInt(await fabric.l1.networkHelpers.time.latest());
      return deliverTo(
        fabric.local.gateway,
        fabric.members.rollup,
        out,
        certifyBy(fabric, { source: fabric.rollup.id, destination: fabric.local.id }, out.after, time),
      );
    };
    await expect(attempt()).to.be.revertedWithCustomError(fabric.local.gateway, "NotCertifiable");
    await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), fabric.ends.l1);
    await publishTable(fabric);
    await expect(attempt()).to.emit(fabric.local.gateway, "MessageDelivered");
  });
});
