import { expect } from "chai";
import { concat, toBeHex, ZeroHash } from "ethers";

import { publishTable, createRunningFabric, certifyBy, type RunningFabric } from "../bridges/running.ts";
import { conflictOf, equivocationOf, KIND, latestTable, LANE, wordAfter, messages, type Taken } from "./accused.ts";
import { addOperator, carry, ETHER, MIN_INTERVAL, operatorAccount } from "./fabric.ts";

const OPERATORS = [0, 1, 2, 3];

describe("ServiceManager: revocation", () => {
  let fabric: RunningFabric;
  let taken: Taken;

  before(async () => {
    fabric = await createRunningFabric();
    taken = await latestTable(fabric);
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const convictAll = async (signers: readonly number[]): Promise<void> => {
    for (const n of signers) {
      await fabric.slasher.convict(account(n), KIND.equivocation, equivocationOf(fabric, taken, signers, n));
    }
  };
  const revoke = (): Promise<unknown> => fabric.slasher.revokeTable(taken.id, conflictOf(fabric, taken, OPERATORS));

  it("R22 from a quorum's equivocation to a fresh table: no Gateway verifies with the old one, all do with the new", async () => {
    const { manager, local, rollup, ends } = fabric;
    for (const n of [4, 5, 6]) await addOperator(fabric, n, 40n * ETHER);
    await convictAll([0, 1, 2]);
    expect(await manager.revokedUntil()).to.equal(taken.table.snapshot);
    expect(await manager.latestTable()).to.deep.equal([ZeroHash, 0n]);

    const item = concat(["0x03", toBeHex(taken.table.snapshot, 8)]);
    await expect(manager.publishRevocation(local.id, "0x"))
      .to.emit(manager, "RevocationPublished")
      .withArgs(taken.table.snapshot, local.id)
      .to.emit(local.gateway, "TableRevoked");
    const sent = manager.connect(fabric.stranger).publishRevocation(rollup.id, "0x");
    await expect(sent).to.emit(rollup.l1Bridge, "ItemsSent").withArgs(1, [item]);
    await carry(rollup.l1Bridge, sent, ends.rollup);
    for (const { gateway } of [local, rollup])
      expect((await gateway.tableInForce())[0]).to.equal(`0x${"00".repeat(20)}`);

    // At once: no interval is waited for.
    await manager.connect(fabric.stranger).snapshot();
    const fresh = await latestTable(fabric);
    expect(fresh.table.operators).to.have.lengthOf(4);
    await manager.publish(fresh.id, local.id, "0x");
    await carry(rollup.l1Bridge, manager.publish(fresh.id, rollup.id, "0x"), ends.rollup);
    for (const { gateway } of [local, rollup]) {
      const table = await gateway.tableInForce();
      expect(table.snapshot).to.equal(fresh.table.snapshot);
      expect(table[0]).to.not.equal(`0x${"00".repeat(20)}`);
    }
  });

  it("R22, invariant 3: what the convicted quorum signs counts nowhere afterwards", async () => {
    const { rollup, local, manager, ends } = fabric;
    await convictAll([0, 1, 2, 3]);
    await carry(rollup.l1Bridge, manager.publishRevocation(rollup.id, "0x"), ends.rollup);
    const word = wordAfter(messages("a lie", 1));
    const proof = certifyBy(fabric, { source: local.id, destination: rollup.id }, word, 1n);
    expect(LANE.source).to.not.equal(local.id);
    await expect(
      rollup.gateway.deliver(fabric.members.local, concat(["0x00", ZeroHash]), proof, word),
    ).to.be.revertedWithCustomError(rollup.gateway, "NoTable");
  });

  it("invariant 7: a revoked table is sent to nobody: RevokedTable; nor is one before it", async () => {
    const before = taken;
    await publishTable(fabric);
    taken = await latestTable(fabric);
    await revoke();
    for (const { id } of [before, taken]) {
      await expect(fabric.manager.publish(id, fabric.rollup.id, "0x"))
        .to.be.revertedWithCustomError(fabric.manager, "RevokedTable")
        .withArgs(id);
      expect(await fabric.manager.tableItem(id)).to.not.equal("0x");
    }
    taken = before;
  });

  it("invariant 7: an older table's revocation, later, takes nothing back", async () => {
    const old = taken;
    await publishTable(fabric);
    taken = await latestTable(fabric);
    await revoke();
    const until = await fabric.manager.revokedUntil();
    const late = fabric.slasher.revokeTable(old.id, conflictOf(fabric, old, OPERATORS));
    await expect(late).to.not.emit(fabric.manager, "TableRevoked");
    expect(await fabric.manager.revokedUntil()).to.equal(until);
    taken = old;
  });

  it("R22 a revoked latest table lets the next be taken at once, and only that one", async () => {
    const { snapshotTime: revoked } = await fabric.manager.latestTable();
    await expect(revoke()).to.emit(fabric.manager, "TableRevoked").withArgs(taken.id, revoked);
    await fabric.manager.snapshot();
    const { snapshotTime } = await fabric.manager.latestTable();
    await expect(fabric.manager.snapshot())
      .to.be.revertedWithCustomError(fabric.manager, "TooEarly")
      .withArgs(snapshotTime + MIN_INTERVAL);
    // Again and again the same revocation opens nothing, and says nothing new.
    await expect(revoke()).to.not.emit(fabric.manager, "TableRevoked");
    await expect(fabric.manager.snapshot()).to.be.revertedWithCustomError(fabric.manager, "TooEarly");
  });

  it("R22 revoking a table that is not the latest hurries nothing", async () => {
    await publishTable(fabric);
    await revoke();
    await expect(fabric.manager.snapshot()).to.be.revertedWithCustomError(fabric.manager, "TooEarly");
    expect((await fabric.manager.latestTable()).tableId).to.not.equal(ZeroHash);
  });

  it("R26, trap 4: a conviction lets the next table, without the convicted, be taken at once", async () => {
    await fabric.slasher.convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, [1]));
    expect((await fabric.manager.latestTable()).tableId).to.equal(taken.id);
    await fabric.manager.snapshot();
    expect((await latestTable(fabric)).table.operators).to.have.lengthOf(3);
  });

  it("R26, invariant 7: the next table may be the next second's, in the block of the conviction", async () => {
    const { provider, networkHelpers } = fabric.l1;
    const { snapshotTime } = await fabric.manager.latestTable();
    await networkHelpers.time.setNextBlockTimestamp(snapshotTime + MIN_INTERVAL);
    await fabric.manager.snapshot();
    await provider.request({ method: "evm_setAutomine", params: [false] });
    const evidence = equivocationOf(fabric, taken, [1]);
    await fabric.slasher.convict(account(1), KIND.equivocation, evidence, { gasLimit: 3_000_000n });
    await fabric.manager.snapshot({ gasLimit: 3_000_000n });
    await networkHelpers.time.setNextBlockTimestamp(snapshotTime + MIN_INTERVAL + 1n);
    await networkHelpers.mine();
    await provider.request({ method: "evm_setAutomine", params: [true] });
    expect((await fabric.manager.latestTable()).snapshotTime).to.equal(snapshotTime + MIN_INTERVAL + 1n);
  });

  it("publishes no revocation where there is none, nor to nobody: NothingRevoked, UnknownMember", async () => {
    await expect(fabric.manager.publishRevocation(fabric.local.id, "0x")).to.be.revertedWithCustomError(
      fabric.manager,
      "NothingRevoked",
    );
    await revoke();
    await expect(fabric.manager.publishRevocation(ZeroHash, "0x"))
      .to.be.revertedWithCustomError(fabric.manager, "UnknownMember")
      .withArgs(ZeroHash);
  });

  it("R30 only the Slasher convicts and revokes: NotSlasher", async () => {
    for (const caller of [fabric.stranger, fabric.owner, operatorAccount(fabric.l1, 0)]) {
      const manager = fabric.manager.connect(caller);
      for (const call of [() => manager.onConvicted(account(0), caller, true), () => manager.onRevoked(taken.id)]) {
        await expect(call()).to.be.revertedWithCustomError(fabric.manager, "NotSlasher").withArgs(caller.address);
      }
    }
  });

  it("names the block of every table that was taken, and of no other: UnknownTable", async () => {
    expect(await fabric.manager.tableBlock(taken.id)).to.be.greaterThan(100_801n);
    await expect(fabric.manager.tableBlock(ZeroHash))
      .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
      .withArgs(ZeroHash);
  });
});
