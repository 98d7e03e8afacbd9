import { expect } from "chai";
import { dataSlice, id, ZeroAddress, ZeroHash } from "ethers";

import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { allocate, registerKey } from "../../../src/testing/eigenlayer.ts";
import { uint } from "../../../src/wire/bytes.ts";
import {
  aggregateG1Keys,
  Bn254Key,
  certificateDigest,
  checkpointTree,
  encodeAdvanceProof,
  encodeEquivocation,
  encodeEquivocationEvidence,
  encodeFalsehoodEvidence,
  FIELD_PRIME,
  GROUP_ORDER,
  keyId,
  SCHEME_BN254,
  SCHEME_ECDSA,
  ZERO_WORD,
  type Checkpoint,
  type Hex,
  type Statement,
} from "../../../src/wire/index.ts";
import type { G2PointStruct } from "../../../types/ethers-contracts/settlement/ServiceManager.js";
import { bn254Key, certifyBn254, inOrder, jointKey } from "../../fixtures/bn254.ts";
import { vectors } from "../../support/vectors.ts";
import { DEGREE, FALSE, fast, final, KIND, latestTable, makeLive, sameCount, TRUE, type Taken } from "./accused.ts";
import {
  addOperator,
  carry,
  configOf,
  createFabric,
  ETHER,
  FALSEHOOD_NOTICE,
  MIN_INTERVAL,
  MIN_WEIGHT,
  operatorAccount,
  REGISTRATION,
  type Fabric,
} from "./fabric.ts";
import { laneOf, settle, WAD } from "./untrue.ts";

const OPERATORS = [0, 1, 2, 3];

/** A point of G2 as a call takes it. */
const g2 = (bytes: Hex): G2PointStruct => {
  const [xImaginary, xReal, yImaginary, yReal] = [0, 32, 64, 96].map((at) => BigInt(dataSlice(bytes, at, at + 32)));
  return { xImaginary: xImaginary!, xReal: xReal!, yImaginary: yImaginary!, yReal: yReal! };
};
const joint = (keys: readonly Bn254Key[]): G2PointStruct => g2(jointKey(keys.map((key) => ({ key }))).publicKey.g2);

