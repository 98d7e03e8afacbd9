import { expect } from "chai";

import { genesis, memberId, type Hex, type LaneWord } from "../../../src/wire/index.ts";
import { KIND, latestTable, type Taken } from "../settlement/accused.ts";
import {
  carry,
  FALSEHOOD_NOTICE,
  MAX_SETTLE_AGE,
  MEMBER_NOTICE,
  operatorAccount,
  someAddress,
} from "../settlement/fabric.ts";
import { falsehoodOf, laneOf, said, WAD, type Lie } from "../settlement/untrue.ts";
import { certifyBy, createRunningFabric, deliverTo, publishTable, sendFrom, type RunningFabric } from "./running.ts";

const OPERATORS = [0, 1, 2, 3];

describe("Bridges: lies about lanes that have no message to come", () => {
  let fabric: RunningFabric;
  let taken: Taken;
  let lie: Lie;
  before(async () => {
    fabric = await createRunningFabric();
    lie = laneOf(fabric);
    await fabric.settlement.connect(fabric.owner).announceFalsehoodWad(fabric.rollup.id, WAD);
    for (const { networkHelpers } of [fabric.l1, fabric.rollup.connection]) {
      await networkHelpers.time.increase(FALSEHOOD_NOTICE);
    }
    await carry(fabric.rollup.bridge, fabric.rollup.bridge.settleCurrent(fabric.local.id), fabric.ends.l1);
    await publishTable(fabric);
    taken = await latestTable(fabric);
    const ready = [
      await fabric.l1.networkHelpers.takeSnapshot(),
      await fabric.rollup.connection.networkHelpers.takeSnapshot(),
    ];
    fabric = {
      ...fabric,
      reset: async () => {
        for (const snapshot of ready) await snapshot.restore();
      },
    };
  });
  beforeEach(() => fabric.reset());

  const there = async (): Promise<bigint> => BigInt(await fabric.rollup.connection.networkHelpers.time.latest());

  /** The rollup lists a member that takes the place of L1's, and accepts it. */
  async function replaceDestination(): Promise<void> {
    const { settlement, owner, l1, rollup } = fabric;
    const successor = { chainId: l1.chainId, gateway: someAddress(9) };
    await settlement.connect(owner).addMember(successor, someAddress(10), MAX_SETTLE_AGE);
    await l1.networkHelpers.time.increase(MEMBER_NOTICE);
    await publishTable(fabric);
    await rollup.gateway.acceptMember(
      memberId({ chainId: l1.chainId, settlement: await settlement.getAddress() }, successor),
    );
  }

  /** All operators said this of the lane to L1, as of now; then the rollup's bridge says what it has. */
  async function expectConvicted(
    word: LaneWord,
    settledCount: bigint,
    settle: () => ReturnType<RunningFabric["rollup"]["bridge"]["settleCurrent"]>,
    destination: Hex = fabric.local.id,
  ): Promise<void> {
    const { slasher, stranger, settlement, rollup, l1 } = fabric;
    const reachedBy = await there();
    const claim = said(lie, word, { reachedBy, destination });
    const evidence = falsehoodOf(fabric, taken, claim, OPERATORS, { settledCount });
    const accused = operatorAccount(l1, 0).address;
    const convict = (): Promise<unknown> => slasher.connect(stranger).convict(accused, KIND.falsehood, evidence);
    await expect(convict()).to.be.revert(l1.ethers);

    // A time that L1 has not come to yet shows nothing.
    for (const { networkHelpers } of [l1, rollup.connection]) {
      await networkHelpers.time.increaseTo(Math.max(Number(reachedBy), await networkHelpers.time.latest()) + 60);
    }
    await carry(rollup.bridge, settle(), fabric.ends.l1);
    expect((await settlement.member(rollup.id)).isFaulted).to.equal(false);
    await expect(convict()).to.emit(slasher, "OperatorConvicted");
  }

  it("R24, invariant 6: what a quorum had delivered on a lane that is empty convicts it", async () => {
    const { local, rollup, l1, members } = fabric;
    const recipient = await (await l1.ethers.deployContract("SilentRecipient")).getAddress();
    const before = await rollup.connection.networkHelpers.takeSnapshot();
    const forged = await sendFrom(rollup.gateway, rollup.user, members.local, recipient);
    // As if it had never been sent.
    await before.restore();
    const time = BigInt(await l1.networkHelpers.time.latest());
    const proof = certifyBy(fabric, lie.lane, forged.after, time);
    await expect(deliverTo(local.gateway, members.rollup, forged, proof)).to.emit(local.gateway, "MessageDelivered");
    await expectConvicted(forged.after, 0n, () => rollup.bridge.settleCurrent(local.id));
  });

  it("R24, invariant 6: a word of a lane that its source never opened convicts who signed it", async () => {
    const { settlement, owner, l1, rollup } = fabric;
    const stranger = { chainId: 9_999n, gateway: someAddress(9) };
    await settlement.connect(owner).addMember(stranger, someAddress(10), MAX_SETTLE_AGE);
    const destination = memberId({ chainId: l1.chainId, settlement: await settlement.getAddress() }, stranger);
    const word = lie.word("never sent", 7);
    await expectConvicted(word, 0n, () => rollup.bridge.settleCurrent(destination), destination);
  });

  it("R24, invariant 6: a word behind the last of a lane that its source closed convicts who signed it", async () => {
    const { local, rollup, members } = fabric;
    const last = await sendFrom(rollup.gateway, rollup.user, members.local, someAddress(1));
    await replaceDestination();
    // Nothing that folds: only that the lane came to no second message shows it.
    await expectConvicted(lie.word("never sent", 2), 1n, () => rollup.bridge.settleAnchor(local.id, 0));
    expect(await fabric.settlement.settled(rollup.id, local.id, 1)).to.equal(last.after);
  });

  it("R24, invariant 6: a word of a lane that was closed while it was empty convicts who signed it", async () => {
    await replaceDestination();
    await expectConvicted(lie.word("never sent", 300), 0n, () => fabric.rollup.bridge.settleCurrent(fabric.local.id));
  });

  it("invariant 6: who said no more than the last word of a closed lane is not convicted by it", async () => {
    const { local, rollup, members, slasher, stranger, l1 } = fabric;
    const [first, last] = [
      await sendFrom(rollup.gateway, rollup.user, members.local, someAddress(1)),
      await sendFrom(rollup.gateway, rollup.user, members.local, someAddress(2)),
    ];
    const reachedBy = await there();
    await replaceDestination();
    await carry(rollup.bridge, rollup.bridge.settleAnchor(local.id, 0), fabric.ends.l1);
    for (const word of [first.after, last.after]) {
      const evidence = falsehoodOf(fabric, taken, said(lie, word, { reachedBy }), OPERATORS, { settledCount: 2n });
      await expect(
        slasher.connect(stranger).convict(operatorAccount(l1, 0), KIND.falsehood, evidence),
      ).to.be.revertedWithCustomError(slasher, "NoContradiction");
    }
  });

  it("an empty lane's word is forwarded to nobody, and holds nothing if a bridge brings it: NothingToForward", async () => {
    const { local, rollup, settlement, stranger } = fabric;
    await carry(rollup.bridge, rollup.bridge.settleCurrent(local.id), fabric.ends.l1);
    expect(await settlement.settled(rollup.id, local.id, 0)).to.equal(genesis(rollup.id, local.id));
    await expect(settlement.connect(stranger).forward(rollup.id, local.id, 0, "0x"))
      .to.be.revertedWithCustomError(settlement, "NothingToForward")
      .withArgs(rollup.id, local.id);
  });
});
