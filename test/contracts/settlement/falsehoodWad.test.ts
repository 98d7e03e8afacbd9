import { expect } from "chai";
import { id } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { memberId, type Hex } from "../../../src/wire/index.ts";
import type { Settlement } from "../../../types/ethers-contracts/index.js";
import { createL1, DAY, ETHER, FALSEHOOD_NOTICE, MEMBER_NOTICE, someAddress, type L1 } from "./fabric.ts";

/** How far ahead of L1's clock `reachedBy` may be. */
const AHEAD = 7_200n;

describe("Settlement: falsehoodWad (R27)", () => {
  let l1: L1;
  let settlement: Settlement;
  let owner: HardhatEthersSigner;
  let member: Hex;
  let created: { restore: () => Promise<void> };

  before(async () => {
    l1 = await createL1();
    owner = l1.signers[0]!;
    settlement = await l1.ethers.deployContract("Settlement", [owner, MEMBER_NOTICE, FALSEHOOD_NOTICE]);
    const ref = { chainId: 101n, gateway: someAddress(1) };
    await settlement.addMember(ref, someAddress(2), DAY);
    member = memberId({ chainId: l1.chainId, settlement: await settlement.getAddress() }, ref);
    created = await l1.networkHelpers.takeSnapshot();
  });
  beforeEach(() => created.restore());

  const now = async (): Promise<bigint> => BigInt(await l1.networkHelpers.time.latest());
  /** Announces at a time, and answers that time. */
  async function announce(wad: bigint, at?: bigint): Promise<bigint> {
    const time = at ?? (await now()) + 10n;
    await l1.networkHelpers.time.setNextBlockTimestamp(time);
    await settlement.announceFalsehoodWad(member, wad);
    return time;
  }
  const reach = (time: bigint): Promise<void> => l1.networkHelpers.time.increaseTo(time);
  const wadFor = (reachedBy: bigint): Promise<bigint> => settlement.falsehoodWad(member, reachedBy);

  it("starts at zero, for every member, whatever is said", async () => {
    for (const reachedBy of [0n, await now(), (1n << 64n) - 1n]) expect(await wadFor(reachedBy)).to.equal(0n);
    expect(await settlement.falsehoodWad(id("nobody"), 0n)).to.equal(0n);
    expect(await settlement.announcedFalsehoodWad(member)).to.deep.equal([0n, 0n, 0n]);
    expect(await settlement.FALSEHOOD_NOTICE()).to.equal(FALSEHOOD_NOTICE);
  });

  it("rises when the notice is over, not a second before, for statements of any time", async () => {
    const at = await announce(ETHER / 5n);
    expect(await settlement.announcedFalsehoodWad(member)).to.deep.equal([0n, ETHER / 5n, at]);
    await reach(at + FALSEHOOD_NOTICE - 1n);
    for (const reachedBy of [0n, at, at + FALSEHOOD_NOTICE]) expect(await wadFor(reachedBy)).to.equal(0n);
    await reach(at + FALSEHOOD_NOTICE);
    for (const reachedBy of [0n, at, at + FALSEHOOD_NOTICE]) expect(await wadFor(reachedBy)).to.equal(ETHER / 5n);
  });

  it("says so, with what it was and when it is in force", async () => {
    const at = await announce(ETHER / 5n);
    await reach(at + FALSEHOOD_NOTICE);
    const next = at + FALSEHOOD_NOTICE + 5n;
    await l1.networkHelpers.time.setNextBlockTimestamp(next);
    await expect(settlement.announceFalsehoodWad(member, ETHER))
      .to.emit(settlement, "FalsehoodWadAnnounced")
      .withArgs(member, ETHER / 5n, ETHER, next + FALSEHOOD_NOTICE);
  });

  it("a rise on a rise begins its notice anew, and what was announced before never comes", async () => {
    const first = await announce(ETHER / 5n);
    const second = await announce(ETHER / 2n, first + FALSEHOOD_NOTICE - 1n);
    await reach(second + FALSEHOOD_NOTICE - 1n);
    expect(await wadFor(0n)).to.equal(0n);
    await reach(second + FALSEHOOD_NOTICE);
    expect(await wadFor(0n)).to.equal(ETHER / 2n);
  });

  it("a rise is taken back before it is in force", async () => {
    const first = await announce(ETHER / 5n);
    const second = await announce(0n, first + FALSEHOOD_NOTICE - 1n);
    await reach(second + FALSEHOOD_NOTICE);
    expect(await wadFor(0n)).to.equal(0n);
  });

  it("an announcement of what is in force already holds no other up", async () => {
    const same = await announce(0n);
    const rise = await announce(ETHER / 5n, same + 1n);
    await reach(rise + FALSEHOOD_NOTICE - 1n);
    expect(await wadFor(0n)).to.equal(0n);
    await reach(rise + FALSEHOOD_NOTICE);
    expect(await wadFor(0n)).to.equal(ETHER / 5n);
  });

  describe("a fall", () => {
    let at: bigint;
    beforeEach(async () => {
      await reach((await announce(ETHER / 2n)) + FALSEHOOD_NOTICE);
      at = await announce(ETHER / 10n);
    });

    it("is in force at once for what is said of later times, and for the rest when the notice is over", async () => {
      const later = [at + AHEAD + 1n, (1n << 64n) - 1n];
      for (const reachedBy of later) expect(await wadFor(reachedBy)).to.equal(ETHER / 10n);
      await reach(at + FALSEHOOD_NOTICE - 1n);
      for (const reachedBy of [0n, at, at + AHEAD]) expect(await wadFor(reachedBy)).to.equal(ETHER / 2n);
      for (const reachedBy of later) expect(await wadFor(reachedBy)).to.equal(ETHER / 10n);
      await reach(at + FALSEHOOD_NOTICE);
      for (const reachedBy of [0n, at, at + AHEAD]) expect(await wadFor(reachedBy)).to.equal(ETHER / 10n);
    });

    it("is waited for: FallPending, whatever is announced, until it is over", async () => {
      await reach(at + FALSEHOOD_NOTICE - 10n);
      for (const [place, wad] of [0n, ETHER / 10n, ETHER / 2n, ETHER].entries()) {
        await l1.networkHelpers.time.setNextBlockTimestamp(at + FALSEHOOD_NOTICE - 4n + BigInt(place));
        await expect(settlement.announceFalsehoodWad(member, wad))
          .to.be.revertedWithCustomError(settlement, "FallPending")
          .withArgs(member, at + FALSEHOOD_NOTICE);
      }
      await announce(0n, at + FALSEHOOD_NOTICE);
      expect(await settlement.announcedFalsehoodWad(member)).to.deep.equal([ETHER / 10n, 0n, at + FALSEHOOD_NOTICE]);
    });

    it("of a rise that is pending takes it back too", async () => {
      const over = at + FALSEHOOD_NOTICE;
      await announce(ETHER, over);
      const fall = await announce(0n, over + 100n);
      expect(await wadFor(fall + AHEAD)).to.equal(ETHER / 10n);
      expect(await wadFor(fall + AHEAD + 1n)).to.equal(0n);
      await reach(fall + FALSEHOOD_NOTICE);
      expect(await wadFor(0n)).to.equal(0n);
    });
  });

  it("without a notice a change is in force at once", async () => {
    const devnet = await l1.ethers.deployContract("Settlement", [owner, 0n, 0n]);
    await devnet.addMember({ chainId: 101n, gateway: someAddress(1) }, someAddress(2), DAY);
    const at = { chainId: l1.chainId, settlement: await devnet.getAddress() };
    const one = memberId(at, { chainId: 101n, gateway: someAddress(1) });
    for (const wad of [ETHER, 1n, 0n, 7n]) {
      await devnet.announceFalsehoodWad(one, wad);
      expect(await devnet.falsehoodWad(one, 0n)).to.equal(wad);
    }
  });

  it("is the owner's to announce, of a member, up to all: OwnableUnauthorizedAccount, UnknownMember, InvalidWad", async () => {
    const stranger = l1.signers[1]!;
    await expect(settlement.connect(stranger).announceFalsehoodWad(member, 1n))
      .to.be.revertedWithCustomError(settlement, "OwnableUnauthorizedAccount")
      .withArgs(stranger.address);
    await expect(settlement.announceFalsehoodWad(id("nobody"), 1n))
      .to.be.revertedWithCustomError(settlement, "UnknownMember")
      .withArgs(id("nobody"));
    await expect(settlement.announceFalsehoodWad(member, ETHER + 1n))
      .to.be.revertedWithCustomError(settlement, "InvalidWad")
      .withArgs(ETHER + 1n);
    await settlement.announceFalsehoodWad(member, ETHER);
  });

  it("of one member says nothing of another", async () => {
    const ref = { chainId: 102n, gateway: someAddress(3) };
    await settlement.addMember(ref, someAddress(4), DAY);
    const other = memberId({ chainId: l1.chainId, settlement: await settlement.getAddress() }, ref);
    await reach((await announce(ETHER)) + FALSEHOOD_NOTICE);
    expect([await wadFor(0n), await settlement.falsehoodWad(other, 0n)]).to.deep.equal([ETHER, 0n]);
  });
});
