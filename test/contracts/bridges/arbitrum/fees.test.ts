import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";

import type { Ticket } from "../../../support/stacks/arbitrum/tickets.ts";
import { aliasOf } from "../../../support/stacks/alias.ts";
import { ETHER } from "../../settlement/fabric.ts";
import {
  AMPLE,
  type ArbitrumFabric,
  createArbitrumFabric,
  NAMED_GAS,
  PAID,
  publishDown,
  SEND_GAS,
  snapshotInForce,
  stackParams,
} from "./fabric.ts";

const GWEI = 10n ** 9n;

describe("Arbitrum bridge: fees and refunds", () => {
  let fabric: ArbitrumFabric;
  before(async () => {
    fabric = await createArbitrumFabric();
  });
  beforeEach(() => fabric.reset());

  const sender = (): string => fabric.l1.signers[0]!.address;
  const onRollup = (account: string): Promise<bigint> => fabric.arbitrum.connection.ethers.provider.getBalance(account);
  /** Takes the only ticket that is queued, without the sequencer's attempt. */
  async function takeTicket(): Promise<Ticket> {
    const [ticket] = await fabric.arbitrum.pair.queued();
    return ticket!.ticket;
  }
  /** Nothing stays at either end, nor with the alias that calls the rollup's. */
  async function expectNothingStuck(): Promise<void> {
    const { bridge, l1Bridge } = fabric.arbitrum;
    expect(await fabric.l1.ethers.provider.getBalance(l1Bridge)).to.equal(0n);
    expect(await onRollup(await bridge.getAddress())).to.equal(0n);
    expect(await onRollup(aliasOf(await l1Bridge.getAddress()))).to.equal(0n);
  }

  it("costs what the Inbox takes at the gas price of the transaction, and the gas of the first attempt: no wei more, none less", async () => {
    const { arbitrum, manager } = fabric;
    const [table] = await manager.latestTable();
    for (const [gasPrice, params, gasCost] of [
      [8n * GWEI, stackParams(1_000_000n, 3n * GWEI), 3_000_000n * GWEI],
      [50n * GWEI, stackParams(0n, 0n), 0n],
    ] as const) {
      const item = await manager.tableItem(table);
      const length = (arbitrum.bridge.interface.encodeFunctionData("fromArbitrumParent", [[item]]).length - 2) / 2;
      const inbox = arbitrum.pair.parent.inbox;
      const submission = (await inbox
        .getFunction("calculateRetryableSubmissionFee")
        .staticCall(length, gasPrice)) as bigint;
      const fee = submission + gasCost;
      await expect(publishDown(fabric, params, { value: fee - 1n, gasPrice, gasLimit: SEND_GAS }))
        .to.be.revertedWithCustomError(arbitrum.l1Bridge, "ValueBelowFee")
        .withArgs(fee - 1n, fee);
      await publishDown(fabric, params, { value: fee, gasPrice, gasLimit: SEND_GAS });
      // A node answers at a gas price of zero, unless the call names one.
      expect(await arbitrum.l1Bridge.quote([item], params, { gasPrice })).to.equal(fee);
      expect(await arbitrum.l1Bridge.quote([item], params)).to.equal(gasCost);
      expect(await takeTicket()).to.include({ deposit: fee, maxSubmissionCost: submission });
      await arbitrum.pair.down();
      await expectNothingStuck();
    }
  });

  it("names the default price of gas unless stack parameters name another", async () => {
    const { l1Bridge } = fabric.arbitrum;
    await publishDown(fabric, "0x");
    expect(await takeTicket()).to.include({ maxFeePerGas: await l1Bridge.ARBITRUM_MAX_FEE_PER_GAS() });
  });

  it("what is sent above comes back at once, and what submission and attempt do not use, to the same account on the rollup", async () => {
    const { l1Bridge, pair } = fabric.arbitrum;
    const before = await fabric.l1.ethers.provider.getBalance(sender());
    const beforeOnRollup = await onRollup(sender());
    const receipt = (await (await publishDown(fabric)).wait())!;
    const ticket = await takeTicket();
    expect(ticket).to.include({
      feeRefund: sender(),
      beneficiary: aliasOf(await l1Bridge.getAddress()),
    });
    expect(await fabric.l1.ethers.provider.getBalance(sender())).to.equal(
      before - receipt.gasUsed * receipt.gasPrice - ticket.deposit,
    );
    await pair.down();
    const [attempt] = pair.attempts;
    expect(attempt?.succeeded).to.equal(true);
    expect(await onRollup(sender())).to.equal(
      beforeOnRollup + ticket.deposit - attempt!.gasUsed * pair.tickets.baseFee,
    );
    await expectNothingStuck();
  });

  it("to a contract that takes it: here at once, and the rest to its alias on the rollup", async () => {
    const { arbitrum, l1, manager } = fabric;
    const publisher = await l1.ethers.deployContract("Publisher", [manager, 0]);
    const address = await publisher.getAddress();
    const [table] = await manager.latestTable();
    await publisher.publish(table, arbitrum.id, NAMED_GAS, PAID);
    const ticket = await takeTicket();
    expect(ticket.feeRefund).to.equal(aliasOf(address));
    expect(await l1.ethers.provider.getBalance(address)).to.equal(AMPLE - ticket.deposit);
    await arbitrum.pair.down();
    expect(await onRollup(address)).to.equal(0n);
    expect(await onRollup(aliasOf(address))).to.equal(
      ticket.deposit - arbitrum.pair.attempts[0]!.gasUsed * arbitrum.pair.tickets.baseFee,
    );
    await expectNothingStuck();
  });

  it("to a contract that refuses it: all of it to its alias on the rollup; the table goes down all the same", async () => {
    const { arbitrum, l1, manager } = fabric;
    const publisher = await l1.ethers.deployContract("Publisher", [manager, 1]);
    const address = await publisher.getAddress();
    const [table, taken] = await manager.latestTable();
    await publisher.publish(table, arbitrum.id, NAMED_GAS, PAID);
    expect(await takeTicket()).to.include({ deposit: AMPLE, feeRefund: aliasOf(address) });
    await arbitrum.pair.down();
    expect(await snapshotInForce(arbitrum)).to.equal(taken);
    expect(await onRollup(aliasOf(address))).to.equal(
      AMPLE - arbitrum.pair.attempts[0]!.gasUsed * arbitrum.pair.tickets.baseFee,
    );
    await expectNothingStuck();
  });

  it("to a contract that publishes again while it comes back: two tickets, each paid for, and nothing lost", async () => {
    const { arbitrum, l1, manager } = fabric;
    const publisher = await l1.ethers.deployContract("Publisher", [manager, 2]);
    const [table] = await manager.latestTable();
    await publisher.publish(table, arbitrum.id, NAMED_GAS, PAID);
    const [first, second] = (await arbitrum.pair.queued()).map(({ ticket }) => ticket);
    expect(second!.deposit).to.equal(first!.deposit);
    expect(await l1.ethers.provider.getBalance(publisher)).to.equal(AMPLE - 2n * first!.deposit);
    expect(await arbitrum.pair.down()).to.equal(2);
    await expectNothingStuck();
  });

  it("stack parameters are none, or two numbers below 2^64: MalformedStackParams says so", async () => {
    const { l1Bridge } = fabric.arbitrum;
    const expected = "abi.encode(uint256 gasLimit, uint256 maxFeePerGas), each below 2^64";
    const below = (1n << 64n) - 1n;
    const word = toBeHex(1n, 32).slice(2);
    for (const malformed of [
      "0x00",
      `0x${word}`,
      `0x${word}${word.slice(2)}`,
      `0x${word}${word}00`,
      `0x${word}${word}${word}`,
      stackParams(below + 1n, 0n),
      stackParams(0n, below + 1n),
    ]) {
      await expect(l1Bridge.quote([], malformed))
        .to.be.revertedWithCustomError(l1Bridge, "MalformedStackParams")
        .withArgs(malformed, expected);
      await expect(publishDown(fabric, malformed)).to.be.revertedWithCustomError(l1Bridge, "MalformedStackParams");
    }
    const submission = await l1Bridge.quote([], stackParams(0n, below));
    expect(await l1Bridge.quote([], stackParams(below, below))).to.equal(submission + below * below);
  });

  it("at a gas limit or a price of 1 the Inbox tells what it was asked for, as Nitro's tools to estimate gas expect", async () => {
    const { inbox } = fabric.arbitrum.pair.parent;
    for (const params of [stackParams(1n, GWEI), stackParams(100_000n, 1n)]) {
      await expect(publishDown(fabric, params)).to.be.revertedWithCustomError(inbox, "RetryableData");
    }
  });

  it("sends for Settlement and the ServiceManager alone: NotSettlement", async () => {
    const { l1Bridge } = fabric.arbitrum;
    for (const caller of [fabric.owner, fabric.stranger]) {
      await expect(l1Bridge.connect(caller).send([], caller, "0x", { value: ETHER }))
        .to.be.revertedWithCustomError(l1Bridge, "NotSettlement")
        .withArgs(caller.address);
    }
  });

  it("is wired for good: to the Inbox, and each end to the other", async () => {
    const { bridge, l1Bridge, pair, ref } = fabric.arbitrum;
    expect(await l1Bridge.ARBITRUM_INBOX()).to.equal(pair.addresses.parent.inbox);
    expect(await l1Bridge.ARBITRUM_CHILD()).to.equal(await bridge.getAddress());
    expect(await l1Bridge.SETTLEMENT()).to.equal(await fabric.settlement.getAddress());
    expect(await l1Bridge.SERVICE_MANAGER()).to.equal(await fabric.manager.getAddress());
    expect(await bridge.ARBITRUM_PARENT()).to.equal(await l1Bridge.getAddress());
    expect(await bridge.GATEWAY()).to.equal(getAddress(ref.gateway));
  });
});
