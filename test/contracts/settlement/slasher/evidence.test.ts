import { expect } from "chai";
import { concat, dataSlice, id, toBeHex, ZeroHash } from "ethers";

import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { enterOperatorSet, registerKey } from "../../../../src/testing/eigenlayer.ts";
import {
  decodeEquivocationEvidence,
  encodeEquivocationEvidence,
  type EquivocationEvidence,
  type Hex,
} from "../../../../src/wire/index.ts";
import type { IAllocationManager, IKeyRegistrar } from "../../../../types/ethers-contracts/index.js";
import {
  equivocationOf,
  evidenceAgainst,
  FALSE,
  indexOf,
  keyOf,
  KIND,
  makeLive,
  sameCount,
  signedBy,
  takeTable,
  TRUE,
  type Taken,
} from "../accused.ts";
import {
  addOperator,
  configOf,
  createFabric,
  ETHER,
  operatorAccount,
  REGISTRATION,
  signingKey,
  someAddress,
  type Fabric,
} from "../fabric.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("Slasher: evidence", () => {
  let fabric: Fabric;
  let taken: Taken;
  let allocations: IAllocationManager;
  let keys: IKeyRegistrar;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    keys = await fabric.l1.ethers.getContractAt("IKeyRegistrar", EIGENLAYER.keyRegistrar);
    await makeLive(fabric);
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    taken = await takeTable(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    fabric = { ...fabric, reset: () => ready.restore() };
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const convict = (n: number, evidence: Hex): Promise<unknown> =>
    fabric.slasher.convict(account(n), KIND.equivocation, evidence);
  /** Evidence against the n-th operator, changed. */
  function changed(n: number, change: (evidence: EquivocationEvidence) => EquivocationEvidence): Hex {
    return encodeEquivocationEvidence(change(decodeEquivocationEvidence(equivocationOf(fabric, taken, [n]))));
  }
  /** The same with another position of a statement's operator: also one that no encoder writes. */
  function withIndex(side: "a" | "b", index: number): Hex {
    const listing = (at: number): string => taken.id.slice(2) + toBeHex(at, 32).slice(2);
    const last = changed(0, (good) => ({ ...good, [side]: { ...good[side], index: 255 } }));
    return `0x${last.slice(2).replace(listing(255), listing(index))}`;
  }
  /** The same with another certificate over the second statement. */
  const withCertificate = (n: number, certificate: (good: Hex) => Hex): Hex =>
    changed(n, (evidence) => ({
      ...evidence,
      equivocation: {
        ...evidence.equivocation,
        b: { ...evidence.equivocation.b, certificate: certificate(evidence.equivocation.b.certificate) },
      },
    }));

  it("is of this chain and this ServiceManager: InvalidSignature", async () => {
    const index = indexOf(taken, 0);
    for (const elsewhere of [
      { l1: { ...fabric.l1, chainId: fabric.l1.chainId + 1n }, set: fabric.set },
      { l1: fabric.l1, set: { ...fabric.set, avs: someAddress(1) } },
      { l1: fabric.l1, set: { ...fabric.set, avs: await fabric.slasher.getAddress() } },
    ]) {
      const [here, there] = [signedBy(fabric, taken, TRUE, [0]), signedBy(elsewhere, taken, FALSE, [0])];
      for (const equivocation of [sameCount(here, there), sameCount(there, here)]) {
        await expect(convict(0, evidenceAgainst(0, taken, equivocation)))
          .to.be.revertedWithCustomError(fabric.slasher, "InvalidSignature")
          .withArgs(index);
      }
    }
  });

  it("opens a table that was taken here: UnknownTable", async () => {
    const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
    const manager = await factory.deploy(configOf(fabric.l1, fabric.settlement));
    const own = { ...fabric, manager, set: { avs: await manager.getAddress(), id: 1n } };
    await addOperator(own, 5, 40n * ETHER);
    const foreign = await takeTable(own);
    for (const tableId of [ZeroHash, id("no table"), foreign.id]) {
      for (const side of ["a", "b"] as const) {
        const evidence = changed(0, (good) => ({ ...good, [side]: { ...good[side], tableId } }));
        await expect(convict(0, evidence))
          .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
          .withArgs(tableId);
      }
    }
  });

  it("lists the accused's keys: NotListed, NotKeyOf, NotSigned", async () => {
    for (const side of ["a", "b"] as const) {
      for (const index of [4, 256, 2 ** 40]) {
        await expect(convict(0, withIndex(side, index)))
          .to.be.revertedWithCustomError(fabric.slasher, "NotListed")
          .withArgs(taken.id, index);
      }
      const index = indexOf(taken, 1);
      await expect(
        convict(
          0,
          changed(0, (good) => ({ ...good, [side]: { ...good[side], index } })),
        ),
      )
        .to.be.revertedWithCustomError(fabric.slasher, "NotKeyOf")
        .withArgs(account(0), keyOf(1));
    }
    await expect(convict(1, equivocationOf(fabric, taken, [0])))
      .to.be.revertedWithCustomError(fabric.slasher, "NotKeyOf")
      .withArgs(account(1), keyOf(0));
    await expect(fabric.slasher.convict(fabric.stranger, KIND.equivocation, equivocationOf(fabric, taken, [0])))
      .to.be.revertedWithCustomError(fabric.slasher, "NotKeyOf")
      .withArgs(fabric.stranger.address, keyOf(0));
    // Of two who signed each one statement, neither equivocated.
    const each = sameCount(signedBy(fabric, taken, TRUE, [0]), signedBy(fabric, taken, FALSE, [1]));
    for (const n of [0, 1]) {
      await expect(convict(n, evidenceAgainst(n, taken, each)))
        .to.be.revertedWithCustomError(fabric.slasher, "NotSigned")
        .withArgs(taken.id, indexOf(taken, n));
    }
  });

  it("R17 needs signatures as a table does: malleated ones, zeros and failed recoveries are none", async () => {
    const malleated = (good: Hex): Hex => {
      const yParityAndS = BigInt(dataSlice(good, 33));
      const parity = yParityAndS >> 255n;
      const s = yParityAndS & ((1n << 255n) - 1n);
      // n - s needs 256 bits if s is small: the form has room for 255.
      return concat([dataSlice(good, 0, 33), toBeHex((ORDER - s) | ((1n - parity) << 255n), 32)]);
    };
    for (const certificate of [
      malleated,
      (good: Hex): Hex => concat([dataSlice(good, 0, 1), ZeroHash, ZeroHash]),
      (good: Hex): Hex => concat([dataSlice(good, 0, 33), ZeroHash]),
      (good: Hex): Hex => concat([dataSlice(good, 0, 1), toBeHex(ORDER, 32), dataSlice(good, 33)]),
      (good: Hex): Hex => concat([dataSlice(good, 0, 64), toBeHex(BigInt(dataSlice(good, 64)) ^ 1n, 1)]),
    ]) {
      await expect(convict(0, withCertificate(0, certificate)))
        .to.be.revertedWithCustomError(fabric.slasher, "InvalidSignature")
        .withArgs(indexOf(taken, 0));
    }
  });

  it("R17 needs certificates as a table does: MalformedCertificate", async () => {
    const high = taken.table.operators.findIndex(({ key }) => key === keyOf(0));
    for (const certificate of [
      (): Hex => "0x",
      (good: Hex): Hex => dataSlice(good, 0, 64),
      (good: Hex): Hex => concat([good, "0x00"]),
      (good: Hex): Hex => concat([good, good]),
      (good: Hex): Hex => concat(["0x04", dataSlice(good, 1)]),
      (good: Hex): Hex => concat(["0xff", dataSlice(good, 1)]),
      (good: Hex): Hex => concat([good, toBeHex(Math.max(high - 1, 0), 1), dataSlice(good, 1)]),
    ]) {
      await expect(convict(0, withCertificate(0, certificate))).to.be.revertedWithCustomError(
        fabric.slasher,
        "MalformedCertificate",
      );
    }
  });

  it("one wrong signature among good ones refuses the evidence", async () => {
    const good = signedBy(fabric, taken, TRUE, [0, 1, 2]);
    const wrong = signedBy(fabric, taken, FALSE, [3]);
    const certificate = concat(
      [good.certificate, wrong.certificate]
        .flatMap((bytes) =>
          Array.from({ length: (bytes.length - 2) / 130 }, (_, i) => dataSlice(bytes, i * 65, i * 65 + 65)),
        )
        .sort(),
    );
    const equivocation = sameCount({ ...good, certificate }, signedBy(fabric, taken, FALSE, [0]));
    await expect(convict(0, evidenceAgainst(0, taken, equivocation)))
      .to.be.revertedWithCustomError(fabric.slasher, "InvalidSignature")
      .withArgs(indexOf(taken, 3));
  });

  it("an inner node of a tree is no statement, and siblings lead nowhere else: InvalidSignature", async () => {
    const evidence = changed(0, (good) => ({
      ...good,
      equivocation: { ...good.equivocation, b: { ...good.equivocation.b, siblings: [id("a sibling")] } },
    }));
    await expect(convict(0, evidence)).to.be.revertedWithCustomError(fabric.slasher, "InvalidSignature");
  });

  it("every change of a byte of an honest pair's evidence convicts nobody", async () => {
    const honest = sameCount(
      signedBy(fabric, taken, TRUE, [0]),
      signedBy(fabric, taken, { ...TRUE, reachedBy: 9n }, [0]),
    );
    const bytes = evidenceAgainst(0, taken, honest);
    const length = (bytes.length - 2) / 2;
    for (let at = 0; at < length; at += 7) {
      const flipped = concat([
        dataSlice(bytes, 0, at),
        toBeHex(Number(dataSlice(bytes, at, at + 1)) ^ 1, 1),
        dataSlice(bytes, at + 1),
      ]);
      await expect(fabric.slasher.convict.staticCall(account(0), KIND.equivocation, flipped)).to.be.revert(
        fabric.l1.ethers,
      );
    }
  }).timeout(60_000);

  describe("R25 keys map to operators for ever", () => {
    const leave = async (n: number): Promise<void> => {
      const operator = operatorAccount(fabric.l1, n);
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
    };

    it("an operator that changed its key between two statements is convicted of both", async () => {
      await leave(0);
      await fabric.l1.networkHelpers.mine(100_801);
      const operator = operatorAccount(fabric.l1, 0);
      await keys.connect(operator).deregisterKey(operator, fabric.set);
      await registerKey(operator, fabric.set, signingKey(100));
      await enterOperatorSet(operator, fabric.set, REGISTRATION);
      const later = await takeTable(fabric);
      const a = signedBy(fabric, taken, TRUE, [0]);
      const b = signedBy(fabric, later, FALSE, [100]);
      const evidence = encodeEquivocationEvidence({
        equivocation: sameCount(a, b),
        a: { tableId: taken.id, index: indexOf(taken, 0) },
        b: { tableId: later.id, index: indexOf(later, 100) },
      });
      await expect(convict(0, evidence)).to.emit(fabric.slasher, "OperatorConvicted");
      expect(await fabric.manager.keyOf(operator)).to.equal(`0x${"00".repeat(20)}`);
    });

    it("an operator without a key any more is convicted by the one that it had", async () => {
      await leave(0);
      await fabric.l1.networkHelpers.mine(100_801);
      const operator = operatorAccount(fabric.l1, 0);
      await keys.connect(operator).deregisterKey(operator, fabric.set);
      expect((await keys.getOperatorFromSigningKey(fabric.set, keyOf(0)))[1]).to.equal(false);
      await expect(convict(0, equivocationOf(fabric, taken, [0]))).to.emit(fabric.slasher, "OperatorConvicted");
    });
  });

  it("encodes and reads what the Slasher reads", () => {
    const evidence = decodeEquivocationEvidence(equivocationOf(fabric, taken, [0, 1, 2], 1));
    expect(evidence.a).to.deep.equal({ tableId: taken.id, index: indexOf(taken, 1) });
    expect(evidence.equivocation.b.checkpoint).to.deep.equal(FALSE);
  });
});
