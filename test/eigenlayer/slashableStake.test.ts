import { expect } from "chai";

import { DEALLOCATION_DELAY } from "../../src/chain/eigenlayer.ts";
import { allocate, delegateTo, deposit, enterOperatorSet, registerAsOperator } from "../../src/testing/eigenlayer.ts";
import { SET_ID, STAKE, stakeWithin, WAD, withMember, withOperator } from "./fixture.ts";

describe("EigenLayer: getMinimumSlashableStake", () => {
  it("counts delegated stake with the operator's own", async () => {
    expect(await stakeWithin(await withMember(), 0n)).to.equal(2n * STAKE);
  });

  it("is the allocated part of the shares", async () => {
    const eigen = await withOperator();
    await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD / 3n });
    await enterOperatorSet(eigen.alice, eigen.set);
    await eigen.networkHelpers.mine(100);
    expect(await stakeWithin(eigen, 0n)).to.equal((STAKE * (WAD / 3n)) / WAD);
  });

  it("ignores an allocation on its way, even if it takes effect before the block asked for", async () => {
    const eigen = await withOperator();
    await enterOperatorSet(eigen.alice, eigen.set);
    await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD });
    expect(await stakeWithin(eigen, 1000n)).to.equal(0n);
    await eigen.networkHelpers.mine(100);
    expect(await stakeWithin(eigen, 0n)).to.equal(STAKE);
  });

  it("trap 11: counts a deallocation only if it takes effect by the block asked for", async () => {
    const eigen = await withMember();
    await allocate(eigen.alice, { operatorSet: eigen.set, strategy: eigen.strategy, magnitude: WAD / 4n });
    expect(await stakeWithin(eigen, DEALLOCATION_DELAY)).to.equal(2n * STAKE);
    expect(await stakeWithin(eigen, DEALLOCATION_DELAY + 1n)).to.equal(STAKE / 2n);
  });

  it("trap 11: counts an operator that has left while it is slashable", async () => {
    const eigen = await withMember();
    const { allocations, alice, avs, networkHelpers } = eigen;
    await allocations
      .connect(alice)
      .deregisterFromOperatorSets({ operator: alice.address, avs: avs.address, operatorSetIds: [SET_ID] });
    await networkHelpers.mine(DEALLOCATION_DELAY);
    expect(await stakeWithin(eigen, 0n)).to.equal(2n * STAKE);
    await networkHelpers.mine(1);
    expect(await stakeWithin(eigen, 0n)).to.equal(0n);
  });

  it("answers a row an operator and an entry a strategy", async () => {
    const eigen = await withMember();
    const { allocations, alice, carol, strategy, set, token, stranger, ethers } = eigen;
    await deposit(carol, { token: await token.getAddress(), strategy, amount: 3n * STAKE });
    await registerAsOperator(carol);
    await allocate(carol, { operatorSet: set, strategy, magnitude: WAD / 2n });
    await enterOperatorSet(carol, set);
    const now = await ethers.provider.getBlockNumber();
    expect(
      await allocations.getMinimumSlashableStake(
        set,
        [carol.address, alice.address, stranger.address],
        [stranger.address, strategy],
        now,
      ),
    ).to.deep.equal([
      [0n, (3n * STAKE) / 2n],
      [0n, 2n * STAKE],
      [0n, 0n],
    ]);
  });

  it("grows with a later delegation and a later deposit", async () => {
    const eigen = await withMember();
    const { alice, bob, carol, strategy } = eigen;
    const token = await eigen.token.getAddress();
    await deposit(bob, { token, strategy, amount: 5n });
    await deposit(carol, { token, strategy, amount: 6n });
    await delegateTo(carol, alice.address);
    expect(await stakeWithin(eigen, 0n)).to.equal(2n * STAKE + 11n);
  });
});
