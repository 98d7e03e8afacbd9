import { expect } from "chai";
import { concat, keccak256, toBeHex, ZeroAddress } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import {
  encodeGatewayItem,
  encodeProof,
  encodeSettlementItem,
  genesis,
  laneWord,
  Level,
  next,
  type Hex,
} from "../../../../src/wire/index.ts";
import type { Sent } from "../../../fixtures/messages.ts";
import { aliasOf } from "../../../support/stacks/alias.ts";
import { conflictOf, latestTable } from "../../settlement/accused.ts";
import { carry, ETHER, type Connection } from "../../settlement/fabric.ts";
import { NAMED_GAS } from "../arbitrum/fabric.ts";
import { deliverTo, publishTable, sendFrom } from "../running.ts";
import { createL3Fabric, type L3Fabric } from "./fabric.ts";

/** Gas for what deposits: never estimated, for the portal burns gas in a loop. */
const DEPOSIT_GAS = 16_000_000n;

/** Pays for a push; what is too much comes back. */
const PAID = { value: ETHER, gasLimit: 3_000_000n };

/** Where an OP Stack messenger keeps the sender of the call that is being made. */
const SENDER_SLOT = toBeHex(204, 32);

const settledProof = encodeProof({ kind: "held", level: Level.settled });

async function as({ ethers, networkHelpers }: Connection, account: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(account);
  await networkHelpers.setBalance(account, ETHER);
  return ethers.getSigner(account);
}

