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
import { type ArbitrumFabric, createArbitrumFabric, PAID } from "./fabric.ts";

const settledProof = encodeProof({ kind: "held", level: Level.settled });

describe("Arbitrum bridge from end to end", () => {
  let fabric: ArbitrumFabric;
  before(async () => {
    fabric = await createArbitrumFabric({ published: true });
  });

  it("R3, R19: the table that ServiceManager takes is in force on the Arbitrum chain, by a ticket's first attempt", async () => {
    const { arbitrum, manager } = fabric;
    const [table, taken] = await manager.latestTable();
    const [address, snapshot] = await arbitrum.gateway.tableInForce();
    expect(snapshot).to.equal(taken);
    const contract = await arbitrum.connection.ethers.getContractAt("EcdsaOperatorTable", address);
    expect((await contract.table()).id).to.equal(table);
    expect(arbitrum.pair.attempts.map((attempt) => attempt?.succeeded)).to.deep.equal([true]);
    for (const [chainId, other] of [
      [fabric.l1.chainId, fabric.local.id],
      [fabric.rollup.chainId, fabric.rollup.id],
    ] as const) {
      expect(await arbitrum.gateway.laneTo(chainId)).to.equal(genesis(arbitrum.id, other));
    }
  });

  it("invariant 9: from a rollup of another stack through L1 alone, with no operator", async () => {
    const { arbitrum, rollup, settlement, ends } = fabric;
    const recipient = await (await arbitrum.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(rollup.gateway, rollup.user, arbitrum, recipient);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(arbitrum.id), ends.l1);
    await settlement.connect(fabric.stranger).forward(rollup.id, arbitrum.id, 1, "0x", PAID);
    expect(await arbitrum.pair.down()).to.equal(1);
    expect(laneWord(await arbitrum.gateway.held(rollup.id, Level.settled, 1))).to.equal(sent.after);
    await expect(deliverTo(arbitrum.gateway, fabric.members.rollup, sent, settledProof)).to.emit(
      arbitrum.gateway,
      "MessageDelivered",
    );
  });

  it("invariant 9: to rollups of other stacks and L1, behind 1,000 others: in a full page by its anchor, in a half-filled one by the current word", async () => {
    const { arbitrum, settlement, rollup, local, stranger, ends } = fabric;
    const { gateway, bridge, pair } = arbitrum;
    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendMany(fabric, recipient, 1_030);

    // Page 1 is full: its anchor. Page 4 holds six messages: the current word.
    await bridge.connect(arbitrum.user).settleAnchor(rollup.id, 1);
    await bridge.connect(arbitrum.user).settleCurrent(rollup.id);
    expect(await pair.up()).to.equal(2);
    expect(await settlement.latest(arbitrum.id, rollup.id)).to.deep.include(sent.at(-1)!.after);
    for (const [count, nonce] of [
      [512, 300],
      [1_030, 1_025],
    ] as const) {
      expect(await settlement.settled(arbitrum.id, rollup.id, count)).to.equal(sent[count - 1]!.after);
      await carry(
        rollup.l1Bridge,
        settlement.connect(stranger).forward(arbitrum.id, rollup.id, count, "0x"),
        ends.rollup,
      );
      const items = [sent[nonce]!.item, ...sent.slice(nonce + 1, count).map(skip)];
      await expect(
        rollup.gateway.deliver(arbitrum.ref, encodeBatch(items), settledProof, sent[nonce]!.before, {
          gasLimit: DELIVER_GAS,
        }),
      )
        .to.emit(rollup.gateway, "MessageDelivered")
        .withArgs(sent[nonce]!.id, (await rollup.connection.ethers.getSigners())[0]!.address);
    }

    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const toL1 = await sendFrom(gateway, arbitrum.user, fabric.members.local, here);
    await bridge.connect(arbitrum.user).settleCurrent(local.id);
    expect(await pair.up()).to.equal(1);
    await settlement.connect(stranger).forward(arbitrum.id, local.id, 1, "0x");
    await expect(deliverTo(local.gateway, arbitrum.ref, toL1, settledProof)).to.emit(local.gateway, "MessageDelivered");
  });
});

/** Sends so many messages from the Arbitrum chain to the other rollup, by a contract that sends many at once. */
async function sendMany({ arbitrum, rollup }: ArbitrumFabric, recipient: string, count: number): Promise<Sent[]> {
  const caller = await arbitrum.connection.ethers.deployContract("Caller");
  const sender = await caller.getAddress();
  const to = encodeInteroperableAddress({ chainId: rollup.chainId, address: recipient });
  const data = arbitrum.gateway.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
  const sent: Sent[] = [];
  let word: LaneWord = laneWord(await arbitrum.gateway.laneTo(rollup.chainId));
  for (let n = 0; n < count; ++n) {
    sent.push(place(arbitrum.id, rollup.chainId, word, { sender, recipient }));
    word = sent[n]!.after;
  }
  for (let n = 0; n < count; n += 206) {
    const size = Math.min(206, count - n);
    const list = Array.from({ length: size }, () => ({ target: arbitrum.ref.gateway, data, required: true }));
    await caller.receiveMessage(ZeroHash, "0x", calls(...list));
  }
  expect(await arbitrum.gateway.laneTo(rollup.chainId)).to.equal(word);
  return sent;
}
