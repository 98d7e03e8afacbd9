import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { allocate, enterOperatorSet } from "../../../../src/testing/eigenlayer.ts";
import type { IAllocationManager, IDelegationManager } from "../../../../types/ethers-contracts/index.js";
import { eventsOf } from "../../../fixtures/recipients.ts";
import { DEGREE, equivocationOf, indexOf, KIND, latestTable, makeLive, takeTable, type Taken } from "../accused.ts";
import { addOperator, BOND, createFabric, ETHER, operatorAccount, REGISTRATION, type Fabric } from "../fabric.ts";

const OPERATORS = [0, 1, 2, 3];
const STAKE = 40n * ETHER;
const LONE = ETHER / 100n;
/** The bit of EigenLayer's pause that stops slashing, and who may set and clear it on mainnet. */
const SLASHING = 2n;
const PAUSER = "0x5050389572f2d220ad927CcbeA0D406831012390";
const UNPAUSER = "0x369e6F597e22EaB55fFb173C6d9cD234BD699111";

describe("Slasher: what EigenLayer does, and does not", () => {
  let fabric: Fabric;
  let taken: Taken;
  let allocations: IAllocationManager;
  let delegation: IDelegationManager;

  before(async () => {
    fabric = await createFabric();
    const { ethers } = fabric.l1;
    allocations = await ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    delegation = await ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, STAKE);
    taken = await takeTable(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const sharesOf = (n: number): Promise<bigint> => delegation.operatorShares(account(n), fabric.l1.strategies[0]);
  const convict = (n: number, evidence: string): ReturnType<Fabric["slasher"]["convict"]> =>
    fabric.slasher.connect(fabric.stranger).convict(account(n), KIND.equivocation, evidence);
  const setMagnitude = (n: number, magnitude: bigint): Promise<void> =>
    allocate(operatorAccount(fabric.l1, n), { operatorSet: fabric.set, strategy: fabric.l1.strategies[0], magnitude });
  async function leave(n: number): Promise<void> {
    const operator = operatorAccount(fabric.l1, n);
    await allocations
      .connect(operator)
      .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
  }
  async function setPause(who: string, bits: bigint, method: "pause" | "unpause"): Promise<void> {
    await fabric.l1.networkHelpers.impersonateAccount(who);
    await fabric.l1.networkHelpers.setBalance(who, ETHER);
    await allocations.connect(await fabric.l1.ethers.getSigner(who))[method](bits);
  }
  const pause = (): Promise<void> => setPause(PAUSER, SLASHING, "pause");
  const unpause = (): Promise<void> => setPause(UNPAUSER, 0n, "unpause");

  describe("trap 13: while EigenLayer's slashing is paused", () => {
    it("a conviction stands, and its slashing waits: nothing is lost", async () => {
      await pause();
      const reason = allocations.interface.encodeErrorResult("CurrentlyPaused");
      await expect(convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1)))
        .to.emit(fabric.slasher, "SlashingDelayed")
        .withArgs(account(1), ETHER, reason)
        .to.emit(fabric.manager, "TableRevoked")
        .withArgs(taken.id, taken.table.snapshot);
      expect(await fabric.slasher.isTombstoned(account(1))).to.equal(true);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(ETHER);
      expect(await fabric.manager.bondOf(account(1))).to.equal(0n);
      expect(await sharesOf(1)).to.equal(STAKE);
      await expect(fabric.slasher.slash(account(1))).to.be.revertedWithCustomError(allocations, "CurrentlyPaused");
      await unpause();
      await expect(fabric.slasher.connect(fabric.owner).slash(account(1)))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), ETHER, [fabric.l1.strategies[0]], [STAKE]);
      expect(await sharesOf(1)).to.equal(0n);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
    });

    it("two convictions add up: a hundredth, then all of the rest", async () => {
      await pause();
      await convict(1, equivocationOf(fabric, taken, [1]));
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(LONE);
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(ETHER);
      await unpause();
      await fabric.slasher.slash(account(1));
      expect(await sharesOf(1)).to.equal(0n);
    });

    it("what waits is slashed with the next conviction", async () => {
      await pause();
      await convict(1, equivocationOf(fabric, taken, [1]));
      await unpause();
      await expect(convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1)))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), ETHER, [fabric.l1.strategies[0]], [STAKE]);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
    });

    it("the slashing that waits is done once: NothingToSlash", async () => {
      for (const n of [1, 2]) {
        await expect(fabric.slasher.slash(account(n)))
          .to.be.revertedWithCustomError(fabric.slasher, "NothingToSlash")
          .withArgs(account(n));
      }
      await convict(1, equivocationOf(fabric, taken, [1]));
      await expect(fabric.slasher.slash(account(1))).to.be.revertedWithCustomError(fabric.slasher, "NothingToSlash");
    });

    it("the slashing that waits takes nothing from who has nothing left, and ends", async () => {
      await setMagnitude(1, 0n);
      await pause();
      await convict(1, equivocationOf(fabric, taken, [1]));
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await expect(fabric.slasher.slash(account(1)))
        .to.emit(fabric.slasher, "OperatorSlashed")
        .withArgs(account(1), LONE, [], []);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
    });
  });

  describe("trap 13: an operator that left", () => {
    it("is slashed through the last block of its delay, its stake taken out or not", async () => {
      await leave(1);
      await setMagnitude(1, 0n);
      // The conviction is in the delay's last block.
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY - 2n);
      await convict(1, equivocationOf(fabric, taken, [1]));
      expect(await sharesOf(1)).to.equal((STAKE * 99n) / 100n);
    });

    it("is tombstoned afterwards, and loses what is left of its bond; the others of the quorum are slashed", async () => {
      await leave(1);
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY);
      const evidence = (n: number): string => equivocationOf(fabric, taken, [0, 1, 2], n);
      const sent = convict(1, evidence(1));
      await expect(sent).to.emit(fabric.slasher, "SlashingTooLate");
      await expect(sent).to.not.emit(fabric.slasher, "OperatorSlashed");
      expect(await fabric.slasher.isTombstoned(account(1))).to.equal(true);
      expect(await fabric.slasher.waitingWad(account(1))).to.equal(0n);
      expect(await fabric.manager.bondOf(account(1))).to.equal(BOND / 2n);
      expect(await sharesOf(1)).to.equal(STAKE);
      for (const n of [0, 2]) {
        await convict(n, evidence(n));
        // So old a table's quorum may be of keys that have nothing at stake: each is convicted for itself.
        expect(await sharesOf(n)).to.equal((STAKE * 99n) / 100n);
      }
    });

    it("never comes back: Tombstoned, whatever its stake", async () => {
      await leave(1);
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await convict(1, equivocationOf(fabric, taken, [1]));
      const operator = operatorAccount(fabric.l1, 1);
      await expect(
        allocations
          .connect(operator)
          .registerForOperatorSets(operator, { avs: fabric.set.avs, operatorSetIds: [1], data: REGISTRATION }),
      )
        .to.be.revertedWithCustomError(fabric.manager, "Tombstoned")
        .withArgs(account(1));
      await expect(fabric.manager.depositBond(account(1), { value: 1n }))
        .to.be.revertedWithCustomError(fabric.manager, "Tombstoned")
        .withArgs(account(1));
    });

    it("may come back if nothing is shown against it", async () => {
      await leave(1);
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      await enterOperatorSet(operatorAccount(fabric.l1, 1), fabric.set, REGISTRATION);
      const later = await takeTable(fabric);
      expect(later.table.operators).to.have.lengthOf(4);
    });
  });

  describe("R26 a dust lie", () => {
    it("reported by the liar itself, its stake put back afterwards: no seat in a later table", async () => {
      // Almost all is taken out, and the fact waited for; then it lies, tells on itself, and puts its stake back.
      await setMagnitude(1, 1n);
      await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY + 1n);
      const liar = operatorAccount(fabric.l1, 1);
      await fabric.slasher.connect(liar).convict(liar, KIND.equivocation, equivocationOf(fabric, taken, [1]));
      expect(STAKE - (await sharesOf(1)) <= STAKE / 10n ** 18n).to.equal(true);
      await setMagnitude(1, ETHER / 2n);
      expect((await fabric.manager.weightsOf([liar]))[0]! > ETHER).to.equal(true);

      await fabric.l1.networkHelpers.time.increase(7_200);
      await fabric.manager.snapshot();
      const later = await latestTable(fabric);
      expect(later.table.operators).to.have.lengthOf(3);
      expect(() => indexOf(later, 1)).to.throw("not in the table");
      await fabric.manager.prune([liar]);
      expect(await allocations.isMemberOfOperatorSet(liar, fabric.set)).to.equal(false);
    });

    it("told on by itself, right after lying with a quorum: liable for the graver lie with everything that the table counted", async () => {
      const liar = operatorAccount(fabric.l1, 1);
      await setMagnitude(1, 1n);
      await fabric.slasher.connect(liar).convict(liar, KIND.equivocation, equivocationOf(fabric, taken, [1]));
      // What it takes out stays slashable for longer than the table counts.
      await fabric.l1.networkHelpers.mine(50_000);
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      expect(await sharesOf(1)).to.equal(0n);
    });
  });

  describe("R32 the window of a table", () => {
    it("a deallocation in the block after a snapshot does not save what the table counted", async () => {
      const block = await fabric.manager.tableBlock(taken.id);
      await setMagnitude(1, 0n);
      const now = BigInt(await fabric.l1.ethers.provider.getBlockNumber());
      // In the last block in which the table's quorum counts as one.
      await fabric.l1.networkHelpers.mine(block + DEALLOCATION_DELAY - now - 1n);
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      expect(await fabric.slasher.degreeOf(account(1), KIND.equivocation, ZeroHash)).to.equal(DEGREE.quorum);
      expect(await sharesOf(1)).to.equal(0n);
    });

    it("a block later the quorum of that table is no proof of one: lone", async () => {
      const now = BigInt(await fabric.l1.ethers.provider.getBlockNumber());
      const block = await fabric.manager.tableBlock(taken.id);
      await fabric.l1.networkHelpers.mine(block + DEALLOCATION_DELAY - now);
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      expect(await fabric.slasher.degreeOf(account(1), KIND.equivocation, ZeroHash)).to.equal(DEGREE.lone);
    });

    it("R33, invariant 8: at a table's last second by a clock that is three days late, and 37 hours later, all that it counted is slashed, at 6 seconds a block", async () => {
      await setMagnitude(1, 0n);
      await leave(1);
      const seconds = (24n + 72n + 37n) * 3_600n;
      await fabric.l1.networkHelpers.mine(seconds / 6n, { interval: 6 });
      await convict(1, equivocationOf(fabric, taken, [0, 1, 2], 1));
      expect(await sharesOf(1)).to.equal(0n);
    });
  });

  describe("gas", () => {
    it("R24 whoever sends too little gas is refused: no slashing is put off by it", async () => {
      const evidence = equivocationOf(fabric, taken, [0, 1, 2], 1);
      const needed = await fabric.slasher.connect(fabric.stranger).convict.estimateGas(account(1), 0, evidence);
      const before = await fabric.l1.networkHelpers.takeSnapshot();
      let refused = 0;
      for (let gasLimit = needed + 20_000n; gasLimit > needed / 3n; gasLimit -= needed / 60n) {
        try {
          const sent = await fabric.slasher.connect(fabric.stranger).convict(account(1), 0, evidence, { gasLimit });
          await sent.wait();
          expect(await sharesOf(1)).to.equal(0n);
          expect(await eventsOf(Promise.resolve(sent), fabric.slasher, "SlashingDelayed")).to.deep.equal([]);
        } catch (error) {
          if (error instanceof Error && error.name === "AssertionError") throw error;
          refused += 1;
          expect(await fabric.slasher.isTombstoned(account(1))).to.equal(false);
        }
        await before.restore();
      }
      expect(refused).to.be.greaterThan(10);
    }).timeout(60_000);

    it("R24 a call to EigenLayer that used up all of its gas is taken for a caller's stinginess: InsufficientGas", async () => {
      await fabric.l1.networkHelpers.setCode(
        EIGENLAYER.delegationManager,
        // Burns all gas in a loop.
        "0x5b5f56",
      );
      const evidence = equivocationOf(fabric, taken, [1]);
      await expect(
        fabric.slasher.convict(account(1), KIND.equivocation, evidence, { gasLimit: 3_000_000n }),
      ).to.be.revertedWithCustomError(fabric.slasher, "InsufficientGas");
    });
  });
});
