import { expect } from "chai";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { type Checkpoint } from "../../../../src/wire/index.ts";
import { DEGREE, KIND } from "../accused.ts";
import { DAY, ETHER, FALSEHOOD_NOTICE, operatorAccount } from "../fabric.ts";
import { settle, WAD } from "../untrue.ts";
import { STAKE, useCourt } from "./court.ts";

describe("Slasher: what a falsehood costs when", () => {
  const court = useCourt();
  const { announce, account, sharesOf, now, accuse, refuses, final } = court;

  describe("R27 the wad that applies", () => {
    const claim = (reachedBy: bigint): Checkpoint => final(court.lie.word("false", 3), reachedBy);
    const costs = async (wad: bigint, reachedBy = 1_000n): Promise<void> => {
      await expect(accuse(claim(reachedBy)))
        .to.emit(court.fabric.slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.falsehood, court.fabric.rollup.id, DEGREE.lone, wad, court.fabric.stranger.address);
    };
    beforeEach(() => settle(court.fabric, court.lie.word("true", 3)));

    it("a rise that is announced costs nobody more until its notice is over; then whoever stayed, for all it said", async () => {
      await announce(ETHER);
      await court.fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE - 3n);
      const before = await court.fabric.l1.networkHelpers.takeSnapshot();
      await costs(WAD);
      await before.restore();
      await court.fabric.l1.networkHelpers.time.increase(3n);
      await costs(ETHER);
    });

    it("the notice is longer than an operator needs to leave: who leaves at once, is gone before", async () => {
      await announce(ETHER);
      const operator = operatorAccount(court.fabric.l1, 0);
      const allocations = await court.fabric.l1.ethers.getContractAt(
        "IAllocationManager",
        EIGENLAYER.allocationManager,
      );
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: court.fabric.set.avs, operatorSetIds: [1] });
      // At 15 seconds a block, a fifth of all slots empty.
      expect(FALSEHOOD_NOTICE).to.be.greaterThan(DEALLOCATION_DELAY * 15n);
      await court.fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await court.fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await accuse(claim(1_000n));
      expect(await sharesOf(0)).to.equal(STAKE);
    });

    it("a fall rescues nobody who lied before it, and frees what is said later at once", async () => {
      await announce(0n);
      const at = await now();
      await refuses(accuse(claim(at + 7_201n)), "NothingAccepted", court.fabric.rollup.id);
      const before = await court.fabric.l1.networkHelpers.takeSnapshot();
      await costs(WAD, at + 7_200n);
      await before.restore();
      await court.fabric.l1.networkHelpers.time.increase(14n * DAY);
      await costs(WAD, at);
    });

    it("a fall lets nobody off by a cheap falsehood of its own: the dear one charges the rest", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await announce(1n);
      const latest = 2n ** 64n - 1n;
      await expect(accuse(final(court.lie.word("cheap", 3), latest)))
        .to.emit(court.fabric.slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.falsehood, court.fabric.rollup.id, DEGREE.lone, 1n, court.fabric.stranger.address);
      await refuses(accuse(final(court.lie.word("else", 3), latest)), "AlreadyConvicted", account(0), DEGREE.lone);
      expect(await court.fabric.slasher.chargedWad(account(0), KIND.falsehood, court.fabric.rollup.id)).to.equal(1n);
      await accuse(final(court.lie.word("false", 3)));
      expect(await court.fabric.slasher.chargedWad(account(0), KIND.falsehood, court.fabric.rollup.id)).to.equal(WAD);
      const lost = STAKE - (await sharesOf(0));
      expect(lost > STAKE / 10n - 1_000n && lost <= STAKE / 10n).to.equal(true, `lost ${lost}`);
      await refuses(accuse(final(court.lie.word("else", 3))), "AlreadyConvicted", account(0), DEGREE.lone);
    });

    it("a rise charges who lied cheaply before it no more in all than the dear lie costs", async () => {
      await settle(court.fabric, court.lie.word("true", 3));
      await accuse(final(court.lie.word("false", 3)));
      await announce(5n * WAD);
      await court.fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await accuse(final(court.lie.word("else", 3)));
      expect(await sharesOf(0)).to.be.closeTo(STAKE / 2n, 1_000n);
    });

    it("a fall is over when its notice is", async () => {
      await announce(0n);
      await court.fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      await refuses(accuse(claim(1_000n)), "NothingAccepted", court.fabric.rollup.id);
    });
  });
});
