import { expect } from "chai";
import { getCreateAddress, id } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER, KEY_CURVE } from "../../../src/chain/eigenlayer.ts";
import type { IAllocationManager, IKeyRegistrar } from "../../../types/ethers-contracts/index.js";
import {
  addOperator,
  configOf,
  createFabric,
  ETHER,
  MEMBER_NOTICE,
  MIN_INTERVAL,
  operatorAccount,
  REGISTRATION,
  someAddress,
  TABLE_AGE,
  WEIGHT_FLOOR,
  type Fabric,
} from "./fabric.ts";

/** Where EigenLayer sends what a set slashed that does not redistribute. */
const BURN_ADDRESS = "0x00000000000000000000000000000000000E16E4";

describe("ServiceManager", () => {
  let fabric: Fabric;
  let allocations: IAllocationManager;
  let keys: IKeyRegistrar;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
    keys = await fabric.l1.ethers.getContractAt("IKeyRegistrar", EIGENLAYER.keyRegistrar);
  });
  beforeEach(() => fabric.reset());

  const makeLive = async (): Promise<void> => {
    await fabric.addMembers();
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
  };
  const take = (): Promise<unknown> => fabric.manager.connect(fabric.stranger).snapshot();

  describe("R30 construction", () => {
    it("sets up the AVS at EigenLayer: operator set, strategies, itself as registrar, ECDSA keys, and the Slasher that it made", async () => {
      expect(await allocations.getSlasher(fabric.set)).to.equal(await fabric.slasher.getAddress());
      expect(await fabric.slasher.SERVICE_MANAGER()).to.equal(fabric.set.avs);
      expect(await fabric.manager.SLASHER()).to.equal(getCreateAddress({ from: fabric.set.avs, nonce: 1 }));
      expect(await allocations.getAVSRegistrar(fabric.set.avs)).to.equal(fabric.set.avs);
      expect([...(await allocations.getStrategiesInOperatorSet(fabric.set))]).to.deep.equal([...fabric.l1.strategies]);
      expect(await allocations.getOperatorSetCount(fabric.set.avs)).to.equal(1n);
      expect(await keys.getOperatorSetCurveType(fabric.set)).to.equal(KEY_CURVE.ecdsa);
      expect(await fabric.manager.OPERATOR_SET_ID()).to.equal(fabric.set.id);
      expect(await fabric.manager.supportsAVS(fabric.set.avs)).to.be.true;
      expect(await fabric.manager.supportsAVS(fabric.stranger)).to.be.false;
    });

    it("R29, trap 10: its operator set does not redistribute: what is slashed burns", async () => {
      expect(await allocations.isOperatorSet(fabric.set)).to.be.true;
      expect(await allocations.isRedistributingOperatorSet(fabric.set)).to.be.false;
      expect(await allocations.getRedistributionRecipient(fabric.set)).to.equal(BURN_ADDRESS);
    });

    it("says what it is made of", async () => {
      expect(await fabric.manager.SETTLEMENT()).to.equal(await fabric.settlement.getAddress());
      expect(await fabric.manager.ALLOCATION_MANAGER()).to.equal(EIGENLAYER.allocationManager);
      expect(await fabric.manager.KEY_REGISTRAR()).to.equal(EIGENLAYER.keyRegistrar);
      expect(await fabric.manager.TABLE_AGE()).to.equal(TABLE_AGE);
      expect(await fabric.manager.MIN_INTERVAL()).to.equal(MIN_INTERVAL);
      expect(await fabric.manager.WEIGHT_FLOOR()).to.equal(WEIGHT_FLOOR);
      expect(await fabric.manager.strategies()).to.deep.equal([[...fabric.l1.strategies], [ETHER, ETHER / 2n]]);
    });

    it("has no function for anyone to change that, and none that slashes", () => {
      const names = new Set<string>();
      fabric.manager.interface.forEachFunction((fragment) => fragment.constant || names.add(fragment.name));
      expect([...names].sort()).to.deep.equal([
        "changeEndpoint",
        "depositBond",
        "deregisterOperator",
        "onConvicted",
        "onRevoked",
        "prune",
        "publish",
        "publishRevocation",
        "registerOperator",
        "rewardOperators",
        "snapshot",
        "snapshotBn254",
        "withdrawBond",
        "withdrawBounty",
      ]);
      const slashers = new Set<string>();
      fabric.slasher.interface.forEachFunction((fragment) => fragment.constant || slashers.add(fragment.name));
      expect([...slashers].sort()).to.deep.equal(["convict", "revokeTable", "slash"]);
    });

    it("refuses no strategies, not one multiplier each, none of zero, strategies twice or descending, no age, no floor", async () => {
      const good = configOf(fabric.l1, fabric.settlement);
      const [low, high] = fabric.l1.strategies;
      const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
      for (const change of [
        { strategies: [], multipliers: [] },
        { multipliers: [ETHER] },
        { strategies: [low] },
        { multipliers: [ETHER, 0n] },
        { multipliers: [0n, ETHER] },
        { strategies: [low, low] },
        { strategies: [high, low] },
        { tableAge: 0n },
        { weightFloor: 0n },
        { minWeight: 0n },
        { minOperators: 0n },
        { strategies: [1, 2, 3, 4, 5].map(someAddress), multipliers: [1n, 1n, 1n, 1n, 1n] },
      ]) {
        await expect(factory.deploy({ ...good, ...change })).to.be.revertedWithCustomError(
          fabric.manager,
          "InvalidConfiguration",
        );
      }
      await factory.deploy({
        ...good,
        strategies: [low],
        multipliers: [1n],
        minInterval: 0n,
        tableAge: 1n,
        weightFloor: 1n,
        minWeight: 1n,
        bond: 0n,
      });
    });

    it("R31, R32 holds fewer operators the more strategies there are: a snapshot stays within a transaction", async () => {
      const good = configOf(fabric.l1, fabric.settlement);
      const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
      const capacities: bigint[] = [];
      for (const count of [1, 2, 3, 4]) {
        const strategies = [1, 2, 3, 4].slice(0, count).map(someAddress);
        const manager = await factory.deploy({ ...good, strategies, multipliers: strategies.map(() => 1n) });
        capacities.push(await manager.CAPACITY());
      }
      expect(capacities).to.deep.equal([256n, 256n, 170n, 128n]);
    });

    it("R33, invariant 8, trap 5: refuses tables that would count when the stake behind them may be gone: TableAgeTooLong", async () => {
      const good = configOf(fabric.l1, fabric.settlement);
      const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
      // 100,800 blocks of 6 seconds, less 72 hours that a rollup's clock may lag, an hour that one may be ahead, and 36 to get a
      // conviction onto L1.
      const max = DEALLOCATION_DELAY * 6n - (72n + 1n + 36n) * 3_600n;
      expect(max).to.equal(59n * 3_600n);
      for (const tableAge of [max, max + 1n]) {
        await expect(factory.deploy({ ...good, tableAge }))
          .to.be.revertedWithCustomError(fabric.manager, "TableAgeTooLong")
          .withArgs(tableAge, max);
      }
      await factory.deploy({ ...good, tableAge: max - 1n });
    });

    it("R30 on EigenLayer before v1.9, which knows no slashers, the PermissionController lets the Slasher slash", async () => {
      const { ethers } = fabric.l1;
      const old = await ethers.deployContract("AllocationManagerV18", [EIGENLAYER.permissionController]);
      const factory = await ethers.getContractFactory("ServiceManager");
      const manager = await factory.deploy({
        ...configOf(fabric.l1, fabric.settlement),
        allocationManager: old,
      });
      const slashOperator = allocations.interface.getFunction("slashOperator").selector;
      expect(await old.avs()).to.equal(await manager.getAddress());
      expect(await old.set()).to.deep.equal([1n, [...fabric.l1.strategies]]);
      expect(await old.maySlash(manager, await manager.SLASHER(), slashOperator)).to.equal(true);
      expect(await old.maySlash(manager, fabric.stranger, slashOperator)).to.equal(false);
    });
  });

  describe("registrar", () => {
    it("is called by EigenLayer's AllocationManager alone: NotAllocationManager", async () => {
      for (const caller of [fabric.stranger, fabric.owner]) {
        for (const call of [
          fabric.manager.connect(caller).registerOperator(caller, fabric.set.avs, [1], "0x"),
          fabric.manager.connect(caller).deregisterOperator(caller, fabric.set.avs, [1]),
        ]) {
          await expect(call)
            .to.be.revertedWithCustomError(fabric.manager, "NotAllocationManager")
            .withArgs(caller.address);
        }
      }
    });

    it("refuses other AVSs and other operator sets: WrongOperatorSet", async () => {
      await fabric.l1.networkHelpers.impersonateAccount(EIGENLAYER.allocationManager);
      await fabric.l1.networkHelpers.setBalance(EIGENLAYER.allocationManager, ETHER);
      const manager = fabric.manager.connect(await fabric.l1.ethers.getSigner(EIGENLAYER.allocationManager));
      await addOperator(fabric, 0, 40n * ETHER);
      const operator = operatorAccount(fabric.l1, 0).address;
      for (const [avs, sets] of [
        [fabric.stranger.address, [1n]],
        [fabric.set.avs, []],
        [fabric.set.avs, [0n]],
        [fabric.set.avs, [2n]],
        [fabric.set.avs, [1n, 1n]],
        [fabric.set.avs, [1n, 2n]],
      ] as const) {
        await expect(manager.registerOperator(operator, avs, [...sets], REGISTRATION))
          .to.be.revertedWithCustomError(fabric.manager, "WrongOperatorSet")
          .withArgs(avs);
        await expect(manager.deregisterOperator(operator, avs, [...sets]))
          .to.be.revertedWithCustomError(fabric.manager, "WrongOperatorSet")
          .withArgs(avs);
      }
    });
  });

  describe("publish", () => {
    it("refuses an unknown member, and an unknown table", async () => {
      await makeLive();
      await addOperator(fabric, 0, 40n * ETHER);
      await take();
      const [table] = await fabric.manager.latestTable();
      await expect(fabric.manager.publish(table, id("nobody"), "0x"))
        .to.be.revertedWithCustomError(fabric.manager, "UnknownMember")
        .withArgs(id("nobody"));
      await expect(fabric.manager.publish(id("no table"), fabric.local.id, "0x"))
        .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
        .withArgs(id("no table"));
    });

    it("R32 sends one table to many, for anyone, as often as anyone wants", async () => {
      await makeLive();
      await addOperator(fabric, 0, 40n * ETHER);
      await take();
      const [table] = await fabric.manager.latestTable();
      const item = await fabric.manager.tableItem(table);
      for (let i = 0n; i < 2n; ++i) {
        await expect(fabric.manager.connect(fabric.stranger).publish(table, fabric.rollup.id, "0x"))
          .to.emit(fabric.manager, "TablePublished")
          .withArgs(table, fabric.rollup.id)
          .to.emit(fabric.rollup.l1Bridge, "ItemsSent")
          .withArgs(i, [item]);
      }
      await expect(fabric.manager.publish(table, fabric.local.id, "0x")).to.emit(fabric.local.gateway, "TableAdopted");
    });
  });
});