describe("Hop: the bridge of an L3, an Arbitrum chain on an OP Stack chain", () => {
  let fabric: L3Fabric;
  before(async () => {
    fabric = await createL3Fabric();
  });
  beforeEach(() => fabric.reset());

  /** Sends the newest table to the OP Stack chain, where it waits. Answers it. */
  async function sendTable(): Promise<Hex> {
    const { manager, l3 } = fabric;
    const [table] = await manager.latestTable();
    await manager.publish(table, l3.id, "0x", { gasLimit: DEPOSIT_GAS });
    expect(await l3.pairs.optimism.down()).to.equal(1);
    return manager.tableItem(table);
  }

  /** Sends a word that the other rollup settled to the OP Stack chain, where it waits. Answers it, and the message that it proves. */
  async function sendWord(): Promise<{ item: Hex; sent: Sent }> {
    const { l3, rollup, settlement, stranger, ends } = fabric;
    const recipient = await (await l3.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(rollup.gateway, rollup.user, l3, recipient);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(l3.id), ends.l1);
    await settlement.connect(stranger).forward(rollup.id, l3.id, 1, "0x", { gasLimit: DEPOSIT_GAS });
    expect(await l3.pairs.optimism.down()).to.equal(1);
    const arrived = (await l3.hop.queryFilter(l3.hop.filters.ItemArrived())).at(-1);
    return { item: arrived!.args.item, sent };
  }

  const heldFrom = async (count: number): Promise<string> =>
    laneWord(await fabric.l3.gateway.held(fabric.rollup.id, Level.settled, count));

  const push = (items: readonly Hex[]): ReturnType<L3Fabric["l3"]["hop"]["push"]> =>
    fabric.l3.hop.connect(fabric.l3.pusher).push([...items], NAMED_GAS, PAID);

  const snapshotInForce = async (): Promise<bigint> => (await fabric.l3.gateway.tableInForce()).snapshot;

  /** Has the OP Stack chain's messenger call as if its message came from this account of L1. */
  async function asMessenger(sender: string): Promise<L3Fabric["l3"]["hop"]> {
    const { middle, hop, pairs } = fabric.l3;
    const { messenger } = pairs.optimism.addresses.child;
    await middle.ethers.provider.send("hardhat_setStorageAt", [messenger, SENDER_SLOT, toBeHex(sender, 32)]);
    return hop.connect(await as(middle, messenger));
  }

  async function expectNothingKept(): Promise<void> {
    const { l1, l3 } = fabric;
    const { provider } = l3.middle.ethers;
    expect(await provider.getBalance(l3.hop)).to.equal(0n);
    expect(await provider.getBalance(aliasOf(await l3.l1Bridge.getAddress()))).to.equal(0n);
    expect(await l1.ethers.provider.getBalance(l3.l1Bridge)).to.equal(0n);
    expect(await l3.connection.ethers.provider.getBalance(aliasOf(await l3.hop.getAddress()))).to.equal(0n);
  }

  it("R3, R19: a table goes down over both hops, pushed by anyone who pays; nothing stays on the way", async () => {
    const { l3, manager } = fabric;
    const item = await sendTable();
    const [table, taken] = await manager.latestTable();
    expect(await l3.hop.hasArrived(table), "a table's hash is its id").to.equal(true);
    const [arrived] = await l3.hop.queryFilter(l3.hop.filters.ItemArrived(table));
    expect(arrived!.args.item).to.equal(item);
    expect(await l3.pairs.arbitrum.down(), "nothing goes on by itself").to.equal(0);

    const before = await l3.middle.ethers.provider.getBalance(l3.pusher);
    await expect(push([item]))
      .to.emit(l3.hop, "ItemPushed")
      .withArgs(table);
    const spent = before - (await l3.middle.ethers.provider.getBalance(l3.pusher));
    expect(spent < ETHER / 10n, `the rest comes back: ${spent}`).to.equal(true);
    expect(await l3.pairs.arbitrum.down()).to.equal(1);
    expect(await snapshotInForce()).to.equal(taken);
    await expectNothingKept();
  });

  it("invariant 9: to and from an L3 with no operator alive: words settled over both hops, and back down over both", async () => {
    const { l3, rollup, settlement, stranger, ends } = fabric;
    await push([await sendTable()]);
    await l3.pairs.arbitrum.down();

    const recipient = await (await rollup.connection.ethers.deployContract("SilentRecipient")).getAddress();
    const sent = await sendFrom(l3.gateway, l3.user, fabric.rollup, recipient);
    await l3.bridge.connect(l3.user).settleCurrent(rollup.id);
    expect(await l3.pairs.arbitrum.up(), "onto the OP Stack chain, and on in the same call").to.equal(1);
    expect(await l3.pairs.optimism.up()).to.equal(1);
    expect(await settlement.settled(l3.id, rollup.id, 1)).to.equal(sent.after);
    await carry(rollup.l1Bridge, settlement.connect(stranger).forward(l3.id, rollup.id, 1, "0x"), ends.rollup);
    await expect(deliverTo(rollup.gateway, l3.ref, sent, settledProof)).to.emit(rollup.gateway, "MessageDelivered");

    const back = await sendWord();
    await push([back.item]);
    expect(await l3.pairs.arbitrum.down()).to.equal(1);
    expect(await heldFrom(1)).to.equal(back.sent.after);
    await expect(deliverTo(l3.gateway, fabric.members.rollup, back.sent, settledProof)).to.emit(
      l3.gateway,
      "MessageDelivered",
    );
    await expectNothingKept();
  });

  it("pushes again whatever came, in any order and grouping: R19, stale items change nothing", async () => {
    const { l3, manager } = fabric;
    const first = await sendTable();
    await publishTable(fabric);
    const second = await sendTable();
    const [, newest] = await manager.latestTable();
    await push([second]);
    await push([first]);
    await push([first, second, first]);
    expect(await l3.pairs.arbitrum.down()).to.equal(3);
    expect(l3.pairs.arbitrum.attempts.map((attempt) => attempt?.succeeded)).to.deep.equal([true, true, true]);
    expect(await snapshotInForce()).to.equal(newest);
    await expectNothingKept();
  });

  it("R22, invariant 7: pushes no table on that is revoked: RevokedTable, whatever came first; later ones, and all else, it does", async () => {
    const { l3, manager, slasher } = fabric;
    const early = await sendTable();
    await publishTable(fabric);
    const revoked = await latestTable(fabric);
    const item = await sendTable();
    await slasher.revokeTable(revoked.id, conflictOf(fabric, revoked, [0, 1, 2, 3]));
    expect(await l3.hop.revokedUntil()).to.equal(0n);
    await push([item]);
    expect(await l3.pairs.arbitrum.down()).to.equal(1);
    expect(await snapshotInForce(), "the hop has not heard of it").to.equal(revoked.table.snapshot);

    await manager.publishRevocation(l3.id, "0x", { gasLimit: DEPOSIT_GAS });
    expect(await l3.pairs.optimism.down()).to.equal(1);
    expect(await l3.hop.revokedUntil()).to.equal(revoked.table.snapshot);
    const revocation = encodeGatewayItem(
      { kind: "revoked", snapshot: revoked.table.snapshot },
      { chainId: 1n, settlement: ZeroAddress },
    );
    for (const items of [[item], [early], [revocation, item], [item, revocation]]) {
      await expect(push(items))
        .to.be.revertedWithCustomError(l3.hop, "RevokedTable")
        .withArgs(keccak256(items.find((each) => each !== revocation)!));
    }
    const word = await sendWord();
    await push([revocation, word.item]);
    expect(await l3.pairs.arbitrum.down()).to.equal(1);
    const [address, snapshot] = await l3.gateway.tableInForce();
    expect([address, snapshot]).to.deep.equal([ZeroAddress, revoked.table.snapshot]);
    expect(await heldFrom(1)).to.equal(word.sent.after);

    await publishTable(fabric);
    await push([await sendTable()]);
    await l3.pairs.arbitrum.down();
    expect(await snapshotInForce()).to.equal((await latestTable(fabric)).table.snapshot);
  });

  describe("R22: which items revoke what", () => {
    const at = { chainId: 1n, settlement: ZeroAddress };
    const revocationOf = (snapshot: bigint): Hex => encodeGatewayItem({ kind: "revoked", snapshot }, at);
    /** A TABLE's header up to its snapshot, and so much more. */
    const tableOf = (snapshot: bigint, more: number): Hex =>
      concat(["0x0101", toBeHex(snapshot, 8), `0x${"ff".repeat(more)}`]);
    const arrive = async (...items: Hex[]): Promise<void> => {
      await (await asMessenger(await fabric.l3.l1Bridge.getAddress())).fromOptimismParent(items);
    };
    const goesOn = async (item: Hex): Promise<boolean> => {
      const refused = await push([item]).then(
        () => false,
        () => true,
      );
      if (refused) {
        await expect(push([item]))
          .to.be.revertedWithCustomError(fabric.l3.hop, "RevokedTable")
          .withArgs(keccak256(item));
      }
      return !refused;
    };

    it("the latest of several, in whatever order they come", async () => {
      for (const [snapshot, until] of [
        [1_000n, 1_000n],
        [2_000n, 2_000n],
        [1_500n, 2_000n],
        [(1n << 40n) - 1n, (1n << 40n) - 1n],
      ] as const) {
        await arrive(revocationOf(snapshot));
        expect(await fabric.l3.hop.revokedUntil()).to.equal(until);
      }
    });

    it("tables up to its snapshot, those that come after it too; nothing of another kind or length", async () => {
      const [before, same, later] = [999n, 1_000n, 1_001n].map((snapshot) => tableOf(snapshot, 21)) as [Hex, Hex, Hex];
      const other = [
        `0x02${before.slice(4)}`,
        `0x00${before.slice(4)}`,
        // No header of a table: no Gateway reads its snapshot.
        tableOf(999n, 20),
        "0x01",
        "0x",
      ];
      await arrive(before, revocationOf(1_000n), same, later, ...other);
      // What is no revocation revokes nothing.
      await arrive(
        concat([revocationOf(9_000n), "0x00"]),
        revocationOf(9_000n).slice(0, -2),
        `0x02${revocationOf(9_000n).slice(4)}`,
        "0x03",
      );
      expect(await fabric.l3.hop.revokedUntil()).to.equal(1_000n);
      expect([await goesOn(before), await goesOn(same), await goesOn(later)]).to.deep.equal([false, false, true]);
      for (const item of other) expect(await goesOn(item), item).to.equal(true);
    });
  });

  it("makes whole what the L3's stack lost: a ticket that was not redeemed for a week", async () => {
    const { l3 } = fabric;
    await push([await sendTable()]);
    await l3.pairs.arbitrum.down();
    const { item, sent } = await sendWord();
    // No first attempt: a gas limit of zero.
    await l3.hop.connect(l3.pusher).push([item], `0x${"00".repeat(64)}`, PAID);
    expect(await l3.pairs.arbitrum.down()).to.equal(1);
    await l3.connection.networkHelpers.time.increase(8n * 86_400n);
    expect(await l3.pairs.arbitrum.tickets.waiting()).to.deep.equal([]);
    expect(await heldFrom(1)).to.equal(`0x${"00".repeat(32)}`);
    await push([item]);
    await l3.pairs.arbitrum.down();
    expect(await heldFrom(1)).to.equal(sent.after);
  });

  it("NotArrived: nothing goes on that did not come from L1, alone or among what did", async () => {
    const { l3, manager } = fabric;
    const item = await sendTable();
    const forged = `${item.slice(0, -2)}${item.endsWith("00") ? "01" : "00"}`;
    for (const items of [[forged], [item, forged], ["0x"]]) {
      const unknown = items.find((each) => each !== item)!;
      await expect(l3.hop.connect(l3.pusher).push(items, "0x", PAID))
        .to.be.revertedWithCustomError(l3.hop, "NotArrived")
        .withArgs(keccak256(unknown));
    }
    expect(await l3.hop.hasArrived(keccak256(forged))).to.equal(false);
    expect((await manager.latestTable())[0]).to.equal(keccak256(item));
  });

  it("is quoted, and refuses less: ValueBelowFee", async () => {
    const { l3 } = fabric;
    const item = await sendTable();
    const gasPrice = 10n ** 10n;
    const fee = await l3.hop.quote([item], "0x", { gasPrice });
    const hop = l3.hop.connect(l3.pusher);
    await expect(hop.push([item], "0x", { gasPrice, gasLimit: PAID.gasLimit, value: fee - 1n }))
      .to.be.revertedWithCustomError(l3.hop, "ValueBelowFee")
      .withArgs(fee - 1n, fee);
    await hop.push([item], "0x", { gasPrice, gasLimit: PAID.gasLimit, value: fee });
    await expectNothingKept();
  });

  describe("whom it believes", () => {
    let lie: Hex;
    before(() => {
      const laneWord = next(genesis(fabric.l3.id, fabric.rollup.id), fabric.rollup.id);
      lie = encodeSettlementItem({ kind: "word", destination: fabric.rollup.id, laneWord, time: 1n, current: true });
    });

    it("from L1: the OP Stack chain's messenger alone, with L1's end as sender: NotOptimismL2Messenger, NotOptimismParent", async () => {
      const { l3, stranger } = fabric;
      const l1End = await l3.l1Bridge.getAddress();
      const self = await l3.hop.getAddress();
      const { bridge, inbox } = l3.pairs.arbitrum.addresses.parent;
      const { messenger } = l3.pairs.optimism.addresses.parent;
      for (const account of [
        stranger.address,
        l1End,
        aliasOf(l1End),
        self,
        bridge,
        inbox,
        messenger,
        aliasOf(messenger),
      ]) {
        await expect(l3.hop.connect(await as(l3.middle, account)).fromOptimismParent([lie]))
          .to.be.revertedWithCustomError(l3.hop, "NotOptimismL2Messenger")
          .withArgs(account);
      }
      for (const sender of [stranger.address, self, aliasOf(l1End), await l3.bridge.getAddress(), messenger]) {
        await expect((await asMessenger(sender)).fromOptimismParent([lie]))
          .to.be.revertedWithCustomError(l3.hop, "NotOptimismParent")
          .withArgs(sender);
      }
      expect(await l3.hop.hasArrived(keccak256(lie))).to.equal(false);
      await (await asMessenger(l1End)).fromOptimismParent([lie]);
      expect(await l3.hop.hasArrived(keccak256(lie)), "so much for who is refused").to.equal(true);
    });

    it("from the L3: its Bridge alone, for the L3's end: NotArbitrumBridge, NotArbitrumChild; what came from L1 never goes up", async () => {
      const { l3, stranger } = fabric;
      const l1End = await l3.l1Bridge.getAddress();
      const l3End = await l3.bridge.getAddress();
      const { inbox, outbox } = l3.pairs.arbitrum.addresses.parent;
      const { messenger } = l3.pairs.optimism.addresses.child;
      for (const account of [stranger.address, l3End, aliasOf(l3End), l1End, inbox, outbox, messenger]) {
        await expect(l3.hop.connect(await as(l3.middle, account)).fromArbitrumChild([lie]))
          .to.be.revertedWithCustomError(l3.hop, "NotArbitrumBridge")
          .withArgs(account);
      }
      // Somebody on the L3 has the Bridge call the hop: the Outbox names that account.
      const arbSys = await l3.connection.ethers.getContractAt("IArbSys", l3.pairs.arbitrum.addresses.child.arbSys);
      const call = l3.hop.interface.encodeFunctionData("fromArbitrumChild", [[lie]]);
      await arbSys.connect(l3.user).sendTxToL1(l3.hop, call);
      expect(await l3.pairs.arbitrum.up()).to.equal(0);
      // And by the L3's end, through a contract that is not the hop.
      await (await asMessenger(l1End)).fromOptimismParent([lie]);
      expect(await l3.pairs.optimism.up(), "nothing went up").to.equal(0);
    });

    it("on the L3: the hop's alias alone: NotArbitrumParent, for the hop itself and L1's end", async () => {
      const { l3 } = fabric;
      const hop = await l3.hop.getAddress();
      for (const account of [
        hop,
        await l3.l1Bridge.getAddress(),
        aliasOf(await l3.l1Bridge.getAddress()),
        l3.user.address,
      ]) {
        await expect(l3.bridge.connect(await as(l3.connection, account)).fromArbitrumParent([lie]))
          .to.be.revertedWithCustomError(l3.bridge, "NotArbitrumParent")
          .withArgs(account);
      }
    });
  });

  it("is wired for good, each end to its neighbour, at an address known before any of them", async () => {
    const { l3 } = fabric;
    expect(await l3.hop.OPTIMISM_PARENT()).to.equal(await l3.l1Bridge.getAddress());
    expect(await l3.hop.ARBITRUM_CHILD()).to.equal(await l3.bridge.getAddress());
    expect(await l3.l1Bridge.OPTIMISM_CHILD()).to.equal(await l3.hop.getAddress());
    expect(await l3.bridge.ARBITRUM_PARENT()).to.equal(await l3.hop.getAddress());
  });
});
