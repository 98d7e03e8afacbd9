import { expect } from "chai";
import { getAddress, id } from "ethers";

import { encodeGatewayItem, genesis, Level, next } from "../../../../src/wire/index.ts";
import { aliasOf } from "../../../support/stacks/alias.ts";
import { TICKET_LIFETIME } from "../../../support/stacks/arbitrum/tickets.ts";
import { call } from "../../../support/stacks/arbitrum/contracts.ts";
import { ETHER, MIN_INTERVAL } from "../../settlement/fabric.ts";
import {
  type ArbitrumFabric,
  createArbitrumFabric,
  deployLookAlike,
  PAID,
  publishDown,
  sendAsSettlement,
  settlementOf,
  snapshotInForce,
  stackParams,
  tableItem,
} from "./fabric.ts";

const GWEI = 10n ** 9n;

describe("Arbitrum bridge, down: tickets", () => {
  let fabric: ArbitrumFabric;
  before(async () => {
    fabric = await createArbitrumFabric();
  });
  beforeEach(() => fabric.reset());

  describe("who is believed", () => {
    it("on the rollup the alias of the other end alone: NotArbitrumParent", async () => {
      const { bridge, l1Bridge, connection, gateway, pair } = fabric.arbitrum;
      const l1End = await l1Bridge.getAddress();
      for (const caller of [
        l1End,
        aliasOf(aliasOf(l1End)),
        aliasOf(await fabric.rollup.l1Bridge.getAddress()),
        aliasOf(await fabric.settlement.getAddress()),
        aliasOf(await fabric.manager.getAddress()),
        aliasOf(pair.addresses.parent.inbox),
        aliasOf(await bridge.getAddress()),
        await gateway.getAddress(),
        await bridge.getAddress(),
        fabric.arbitrum.user.address,
        `0x${"00".repeat(20)}`,
      ]) {
        await connection.networkHelpers.impersonateAccount(caller);
        await connection.networkHelpers.setBalance(caller, ETHER);
        await expect(bridge.connect(await connection.ethers.getSigner(caller)).fromArbitrumParent([]))
          .to.be.revertedWithCustomError(bridge, "NotArbitrumParent")
          .withArgs(getAddress(caller));
      }
      const caller = aliasOf(l1End);
      await connection.networkHelpers.impersonateAccount(caller);
      await connection.networkHelpers.setBalance(caller, ETHER);
      await expect(bridge.connect(await connection.ethers.getSigner(caller)).fromArbitrumParent(["0x"]))
        .to.emit(gateway, "ItemIgnored")
        .withArgs(0, 0);
    });

    it("incident: Wormhole 2022: tickets of anyone else, and of a look-alike end, bring nothing", async () => {
      const { arbitrum, l1, stranger, settlement, manager } = fabric;
      const item = await tableItem(fabric, 4, 2, 2n ** 39n);
      const rollupEnd = await arbitrum.bridge.getAddress();
      const data = arbitrum.bridge.interface.encodeFunctionData("fromArbitrumParent", [[item]]);
      const { inbox } = arbitrum.pair.parent;
      await call(
        inbox,
        stranger,
        "createRetryableTicket",
        ...[rollupEnd, 0n, ETHER, stranger, stranger, 3_000_000n, GWEI, data, { value: 2n * ETHER }],
      );
      // Its Settlement is the stranger, and it is wired to all the rest as the true end is.
      const fake = await l1.ethers.deployContract("ArbitrumL1Bridge", [stranger, manager, rollupEnd, inbox.target]);
      await fake.connect(stranger).send([item], stranger, "0x", PAID);
      expect(await arbitrum.pair.down()).to.equal(2);
      expect(arbitrum.pair.attempts.map((attempt) => attempt?.succeeded)).to.deep.equal([false, false]);
      expect(await snapshotInForce(arbitrum)).to.equal(0n);
      // The items are good: from the true end they are taken.
      await sendAsSettlement(fabric, [item], await settlement.getAddress(), stackParams(15_000_000n, GWEI));
      await arbitrum.pair.down();
      expect(await snapshotInForce(arbitrum)).to.equal(2n ** 39n);
    });
  });

  describe("what can be retried", () => {
    it("a ticket whose gas is not paid for, or too little, waits; anyone redeems it", async () => {
      const { arbitrum, manager } = fabric;
      const [, taken] = await manager.latestTable();
      for (const [params, isAttempted] of [
        [stackParams(2_000_000n, arbitrum.pair.tickets.baseFee - 1n), false],
        [stackParams(0n, 0n), false],
        [stackParams(200_000n, GWEI), true],
      ] as const) {
        await fabric.reset();
        await publishDown(fabric, params);
        await arbitrum.pair.down();
        expect(arbitrum.pair.attempts[0]?.succeeded).to.equal(isAttempted ? false : undefined);
        expect(await snapshotInForce(arbitrum)).to.equal(0n);
        const [ticket] = await arbitrum.pair.tickets.waiting();
        expect(await arbitrum.pair.tickets.redeem(ticket!.number, 2_000_000n)).to.include({ succeeded: true });
        expect(await snapshotInForce(arbitrum)).to.equal(taken);
        expect(await arbitrum.pair.tickets.waiting()).to.deep.equal([]);
      }
    });

    it("invariant 9: with however little gas it is redeemed, a ticket is spent only if its table is in force", async () => {
      const { arbitrum, manager } = fabric;
      const [, taken] = await manager.latestTable();
      await publishDown(fabric, stackParams(0n, 0n));
      await arbitrum.pair.down();
      const [ticket] = await arbitrum.pair.tickets.waiting();
      let redeemed = false;
      let attempts = 0;
      for (let gas = 60_000n; !redeemed; gas += 25_000n) {
        redeemed = (await arbitrum.pair.tickets.redeem(ticket!.number, gas))!.succeeded;
        expect(await snapshotInForce(arbitrum)).to.equal(redeemed ? taken : 0n);
        ++attempts;
      }
      expect(attempts).to.be.greaterThan(10);
    });

    it("nobody cancels a ticket: not who paid for it, not who gets what is left", async () => {
      const { arbitrum, l1, stranger } = fabric;
      await publishDown(fabric, stackParams(0n, 0n));
      await arbitrum.pair.down();
      const [ticket] = await arbitrum.pair.tickets.waiting();
      for (const caller of [l1.signers[0]!, stranger]) {
        for (const account of [caller.address, aliasOf(caller.address)]) {
          expect(await arbitrum.pair.tickets.cancel(ticket!.number, account)).to.equal(false);
        }
      }
      expect(ticket!.beneficiary).to.equal(aliasOf(await arbitrum.l1Bridge.getAddress()));
      expect(await arbitrum.pair.tickets.redeem(ticket!.number, 2_000_000n)).to.include({ succeeded: true });
    });

    it("an expired ticket is sent again", async () => {
      const { arbitrum, manager } = fabric;
      const [, taken] = await manager.latestTable();
      await publishDown(fabric, stackParams(0n, 0n));
      await arbitrum.pair.down();
      const [ticket] = await arbitrum.pair.tickets.waiting();
      await arbitrum.connection.networkHelpers.time.increase(TICKET_LIFETIME);
      expect(await arbitrum.pair.tickets.redeem(ticket!.number, 2_000_000n)).to.equal(undefined);
      await publishDown(fabric);
      await arbitrum.pair.down();
      expect(await snapshotInForce(arbitrum)).to.equal(taken);
    });

    it("what the Gateway refuses keeps its ticket: of a pair that is wired to it, and that it is not wired to", async () => {
      const { arbitrum, stranger } = fabric;
      const fake = await deployLookAlike(fabric);
      await fake.l1Bridge.connect(stranger).send([await tableItem(fabric, 4, 2, 1_000n)], stranger, "0x", PAID);
      await arbitrum.pair.down();
      expect(arbitrum.pair.attempts[0]?.succeeded).to.equal(false);
      expect(await arbitrum.pair.tickets.waiting()).to.have.lengthOf(1);
      expect(await snapshotInForce(arbitrum)).to.equal(0n);
    });
  });

  describe("replayed and reordered", () => {
    it("R19 a table that comes twice, or behind a later one, changes nothing and spends its ticket", async () => {
      const { arbitrum, manager, l1 } = fabric;
      await publishDown(fabric, stackParams(0n, 0n));
      await publishDown(fabric, stackParams(0n, 0n));
      await l1.networkHelpers.time.increase(MIN_INTERVAL);
      await manager.snapshot();
      const [, later] = await manager.latestTable();
      await publishDown(fabric, stackParams(0n, 0n));
      await arbitrum.pair.down();
      const [first, again, last] = await arbitrum.pair.tickets.waiting();
      for (const ticket of [last!, first!, again!]) {
        expect(await arbitrum.pair.tickets.redeem(ticket.number, 2_000_000n)).to.include({ succeeded: true });
        expect(await snapshotInForce(arbitrum)).to.equal(later);
      }
      expect(await arbitrum.pair.tickets.waiting()).to.deep.equal([]);
    });

    it("settled words come in any order, and twice", async () => {
      const { arbitrum, rollup, stranger } = fabric;
      await publishDown(fabric);
      await arbitrum.pair.down();
      const first = next(genesis(rollup.id, arbitrum.id), id("one"));
      const second = next(first, id("two"));
      const items = [];
      for (const laneWord of [second, first, second]) {
        const item = { kind: "settled", source: rollup.id, destination: arbitrum.id, laneWord } as const;
        items.push(encodeGatewayItem(item, await settlementOf(fabric)));
      }
      for (const item of items) await sendAsSettlement(fabric, [item], stranger.address);
      expect(await arbitrum.pair.down()).to.equal(3);
      expect(await arbitrum.pair.tickets.waiting()).to.deep.equal([]);
      expect(await arbitrum.gateway.held(rollup.id, Level.settled, 1)).to.equal(first);
      expect(await arbitrum.gateway.held(rollup.id, Level.settled, 2)).to.equal(second);
    });
  });
});
