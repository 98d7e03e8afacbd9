import { expect } from "chai";
import { id, MaxUint256, ZeroHash } from "ethers";

import {
  countOf,
  decodeSettlementItem,
  encodeGatewayItem,
  encodeInteroperableAddress,
  genesis,
  laneWord,
  memberId,
  next,
  type Hex,
} from "../../../src/wire/index.ts";
import type { Gateway } from "../../../types/ethers-contracts/index.js";
import { calls, eventsOf } from "../../fixtures/recipients.ts";
import { ETHER, MAX_SETTLE_AGE, MEMBER_NOTICE, someAddress } from "../settlement/fabric.ts";
import { createRunningFabric, publishTable, sendFrom, type RunningFabric } from "./running.ts";

describe("Bridges", () => {
  let fabric: RunningFabric;
  before(async () => {
    fabric = await createRunningFabric();
  });
  beforeEach(() => fabric.reset());

  describe("Derivation", () => {
    it("brings items by the derivation account alone: NotDerivation, at both ends", async () => {
      const { bridge, l1Bridge } = fabric.rollup;
      await expect(bridge.connect(fabric.rollup.user).derive(l1Bridge, 0, []))
        .to.be.revertedWithCustomError(bridge, "NotDerivation")
        .withArgs(fabric.rollup.user.address);
      for (const caller of [fabric.owner, fabric.stranger]) {
        await expect(l1Bridge.connect(caller).derive(bridge, 0, []))
          .to.be.revertedWithCustomError(l1Bridge, "NotDerivation")
          .withArgs(caller.address);
      }
    });

    it("takes items of the other end alone: NotCounterpart", async () => {
      for (const sender of [someAddress(1), await fabric.rollup.bridge.getAddress(), `0x${"00".repeat(20)}`]) {
        await expect(fabric.ends.rollup.derive(sender, 0, [])).to.be.revertedWithCustomError(
          fabric.rollup.bridge,
          "NotCounterpart",
        );
      }
      await expect(
        fabric.ends.l1.derive(await fabric.rollup.l1Bridge.getAddress(), 0, []),
      ).to.be.revertedWithCustomError(fabric.rollup.l1Bridge, "NotCounterpart");
    });

    it("takes them in order, each once: WrongIndex", async () => {
      const sender = await fabric.rollup.l1Bridge.getAddress();
      const { rollup } = fabric.ends;
      // One came already: the table.
      for (const index of [0, 2]) {
        await expect(rollup.derive(sender, index, []))
          .to.be.revertedWithCustomError(rollup, "WrongIndex")
          .withArgs(index, 1);
      }
      await rollup.derive(sender, 1, []);
      await expect(rollup.derive(sender, 1, []))
        .to.be.revertedWithCustomError(rollup, "WrongIndex")
        .withArgs(1, 2);
      await rollup.derive(sender, 2, []);
      expect(await rollup.received()).to.equal(3n);
    });

    it("counts what it sent, and refuses value", async () => {
      expect(await fabric.rollup.l1Bridge.sent()).to.equal(1n);
      const [table] = await fabric.manager.latestTable();
      await expect(fabric.manager.publish(table, fabric.rollup.id, "0x", { value: 1n }))
        .to.be.revertedWithCustomError(fabric.rollup.l1Bridge, "ValueRefused")
        .withArgs(1n);
      await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(1));
      await expect(fabric.rollup.bridge.settleCurrent(fabric.local.id, { value: 1n }))
        .to.be.revertedWithCustomError(fabric.rollup.bridge, "ValueRefused")
        .withArgs(1n);
      expect(await fabric.rollup.bridge.sent()).to.equal(0n);
      expect(await fabric.rollup.l1Bridge.quote([], "0x")).to.equal(0n);
    });

    it("incident: Wormhole 2022: a look-alike bridge, wired to the same Gateway and Settlement, carries nothing to either", async () => {
      const fake = await fabric.rollup.connection.ethers.deployContract("DevnetRollupBridge", [
        fabric.rollup.gateway,
        fabric.rollup.l1Bridge,
        fabric.rollup.user,
      ]);
      await expect(fake.connect(fabric.rollup.user).derive(await fabric.rollup.l1Bridge.getAddress(), 0, []))
        .to.be.revertedWithCustomError(fabric.rollup.gateway, "NotBridge")
        .withArgs(await fake.getAddress());
      const fakeAtL1 = await fabric.l1.ethers.deployContract("DevnetL1Bridge", [
        fabric.settlement,
        fabric.manager,
        await fabric.rollup.bridge.getAddress(),
        fabric.stranger,
      ]);
      await expect(fakeAtL1.connect(fabric.stranger).derive(await fabric.rollup.bridge.getAddress(), 0, []))
        .to.be.revertedWithCustomError(fabric.settlement, "NotBridge")
        .withArgs(await fakeAtL1.getAddress());
    });
  });

  describe("L1Bridge", () => {
    it("sends for Settlement and the ServiceManager alone: NotSettlement, at every bridge", async () => {
      for (const bridge of [fabric.rollup.l1Bridge, fabric.local.bridge]) {
        for (const caller of [fabric.owner, fabric.stranger, fabric.rollup.l1Derivation]) {
          await expect(bridge.connect(caller).send([], caller, "0x"))
            .to.be.revertedWithCustomError(bridge, "NotSettlement")
            .withArgs(caller.address);
        }
        expect(await bridge.SETTLEMENT()).to.equal(await fabric.settlement.getAddress());
        expect(await bridge.SERVICE_MANAGER()).to.equal(await fabric.manager.getAddress());
      }
    });
  });

  describe("RollupBridge", () => {
    const settleCurrent = (destination: Hex): Promise<unknown> =>
      fabric.rollup.bridge.connect(fabric.rollup.user).settleCurrent(destination);
    const settleAnchor = (destination: Hex, page: bigint | number): Promise<unknown> =>
      fabric.rollup.bridge.connect(fabric.rollup.user).settleAnchor(destination, page);
    /** What the bridge says, carried nowhere. */
    async function said(sent: Promise<unknown>): Promise<unknown> {
      const events = await eventsOf(sent as ReturnType<Gateway["deliver"]>, fabric.rollup.bridge, "ItemsSent");
      const items = [...(events[0]![1] as string[])];
      expect(events).to.have.lengthOf(1);
      expect(items).to.have.lengthOf(1);
      return decodeSettlementItem(items[0]!);
    }

    it("R4 reads the lane's word and the chain's clock, for anyone, as often as anyone wants", async () => {
      await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(1));
      const sent = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(2));
      for (let i = 0; i < 2; ++i) {
        expect(await said(settleCurrent(fabric.local.id))).to.deep.equal({
          kind: "word",
          destination: fabric.local.id,
          laneWord: sent.after,
          time: BigInt(await fabric.rollup.connection.networkHelpers.time.latest()),
          current: true,
        });
      }
    });

    /** Sends so many messages in one transaction each 100 of them. */
    async function fill(messages: number): Promise<void> {
      const caller = await fabric.rollup.connection.ethers.deployContract("Caller");
      const to = encodeInteroperableAddress({ chainId: fabric.l1.chainId, address: someAddress(1) });
      const data = fabric.rollup.gateway.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
      const target = await fabric.rollup.gateway.getAddress();
      for (let left = messages; left > 0; left -= 128) {
        const call = { target, data, required: true };
        await caller.receiveMessage(ZeroHash, "0x", calls(...Array<typeof call>(Math.min(left, 128)).fill(call)));
      }
    }
    /** Lists a member that is to take the place of L1's, accepted or not. Answers its id. */
    async function listSuccessor(): Promise<Hex> {
      const successor = { chainId: fabric.l1.chainId, gateway: someAddress(9) };
      await fabric.settlement.connect(fabric.owner).addMember(successor, someAddress(10), MAX_SETTLE_AGE);
      await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
      await publishTable(fabric);
      return memberId({ chainId: fabric.l1.chainId, settlement: await fabric.settlement.getAddress() }, successor);
    }

    it("R24 settles that a lane is empty: one that is open, or was never opened, to whomever", async () => {
      const successor = await listSuccessor();
      for (const destination of [fabric.local.id, successor, id("nobody"), fabric.rollup.id]) {
        expect(await said(settleCurrent(destination))).to.deep.equal({
          kind: "word",
          destination,
          laneWord: genesis(fabric.rollup.id, destination),
          time: BigInt(await fabric.rollup.connection.networkHelpers.time.latest()),
          current: true,
        });
      }
    });

    it("has nothing to settle of no member, of a page that is being filled, of one that never comes", async () => {
      await expect(settleCurrent(ZeroHash))
        .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
        .withArgs(ZeroHash);
      await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(1));
      for (const [destination, page] of [
        [fabric.local.id, 0],
        [fabric.local.id, 1],
        [fabric.local.id, MaxUint256],
        [id("nobody"), 0],
        [id("nobody"), MaxUint256],
        [ZeroHash, 0],
      ] as const) {
        await expect(settleAnchor(destination, page))
          .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
          .withArgs(destination);
      }
    });

    it("settles a page's anchor, with no claim to be current", async () => {
      await fill(258);
      const anchor = laneWord(await fabric.rollup.gateway.anchor(fabric.local.id, 0));
      expect(countOf(anchor)).to.equal(256n);
      expect(await said(settleAnchor(fabric.local.id, 0))).to.deep.equal({
        kind: "word",
        destination: fabric.local.id,
        laneWord: anchor,
        time: BigInt(await fabric.rollup.connection.networkHelpers.time.latest()),
        current: false,
      });
      const current = await said(settleCurrent(fabric.local.id));
      expect(current).to.include({ current: true, laneWord: await fabric.rollup.gateway.laneTo(fabric.l1.chainId) });
    });

    it("of a retired member: its last word, as the anchor that it is, and current for ever; its successor's lane is another", async () => {
      const sent = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(1));
      const idOfSuccessor = await listSuccessor();
      // Listed, but not accepted: the lane to the retired one goes on.
      expect(await said(settleCurrent(fabric.local.id))).to.include({ laneWord: sent.after, current: true });

      await fabric.rollup.gateway.acceptMember(idOfSuccessor);
      const onNewLane = await sendFrom(fabric.rollup.gateway, fabric.rollup.user, fabric.members.local, someAddress(1));
      await expect(settleCurrent(fabric.local.id))
        .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
        .withArgs(fabric.local.id);
      expect(await said(settleAnchor(fabric.local.id, 0))).to.include({
        destination: fabric.local.id,
        laneWord: sent.after,
        current: true,
      });
      expect(await said(settleCurrent(idOfSuccessor))).to.include({
        destination: idOfSuccessor,
        laneWord: onNewLane.after,
        current: true,
      });
    });

    for (const [messages, last] of [
      [255, 0],
      [256, 0],
      [257, 1],
      [512, 1],
    ] as const) {
      it(`R24 of a lane that was closed after ${messages} messages, the anchor of page ${last} alone is current`, async () => {
        await fill(messages);
        const open = laneWord(await fabric.rollup.gateway.laneTo(fabric.l1.chainId));
        const successor = await listSuccessor();
        if (messages >= 256) expect(await said(settleAnchor(fabric.local.id, 0))).to.include({ current: false });
        await fabric.rollup.gateway.acceptMember(successor);
        for (let page = 0; page < last; ++page) {
          expect(await said(settleAnchor(fabric.local.id, page))).to.include({ current: false });
        }
        expect(await said(settleAnchor(fabric.local.id, last))).to.include({ laneWord: open, current: true });
        // What is sent to the successor is on another lane.
        await fill(1);
        expect(await said(settleAnchor(fabric.local.id, last))).to.include({ laneWord: open, current: true });
        await expect(settleAnchor(fabric.local.id, last + 1)).to.be.revertedWithCustomError(
          fabric.rollup.bridge,
          "NothingToSettle",
        );
        await expect(settleCurrent(fabric.local.id)).to.be.revertedWithCustomError(
          fabric.rollup.bridge,
          "NothingToSettle",
        );
      });
    }

    it("R24 of a lane that was closed while it was empty: that it is", async () => {
      await fabric.rollup.gateway.acceptMember(await listSuccessor());
      expect(await said(settleCurrent(fabric.local.id))).to.include({
        laneWord: genesis(fabric.rollup.id, fabric.local.id),
        current: true,
      });
      await expect(settleAnchor(fabric.local.id, 0)).to.be.revertedWithCustomError(
        fabric.rollup.bridge,
        "NothingToSettle",
      );
    });
  });

  describe("LocalBridge", () => {
    it("refuses value both ways, and costs nothing", async () => {
      expect(await fabric.local.bridge.quote([], "0x")).to.equal(0n);
      const [table] = await fabric.manager.latestTable();
      await expect(fabric.manager.publish(table, fabric.local.id, "0x", { value: 1n }))
        .to.be.revertedWithCustomError(fabric.local.bridge, "ValueRefused")
        .withArgs(1n);
      await sendFrom(fabric.local.gateway, fabric.stranger, fabric.members.rollup, someAddress(1));
      await expect(fabric.local.bridge.settleCurrent(fabric.rollup.id, { value: 1n }))
        .to.be.revertedWithCustomError(fabric.local.bridge, "ValueRefused")
        .withArgs(1n);
    });

    it("brings nothing that the Gateway refuses to hold: an item for another member", async () => {
      const item = encodeGatewayItem(
        {
          kind: "settled",
          source: fabric.rollup.id,
          destination: fabric.rollup.id,
          laneWord: next(genesis(ZeroHash, ZeroHash), ZeroHash),
        },
        { chainId: fabric.l1.chainId, settlement: await fabric.settlement.getAddress() },
      );
      const settlement = await fabric.settlement.getAddress();
      await fabric.l1.networkHelpers.impersonateAccount(settlement);
      await fabric.l1.networkHelpers.setBalance(settlement, ETHER);
      await expect(
        fabric.local.bridge.connect(await fabric.l1.ethers.getSigner(settlement)).send([item], fabric.stranger, "0x"),
      )
        .to.emit(fabric.local.gateway, "ItemIgnored")
        .withArgs(0, 3);
    });
  });
});