describe("ServiceManager and Slasher: BN254", () => {
  let fabric: Fabric;
  let taken: Taken;
  let reset: () => Promise<void>;

  before(async () => {
    fabric = await createFabric(new Date(), SCHEME_BN254);
    const { l1, rollup, local, manager } = fabric;
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, 40n * ETHER, undefined, bn254Key(n));
    taken = await take(OPERATORS.map(bn254Key));
    const there = rollup.connection.networkHelpers.time;
    await there.increaseTo(Math.max(await l1.networkHelpers.time.latest(), (await there.latest()) + 1));
    await manager.publish(taken.id, local.id, "0x");
    const sent = manager.publish(taken.id, rollup.id, "0x");
    await carry(rollup.l1Bridge, sent, rollup.bridge.connect(rollup.derivation));
    const created = [await l1.networkHelpers.takeSnapshot(), await rollup.connection.networkHelpers.takeSnapshot()];
    reset = async () => {
      for (const snapshot of created) await snapshot.restore();
    };
  });
  beforeEach(() => reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const errors = async () => fabric.l1.ethers.getContractAt("IBn254OperatorTable", ZeroAddress);
  /** Takes a table of these keys. */
  async function take(keys: readonly Bn254Key[]): Promise<Taken> {
    await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
    await fabric.manager.connect(fabric.stranger).snapshotBn254(joint(keys));
    return latestTable(fabric);
  }
  /** The keys of the table's operators, in its order. */
  const listed = (keys = OPERATORS.map(bn254Key)) => inOrder(keys.map((key) => ({ key })));
  const indexOf = (n: number): number => listed().findIndex(({ key }) => key.publicKey.g1 === bn254Key(n).publicKey.g1);
  /** A checkpoint that these of the table's operators signed. */
  function signedBy(checkpoint: Checkpoint, signers: readonly number[]): Statement {
    const tree = checkpointTree([checkpoint]);
    const domain = { settlementChainId: fabric.l1.chainId, serviceManager: fabric.set.avs };
    const digest = certificateDigest(domain, tree.root);
    const present = signers.map(indexOf);
    const absent = OPERATORS.filter((index) => !present.includes(index));
    return { checkpoint, siblings: [], certificate: certifyBn254(listed(), digest, absent) };
  }
  const listing = (n: number) => ({ tableId: taken.id, index: indexOf(n) });
  const evidence = (a: Statement, b: Statement, n: number): Hex =>
    encodeEquivocationEvidence({ equivocation: sameCount(a, b), a: listing(n), b: listing(n) });
  const convict = (n: number, shown: Hex, kind: number = KIND.equivocation) =>
    fabric.slasher.connect(fabric.stranger).convict(account(n), kind, shown);

  describe("keys and tables", () => {
    it("R31, trap 12: needs a BN254 key, notes it, names it by its key id, and forgets it", async () => {
      const { manager, set, l1 } = fabric;
      expect(await manager.SCHEME()).to.equal(SCHEME_BN254);
      expect(await manager.keyOf(account(0))).to.equal(keyId(bn254Key(0).publicKey.g1));
      const allocations = await l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
      const leave = { operator: account(0), avs: set.avs, operatorSetIds: [1] };
      await allocations.connect(operatorAccount(l1, 0)).deregisterFromOperatorSets(leave);
      expect(await manager.keyOf(account(0))).to.equal(ZeroAddress);
      const without = await take([1, 2, 3].map(bn254Key));
      expect(without.table.operators).to.have.lengthOf(3);

      const keyless = operatorAccount(l1, 9);
      await l1.networkHelpers.impersonateAccount(EIGENLAYER.allocationManager);
      await l1.networkHelpers.setBalance(EIGENLAYER.allocationManager, ETHER);
      const asEigenLayer = manager.connect(await l1.ethers.getSigner(EIGENLAYER.allocationManager));
      await expect(asEigenLayer.registerOperator(keyless, set.avs, [1], REGISTRATION)).to.be.revertedWithCustomError(
        manager,
        "MissingKey",
      );
    });

    it("R32: takes the table that the TypeScript reads: keys in order, a key and its negation too, weights cut to a third", async () => {
      const negated = new Bn254Key(uint(GROUP_ORDER - BigInt(bn254Key(0).secret), 32, "secret"));
      await addOperator(fabric, 4, 400n * ETHER, undefined, negated);
      const keys = [...OPERATORS.map(bn254Key), negated];
      const { table } = await take(keys);
      expect(table.scheme).to.equal(SCHEME_BN254);
      expect(table.operators.map(({ key }) => key)).to.deep.equal(listed(keys).map(({ key }) => key.publicKey.g1));
      const heavy = table.operators.find(({ key }) => key === negated.publicKey.g1);
      expect(heavy?.weight).to.equal(80n * ETHER);
      const others = table.operators.filter((operator) => operator !== heavy);
      expect(others.map(({ weight }) => weight)).to.deep.equal(OPERATORS.map(() => 40n * ETHER));
    });

    it("trap 9: takes no aggregate key but that of the table's operators: WrongAggregateKey; and nobody's wrong one blocks another's", async () => {
      const { manager, l1 } = fabric;
      await l1.networkHelpers.time.increase(MIN_INTERVAL);
      const right = joint(OPERATORS.map(bn254Key));
      const subgroup = vectors("bn254").invalidG2.find(({ error }) => error === "wire/wrong-subgroup")!;
      for (const wrong of [
        joint([0, 1, 2].map(bn254Key)),
        joint([0, 1, 2, 3, 4].map(bn254Key)),
        g2(subgroup.bytes),
        { xImaginary: 0n, xReal: 0n, yImaginary: 0n, yReal: 0n },
        { ...right, xReal: BigInt(right.xReal) + FIELD_PRIME },
        { ...right, yReal: BigInt(right.yReal) + 1n },
        { ...right, xImaginary: right.xReal, xReal: right.xImaginary },
      ]) {
        await expect(manager.snapshotBn254(wrong)).to.be.revertedWithCustomError(manager, "WrongAggregateKey");
      }
      await expect(manager.connect(fabric.stranger).snapshotBn254(right)).to.emit(manager, "TableTaken");
      await expect(manager.snapshotBn254(right)).to.be.revertedWithCustomError(manager, "TooEarly");
    });

    it("takes no table whose keys cancel each other out, with any aggregate key: WrongAggregateKey", async () => {
      const { manager, l1 } = fabric;
      const sum = OPERATORS.reduce((all, n) => all + BigInt(bn254Key(n).secret), 0n) % GROUP_ORDER;
      await addOperator(fabric, 4, 40n * ETHER, undefined, new Bn254Key(uint(GROUP_ORDER - sum, 32, "secret")));
      await l1.networkHelpers.time.increase(MIN_INTERVAL);
      for (const key of [{ xImaginary: 0n, xReal: 0n, yImaginary: 0n, yReal: 0n }, joint([bn254Key(0)])]) {
        await expect(manager.snapshotBn254(key)).to.be.revertedWithCustomError(manager, "WrongAggregateKey");
      }
    });

    it("R30: the scheme is fixed at construction: WrongScheme for the other's tables, InvalidConfiguration for no scheme", async () => {
      const { manager, l1, settlement } = fabric;
      await expect(manager.snapshot()).to.be.revertedWithCustomError(manager, "WrongScheme").withArgs(SCHEME_BN254);
      const factory = await l1.ethers.getContractFactory("ServiceManager");
      const ecdsa = await factory.deploy({ ...configOf(l1, settlement), scheme: SCHEME_ECDSA });
      await expect(ecdsa.snapshotBn254(joint([bn254Key(0)])))
        .to.be.revertedWithCustomError(ecdsa, "WrongScheme")
        .withArgs(SCHEME_ECDSA);
      for (const scheme of [0, 3]) {
        await expect(factory.deploy({ ...configOf(l1, settlement), scheme })).to.be.revertedWithCustomError(
          factory,
          "InvalidConfiguration",
        );
      }
    });

    it("R32: a key and its negation are in order whichever of them joined first", async () => {
      const isGreater = (key: Bn254Key): boolean => BigInt(dataSlice(key.publicKey.g1, 32)) > FIELD_PRIME / 2n;
      const found = [4, 5, 6, 7, 8, 9, 10, 11].map(bn254Key);
      const [greater, smaller] = [found.find(isGreater)!, found.find((key) => !isGreater(key))!];
      const negation = ({ secret }: Bn254Key): Bn254Key =>
        new Bn254Key(uint(GROUP_ORDER - BigInt(secret), 32, "secret"));
      const joined = [greater, negation(greater), smaller, negation(smaller)];
      for (const [place, key] of joined.entries()) await addOperator(fabric, 4 + place, 40n * ETHER, undefined, key);
      const keys = [...OPERATORS.map(bn254Key), ...joined];
      const { table } = await take(keys);
      expect(table.operators.map(({ key }) => key)).to.deep.equal(listed(keys).map(({ key }) => key.publicKey.g1));
    });

    it("R31, R32: leaves out who has not enough weight any more", async () => {
      await addOperator(fabric, 4, 40n * ETHER, undefined, bn254Key(4));
      const { l1, manager, set } = fabric;
      const [strategy] = l1.strategies;
      await allocate(operatorAccount(l1, 0), { operatorSet: set, strategy, magnitude: 0n });
      const keys = [1, 2, 3, 4].map(bn254Key);
      const { id: tableId, table } = await take(keys);
      expect(table.operators.map(({ key }) => key)).to.deep.equal(listed(keys).map(({ key }) => key.publicKey.g1));
      const [event] = await manager.queryFilter(manager.filters.TableTaken(tableId));
      expect(event!.args.slice(2)).to.deep.equal([4n, 160n * ETHER]);
    });

    it("R31, R32: takes a table of operators, and of weight, enough to the very number: TooFewOperators, WeightBelowFloor", async () => {
      const { l1, settlement } = fabric;
      const factory = await l1.ethers.getContractFactory("ServiceManager");
      const least = { minOperators: 4n, weightFloor: 5n * MIN_WEIGHT, scheme: SCHEME_BN254 };
      const manager = await factory.deploy({ ...configOf(l1, settlement), ...least });
      const own = { ...fabric, manager, set: { avs: await manager.getAddress(), id: 1n } };
      const joined = [4, 5, 6, 7, 8];
      const keys = joined.map(bn254Key);
      const [anyone, aggregate] = [manager.connect(fabric.stranger), joint(keys)];
      for (const n of joined.slice(0, 3)) await addOperator(own, n, MIN_WEIGHT, undefined, bn254Key(n));
      await expect(anyone.snapshotBn254(aggregate))
        .to.be.revertedWithCustomError(manager, "TooFewOperators")
        .withArgs(3, 4);
      await addOperator(own, 7, MIN_WEIGHT, undefined, bn254Key(7));
      await expect(anyone.snapshotBn254(aggregate))
        .to.be.revertedWithCustomError(manager, "WeightBelowFloor")
        .withArgs(4n * MIN_WEIGHT, 5n * MIN_WEIGHT);
      await addOperator(own, 8, MIN_WEIGHT, undefined, bn254Key(8));
      expect(await anyone.snapshotBn254.staticCall(aggregate)).to.not.equal(ZeroHash);
      const sent = await anyone.snapshotBn254(aggregate);
      const [tableId, time] = await manager.latestTable();
      await expect(sent)
        .to.emit(manager, "TableTaken")
        .withArgs(tableId, time, 5, 5n * MIN_WEIGHT);
    });

    it("R31, R32: holds 256 operators of one strategy, 200 of two: a snapshot stays within a transaction", async () => {
      const { manager, l1, settlement } = fabric;
      expect(await manager.CAPACITY()).to.equal(200n);
      const factory = await l1.ethers.getContractFactory("ServiceManager");
      const one = { strategies: [l1.strategies[0]], multipliers: [ETHER], scheme: SCHEME_BN254 };
      const single = await factory.deploy({ ...configOf(l1, settlement), ...one });
      expect(await single.CAPACITY()).to.equal(256n);
    });

    it("trap 9, R31: a rogue key, made up of the others', gets no seat: EigenLayer asks for its secret", async () => {
      const { l1, set } = fabric;
      // Of it and the others together the attacker knows the secret, of it alone nobody.
      const attacker = bn254Key(77);
      const others = OPERATORS.reduce((all, n) => all + BigInt(bn254Key(n).secret), 0n) % GROUP_ORDER;
      const rogueSecret = (BigInt(attacker.secret) + GROUP_ORDER - others) % GROUP_ORDER;
      const rogue = new Bn254Key(uint(rogueSecret, 32, "secret"));
      expect(aggregateG1Keys([...OPERATORS.map((n) => bn254Key(n).publicKey.g1), rogue.publicKey.g1])).to.equal(
        attacker.publicKey.g1,
      );
      const operator = operatorAccount(l1, 5);
      const keys = await l1.ethers.getContractAt("IKeyRegistrar", EIGENLAYER.keyRegistrar);
      const data = `${rogue.publicKey.g1}${rogue.publicKey.g2.slice(2)}`;
      const digest = await keys.getBN254KeyRegistrationMessageHash(operator, set, data);
      for (const proof of [attacker.provePossession(digest), attacker.sign(digest), rogue.sign(digest)]) {
        await expect(keys.connect(operator).registerKey(operator, set, data, proof)).to.be.revertedWithCustomError(
          keys,
          "InvalidSignature",
        );
      }
      await registerKey(operator, set, attacker);
    });
  });

  describe("certificates at the Gateways", () => {
    it("R17, invariant 3: three of four hold a word, all do, two do not", async () => {
      const { local, rollup } = fabric;
      const lane = laneOf({ rollup: local, local: rollup });
      const gateway = rollup.gateway;
      const said = (count: number): Checkpoint =>
        final(lane.word("true", count), { ...lane.lane, reachedBy: taken.table.snapshot });
      const advance = (checkpoint: Checkpoint, signers: readonly number[]) =>
        gateway.advance(
          [checkpoint],
          encodeAdvanceProof({ siblings: [[]], certificate: signedBy(checkpoint, signers).certificate }),
        );
      for (const [count, signers] of [
        [1, [0, 1, 2, 3]],
        [2, [0, 1, 3]],
        [3, [1, 2, 3]],
      ] as const) {
        await advance(said(count), signers);
        expect(await gateway.held(local.id, 2, count)).to.equal(lane.word("true", count));
      }
      const table = await rollup.connection.ethers.getContractAt("IBn254OperatorTable", ZeroAddress);
      await expect(advance(said(4), [0, 2])).to.be.revertedWithCustomError(table, "QuorumNotReached");
    });

    it("R22: a quorum's conflicting statements revoke the table at a Gateway, and on L1", async () => {
      const { rollup, manager, slasher } = fabric;
      const conflict = encodeEquivocation(sameCount(signedBy(TRUE, [0, 1, 2]), signedBy(FALSE, [1, 2, 3])));
      await expect(rollup.gateway.revokeTable(conflict)).to.emit(rollup.gateway, "TableRevoked");
      await expect(slasher.revokeTable(taken.id, conflict))
        .to.emit(manager, "TableRevoked")
        .withArgs(taken.id, taken.table.snapshot);
      const lone = encodeEquivocation(sameCount(signedBy(TRUE, [0, 1, 2]), signedBy(FALSE, [1, 2])));
      await expect(slasher.revokeTable(taken.id, lone)).to.be.revertedWithCustomError(slasher, "NoQuorum");
    });
  });

  describe("convictions", () => {
    it("R24, R26: an operator's own two signatures convict it alone, at a hundredth", async () => {
      await expect(convict(1, evidence(signedBy(TRUE, [1]), signedBy(FALSE, [1]), 1)))
        .to.emit(fabric.slasher, "OperatorConvicted")
        .withArgs(account(1), KIND.equivocation, `0x${"00".repeat(32)}`, DEGREE.lone, ETHER / 100n, fabric.stranger);
      expect(await fabric.manager.keyOf(account(1))).to.equal(ZeroAddress);
      const { table } = await take([0, 2, 3].map(bn254Key));
      expect(table.operators).to.have.lengthOf(3);
    });

    it("R25, R26: of a quorum's two statements each is convicted that is absent from neither, and the table revoked", async () => {
      const { slasher, manager } = fabric;
      const [a, b] = [signedBy(TRUE, [0, 1, 2, 3]), signedBy(FALSE, [0, 1, 2])];
      await expect(convict(3, evidence(a, b, 3))).to.be.revertedWithCustomError(slasher, "NotSigned");
      await expect(convict(0, evidence(a, b, 0)))
        .to.emit(slasher, "OperatorConvicted")
        .withArgs(account(0), KIND.equivocation, `0x${"00".repeat(32)}`, DEGREE.quorum, ETHER, fabric.stranger)
        .to.emit(manager, "TableRevoked");
      await convict(2, evidence(a, b, 2));
      expect(await slasher.isTombstoned(account(3))).to.equal(false);
    });

    it("R25: names the operator by whom EigenLayer knows the key: NotKeyOf, NotListed", async () => {
      const { slasher } = fabric;
      const [a, b] = [signedBy(TRUE, [0, 1]), signedBy(FALSE, [0, 1])];
      await expect(convict(2, evidence(a, b, 1)))
        .to.be.revertedWithCustomError(slasher, "NotKeyOf")
        .withArgs(account(2), keyId(bn254Key(1).publicKey.g1));
      const nowhere = { tableId: taken.id, index: 4 };
      const unlisted = encodeEquivocationEvidence({ equivocation: sameCount(a, b), a: nowhere, b: nowhere });
      await expect(convict(1, unlisted)).to.be.revertedWithCustomError(slasher, "NotListed");
    });

    it("invariant 6: nobody is made to have signed: no other signers, absent ones, keys or roots count", async () => {
      const { slasher } = fabric;
      const table = await errors();
      const [a, b] = [signedBy(TRUE, [0, 1]), signedBy(FALSE, [0, 1])];
      // Operators 0 and 1 signed; the certificate says that another did instead, that 2 did too, or all, or nobody.
      const bytes = b.certificate;
      const absentAt = (bytes.length - 2) / 2 - 2;
      const withAbsent = (absent: readonly number[]): Hex =>
        `${dataSlice(bytes, 0, absentAt)}${Buffer.from(absent).toString("hex")}`;
      for (const [absent, error] of [
        [[1, 2, 3].map(indexOf).sort(), "InvalidAggregate"],
        [[3].map(indexOf), "InvalidAggregate"],
        [[0, 1, 2, 3], "MalformedCertificate"],
        [[...[2, 3].map(indexOf)].sort().reverse(), "MalformedCertificate"],
        [[indexOf(2), indexOf(2)], "MalformedCertificate"],
      ] as const) {
        const changed = { ...b, certificate: withAbsent(absent) };
        await expect(convict(0, evidence(a, changed, 0))).to.be.revertedWithCustomError(table, error);
      }
      const toAll = { ...b, certificate: dataSlice(bytes, 0, absentAt - 128) };
      await expect(convict(2, evidence(a, toAll, 2))).to.be.revertedWithCustomError(slasher, "NotSigned");
      await expect(convict(0, evidence(a, toAll, 0))).to.be.revertedWithCustomError(table, "InvalidAggregate");
      const foreign = { ...b, certificate: signedBy(final(TRUE.laneWord, { reachedBy: 9n }), [0, 1]).certificate };
      await expect(convict(0, evidence(a, foreign, 0))).to.be.revertedWithCustomError(table, "WrongRoot");
    });

    it("R24, R26: a false word convicts whoever is not absent from its certificate, final at the source's wad, fast at a fiftieth", async () => {
      const { settlement, owner, rollup, l1, slasher } = fabric;
      await settlement.connect(owner).announceFalsehoodWad(rollup.id, WAD);
      await l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
      const lane = laneOf(fabric);
      await settle(fabric, lane.word("true", 3));
      for (const [n, kind, checkpoint, wad] of [
        [0, KIND.falsehood, final(lane.word("false", 3), lane.lane), WAD],
        [1, KIND.unsettled, { ...fast(lane.word("false", 3), id("a block")), ...lane.lane }, ETHER / 50n],
      ] as const) {
        const statement = signedBy(checkpoint, [0, 1]);
        const shown = (of: number): Hex =>
          encodeFalsehoodEvidence({
            statement,
            listing: listing(of),
            settledCount: 3n,
            from: ZERO_WORD,
            messageHashes: [],
          });
        await expect(convict(2, shown(2), kind)).to.be.revertedWithCustomError(slasher, "NotSigned");
        await expect(convict(n, shown(n), kind))
          .to.emit(slasher, "OperatorConvicted")
          .withArgs(account(n), kind, rollup.id, DEGREE.lone, wad, fabric.stranger);
      }
    });
  });
});
