/** What every stack's bridge is for, the same for all: tables come down, settled words go up and over, and messages arrive by them. */
import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  encodeBatch,
  encodeInteroperableAddress,
  encodeProof,
  genesis,
  laneWord,
  Level,
  type Hex,
  type LaneWord,
} from "../../../src/wire/index.ts";
import { DELIVER_GAS, place, skip, type Sent } from "../../fixtures/messages.ts";
import { calls } from "../../fixtures/recipients.ts";
import { carry } from "../settlement/fabric.ts";
import { deliverTo, sendFrom, type RunningFabric } from "./running.ts";
import type { StackMember } from "./stackMember.ts";

/** A fabric with a member on the stack's chain, and the newest table in force everywhere. */
export interface Crossing {
  readonly fabric: RunningFabric;
  readonly member: StackMember;
  /** Whether each item that the last `down` carried was executed at the first attempt. */
  readonly attempts: () => readonly (boolean | undefined)[];
  /** Forwards a settled word to the stack's chain, for what that costs. */
  readonly forward: (source: Hex, count: bigint) => Promise<unknown>;
}

const settledProof = encodeProof({ kind: "held", level: Level.settled });

/** Tests of a stack's bridge from end to end. */
export function crossesEndToEnd(create: () => Promise<Crossing>): void {
  let crossing: Crossing;
  before(async () => {
    crossing = await create();
  });

  it("R3, R19: the table that ServiceManager takes is in force there at the first attempt, and no fee stays in the bridge", async () => {
    const { fabric, member, attempts } = crossing;
    const [table, taken] = await fabric.manager.latestTable();
    const [address, snapshot] = await member.gateway.tableInForce();
    expect(snapshot).to.equal(taken);
    const contract = await member.connection.ethers.getContractAt("EcdsaOperatorTable", address);
    expect((await contract.table()).id).to.equal(table);
    expect(attempts()).to.deep.equal([true]);
    expect(await fabric.l1.ethers.provider.getBalance(member.l1Bridge)).to.equal(0n);
    for (const [chainId, other] of [
      [fabric.l1.chainId, fabric.local.id],
      [fabric.rollup.chainId, fabric.rollup.id],
    ] as const) {
      expect(await member.gateway.laneTo(chainId)).to.equal(genesis(member.id, other));
    }
  });

  it("invariant 9: a message of another stack's rollup arrives through L1 alone, with no operator", async () => {
    const { fabric, member, forward } = crossing;
    const { rollup, ends } = fabric;
    const recipient = await (await member.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(rollup.gateway, rollup.user, member, recipient);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(member.id), ends.l1);
    await forward(rollup.id, 1n);
    expect(await member.pair.down()).to.equal(1);
    expect(laneWord(await member.gateway.held(rollup.id, Level.settled, 1))).to.equal(sent.after);
    await expect(deliverTo(member.gateway, fabric.members.rollup, sent, settledProof)).to.emit(
      member.gateway,
      "MessageDelivered",
    );
  });

  it("invariant 9: to rollups of other stacks and L1, behind 1,000 others: in a full page by its anchor, in a half-filled one by the current word", async () => {
    const { fabric, member } = crossing;
    const { settlement, rollup, local, stranger, ends } = fabric;
    const { gateway, bridge, pair } = member;
    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendMany(member, rollup.chainId, recipient, 1_030);

    // Page 1 is full: its anchor. Page 4 holds six messages: the current word.
    await bridge.connect(member.user).settleAnchor(rollup.id, 1);
    await bridge.connect(member.user).settleCurrent(rollup.id);
    expect(await pair.up()).to.equal(2);
    expect(await settlement.latest(member.id, rollup.id)).to.deep.include(sent.at(-1)!.after);
    for (const [count, nonce] of [
      [512, 300],
      [1_030, 1_025],
    ] as const) {
      expect(await settlement.settled(member.id, rollup.id, count)).to.equal(sent[count - 1]!.after);
      await carry(
        rollup.l1Bridge,
        settlement.connect(stranger).forward(member.id, rollup.id, count, "0x"),
        ends.rollup,
      );
      const items = [sent[nonce]!.item, ...sent.slice(nonce + 1, count).map(skip)];
      await expect(
        rollup.gateway.deliver(member.ref, encodeBatch(items), settledProof, sent[nonce]!.before, {
          gasLimit: DELIVER_GAS,
        }),
      )
        .to.emit(rollup.gateway, "MessageDelivered")
        .withArgs(sent[nonce]!.id, (await rollup.connection.ethers.getSigners())[0]!.address);
    }

    const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
    const toL1 = await sendFrom(gateway, member.user, fabric.members.local, here);
    await bridge.connect(member.user).settleCurrent(local.id);
    expect(await pair.up()).to.equal(1);
    await settlement.connect(stranger).forward(member.id, local.id, 1, "0x");
    await expect(deliverTo(local.gateway, member.ref, toL1, settledProof)).to.emit(local.gateway, "MessageDelivered");
  });
}

/** Sends so many messages to a chain, by a contract that sends many at once. */
async function sendMany(
  { connection, gateway, id, ref }: StackMember,
  chainId: bigint,
  recipient: string,
  count: number,
): Promise<Sent[]> {
  const caller = await connection.ethers.deployContract("Caller");
  const sender = await caller.getAddress();
  const to = encodeInteroperableAddress({ chainId, address: recipient });
  const data = gateway.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
  const sent: Sent[] = [];
  let word: LaneWord = laneWord(await gateway.laneTo(chainId));
  for (let n = 0; n < count; ++n) {
    sent.push(place(id, chainId, word, { sender, recipient }));
    word = sent[n]!.after;
  }
  for (let n = 0; n < count; n += 206) {
    const size = Math.min(206, count - n);
    const list = Array.from({ length: size }, () => ({ target: ref.gateway, data, required: true }));
    await caller.receiveMessage(ZeroHash, "0x", calls(...list));
  }
  expect(await gateway.laneTo(chainId)).to.equal(word);
  return sent;
}
