import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  encodeAttributes,
  encodeBatch,
  encodeInteroperableAddress,
  encodeProof,
  laneWord,
  Level,
} from "../../../../src/wire/index.ts";
import { DELIVER_GAS, place, skip, type Sent } from "../../../fixtures/messages.ts";
import { calls } from "../../../fixtures/recipients.ts";
import { carry } from "../../settlement/fabric.ts";
import { deliverTo, sendFrom } from "../running.ts";
import { createZksyncFabric, forwardTo, takeTable, publishTo, type ZksyncFabric } from "./zksyncFabric.ts";

const settledProof = encodeProof({ kind: "held", level: Level.settled });

describe("ZK Stack from end to end", () => {
  let fabric: ZksyncFabric;
  before(async () => {
    fabric = await createZksyncFabric();
  });
  beforeEach(() => fabric.reset());

  it("R3, R19: a table comes down, a real Gateway adopts it, and nothing of the fee stays in the bridge", async () => {
    const { zk, manager, l1, pair } = fabric;
    const table = await takeTable(fabric);
    await publishTo(fabric, table);
    expect(await pair.down()).to.equal(1);
    expect(pair.executions[0]).to.include({ succeeded: true });
    const [address, snapshot] = await zk.gateway.tableInForce();
    expect(snapshot).to.equal((await manager.latestTable())[1]);
    const contract = await zk.connection.ethers.getContractAt("EcdsaOperatorTable", address);
    expect((await contract.table()).id).to.equal(table);
    expect(await l1.ethers.provider.getBalance(zk.l1Bridge)).to.equal(0n);
    expect(await zk.gateway.laneTo(fabric.rollup.chainId)).to.not.equal(ZeroHash);
  });

  it("invariant 9: a settled word goes up, over to a rollup of another stack, and delivers there with no operator", async () => {
    const { zk, rollup, settlement, pair } = fabric;
    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, recipient);
    await zk.bridge.connect(zk.user).settleCurrent(rollup.id);
    expect(await pair.up()).to.equal(1);
    expect(await settlement.settled(zk.id, rollup.id, 1)).to.equal(sent.after);
    await carry(
      rollup.l1Bridge,
      settlement.forward(zk.id, rollup.id, 1, "0x"),
      rollup.bridge.connect(rollup.derivation),
    );
    await expect(deliverTo(rollup.gateway, zk.ref, sent, settledProof)).to.emit(rollup.gateway, "MessageDelivered");
  });

  it("invariant 9: with no operator, from before an anchor, and from a half-filled page after 1,000 others", async () => {
    const { zk, rollup, settlement, pair } = fabric;
    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const lane = await sendMany(1_001, recipient);
    await zk.bridge.settleAnchor(rollup.id, 0);
    await zk.bridge.settleCurrent(rollup.id);
    expect(await pair.up()).to.equal(2);
    for (const count of [256, 1_001]) {
      await carry(
        rollup.l1Bridge,
        settlement.forward(zk.id, rollup.id, count, "0x"),
        rollup.bridge.connect(rollup.derivation),
      );
    }
    const [first, last] = [lane[0]!, lane.at(-1)!];
    const batch = encodeBatch([first.item, ...lane.slice(1, 256).map(skip)]);
    await expect(rollup.gateway.deliver(zk.ref, batch, settledProof, first.before, { gasLimit: DELIVER_GAS }))
      .to.emit(rollup.gateway, "MessageDelivered")
      .withArgs(first.id, () => true);
    await expect(deliverTo(rollup.gateway, zk.ref, last, settledProof))
      .to.emit(rollup.gateway, "MessageDelivered")
      .withArgs(last.id, () => true);
  });

  it("invariant 9: a settled word of another stack's rollup comes down, and delivers with no operator", async () => {
    const { zk, rollup, pair } = fabric;
    const recipient = await (await zk.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(rollup.gateway, rollup.user, zk.ref, recipient);
    await carry(
      rollup.bridge,
      rollup.bridge.connect(rollup.user).settleCurrent(zk.id),
      rollup.l1Bridge.connect(rollup.l1Derivation),
    );
    await forwardTo(fabric, rollup.id, 1n);
    expect(await pair.down()).to.equal(1);
    const source = { chainId: rollup.chainId, gateway: await rollup.gateway.getAddress() };
    await expect(deliverTo(zk.gateway, source, sent, settledProof)).to.emit(zk.gateway, "MessageDelivered");
  });

  /** Sends that many messages to the devnet rollup, some hundreds a transaction. */
  async function sendMany(count: number, recipient: string): Promise<Sent[]> {
    const { zk, rollup } = fabric;
    const { chainId } = rollup;
    const caller = await zk.connection.ethers.deployContract("Caller");
    const sender = await caller.getAddress();
    const lane: Sent[] = [];
    let word = laneWord(await zk.gateway.laneTo(chainId));
    for (let i = 0; i < count; ++i) {
      const sent = place(zk.id, chainId, word, { sender, recipient });
      lane.push(sent);
      word = sent.after;
    }
    const to = encodeInteroperableAddress({ chainId, address: recipient });
    const data = zk.gateway.interface.encodeFunctionData("sendMessage", [to, "0x", encodeAttributes({})]);
    const call = { target: zk.ref.gateway, data, required: true };
    for (let left = count; left > 0; left -= 300) {
      await caller.receiveMessage(ZeroHash, "0x", calls(...Array<typeof call>(Math.min(left, 300)).fill(call)));
    }
    expect(await zk.gateway.laneTo(chainId)).to.equal(word);
    return lane;
  }
});
