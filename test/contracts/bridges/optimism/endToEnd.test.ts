import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  encodeBatch,
  encodeInteroperableAddress,
  encodeProof,
  genesis,
  laneWord,
  Level,
  type LaneWord,
} from "../../../../src/wire/index.ts";
import { DELIVER_GAS, place, skip, type Sent } from "../../../fixtures/messages.ts";
import { calls } from "../../../fixtures/recipients.ts";
import { carry } from "../../settlement/fabric.ts";
import { deliverTo, sendFrom } from "../running.ts";
import { freshOptimismFabric, DEPOSIT_GAS, publishEverywhere, type OptimismFabric } from "./fabric.ts";

const settledProof = encodeProof({ kind: "held", level: Level.settled });

describe("OP Stack bridge from end to end", () => {
  let fabric: OptimismFabric;
  before(async () => {
    fabric = await freshOptimismFabric();
    await publishEverywhere(fabric);
  });

  it("R3, R19: the table that ServiceManager takes is in force on the OP Stack chain, by a deposit", async () => {
    const { optimism, manager } = fabric;
    const [table, taken] = await manager.latestTable();
    const [address, snapshot] = await optimism.gateway.tableInForce();
    expect(snapshot).to.equal(taken);
    const contract = await optimism.connection.ethers.getContractAt("EcdsaOperatorTable", address);
    expect((await contract.table()).id).to.equal(table);
    expect(optimism.pair.executed.map(({ succeeded }) => succeeded)).to.deep.equal([true]);
    for (const [chainId, other] of [
      [fabric.l1.chainId, fabric.local.id],
      [fabric.rollup.chainId, fabric.rollup.id],
    ] as const) {
      expect(await optimism.gateway.laneTo(chainId)).to.equal(genesis(optimism.id, other));
    }
  });

  it("invariant 9: from a rollup of another stack through L1 alone, with no operator", async () => {
    const { optimism, rollup, settlement, ends } = fabric;
    const recipient = await (await optimism.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(rollup.gateway, rollup.user, optimism, recipient);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(optimism.id), ends.l1);
    await settlement.connect(fabric.stranger).forward(rollup.id, optimism.id, 1, "0x", { gasLimit: DEPOSIT_GAS });
    expect(await optimism.pair.down()).to.equal(1);
    expect(laneWord(await optimism.gateway.held(rollup.id, Level.settled, 1))).to.equal(sent.after);
    await expect(deliverTo(optimism.gateway, fabric.members.rollup, sent, settledProof)).to.emit(
      optimism.gateway,
      "MessageDelivered",
    );
  });

  it("invariant 9: to rollups of other stacks and L1, behind 1,000 others: in a full page by its anchor, in a half-filled one by the current word", async () => {
    const { optimism, settlement, rollup, local, stranger, ends } = fabric;
    const { gateway, bridge, pair } = optimism;
    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendMany(fabric, recipient, 1_030);

    // Page 1 is full: its anchor. Page 4 holds six messages: the current word.
    await bridge.connect(optimism.user).settleAnchor(rollup.id, 1);
    await bridge.connect(optimism.user).settleCurrent(rollup.id);
    expect(await pair.up()).to.equal(2);
    expect(await settlement.latest(optimism.id, rollup.id)).to.deep.include(sent.at(-1)!.after);
    for (const [count, nonce] of [
      [512, 300],
      [1_030, 1_025],
    ] as const) {
      expect(await settlement.settled(optimism.id, rollup.id, count)).to.equal(sent[count - 1]!.after);
      await carry(
        rollup.l1Bridge,
        settlement.connect(stranger).forward(optimism.id, rollup.id, count, "0x"),
        ends.rollup,
      );
      const items = [sent[nonce]!.item, ...sent.slice(nonce + 1, count).map(skip)];
      await expect(
        rollup.gateway.deliver(optimism.ref, encodeBatch(items), settledProof, sent[nonce]!.before, {
          gasLimit: DELIVER_GAS,
        }),
      )
        .to.emit(rollup.gateway, "MessageDelivered")
        .withArgs(sent[nonce]!.id, (await rollup.connection.ethers.getSigners())[0]!.address);
    }

    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const toL1 = await sendFrom(gateway, optimism.user, fabric.members.local, here);
    await bridge.connect(optimism.user).settleCurrent(local.id);
    expect(await pair.up()).to.equal(1);
    await settlement.connect(stranger).forward(optimism.id, local.id, 1, "0x");
    await expect(deliverTo(local.gateway, optimism.ref, toL1, settledProof)).to.emit(local.gateway, "MessageDelivered");
  });
});

/** Sends so many messages from the OP Stack chain to the other rollup, by a contract that sends many at once. */
async function sendMany({ optimism, rollup }: OptimismFabric, recipient: string, count: number): Promise<Sent[]> {
  const caller = await optimism.connection.ethers.deployContract("Caller");
  const sender = await caller.getAddress();
  const to = encodeInteroperableAddress({ chainId: rollup.chainId, address: recipient });
  const data = optimism.gateway.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
  const sent: Sent[] = [];
  let word: LaneWord = laneWord(await optimism.gateway.laneTo(rollup.chainId));
  for (let n = 0; n < count; ++n) {
    sent.push(place(optimism.id, rollup.chainId, word, { sender, recipient }));
    word = sent[n]!.after;
  }
  for (let n = 0; n < count; n += 206) {
    const size = Math.min(206, count - n);
    const list = Array.from({ length: size }, () => ({ target: optimism.ref.gateway, data, required: true }));
    await caller.receiveMessage(ZeroHash, "0x", calls(...list));
  }
  expect(await optimism.gateway.laneTo(rollup.chainId)).to.equal(word);
  return sent;
}
