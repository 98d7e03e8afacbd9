import { expect } from "chai";
import { toBeHex } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { encodeSettlementItem, genesis, next, type Hex } from "../../../../src/wire/index.ts";
import { calls } from "../../../fixtures/recipients.ts";
import { aliasOf } from "../../../support/stacks/alias.ts";
import { ETHER, type Connection } from "../../settlement/fabric.ts";
import { freshOptimismFabric, DEPOSIT_GAS, publishDown, snapshotInForce, type OptimismFabric } from "./fabric.ts";

/** Where both messengers keep the sender of the call that is being made. */
const SENDER_SLOT = toBeHex(204, 32);

async function as({ ethers, networkHelpers }: Connection, account: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(account);
  await networkHelpers.setBalance(account, ETHER);
  return ethers.getSigner(account);
}

/** Says, as the messenger would, who sent what is about to be relayed. */
async function claimSender({ ethers }: Connection, messenger: string, sender: string): Promise<void> {
  await ethers.provider.send("hardhat_setStorageAt", [messenger, SENDER_SLOT, toBeHex(sender, 32)]);
}

describe("OP Stack bridge: whom its ends believe", () => {
  let fabric: OptimismFabric;
  /** A word of a message that was never sent, and the calls that would bring it up, and a table down. */
  let lie: Hex;
  let up: Hex;
  let down: Hex;
  /** `relayMessage` of a message that nobody sent. */
  let relay: (sender: string, target: string, message: Hex) => Hex;

  before(async () => {
    fabric = await freshOptimismFabric();
    const { optimism, rollup, manager } = fabric;
    const laneWord = next(genesis(optimism.id, rollup.id), rollup.id);
    lie = encodeSettlementItem({ kind: "word", destination: rollup.id, laneWord, time: 1n, current: true });
    up = optimism.l1Bridge.interface.encodeFunctionData("fromOptimismChild", [[lie]]);
    const [table] = await manager.latestTable();
    const item = await manager.tableItem(table);
    down = optimism.bridge.interface.encodeFunctionData("fromOptimismParent", [[item]]);
    const nonce = 1n << 240n; // version 1, number 0
    relay = (sender, target, message) =>
      optimism.pair.child.messenger.interface.encodeFunctionData("relayMessage", [
        nonce,
        ...[sender, target, 0, 100_000, message],
      ]);
  });
  beforeEach(() => fabric.reset());

  const nothingCame = async (): Promise<void> => {
    const { optimism, settlement, rollup } = fabric;
    expect(await snapshotInForce(optimism)).to.equal(0n);
    expect((await settlement.latest(optimism.id, rollup.id)).time).to.equal(0n);
  };

  it("L1's end sends for Settlement and the ServiceManager alone: NotSettlement; both are wired for good", async () => {
    const { optimism, owner, stranger, l1 } = fabric;
    for (const caller of [owner, stranger, await as(l1, optimism.pair.addresses.parent.messenger)]) {
      await expect(optimism.l1Bridge.connect(caller).send([], caller, "0x"))
        .to.be.revertedWithCustomError(optimism.l1Bridge, "NotSettlement")
        .withArgs(caller.address);
    }
    expect(await optimism.l1Bridge.OPTIMISM_MESSENGER()).to.equal(optimism.pair.addresses.parent.messenger);
    expect(await optimism.l1Bridge.OPTIMISM_CHILD()).to.equal(await optimism.bridge.getAddress());
    expect(await optimism.bridge.OPTIMISM_PARENT()).to.equal(await optimism.l1Bridge.getAddress());
  });

  it("the messengers alone: NotOptimismMessenger, NotOptimismL2Messenger, for everybody else, aliased or not", async () => {
    const { optimism, l1, settlement, stranger } = fabric;
    const { parent, child } = optimism.pair.addresses;
    const ends = [await optimism.l1Bridge.getAddress(), await optimism.bridge.getAddress()] as const;
    const others = [...ends, parent.portal, await settlement.getAddress(), stranger.address];
    for (const account of [...others, aliasOf(parent.messenger), child.messenger]) {
      const caller = await as(l1, account);
      await expect(optimism.l1Bridge.connect(caller).fromOptimismChild([lie]))
        .to.be.revertedWithCustomError(optimism.l1Bridge, "NotOptimismMessenger")
        .withArgs(account);
    }
    for (const account of [...others, aliasOf(ends[0]), parent.messenger, aliasOf(parent.messenger)]) {
      const caller = await as(optimism.connection, account);
      await expect(optimism.bridge.connect(caller).fromOptimismParent([lie]))
        .to.be.revertedWithCustomError(optimism.bridge, "NotOptimismL2Messenger")
        .withArgs(account);
    }
  });

  it("of what they bring, what the other end sent: NotOptimismChild, NotOptimismParent, and nothing outside of a call", async () => {
    const { optimism, l1, stranger } = fabric;
    const { parent, child } = optimism.pair.addresses;
    const ends = [await optimism.l1Bridge.getAddress(), await optimism.bridge.getAddress()] as const;
    const messengers = [await as(l1, parent.messenger), await as(optimism.connection, child.messenger)] as const;
    const refusal = "CrossDomainMessenger: xDomainMessageSender is not set";
    await expect(optimism.l1Bridge.connect(messengers[0]).fromOptimismChild([lie])).to.be.revertedWith(refusal);
    await expect(optimism.bridge.connect(messengers[1]).fromOptimismParent([lie])).to.be.revertedWith(refusal);
    for (const sender of [stranger.address, ends[0], aliasOf(ends[1]), child.messenger]) {
      await claimSender(l1, parent.messenger, sender);
      await expect(optimism.l1Bridge.connect(messengers[0]).fromOptimismChild([lie]))
        .to.be.revertedWithCustomError(optimism.l1Bridge, "NotOptimismChild")
        .withArgs(sender);
    }
    for (const sender of [stranger.address, ends[1], aliasOf(ends[0]), parent.messenger]) {
      await claimSender(optimism.connection, child.messenger, sender);
      await expect(optimism.bridge.connect(messengers[1]).fromOptimismParent([lie]))
        .to.be.revertedWithCustomError(optimism.bridge, "NotOptimismParent")
        .withArgs(sender);
    }
    // So much for who is refused: with the other end as sender both are taken.
    await claimSender(l1, parent.messenger, ends[1]);
    await optimism.l1Bridge.connect(messengers[0]).fromOptimismChild([]);
    await claimSender(optimism.connection, child.messenger, ends[0]);
    await optimism.bridge.connect(messengers[1]).fromOptimismParent([]);
  });

  it("incident: Wormhole 2022: down, no message of an account or a contract, no deposit of the call itself, nor of a relay that nobody sent", async () => {
    const { optimism, l1, stranger } = fabric;
    const { pair } = optimism;
    const [l1End, end] = [await optimism.l1Bridge.getAddress(), await optimism.bridge.getAddress()];
    const caller = await l1.ethers.deployContract("Caller");
    const through = (target: string, data: Hex): Promise<unknown> =>
      caller.receiveMessage(toBeHex(0, 32), "0x", calls({ target, data, required: true }), { gasLimit: DEPOSIT_GAS });
    const { messenger, portal } = pair.parent;
    const send = messenger.interface.encodeFunctionData("sendMessage", [end, down, 600_000]);
    const forged = relay(l1End, end, down);
    const deposits = [
      [end, down],
      [pair.addresses.child.messenger, forged],
    ].map(([to, data]) => portal.interface.encodeFunctionData("depositTransaction", [to, 0, 900_000, false, data]));
    const asStranger = async (to: string, data: Hex): Promise<unknown> =>
      stranger.sendTransaction({ to, data, gasLimit: DEPOSIT_GAS });
    for (const act of [asStranger, through]) {
      await act(pair.addresses.parent.messenger, send);
      for (const deposit of deposits) await act(pair.addresses.parent.portal, deposit);
    }
    expect(await pair.down()).to.equal(6);
    // What the messenger relays does not revert, it is kept as failed; what it was not given by the other one it refuses.
    expect(pair.executed.map(({ succeeded }) => succeeded)).to.deep.equal([true, false, false, true, false, false]);
    for (const place of [0, 3]) {
      expect(await pair.fateOf("child", pair.executed[place]!.deposit.data)).to.equal("failed");
    }
    expect(await pair.fateOf("child", forged)).to.equal("unknown");
    for (const account of [pair.addresses.parent.messenger, aliasOf(stranger.address)]) {
      const sender = await as(optimism.connection, account);
      await expect(sender.sendTransaction({ to: pair.addresses.child.messenger, data: forged })).to.be.revertedWith(
        "CrossDomainMessenger: message cannot be replayed",
      );
    }
    await nothingCame();
    // The alias of the real messenger is believed.
    await publishDown(fabric);
    await pair.down();
    expect(await pair.fateOf("child", pair.executed[0]!.deposit.data)).to.equal("delivered");
  });

  it("incident: Wormhole 2022: up, no message of an account or a contract, no withdrawal of the call itself, nor of a relay that nobody sent", async () => {
    const { optimism } = fabric;
    const { pair, user, connection } = optimism;
    const [l1End, end] = [await optimism.l1Bridge.getAddress(), await optimism.bridge.getAddress()];
    const caller = await connection.ethers.deployContract("Caller");
    const { messenger, messagePasser } = pair.child;
    const send = messenger.interface.encodeFunctionData("sendMessage", [l1End, up, 400_000]);
    const forged = relay(end, l1End, up);
    const withdrawals = [
      [l1End, up],
      [pair.addresses.parent.messenger, forged],
    ].map(([to, data]) => messagePasser.interface.encodeFunctionData("initiateWithdrawal", [to, 800_000, data]));
    const list = [
      { target: pair.addresses.child.messenger, data: send, required: true },
      ...withdrawals.map((data) => ({ target: pair.addresses.child.messagePasser, data, required: true })),
    ];
    await caller.receiveMessage(toBeHex(0, 32), "0x", calls(...list));
    for (const { target, data } of list) await user.sendTransaction({ to: target, data });

    const proven = await pair.prove();
    await pair.mature();
    for (const [place, succeeds] of [true, false, false, true, false, false].entries()) {
      const { hash } = proven[place]!;
      const receipt = await fabric.l1.ethers.provider.getTransactionReceipt(await pair.finalize(proven[place]!));
      const events = receipt!.logs.map((log) => pair.parent.portal.interface.parseLog(log));
      const finalized = events.find((event) => event?.name === "WithdrawalFinalized");
      expect(finalized?.args.toArray()).to.deep.equal([hash, succeeds]);
    }
    for (const place of [0, 3]) expect(await pair.fateOf("parent", proven[place]!.call.data)).to.equal("failed");
    expect(await pair.fateOf("parent", forged)).to.equal("unknown");
    await nothingCame();
  });
});
