import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { computeAddress, id, ZeroHash } from "ethers";

import {
  certificateDigest,
  checkpointLeaf,
  countOf,
  decodeSettlementItem,
  encodeAttributes,
  encodeBatch,
  encodeCertificate,
  encodeGatewayItem,
  encodeInteroperableAddress,
  encodeProof,
  encodeSettlementItem,
  genesis,
  laneWord,
  Level,
  memberId,
  next,
  type Checkpoint,
  type Hex,
  type LaneWord,
  type MemberRef,
} from "../../../src/wire/index.ts";
import type { Gateway } from "../../../types/ethers-contracts/index.js";
import { place, type Sent } from "../../fixtures/messages.ts";
import { calls, eventsOf } from "../../fixtures/recipients.ts";
import {
  addOperator,
  carry,
  createFabric,
  ETHER,
  MAX_SETTLE_AGE,
  MEMBER_NOTICE,
  signingKey,
  someAddress,
  type Fabric,
} from "../settlement/fabric.ts";

const DELIVER_GAS = 10_000_000n;

describe("Bridges", () => {
  let fabric: Fabric;
  before(async () => {
    fabric = await createFabric();
  });
  beforeEach(() => fabric.reset());

  const settlementRef = async (): Promise<{ chainId: bigint; settlement: string }> => ({
    chainId: fabric.l1.chainId,
    settlement: await fabric.settlement.getAddress(),
  });
  /** The n-th of the ends at the rollup and at L1, each as its derivation. */
  const ends = () =>
    ({
      rollup: fabric.rollup.bridge.connect(fabric.rollup.derivation),
      l1: fabric.rollup.l1Bridge.connect(fabric.rollup.l1Derivation),
    }) as const;

  /** Both members live, four operators, and one table taken and brought to both Gateways. */
  async function start(): Promise<Hex> {
    await fabric.addMembers();
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    return publishTable();
  }
  async function publishTable(): Promise<Hex> {
    await fabric.l1.networkHelpers.time.increase(3_600n);
    await fabric.manager.snapshot();
    const [table] = await fabric.manager.latestTable();
    // Both chains' clocks show the same time.
    const time = Math.max(
      await fabric.l1.networkHelpers.time.latest(),
      (await fabric.rollup.connection.networkHelpers.time.latest()) + 1,
    );
    await fabric.rollup.connection.networkHelpers.time.increaseTo(time);
    await fabric.manager.publish(table, fabric.local.id, "0x");
    await carry(fabric.rollup.l1Bridge, fabric.manager.publish(table, fabric.rollup.id, "0x"), ends().rollup);
    return table;
  }

  /** Sends a message from one member to the other. */
  async function send(from: Gateway, signer: HardhatEthersSigner, to: bigint, recipient: string): Promise<Sent> {
    const before = laneWord(await from.laneTo(to));
    const sent = place(await from.MEMBER_ID(), to, before, { sender: signer.address, recipient });
    await from
      .connect(signer)
      .sendMessage(encodeInteroperableAddress({ chainId: to, address: recipient }), "0x", encodeAttributes({}));
    expect(await from.laneTo(to)).to.equal(sent.after);
    return sent;
  }
  const deliver = (to: Gateway, source: MemberRef, sent: Sent, proof: Hex): ReturnType<Gateway["deliver"]> =>
    to.deliver(source, sent.before, encodeBatch([sent.item]), proof, { gasLimit: DELIVER_GAS });
  const settledProof = encodeProof({ kind: "held", level: Level.settled });

  /** The certificate of all four operators, in a proof. */
  async function certify(source: Hex, destination: Hex, word: LaneWord, reachedBy: bigint): Promise<Hex> {
    const checkpoint: Checkpoint = {
      source,
      destination,
      laneWord: word,
      reachedBy,
      level: Level.final,
      blockHash: ZeroHash,
    };
    const domain = { settlementChainId: fabric.l1.chainId, serviceManager: fabric.set.avs };
    const digest = certificateDigest(domain, checkpointLeaf(checkpoint));
    const keys = [0, 1, 2, 3]
      .map(signingKey)
      .sort((a, b) => (computeAddress(a).toLowerCase() < computeAddress(b).toLowerCase() ? -1 : 1));
    const certificate = encodeCertificate(
      keys.map((key, index) => ({ index, signature: key.sign(digest).serialized })),
    );
    return encodeProof({
      kind: "certificate",
      level: Level.final,
      reachedBy,
      blockHash: ZeroHash,
      siblings: [],
      certificate,
    });
  }

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
        await expect(ends().rollup.derive(sender, 0, [])).to.be.revertedWithCustomError(
          fabric.rollup.bridge,
          "NotCounterpart",
        );
      }
      await expect(ends().l1.derive(await fabric.rollup.l1Bridge.getAddress(), 0, [])).to.be.revertedWithCustomError(
        fabric.rollup.l1Bridge,
        "NotCounterpart",
      );
    });

    it("takes them in order, each once: WrongIndex", async () => {
      const sender = await fabric.rollup.l1Bridge.getAddress();
      const { rollup } = ends();
      await expect(rollup.derive(sender, 1, []))
        .to.be.revertedWithCustomError(rollup, "WrongIndex")
        .withArgs(1, 0);
      await rollup.derive(sender, 0, []);
      await expect(rollup.derive(sender, 0, []))
        .to.be.revertedWithCustomError(rollup, "WrongIndex")
        .withArgs(0, 1);
      await rollup.derive(sender, 1, []);
      expect(await rollup.received()).to.equal(2n);
    });

    it("counts what it sent, and refuses value", async () => {
      await start();
      expect(await fabric.rollup.l1Bridge.sent()).to.equal(1n);
      const [table] = await fabric.manager.latestTable();
      await expect(fabric.manager.publish(table, fabric.rollup.id, "0x", { value: 1n }))
        .to.be.revertedWithCustomError(fabric.rollup.l1Bridge, "ValueRefused")
        .withArgs(1n);
      await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(1));
      await expect(fabric.rollup.bridge.settleCurrent(fabric.local.id, { value: 1n }))
        .to.be.revertedWithCustomError(fabric.rollup.bridge, "ValueRefused")
        .withArgs(1n);
      expect(await fabric.rollup.bridge.sent()).to.equal(0n);
      expect(await fabric.rollup.l1Bridge.quote([], "0x")).to.equal(0n);
    });

    it("incident: Wormhole 2022: a look-alike bridge, wired to the same Gateway and Settlement, carries nothing to either", async () => {
      await start();
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
    const settleAnchor = (destination: Hex, page: number): Promise<unknown> =>
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
      await start();
      await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(1));
      const sent = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(2));
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

    it("has nothing to settle on an empty lane, of an unknown member, of itself, of a page that is being filled", async () => {
      await start();
      for (const destination of [fabric.local.id, id("nobody"), ZeroHash, fabric.rollup.id]) {
        await expect(settleCurrent(destination))
          .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
          .withArgs(destination);
      }
      await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(1));
      for (const [destination, page] of [
        [fabric.local.id, 0],
        [fabric.local.id, 1],
        [id("nobody"), 0],
        [ZeroHash, 0],
      ] as const) {
        await expect(settleAnchor(destination, page))
          .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
          .withArgs(destination);
      }
    });

    it("settles a page's anchor, with no claim to be current", async () => {
      await start();
      const caller = await fabric.rollup.connection.ethers.deployContract("Caller");
      const to = encodeInteroperableAddress({ chainId: fabric.l1.chainId, address: someAddress(1) });
      const data = fabric.rollup.gateway.interface.encodeFunctionData("sendMessage", [to, "0x", []]);
      const target = await fabric.rollup.gateway.getAddress();
      for (let i = 0; i < 2; ++i) {
        await caller.receiveMessage(
          ZeroHash,
          "0x",
          calls(...Array.from({ length: 129 }, () => ({ target, data, required: true }))),
        );
      }
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

    it("of a retired member: no current word, for its successor's lane is another; its last word as an anchor", async () => {
      await start();
      const sent = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(1));
      const successor = { chainId: fabric.l1.chainId, gateway: someAddress(9) };
      await fabric.settlement.connect(fabric.owner).addMember(successor, someAddress(10), MAX_SETTLE_AGE);
      await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
      await publishTable();
      const idOfSuccessor = memberId(await settlementRef(), successor);
      // Listed, but not accepted: the lane to the retired one goes on.
      expect(await said(settleCurrent(fabric.local.id))).to.include({ laneWord: sent.after, current: true });
      await expect(settleCurrent(idOfSuccessor)).to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle");

      await fabric.rollup.gateway.acceptMember(idOfSuccessor);
      const onNewLane = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, someAddress(1));
      await expect(settleCurrent(fabric.local.id))
        .to.be.revertedWithCustomError(fabric.rollup.bridge, "NothingToSettle")
        .withArgs(fabric.local.id);
      expect(await said(settleAnchor(fabric.local.id, 0))).to.include({
        destination: fabric.local.id,
        laneWord: sent.after,
        current: false,
      });
      expect(await said(settleCurrent(idOfSuccessor))).to.include({
        destination: idOfSuccessor,
        laneWord: onNewLane.after,
        current: true,
      });
    });
  });

  describe("from end to end", () => {
    it("R3, R19: the table that ServiceManager takes is in force at both members, by the local and the devnet bridge", async () => {
      const table = await start();
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
      await start();
      const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
      const there = await (await fabric.rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
      const out = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, here);
      const back = await send(fabric.local.gateway, fabric.stranger, fabric.rollup.chainId, there);
      const rollup = { chainId: fabric.rollup.chainId, gateway: await fabric.rollup.gateway.getAddress() };
      const local = { chainId: fabric.l1.chainId, gateway: await fabric.local.gateway.getAddress() };
      const time = BigInt(await fabric.l1.networkHelpers.time.latest());
      await expect(
        deliver(fabric.local.gateway, rollup, out, await certify(fabric.rollup.id, fabric.local.id, out.after, time)),
      )
        .to.emit(fabric.local.gateway, "MessageDelivered")
        .withArgs(out.id, fabric.l1.signers[0]!.address);
      await expect(
        deliver(fabric.rollup.gateway, local, back, await certify(fabric.local.id, fabric.rollup.id, back.after, time)),
      ).to.emit(fabric.rollup.gateway, "MessageDelivered");
    });

    it("invariant 9: a message each way through L1 alone, with no operator", async () => {
      await start();
      const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
      const there = await (await fabric.rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
      const rollup = { chainId: fabric.rollup.chainId, gateway: await fabric.rollup.gateway.getAddress() };
      const local = { chainId: fabric.l1.chainId, gateway: await fabric.local.gateway.getAddress() };

      const out = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, here);
      await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), ends().l1);
      expect(await fabric.settlement.settled(fabric.rollup.id, fabric.local.id, 1)).to.equal(out.after);
      await expect(fabric.settlement.connect(fabric.stranger).forward(fabric.rollup.id, fabric.local.id, 1, "0x"))
        .to.emit(fabric.local.gateway, "WordHeld")
        .withArgs(fabric.rollup.id, Level.settled, out.after);
      await expect(deliver(fabric.local.gateway, rollup, out, settledProof)).to.emit(
        fabric.local.gateway,
        "MessageDelivered",
      );

      const back = await send(fabric.local.gateway, fabric.stranger, fabric.rollup.chainId, there);
      await expect(fabric.local.bridge.connect(fabric.stranger).settleCurrent(fabric.rollup.id))
        .to.emit(fabric.settlement, "WordSettled")
        .withArgs(fabric.local.id, fabric.rollup.id, back.after, (time: bigint) => time > 0n, true);
      await carry(
        fabric.rollup.l1Bridge,
        fabric.settlement.forward(fabric.local.id, fabric.rollup.id, 1, "0x"),
        ends().rollup,
      );
      await expect(deliver(fabric.rollup.gateway, local, back, settledProof)).to.emit(
        fabric.rollup.gateway,
        "MessageDelivered",
      );
    });

    it("R28 a source that lies to L1: its fault reaches every Gateway with the next table and ends its certified path", async () => {
      await start();
      const lie = next(genesis(fabric.rollup.id, fabric.local.id), id("a message that was never sent"));
      const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
      const out = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, here);
      const rollup = { chainId: fabric.rollup.chainId, gateway: await fabric.rollup.gateway.getAddress() };
      const time = BigInt(await fabric.l1.networkHelpers.time.latest());
      const proof = await certify(fabric.rollup.id, fabric.local.id, out.after, time);
      await fabric.local.gateway.deliver.staticCall(rollup, out.before, encodeBatch([out.item]), proof, {
        gasLimit: DELIVER_GAS,
      });

      await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), ends().l1);
      const item = encodeSettlementItem({
        kind: "word",
        destination: fabric.local.id,
        laneWord: lie,
        time,
        current: false,
      });
      await expect(ends().l1.derive(await fabric.rollup.bridge.getAddress(), 1, [item])).to.emit(
        fabric.settlement,
        "SourceFaulted",
      );
      await publishTable();
      await expect(deliver(fabric.local.gateway, rollup, out, proof))
        .to.be.revertedWithCustomError(fabric.local.gateway, "SourceFaulted")
        .withArgs(fabric.rollup.id);
      // What it settled first is deliverable still.
      await fabric.settlement.forward(fabric.rollup.id, fabric.local.id, 1, "0x");
      await expect(deliver(fabric.local.gateway, rollup, out, settledProof)).to.emit(
        fabric.local.gateway,
        "MessageDelivered",
      );
    });

    it("R20 a source that settles nothing loses its certified path, and has it again once it settles", async () => {
      await start();
      const here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
      const out = await send(fabric.rollup.gateway, fabric.rollup.user, fabric.l1.chainId, here);
      const rollup = { chainId: fabric.rollup.chainId, gateway: await fabric.rollup.gateway.getAddress() };
      await fabric.l1.networkHelpers.time.increase(MAX_SETTLE_AGE);
      await publishTable();
      const attempt = async (): Promise<unknown> => {
        const time = BigInt(await fabric.l1.networkHelpers.time.latest());
        return deliver(
          fabric.local.gateway,
          rollup,
          out,
          await certify(fabric.rollup.id, fabric.local.id, out.after, time),
        );
      };
      await expect(attempt()).to.be.revertedWithCustomError(fabric.local.gateway, "NotCertifiable");
      await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), ends().l1);
      await publishTable();
      await expect(attempt()).to.emit(fabric.local.gateway, "MessageDelivered");
    });
  });

  describe("LocalBridge", () => {
    it("refuses value both ways, and costs nothing", async () => {
      await start();
      expect(await fabric.local.bridge.quote([], "0x")).to.equal(0n);
      const [table] = await fabric.manager.latestTable();
      await expect(fabric.manager.publish(table, fabric.local.id, "0x", { value: 1n }))
        .to.be.revertedWithCustomError(fabric.local.bridge, "ValueRefused")
        .withArgs(1n);
      await send(fabric.local.gateway, fabric.stranger, fabric.rollup.chainId, someAddress(1));
      await expect(fabric.local.bridge.settleCurrent(fabric.rollup.id, { value: 1n }))
        .to.be.revertedWithCustomError(fabric.local.bridge, "ValueRefused")
        .withArgs(1n);
    });

    it("brings nothing that the Gateway refuses to hold: an item for another member", async () => {
      await start();
      const item = encodeGatewayItem(
        {
          kind: "settled",
          source: fabric.rollup.id,
          destination: fabric.rollup.id,
          laneWord: next(genesis(ZeroHash, ZeroHash), ZeroHash),
        },
        await settlementRef(),
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
