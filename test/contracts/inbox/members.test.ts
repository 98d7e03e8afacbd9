import { expect } from "chai";
import { getAddress, id, ZeroHash } from "ethers";

import { genesis, Level, memberId, type MemberRef } from "../../../src/wire/index.ts";
import { advance, hold, statementOf } from "../../fixtures/certified.ts";
import { SETTLEMENT } from "../../fixtures/constants.ts";
import { adoptTable, createChains, settle, type Chain } from "../../fixtures/gateways.ts";
import { deliverSettled, type InboxWorld } from "../../fixtures/inbox.ts";
import { SourceLane, sourceOn } from "../../fixtures/lane.ts";
import { certify, deliver } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";

const NOT_ACCEPTED = 4;
const operators = makeOperators(4);
const first = sourceOn(1001n);
const second: MemberRef = { chainId: 1001n, gateway: getAddress(`0x${"2e9d".repeat(10)}`) };
const third: MemberRef = { chainId: 1001n, gateway: getAddress(`0x${"3e9d".repeat(10)}`) };
const idOf = (member: MemberRef): string => memberId(SETTLEMENT, member);

describe("Members (R2)", () => {
  let open: Chain;
  let closed: Chain;

  before(async () => {
    [open] = await createChains([1002n]);
    [closed] = await createChains([1003n], { acceptAll: false });
  });
  beforeEach(async () => {
    await open.reset();
    await closed.reset();
  });

  const list = (chain: Chain, ...members: MemberRef[]): Promise<unknown> =>
    adoptTable(chain, { members: [chain, ...members], operators });
  const accept = (chain: Chain, member: MemberRef): Promise<unknown> =>
    chain.contract.connect(chain.owner).acceptMember(idOf(member));
  const world = (chain: Chain): InboxWorld => ({ chain, operators }) as unknown as InboxWorld;

  /** Which paths a source has: all messages of a new lane are tried. */
  async function expectPaths(
    chain: Chain,
    source: MemberRef,
    { certified, settled }: { certified: true | string; settled: boolean },
  ): Promise<void> {
    const lane = new SourceLane(source, chain);
    const sent = lane.send({ recipient: await (await chain.ethers.deployContract("SilentRecipient")).getAddress() });
    const snapshot = await chain.helpers.takeSnapshot();
    const statement = await statementOf(world(chain), lane);
    const proof = await certify(lane, chain, lane.word, operators);
    if (certified === true) {
      await advance(world(chain), [statement]);
      await expect(deliver(chain, source, sent.before, [sent.item], proof)).to.emit(chain.contract, "MessageDelivered");
    } else {
      await expect(advance(world(chain), [statement])).to.be.revertedWithCustomError(chain.contract, certified);
      await expect(deliver(chain, source, sent.before, [sent.item], proof)).to.be.revertedWithCustomError(
        chain.contract,
        certified,
      );
    }
    await snapshot.restore();
    if (settled) {
      await settle(chain, lane.id, lane.word);
      await expect(deliverSettled(world(chain), lane, sent.before, [sent.item])).to.emit(
        chain.contract,
        "MessageDelivered",
      );
    } else {
      await expect(settle(chain, lane.id, lane.word))
        .to.emit(chain.contract, "ItemIgnored")
        .withArgs(0, NOT_ACCEPTED);
      expect(await chain.contract.held(lane.id, Level.settled, 1)).to.equal(ZeroHash);
    }
    await snapshot.restore();
  }

  describe("R2 with accept-all", () => {
    it("a member on a chain id seen for the first time is accepted as it is listed: lane, certified and settled path", async () => {
      await list(open, first);
      expect(await open.contract.member(idOf(first))).to.deep.equal([1001n, true, 2n, 6_667n, false, 0n]);
      expect(await open.contract.laneTo(1001n)).to.equal(genesis(open.id, idOf(first)));
      expect((await open.contract.tableInForce()).hasOverrides).to.be.false;
      await expectPaths(open, first, { certified: true, settled: true });
    });

    it("a Gateway that takes another's place is not: neither path, until the owner accepts it", async () => {
      await list(open, first);
      await list(open, second);
      expect((await open.contract.member(idOf(second))).accepted).to.be.false;
      expect((await open.contract.tableInForce()).hasOverrides).to.be.true;
      expect(await open.contract.destinationOn(1001n)).to.equal(idOf(first));
      await expectPaths(open, second, { certified: "NotAccepted", settled: false });
      await expect(accept(open, second)).to.emit(open.contract, "MemberAccepted").withArgs(idOf(second));
      expect(await open.contract.destinationOn(1001n)).to.equal(idOf(second));
      await expectPaths(open, second, { certified: true, settled: true });
    });

    it("a replacement is not accepted though accept-all is set again after it was listed", async () => {
      await list(open, first);
      await open.contract.connect(open.owner).setAcceptAll(false);
      await list(open, second);
      await open.contract.connect(open.owner).setAcceptAll(true);
      await list(open, second);
      expect((await open.contract.member(idOf(second))).accepted).to.be.false;
    });

    it("two Gateways of one chain in one list: the first of them alone is accepted", async () => {
      await list(open, first, second);
      const accepted = [await open.contract.member(idOf(first)), await open.contract.member(idOf(second))];
      expect(accepted.filter((member) => member.accepted)).to.have.lengthOf(1);
    });

    it("R3 members come with the next table; nothing is to be done here for one", async () => {
      const members = Array.from({ length: 10 }, (_, i) => sourceOn(2_000n + BigInt(i)));
      await list(open, ...members);
      for (const member of members) {
        expect(await open.contract.laneTo(member.chainId)).to.equal(genesis(open.id, idOf(member)));
      }
    });

    it("a member is listed with an event, once, and never the Gateway itself", async () => {
      await list(open, first);
      const events = await open.contract.queryFilter(open.contract.filters.MemberListed());
      expect(events.map(({ args }) => [...args] as unknown[])).to.deep.equal([[idOf(first), 1001n, first.gateway]]);
      await list(open, first);
      expect(await open.contract.queryFilter(open.contract.filters.MemberListed())).to.have.lengthOf(1);
      expect(await open.contract.member(open.id)).to.deep.equal([0n, false, 0n, 0n, false, 0n]);
      expect(await open.contract.laneTo(open.chainId)).to.equal(ZeroHash);
    });
  });

  describe("R2 without accept-all", () => {
    it("nobody is accepted: certified and settled are refused alike, and no lane is open", async () => {
      await list(closed, first);
      expect((await closed.contract.member(idOf(first))).accepted).to.be.false;
      expect(await closed.contract.laneTo(1001n)).to.equal(ZeroHash);
      expect((await closed.contract.tableInForce()).hasOverrides).to.be.true;
      await expectPaths(closed, first, { certified: "NotAccepted", settled: false });
    });

    it("the owner's acceptance opens lane, certified and settled path", async () => {
      await list(closed, first);
      await expect(accept(closed, first))
        .to.emit(closed.contract, "MemberAccepted")
        .withArgs(idOf(first))
        .to.emit(closed.contract, "LaneOpened")
        .withArgs(idOf(first), 1001n);
      await expectPaths(closed, first, { certified: true, settled: true });
      await list(closed, first);
      expect((await closed.contract.tableInForce()).hasOverrides).to.be.false;
      await expectPaths(closed, first, { certified: true, settled: true });
    });

    it("accept-all, set later, accepts those who are listed for the first time from then on", async () => {
      await list(closed, first);
      await expect(closed.contract.connect(closed.owner).setAcceptAll(true))
        .to.emit(closed.contract, "AcceptAllSet")
        .withArgs(true);
      expect(await closed.contract.acceptAll()).to.be.true;
      const other = sourceOn(1009n);
      await list(closed, first, other);
      expect((await closed.contract.member(idOf(first))).accepted).to.be.false;
      expect((await closed.contract.member(idOf(other))).accepted).to.be.true;
    });
  });

  describe("R2 acceptMember refuses", () => {
    it("who was never listed: UnknownMember; the Gateway itself too", async () => {
      await list(closed, first);
      for (const unknown of [second, closed]) {
        await expect(accept(closed, unknown))
          .to.be.revertedWithCustomError(closed.contract, "UnknownMember")
          .withArgs(idOf(unknown));
      }
      await expect(closed.contract.connect(closed.owner).acceptMember(ZeroHash)).to.be.revertedWithCustomError(
        closed.contract,
        "UnknownMember",
      );
    });

    it("who is accepted already: AlreadyAccepted, so that no lane is ever opened anew", async () => {
      await list(open, first);
      await expect(accept(open, first))
        .to.be.revertedWithCustomError(open.contract, "AlreadyAccepted")
        .withArgs(idOf(first));
      await list(open, second);
      await accept(open, second);
      for (const member of [first, second]) {
        await expect(accept(open, member)).to.be.revertedWithCustomError(open.contract, "AlreadyAccepted");
      }
    });

    it("whose place was taken: NotLive, naming who took it", async () => {
      await list(closed, first);
      await list(closed, second);
      await expect(accept(closed, first))
        .to.be.revertedWithCustomError(closed.contract, "NotLive")
        .withArgs(idOf(first), idOf(second));
      await list(closed, third);
      await expect(accept(closed, second))
        .to.be.revertedWithCustomError(closed.contract, "NotLive")
        .withArgs(idOf(second), idOf(third));
      await accept(closed, third);
    });

    it("everyone but the owner", async () => {
      await list(closed, first);
      for (const caller of [closed.user, closed.bridge, closed.admin, closed.relayer]) {
        await expect(closed.contract.connect(caller).acceptMember(idOf(first)))
          .to.be.revertedWithCustomError(closed.contract, "OwnableUnauthorizedAccount")
          .withArgs(caller.address);
      }
    });
  });

  describe("R2 after acceptance nothing closes the settled path", () => {
    const closings: Record<string, (chain: Chain) => Promise<unknown>> = {
      "a pause": (chain) => chain.contract.connect(chain.owner).setSource(idOf(first), 3, 9_000, true),
      "accept-all taken back": (chain) => chain.contract.connect(chain.owner).setAcceptAll(false),
      "a replacement that is accepted": async (chain) => {
        await list(chain, second);
        await accept(chain, second);
      },
      "a table without it": (chain) => list(chain, sourceOn(1_010n)),
      "an expired table": (chain) => adoptTable(chain, { members: [chain, first], operators, expiry: 1n }),
      "a fault": (chain) => adoptTable(chain, { members: [chain, { ...first, flags: 1 }], operators }),
      "the owner's leaving": (chain) => chain.contract.connect(chain.owner).renounceOwnership(),
    };
    for (const [what, close] of Object.entries(closings)) {
      it(what, async () => {
        await list(open, first);
        await close(open);
        expect((await open.contract.member(idOf(first))).accepted).to.be.true;
        const lane = new SourceLane(first, open);
        const recipient = await (await open.ethers.deployContract("SilentRecipient")).getAddress();
        const sent = lane.sendAll(recipient, ["0x01", "0x02"]);
        for (const one of sent) {
          await settle(open, lane.id, one.after);
          await expect(deliverSettled(world(open), lane, one.before, [one.item], one.after)).to.emit(
            open.contract,
            "MessageDelivered",
          );
        }
      });
    }
  });

  it("R2 a replaced member's certified words stay as they are, but its certificates count no more", async () => {
    await list(open, first);
    const lane = new SourceLane(first, open);
    lane.send({ recipient: open.user.address });
    await hold(world(open), lane, Level.final);
    await list(open, second);
    await accept(open, second);
    expect(await open.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
    lane.send({ recipient: open.user.address });
    await expect(hold(world(open), lane, Level.final)).to.be.revertedWithCustomError(open.contract, "NotCertifiable");
  });

  it("what an unknown member is: zeros", async () => {
    expect(await open.contract.member(id("nobody"))).to.deep.equal([0n, false, 0n, 0n, false, 0n]);
  });
});
