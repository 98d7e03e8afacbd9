import { expect } from "chai";
import fc from "fast-check";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import type { IAllocationManager } from "../../../types/ethers-contracts/index.js";
import { checkAsync } from "../../support/property.ts";
import { equivocationOf, KIND, makeLive, takeTable, type Taken } from "./accused.ts";
import { addOperator, BOND, createFabric, ETHER, operatorAccount, someAddress, type Fabric } from "./fabric.ts";

const BURN = "0x000000000000000000000000000000000000dEaD";

describe("ServiceManager: bonds", () => {
  let fabric: Fabric;
  let taken: Taken;
  let allocations: IAllocationManager;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    await makeLive(fabric);
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    taken = await takeTable(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const own = (n: number): Fabric["manager"] => fabric.manager.connect(operatorAccount(fabric.l1, n));
  const balanceOf = (who: string): Promise<bigint> => fabric.l1.ethers.provider.getBalance(who);
  const leave = async (n: number): Promise<void> => {
    const operator = operatorAccount(fabric.l1, n);
    await allocations
      .connect(operator)
      .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
  };

  it("anyone may deposit for anyone; it adds up", async () => {
    await expect(fabric.manager.connect(fabric.stranger).depositBond(account(7), { value: 5n }))
      .to.emit(fabric.manager, "BondDeposited")
      .withArgs(account(7), 5n);
    await fabric.manager.depositBond(account(7), { value: 6n });
    expect(await fabric.manager.bondOf(account(7))).to.equal(11n);
  });

  it("R31 an operator's is locked while it can be slashed: StillLiable, through the last block", async () => {
    await expect(own(1).withdrawBond(1n, account(1)))
      .to.be.revertedWithCustomError(fabric.manager, "StillLiable")
      .withArgs(account(1));
    await leave(1);
    await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY - 1n);
    await expect(own(1).withdrawBond(1n, account(1))).to.be.revertedWithCustomError(fabric.manager, "StillLiable");
    await fabric.l1.networkHelpers.mine(1);
    await expect(own(1).withdrawBond(BOND, someAddress(1)))
      .to.emit(fabric.manager, "BondWithdrawn")
      .withArgs(account(1), BOND, someAddress(1));
    expect(await balanceOf(someAddress(1))).to.equal(BOND);
    expect(await fabric.manager.bondOf(account(1))).to.equal(0n);
  });

  it("nobody takes more than there is, nor nothing, nor another's: InsufficientBalance", async () => {
    await fabric.manager.depositBond(account(7), { value: 5n });
    for (const amount of [0n, 6n, (1n << 256n) - 1n]) {
      await expect(own(7).withdrawBond(amount, account(7)))
        .to.be.revertedWithCustomError(fabric.manager, "InsufficientBalance")
        .withArgs(amount, 5n);
    }
    await expect(own(8).withdrawBond(1n, account(8)))
      .to.be.revertedWithCustomError(fabric.manager, "InsufficientBalance")
      .withArgs(1n, 0n);
    await expect(own(8).withdrawBounty(account(8)))
      .to.be.revertedWithCustomError(fabric.manager, "InsufficientBalance")
      .withArgs(0n, 0n);
    await own(7).withdrawBond(2n, account(7));
    expect(await fabric.manager.bondOf(account(7))).to.equal(3n);
  });

  it("a recipient that refuses keeps its bond and its bounty where they are", async () => {
    const refuses = await fabric.settlement.getAddress();
    await fabric.manager.depositBond(account(7), { value: 5n });
    await expect(own(7).withdrawBond(5n, refuses)).to.be.revert(fabric.l1.ethers);
    expect(await fabric.manager.bondOf(account(7))).to.equal(5n);
    await fabric.slasher
      .connect(fabric.stranger)
      .convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, [1]));
    await expect(fabric.manager.connect(fabric.stranger).withdrawBounty(refuses)).to.be.revert(fabric.l1.ethers);
    expect(await fabric.manager.bountyOf(fabric.stranger)).to.equal(BOND / 4n);
  });

  it("incident: re-entrancy: who is paid and calls again gets nothing twice", async () => {
    const thief = await fabric.l1.ethers.deployContract("BountyHunter", [fabric.manager, fabric.slasher]);
    await thief.report(account(1), equivocationOf(fabric, taken, [1]));
    expect(await fabric.manager.bountyOf(thief)).to.equal(BOND / 4n);
    await thief.collect();
    expect(await thief.attempts()).to.equal(1n);
    expect(await balanceOf(await thief.getAddress())).to.equal(BOND / 4n);
    expect(await balanceOf(fabric.set.avs)).to.equal(4n * BOND - BOND / 2n);
  });

  it("R29, invariant 12: operator and reporter together lose, whatever they deposit and in whatever order they tell", async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.bigInt({ min: 0n, max: 3n * ETHER }),
        fc.constantFrom([[1]], [[0, 1, 2]], [[1], [0, 1, 2]], [[1], [1, 2, 3]]),
        async (more, convictions) => {
          const deposited = BOND + more;
          await fabric.manager.depositBond(account(1), { value: more });
          const burnedBefore = await balanceOf(BURN);
          for (const signers of convictions) {
            await fabric.slasher
              .connect(fabric.stranger)
              .convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, signers, 1));
          }
          const bounty = await fabric.manager.bountyOf(fabric.stranger);
          const left = await fabric.manager.bondOf(account(1));
          const burned = (await balanceOf(BURN)) - burnedBefore;
          expect(bounty + left + burned).to.equal(deposited);
          expect(burned >= bounty && burned > 0n).to.equal(true);
          expect(left === 0n).to.equal(convictions.some((signers) => signers.length > 1));
          await fabric.reset();
        },
      ),
      25,
    );
  }).timeout(60_000);

  it("R29 stake pays no bounty: the reporter of an operator without a bond gets nothing", async () => {
    await leave(1);
    await fabric.l1.networkHelpers.mine(DEALLOCATION_DELAY);
    await own(1).withdrawBond(BOND, account(1));
    await expect(
      fabric.slasher
        .connect(fabric.stranger)
        .convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, [1])),
    )
      .to.emit(fabric.manager, "BondForfeited")
      .withArgs(account(1), fabric.stranger.address, 0n, 0n);
    expect(await fabric.manager.bountyOf(fabric.stranger)).to.equal(0n);
  });
});
