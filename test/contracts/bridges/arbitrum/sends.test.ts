import { expect } from "chai";
import { ZeroHash } from "ethers";

import { encodeSettlementItem, genesis, laneWord, next, type Hex } from "../../../../src/wire/index.ts";
import { aliasOf } from "../../../support/stacks/alias.ts";
import { ArbitrumPair } from "../../../support/stacks/arbitrum.ts";
import { call, deployParent } from "../../../support/stacks/arbitrum/contracts.ts";
import { sendRoot } from "../../../support/stacks/arbitrum/sends.ts";
import { ETHER, MAX_SETTLE_AGE, someAddress } from "../../settlement/fabric.ts";
import { sendFrom } from "../running.ts";
import { type ArbitrumFabric, createArbitrumFabric, deployLookAlike, sendUp } from "./fabric.ts";

describe("Arbitrum bridge, up: what the Outbox executes", () => {
  let fabric: ArbitrumFabric;
  before(async () => {
    fabric = await createArbitrumFabric({ published: true });
  });
  beforeEach(() => fabric.reset());

  /** A message to the other rollup, and the lane's word behind it. */
  const send = async (): Promise<Hex> => {
    const { gateway, user } = fabric.arbitrum;
    return (await sendFrom(gateway, user, fabric.members.rollup, someAddress(1))).after;
  };
  const settleCurrent = (): Promise<unknown> =>
    fabric.arbitrum.bridge.connect(fabric.arbitrum.user).settleCurrent(fabric.rollup.id);
  const settled = async (count: number): Promise<Hex> =>
    laneWord(await fabric.settlement.settled(fabric.arbitrum.id, fabric.rollup.id, count));
  /** A word that no lane has, as L1's end is told it. */
  const lie = (): Hex =>
    fabric.arbitrum.l1Bridge.interface.encodeFunctionData("fromArbitrumChild", [
      [
        encodeSettlementItem({
          kind: "word",
          destination: fabric.rollup.id,
          laneWord: next(genesis(fabric.arbitrum.id, fabric.rollup.id), ZeroHash),
          time: 1n,
          current: true,
        }),
      ],
    ]);

  it("R4 settles the word of a lane of its own member", async () => {
    const word = await send();
    await settleCurrent();
    expect(await fabric.arbitrum.pair.up()).to.equal(1);
    expect(await settled(1)).to.equal(word);
  });

  describe("who is believed", () => {
    it("the Bridge alone calls: NotArbitrumBridge", async () => {
      const { l1, stranger, owner, arbitrum, settlement } = fabric;
      const { l1Bridge, bridge, pair } = arbitrum;
      for (const caller of [
        stranger.address,
        owner.address,
        pair.addresses.parent.inbox,
        pair.addresses.parent.outbox,
        pair.parent.prover.address,
        await bridge.getAddress(),
        aliasOf(await bridge.getAddress()),
        await settlement.getAddress(),
        await l1Bridge.getAddress(),
      ]) {
        await l1.networkHelpers.impersonateAccount(caller);
        await l1.networkHelpers.setBalance(caller, ETHER);
        const sender = await l1.ethers.getSigner(caller);
        await expect(sender.sendTransaction({ to: l1Bridge, data: lie() }))
          .to.be.revertedWithCustomError(l1Bridge, "NotArbitrumBridge")
          .withArgs(caller);
      }
    });

    it("incident: Wormhole 2022: the Bridge brings what anyone on the rollup sends: NotArbitrumChild, and nothing is spent", async () => {
      const { arbitrum, settlement } = fabric;
      const { l1Bridge, pair, user, connection, gateway } = arbitrum;
      const senders = [user.address, await gateway.getAddress(), await l1Bridge.getAddress()];
      senders.push(aliasOf(await l1Bridge.getAddress()), aliasOf(await arbitrum.bridge.getAddress()));
      for (const sender of senders) {
        await connection.networkHelpers.impersonateAccount(sender);
        await connection.networkHelpers.setBalance(sender, ETHER);
        await sendUp(fabric, await connection.ethers.getSigner(sender), await l1Bridge.getAddress(), lie());
        const [sent] = await pair.confirm();
        await expect(pair.execute(sent!)).to.be.revertedWithCustomError(l1Bridge, "NotArbitrumChild").withArgs(sender);
        expect(await pair.isSpent(sent!)).to.equal(false);
      }
      expect(await settlement.latest(arbitrum.id, fabric.rollup.id)).to.deep.equal([ZeroHash, 0n]);
    });

    it("another chain's Bridge, on which somebody has the other end's address, is not the Bridge", async () => {
      const { arbitrum, l1, rollup } = fabric;
      const elsewhere = await ArbitrumPair.place(l1, rollup.connection);
      const sender = await arbitrum.bridge.getAddress();
      await rollup.connection.networkHelpers.impersonateAccount(sender);
      await rollup.connection.networkHelpers.setBalance(sender, ETHER);
      const arbSys = await rollup.connection.ethers.getContractAt("ArbSysStandIn", elsewhere.addresses.child.arbSys);
      const signer = await rollup.connection.ethers.getSigner(sender);
      await arbSys.connect(signer).sendTxToL1(await arbitrum.l1Bridge.getAddress(), lie());
      const [sent] = await elsewhere.confirm();
      await expect(elsewhere.execute(sent!))
        .to.be.revertedWithCustomError(arbitrum.l1Bridge, "NotArbitrumBridge")
        .withArgs(elsewhere.addresses.parent.bridge);
    });

    it("a look-alike pair, wired to the same Gateway and Settlement, settles nothing: NotBridge", async () => {
      const { arbitrum, settlement } = fabric;
      await send();
      const fake = await deployLookAlike(fabric);
      await fake.bridge.settleCurrent(fabric.rollup.id);
      const [sent] = await arbitrum.pair.confirm();
      await expect(arbitrum.pair.execute(sent!))
        .to.be.revertedWithCustomError(settlement, "NotBridge")
        .withArgs(await fake.l1Bridge.getAddress());
    });

    it("an Outbox that the chain's owner puts in the place of another is believed, and the other no more", async () => {
      const { arbitrum } = fabric;
      const word = await send();
      await settleCurrent();
      const [sent] = await arbitrum.pair.confirm();
      const outbox = await arbitrum.pair.replaceOutbox();
      await expect(arbitrum.pair.execute(sent!)).to.be.revertedWithCustomError(
        arbitrum.pair.parent.bridge,
        "NotOutbox",
      );
      expect(await settled(1)).to.equal(ZeroHash);
      const proof = arbitrum.pair.proofOf(sent!);
      await call(outbox, fabric.stranger, "executeTransaction", proof, sent!.position, ...sent!.fields);
      expect(await settled(1)).to.equal(word);
    });
  });

  it("a Bridge that the chain's owner puts in the place of another is believed, and the other no more", async () => {
    const { arbitrum, l1 } = fabric;
    const { pair, connection, l1Bridge } = arbitrum;
    const word = await send();
    await settleCurrent();
    const [sent] = await pair.confirm();
    const { outbox, prover, bridge } = await deployParent(l1);
    const { hash } = (await connection.ethers.provider.getBlock("latest"))!;
    await call(outbox, prover, "updateSendRoot", sendRoot([sent!.hash]), hash);
    const execution = [[], sent!.position, ...sent!.fields] as const;
    await expect(call(outbox, fabric.stranger, "executeTransaction", ...execution))
      .to.be.revertedWithCustomError(l1Bridge, "NotArbitrumBridge")
      .withArgs(bridge.target);
    await upgradeInbox(await bridge.getAddress());
    await expect(pair.execute(sent!)).to.be.revertedWithCustomError(l1Bridge, "NotArbitrumBridge");
    await call(outbox, fabric.stranger, "executeTransaction", ...execution);
    expect(await settled(1)).to.equal(word);
  });

  /** Plays an upgrade of the Inbox that names another Bridge: in its storage, wherever that is. */
  async function upgradeInbox(bridge: string): Promise<void> {
    const { l1, arbitrum } = fabric;
    const { inbox, bridge: before } = arbitrum.pair.addresses.parent;
    for (let slot = 0; slot < 200; ++slot) {
      const word = await l1.networkHelpers.getStorageAt(inbox, slot);
      if (!word.includes(before.slice(2).toLowerCase())) continue;
      await l1.networkHelpers.setStorageAt(inbox, slot, word.replace(before.slice(2).toLowerCase(), bridge.slice(2)));
    }
    expect(await arbitrum.pair.parent.inbox.getFunction("bridge").staticCall()).to.equal(bridge);
  }

  describe("replayed, reordered, retried", () => {
    it("nothing is executed twice, nor with a proof of anything else", async () => {
      const { arbitrum } = fabric;
      const { outbox } = arbitrum.pair.parent;
      await send();
      await settleCurrent();
      await send();
      await settleCurrent();
      await settleCurrent();
      const [first, second] = await arbitrum.pair.confirm();
      const wrong = [arbitrum.pair.proofOf(first!), second!.position, ...first!.fields] as const;
      await expect(call(outbox, fabric.stranger, "executeTransaction", ...wrong)).to.be.revertedWithCustomError(
        outbox,
        "UnknownRoot",
      );
      await arbitrum.pair.execute(first!);
      await expect(arbitrum.pair.execute(first!)).to.be.revertedWithCustomError(outbox, "AlreadySpent");
    });

    it("words come in any order: each is settled, and the latest stays the latest", async () => {
      const { arbitrum, settlement, rollup } = fabric;
      const words = [];
      for (let n = 0; n < 3; ++n) {
        words.push(await send());
        await settleCurrent();
      }
      const sent = await arbitrum.pair.confirm();
      for (const n of [2, 0, 1]) {
        await arbitrum.pair.execute(sent[n]!);
        expect(await settled(n + 1)).to.equal(words[n]);
        expect((await settlement.latest(arbitrum.id, rollup.id)).word).to.equal(words[2]);
      }
      expect((await settlement.member(arbitrum.id)).isFaulted).to.equal(false);
    });

    it("invariant 9: with however little gas it is executed, it is spent only if its word is settled", async () => {
      const { arbitrum } = fabric;
      const word = await send();
      await settleCurrent();
      const [sent] = await arbitrum.pair.confirm();
      let executed = false;
      let attempts = 0;
      for (let gas = 60_000n; !executed; gas += 10_000n) {
        executed = await arbitrum.pair.execute(sent!, gas).then(
          () => true,
          () => false,
        );
        expect(await arbitrum.pair.isSpent(sent!)).to.equal(executed);
        expect(await settled(1)).to.equal(executed ? word : ZeroHash);
        ++attempts;
      }
      expect(attempts).to.be.greaterThan(5);
    });

    it("what Settlement refuses is executed later: a bridge that is deployed before its member is added", async () => {
      const { arbitrum, settlement, owner } = fabric;
      const word = await send();
      const early = await deployLookAlike(fabric);
      await early.bridge.settleCurrent(fabric.rollup.id);
      expect(await arbitrum.pair.up()).to.equal(0);
      const ref = { chainId: 7_777n, gateway: someAddress(7) };
      await settlement.connect(owner).addMember(ref, early.l1Bridge, MAX_SETTLE_AGE);
      expect(await arbitrum.pair.up()).to.equal(1);
      const id = await settlement.memberOf(early.l1Bridge);
      expect(await settlement.settled(id, fabric.rollup.id, 1)).to.equal(word);
    });
  });

  it("costs nothing, and refuses value: ValueRefused, and nothing is sent", async () => {
    const { arbitrum, rollup } = fabric;
    const { bridge, user, pair } = arbitrum;
    await send();
    await expect(bridge.connect(user).settleCurrent(rollup.id, { value: 1n }))
      .to.be.revertedWithCustomError(bridge, "ValueRefused")
      .withArgs(1n);
    await expect(bridge.connect(user).settleAnchor(rollup.id, 0, { value: 1n })).to.be.revertedWithCustomError(
      bridge,
      "NothingToSettle",
    );
    expect(await pair.confirm()).to.deep.equal([]);
  });

  it("takes no value from the rollup either, nor from anyone here", async () => {
    const { arbitrum, l1, stranger } = fabric;
    const { l1Bridge, pair, connection } = arbitrum;
    await l1.networkHelpers.setBalance(pair.addresses.parent.bridge, ETHER);
    const end = await arbitrum.bridge.getAddress();
    await connection.networkHelpers.impersonateAccount(end);
    await connection.networkHelpers.setBalance(end, ETHER);
    for (const [value, executed] of [
      [1n, false],
      [0n, true],
    ] as const) {
      await sendUp(fabric, await connection.ethers.getSigner(end), await l1Bridge.getAddress(), lie(), value);
      const [sent] = await pair.confirm();
      await pair.execute(sent!).catch(() => undefined);
      expect(await pair.isSpent(sent!)).to.equal(executed);
    }
    await expect(stranger.sendTransaction({ to: l1Bridge, value: 1n })).to.revert(l1.ethers);
    expect(await l1.ethers.provider.getBalance(l1Bridge)).to.equal(0n);
  });
});
