import { expect } from "chai";

import {
  encodeAdvanceProof,
  encodeBatch,
  encodeInteroperableAddress,
  encodeProof,
  fold,
  genesis,
  Level,
  MAX_COUNT,
  wordOf,
  type BatchItem,
  type LaneWord,
} from "../../../src/wire/index.ts";
import { place, type Sent } from "../../fixtures/messages.ts";
import { keyOf, KIND, latestTable, signedBy } from "../settlement/accused.ts";
import { carry, FALSEHOOD_NOTICE, operatorAccount } from "../settlement/fabric.ts";
import { falsehoodOf, laneOf, said, WAD } from "../settlement/untrue.ts";
import { createRunningFabric, deliverTo, publishTable, sendFrom, type RunningFabric } from "./running.ts";

/** A transaction's most gas (EIP-7825). */
const CAP = 16_777_216n;
const BEHIND = 10_000;
const AT_ONCE = 250;
const PAGE = 256;

const settledProof = encodeProof({ kind: "held", level: Level.settled });

describe("The settled path of a long lane", () => {
  let fabric: RunningFabric;
  let here: string;
  before(async () => {
    fabric = await createRunningFabric();
  });
  beforeEach(async () => {
    await fabric.reset();
    here = await (await fabric.l1.ethers.deployContract("SilentRecipient")).getAddress();
  });

  async function forward(word: number): Promise<void> {
    await fabric.settlement.connect(fabric.stranger).forward(fabric.rollup.id, fabric.local.id, word, "0x");
  }

  it("invariant 9: operators gone and 10,000 messages behind, the oldest is delivered in one transaction, and the newest", async () => {
    const { rollup, local, l1, members } = fabric;
    const correspondent = await rollup.connection.ethers.deployContract("Correspondent");
    const recipient = encodeInteroperableAddress({ chainId: l1.chainId, address: here });
    for (let sent = 0; sent < BEHIND; sent += AT_ONCE) {
      await correspondent.send(rollup.gateway, recipient, "0x", AT_ONCE, { gasLimit: CAP });
    }
    const start = genesis(rollup.id, local.id);
    const { item, messageHash } = place(rollup.id, l1.chainId, start, {
      sender: await correspondent.getAddress(),
      recipient: here,
    });
    const wordAfter = (count: number): LaneWord =>
      fold(
        start,
        Array.from({ length: count }, () => messageHash),
      );
    expect(await rollup.gateway.laneTo(l1.chainId)).to.equal(wordAfter(BEHIND));
    // Long after the last table expired.
    await l1.networkHelpers.time.increase(30 * 86_400);

    await carry(rollup.bridge, rollup.bridge.settleAnchor(local.id, 0), fabric.ends.l1);
    await forward(PAGE);
    const skips = (count: number): BatchItem[] => Array.from({ length: count }, () => ({ kind: "skip", messageHash }));
    const oldest = await local.gateway.deliver(
      members.rollup,
      encodeBatch([item, ...skips(PAGE - 1)]),
      settledProof,
      start,
      {
        gasLimit: CAP,
      },
    );
    await expect(Promise.resolve(oldest)).to.emit(local.gateway, "MessageDelivered");
    expect(await local.gateway.isDelivered(rollup.id, 0)).to.equal(true);
    expect(await local.gateway.isDelivered(rollup.id, 1)).to.equal(false);

    // The page that the newest is in is not full: there is no anchor of it.
    await carry(rollup.bridge, rollup.bridge.settleCurrent(local.id), fabric.ends.l1);
    await forward(BEHIND);
    await local.gateway.deliver(members.rollup, encodeBatch([item]), settledProof, wordAfter(BEHIND - 1), {
      gasLimit: CAP,
    });
    expect(await local.gateway.isDelivered(rollup.id, BEHIND - 1)).to.equal(true);
    expect(await local.gateway.isDelivered(rollup.id, BEHIND - 2)).to.equal(false);
  }).timeout(60_000);

  it("invariants 6 and 9: a quorum that certifies count 2^40 - 1 stops no settled delivery, and pays for it", async () => {
    const { rollup, local, l1, members } = fabric;
    await fabric.settlement.connect(fabric.owner).announceFalsehoodWad(rollup.id, WAD);
    await l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
    await settleFirst();
    await publishTable(fabric);
    const taken = await latestTable(fabric);
    const now = BigInt(await l1.networkHelpers.time.latest());
    // As far ahead as a Gateway takes it.
    const checkpoint = said(laneOf(fabric), wordOf(`0x${"ee".repeat(27)}`, MAX_COUNT), { reachedBy: now + 3_600n });
    const { certificate } = signedBy(fabric, taken, checkpoint, [0, 1, 2, 3].sort(byKey(taken.table.operators)));
    await local.gateway.advance([checkpoint], encodeAdvanceProof({ siblings: [[]], certificate }));
    expect(await local.gateway.held(rollup.id, Level.final, MAX_COUNT)).to.equal(checkpoint.laneWord);

    const sent: Sent = await sendFrom(rollup.gateway, rollup.user, members.local, here);
    await rollup.connection.networkHelpers.time.increaseTo(Number(now) + 3_601);
    await l1.networkHelpers.time.increaseTo(Number(now) + 3_700);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(local.id), fabric.ends.l1);
    await forward(2);
    await expect(deliverTo(local.gateway, members.rollup, sent, settledProof)).to.emit(
      local.gateway,
      "MessageDelivered",
    );

    for (const n of [0, 1, 2, 3]) {
      const evidence = falsehoodOf(fabric, taken, checkpoint, [n], { settledCount: 2n });
      await expect(fabric.slasher.convict(operatorAccount(l1, n).address, KIND.falsehood, evidence)).to.emit(
        fabric.slasher,
        "OperatorConvicted",
      );
    }
  });

  /** The rollup settles a first message, that certificates about it count after the notice. */
  async function settleFirst(): Promise<void> {
    const { rollup, l1, members } = fabric;
    const there = rollup.connection.networkHelpers.time;
    await there.increaseTo(await l1.networkHelpers.time.latest());
    await sendFrom(rollup.gateway, rollup.user, members.local, here);
    await carry(rollup.bridge, rollup.bridge.settleCurrent(fabric.local.id), fabric.ends.l1);
  }
});

/** The operators' numbers in the order of their keys. */
function byKey(operators: readonly { readonly key: string }[]): (a: number, b: number) => number {
  const place = (n: number): number => operators.findIndex(({ key }) => key === keyOf(n));
  return (a, b) => place(a) - place(b);
}
