import { expect } from "chai";
import { getCreateAddress, toBeHex, type TransactionReceipt } from "ethers";

import { laneWord, memberId, type Hex } from "../../../../src/wire/index.ts";
import type { Withdrawal } from "../../../support/stacks/optimism/withdrawals.ts";
import { calls } from "../../../fixtures/recipients.ts";
import { MAX_SETTLE_AGE, MIN_INTERVAL, someAddress } from "../../settlement/fabric.ts";
import { sendFrom } from "../running.ts";
import { DEPOSIT_GAS, freshOptimismFabric, publishDown, snapshotInForce, type OptimismFabric } from "./fabric.ts";

/** Asks for no gas for the call: the cheapest deposit that there is. */
const NO_GAS = toBeHex(0, 32);
const NOT_ENOUGH = "SafeCall: Not enough gas";
const AMPLE = 6_000_000n;

describe("OP Stack bridge: what fails is retried, what succeeded is not repeated", () => {
  let fabric: OptimismFabric;
  before(async () => {
    fabric = await freshOptimismFabric();
  });
  beforeEach(() => fabric.reset());

  /** Calls a messenger with the relay of a message, by anyone. */
  async function relay(chain: "parent" | "child", relayed: Hex, gasLimit = AMPLE): Promise<TransactionReceipt | null> {
    const { pair, user } = fabric.optimism;
    const sender = chain === "parent" ? fabric.stranger : user;
    const response = await sender.sendTransaction({ to: pair.addresses[chain].messenger, data: relayed, gasLimit });
    return response.wait();
  }

  /** Sends the newest table down so that it fails on arrival; answers how it is relayed. */
  async function failedTable(): Promise<Hex> {
    const { pair } = fabric.optimism;
    await publishDown(fabric, NO_GAS);
    await pair.down();
    const { deposit, succeeded } = pair.executed[0]!;
    expect(succeeded).to.equal(true);
    expect(await pair.fateOf("child", deposit.data)).to.equal("failed");
    return deposit.data;
  }

  /** Settles the lane to the other rollup as it is after one more message; proven on L1, and mature. */
  async function wordUp(): Promise<{ withdrawal: Withdrawal; word: Hex }> {
    const { optimism, rollup } = fabric;
    await fabric.optimism.pair.down();
    const { after } = await sendFrom(optimism.gateway, optimism.user, rollup, someAddress(1));
    await optimism.bridge.connect(optimism.user).settleCurrent(rollup.id);
    const [withdrawal] = await optimism.pair.prove();
    await optimism.pair.mature();
    return { withdrawal: withdrawal!, word: after };
  }

  const settledAt = async (count: number): Promise<Hex> =>
    laneWord(await fabric.settlement.settled(fabric.optimism.id, fabric.rollup.id, count));

  describe("down", () => {
    it("invariant 9: takes a table whole or not at all, whatever gas whoever relays it gives: what failed stays to be retried by anyone", async () => {
      const { optimism, manager } = fabric;
      const { pair } = optimism;
      const table = await failedTable();
      const [, taken] = await manager.latestTable();
      let attempts = 0;
      for (let gas = 150_000n; (await snapshotInForce(optimism)) === 0n; gas += 25_000n) {
        expect(await pair.fateOf("child", table)).to.equal("failed");
        await relay("child", table, gas);
        ++attempts;
      }
      expect(attempts).to.be.greaterThan(5);
      expect(await snapshotInForce(optimism)).to.equal(taken);
      expect(await pair.fateOf("child", table)).to.equal("delivered");
    });

    it("replays nothing: neither what arrived at once nor what was retried", async () => {
      const { pair } = fabric.optimism;
      const table = await failedTable();
      await relay("child", table);
      await expect(relay("child", table)).to.be.revertedWith("CrossDomainMessenger: message has already been relayed");
      await publishDown(fabric);
      await pair.down();
      const { data } = pair.executed[0]!.deposit;
      expect(await pair.fateOf("child", data)).to.equal("delivered");
      await expect(relay("child", data)).to.be.revertedWith("CrossDomainMessenger: message cannot be replayed");
    });

    it("R19: a table that is retried behind a newer one changes nothing, and is done with", async () => {
      const { optimism, manager, l1 } = fabric;
      const old = await failedTable();
      await l1.networkHelpers.time.increase(MIN_INTERVAL);
      await manager.snapshot();
      const [, newest] = await manager.latestTable();
      await publishDown(fabric);
      await optimism.pair.down();
      expect(await snapshotInForce(optimism)).to.equal(newest);
      const receipt = await relay("child", old);
      const ignored = receipt!.logs.map((log) => optimism.gateway.interface.parseLog(log));
      expect(ignored.find((event) => event?.name === "ItemIgnored")?.args.toArray()).to.deep.equal([0n, 2n]);
      expect(await snapshotInForce(optimism)).to.equal(newest);
      expect(await optimism.pair.fateOf("child", old)).to.equal("delivered");
    });

    it("within another message of the messenger it fails, and is retried outside", async () => {
      const { optimism, l1 } = fabric;
      const { pair, connection } = optimism;
      const table = await failedTable();
      const caller = await connection.ethers.deployContract("Caller");
      const messenger = pair.addresses.child.messenger;
      const message = caller.interface.encodeFunctionData("receiveMessage", [
        toBeHex(0, 32),
        "0x",
        calls({ target: messenger, data: table, required: true }),
      ]);
      const send = pair.parent.messenger.connect(fabric.stranger).getFunction("sendMessage");
      await send.send(await caller.getAddress(), message, 3_000_000, { gasLimit: 10_000_000n });
      await pair.down();
      expect(await pair.fateOf("child", pair.executed[0]!.deposit.data)).to.equal("delivered");
      expect(await pair.fateOf("child", table)).to.equal("failed");
      expect(await snapshotInForce(optimism)).to.equal(0n);
      await relay("child", table);
      expect(await snapshotInForce(optimism)).not.to.equal(0n);
      expect(await l1.ethers.provider.getBalance(optimism.l1Bridge)).to.equal(0n);
    });
  });

  describe("up", () => {
    beforeEach(() => publishDown(fabric));

    it("invariant 9: with too little gas the portal refuses to finalize; with the least that it takes, the word arrives", async () => {
      const { pair } = fabric.optimism;
      const { withdrawal, word } = await wordUp();
      let gas = 400_000n;
      for (; ; gas += 10_000n) {
        const isRefused = await pair.finalize(withdrawal, gas).then(
          () => false,
          (error: unknown) => error instanceof Error && error.message.includes(NOT_ENOUGH),
        );
        if (!isRefused) break;
        expect(await pair.fateOf("parent", withdrawal.call.data)).to.equal("unknown");
        expect(gas < AMPLE).to.equal(true);
      }
      expect(gas > 400_000n).to.equal(true);
      expect(await pair.fateOf("parent", withdrawal.call.data)).to.equal("delivered");
      expect(await settledAt(1)).to.equal(word);
    });

    it("finalizes nothing twice, however often it is proven, and relays nothing twice", async () => {
      const { pair } = fabric.optimism;
      const { withdrawal } = await wordUp();
      await pair.finalize(withdrawal);
      await expect(pair.finalize(withdrawal)).to.be.revertedWith(
        "OptimismPortal: withdrawal has already been finalized",
      );
      await expect(relay("parent", withdrawal.call.data)).to.be.revertedWith(
        "CrossDomainMessenger: message cannot be replayed",
      );
    });

    it("within another message of the messenger it fails for good in the portal, and is retried at the messenger by anyone", async () => {
      const { l1, optimism } = fabric;
      const { pair, user } = optimism;
      const caller = await l1.ethers.deployContract("Caller");
      // The attacker's own message fails first, since nothing of ours can be finalized yet; it is retried later.
      await fabric.optimism.pair.down();
      const { after } = await sendFrom(optimism.gateway, user, fabric.rollup, someAddress(1));
      await optimism.bridge.connect(user).settleCurrent(fabric.rollup.id);
      const [ours] = await pair.prove();
      const finalize = pair.parent.portal.interface.encodeFunctionData("finalizeWithdrawalTransactionExternalProof", [
        ours!.call,
        l1.signers[0]!.address,
      ]);
      const message = caller.interface.encodeFunctionData("receiveMessage", [
        toBeHex(0, 32),
        "0x",
        calls({ target: pair.addresses.parent.portal, data: finalize, required: true }),
      ]);
      const send = pair.child.messenger.connect(user).getFunction("sendMessage");
      await send.send(await caller.getAddress(), message, 1_000_000);
      const [theirs] = await pair.prove();
      await pair.mature();
      await pair.finalize(theirs!);
      expect(await pair.fateOf("parent", theirs!.call.data)).to.equal("failed");
      expect(await pair.fateOf("parent", ours!.call.data)).to.equal("unknown");

      await relay("parent", theirs!.call.data);
      expect(await pair.fateOf("parent", theirs!.call.data)).to.equal("delivered");
      expect(await pair.fateOf("parent", ours!.call.data)).to.equal("failed");
      expect(await settledAt(1)).to.equal(toBeHex(0, 32));
      await expect(pair.finalize(ours!)).to.be.revertedWith("OptimismPortal: withdrawal has already been finalized");
      await relay("parent", ours!.call.data);
      expect(await settledAt(1)).to.equal(after);
    });

    it("R4 of a pair that Settlement does not know, or the Gateway: NotBridge, and the messengers keep it until it is known", async () => {
      const { l1, optimism, settlement, manager, stranger, rollup, owner } = fabric;
      const { pair, connection, user, gateway } = optimism;
      await pair.down();
      const { after } = await sendFrom(gateway, user, rollup, someAddress(1));
      const from = await user.getNonce();
      const futureEnd = getCreateAddress({ from: user.address, nonce: from });
      const { messenger } = pair.addresses.parent;
      const l1End = await l1.ethers.deployContract("OptimismL1Bridge", [settlement, manager, futureEnd, messenger]);
      const end = await connection.ethers.deployContract("OptimismRollupBridge", [gateway, l1End], user);
      expect(await end.getAddress()).to.equal(futureEnd);
      await end.settleCurrent(rollup.id);
      const [withdrawal] = await pair.prove();
      await pair.mature();
      await pair.finalize(withdrawal!);
      expect(await pair.fateOf("parent", withdrawal!.call.data)).to.equal("failed");
      expect(await settledAt(1)).to.equal(toBeHex(0, 32));

      // Another member, whose bridge this is: its words are of its own lanes, and no other's (R4).
      const other = { chainId: 77n, gateway: someAddress(7) };
      await settlement.connect(owner).addMember(other, l1End, MAX_SETTLE_AGE);
      await relay("parent", withdrawal!.call.data);
      expect(await pair.fateOf("parent", withdrawal!.call.data)).to.equal("delivered");
      expect(await settledAt(1)).to.equal(toBeHex(0, 32));
      const id = memberId({ chainId: l1.chainId, settlement: await settlement.getAddress() }, other);
      expect(await settlement.settled(id, rollup.id, 1)).to.equal(after);

      await manager.connect(stranger).publish((await manager.latestTable())[0], id, "0x", { gasLimit: DEPOSIT_GAS });
      await pair.down();
      expect(await pair.fateOf("child", pair.executed[0]!.deposit.data)).to.equal("failed");
    });

    it("while the chain is paused nothing is finalized; afterwards it is", async () => {
      const { pair } = fabric.optimism;
      const { withdrawal, word } = await wordUp();
      const { superchainConfig } = pair.parent;
      await superchainConfig.getFunction("pause").send("");
      await expect(pair.finalize(withdrawal)).to.be.revertedWithCustomError(pair.parent.portal, "CallPaused");
      await superchainConfig.getFunction("unpause").send();
      await pair.finalize(withdrawal);
      expect(await settledAt(1)).to.equal(word);
    });

    it("R28: words that are finalized in another order than they were sent in fault nobody", async () => {
      const { optimism, settlement, rollup } = fabric;
      const { pair } = optimism;
      await pair.down();
      const words: Hex[] = [];
      for (let n = 0; n < 2; ++n) {
        words.push((await sendFrom(optimism.gateway, optimism.user, rollup, someAddress(1))).after);
        await optimism.bridge.connect(optimism.user).settleCurrent(rollup.id);
      }
      const [first, second] = (await pair.prove()) as [Withdrawal, Withdrawal];
      await pair.mature();
      await pair.finalize(second);
      await pair.finalize(first);
      expect([await settledAt(1), await settledAt(2)]).to.deep.equal(words);
      expect((await settlement.latest(optimism.id, rollup.id)).word).to.equal(words[1]);
      expect((await settlement.member(optimism.id)).isFaulted).to.equal(false);
    });
  });
});
