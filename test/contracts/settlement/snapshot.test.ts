import { expect } from "chai";
import { computeAddress, id, ZeroHash } from "ethers";

import { DEALLOCATION_DELAY, EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { allocate, deposit } from "../../../src/testing/eigenlayer.ts";
import {
  decodeTable,
  encodeSettlementItem,
  FAULTED,
  tableId,
  totalWeight,
  wordOf,
  type OperatorTable,
} from "../../../src/wire/index.ts";
import type { IAllocationManager } from "../../../types/ethers-contracts/index.js";
import { eventsOf } from "../../fixtures/recipients.ts";
import {
  addOperator,
  configOf,
  createFabric,
  DAY,
  ETHER,
  MAX_SETTLE_AGE,
  MEMBER_NOTICE,
  MIN_INTERVAL,
  operatorAccount,
  signingKey,
  TABLE_AGE,
  WEIGHT_FLOOR,
  type Fabric,
} from "./fabric.ts";

describe("ServiceManager: snapshot", () => {
  let fabric: Fabric;
  let allocations: IAllocationManager;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
  });
  beforeEach(() => fabric.reset());

  const now = async (): Promise<bigint> => BigInt(await fabric.l1.networkHelpers.time.latest());
  const keyOf = (n: number): string => computeAddress(signingKey(n).publicKey);
  const makeLive = async (): Promise<void> => {
    await fabric.addMembers();
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
  };
  const take = (): Promise<unknown> => fabric.manager.connect(fabric.stranger).snapshot();
  /** Takes a table and reads it. */
  async function taken(): Promise<OperatorTable> {
    await take();
    const [table] = await fabric.manager.latestTable();
    const at = { chainId: fabric.l1.chainId, settlement: await fabric.settlement.getAddress() };
    return decodeTable(await fabric.manager.tableItem(table), at);
  }
  const weights = (table: OperatorTable): Record<string, bigint> =>
    Object.fromEntries(table.operators.map(({ key, weight }) => [key, weight]));
  const deallocateAll = (n: number): Promise<void> =>
    allocate(operatorAccount(fabric.l1, n), {
      operatorSet: fabric.set,
      strategy: fabric.l1.strategies[0],
      magnitude: 0n,
    });

  it("needs an operator with weight and a live member: TooFewOperators, NoMembers", async () => {
    await expect(take()).to.be.revertedWithCustomError(fabric.manager, "TooFewOperators").withArgs(0, 1);
    await addOperator(fabric, 0, 40n * ETHER);
    await deallocateAll(0);
    await expect(take()).to.be.revertedWithCustomError(fabric.manager, "TooFewOperators").withArgs(0, 1);
    await addOperator(fabric, 1, 2n * ETHER);
    await expect(take()).to.be.revertedWithCustomError(fabric.manager, "NoMembers");
    await fabric.addMembers();
    await expect(take()).to.be.revertedWithCustomError(fabric.manager, "NoMembers");
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
    await take();
  });

  it("R32 is taken once per interval, by anyone: TooEarly names when", async () => {
    await makeLive();
    await addOperator(fabric, 0, 40n * ETHER);
    const time = (await now()) + 10n;
    await fabric.l1.networkHelpers.time.setNextBlockTimestamp(time);
    await take();
    expect((await fabric.manager.latestTable()).snapshotTime).to.equal(time);
    await fabric.l1.networkHelpers.time.setNextBlockTimestamp(time + MIN_INTERVAL - 1n);
    await expect(take())
      .to.be.revertedWithCustomError(fabric.manager, "TooEarly")
      .withArgs(time + MIN_INTERVAL);
    await fabric.l1.networkHelpers.time.setNextBlockTimestamp(time + MIN_INTERVAL);
    await take();
    expect((await fabric.manager.latestTable()).snapshotTime).to.equal(time + MIN_INTERVAL);
  });

  it("invariant 7: without an interval, two tables have two seconds all the same", async () => {
    const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
    const manager = await factory.deploy({ ...configOf(fabric.l1, fabric.settlement), minInterval: 0n });
    const own = { ...fabric, manager, set: { avs: await manager.getAddress(), id: 1n } };
    await makeLive();
    await addOperator(own, 0, 40n * ETHER);
    await fabric.l1.provider.request({ method: "evm_setAutomine", params: [false] });
    const first = await manager.connect(fabric.stranger).snapshot({ gasLimit: 5_000_000n });
    const second = await manager.connect(fabric.owner).snapshot({ gasLimit: 5_000_000n });
    await fabric.l1.networkHelpers.mine();
    await fabric.l1.provider.request({ method: "evm_setAutomine", params: [true] });
    const statuses = await Promise.all(
      [first, second].map(async ({ hash }) => (await fabric.l1.ethers.provider.getTransactionReceipt(hash))!.status),
    );
    expect(statuses.sort()).to.deep.equal([0, 1]);
    // Two seconds that follow each other are enough.
    const { snapshotTime } = await manager.latestTable();
    await fabric.l1.networkHelpers.time.setNextBlockTimestamp(snapshotTime + 1n);
    await manager.snapshot();
    expect((await manager.latestTable()).snapshotTime).to.equal(snapshotTime + 1n);
  });

  it("takes a table that src/wire reads, kept under its hash", async () => {
    await makeLive();
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    const sent = fabric.manager.snapshot();
    const table = await (async (): Promise<OperatorTable> => {
      await sent;
      const [latest] = await fabric.manager.latestTable();
      const item = await fabric.manager.tableItem(latest);
      expect(tableId(item)).to.equal(latest);
      return decodeTable(item, { chainId: fabric.l1.chainId, settlement: await fabric.settlement.getAddress() });
    })();
    const time = await now();
    expect(table.snapshot).to.equal(time);
    expect(table.expiry).to.equal(time + TABLE_AGE);
    expect(table.weightFloor).to.equal(WEIGHT_FLOOR);
    expect(totalWeight(table)).to.equal(160n * ETHER);
    expect(new Set(table.operators.map(({ key }) => key))).to.deep.equal(new Set([0, 1, 2, 3].map(keyOf)));
    expect(await eventsOf(sent, fabric.manager, "TableTaken")).to.deep.equal([
      [(await fabric.manager.latestTable())[0], time, 4n, 160n * ETHER],
    ]);
  });

  it("keeps every table that was taken: UnknownTable for any other", async () => {
    await makeLive();
    await addOperator(fabric, 0, 40n * ETHER);
    await take();
    const [first] = await fabric.manager.latestTable();
    const item = await fabric.manager.tableItem(first);
    await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
    await take();
    expect(await fabric.manager.tableItem(first)).to.equal(item);
    for (const unknown of [ZeroHash, id("no table")]) {
      await expect(fabric.manager.tableItem(unknown))
        .to.be.revertedWithCustomError(fabric.manager, "UnknownTable")
        .withArgs(unknown);
    }
  });

  describe("weights", () => {
    beforeEach(makeLive);

    it("stake times multiplier, over all strategies", async () => {
      for (const n of [0, 1, 2]) await addOperator(fabric, n, 40n * ETHER);
      const [operator, token, strategy] = [operatorAccount(fabric.l1, 0), fabric.l1.tokens[1], fabric.l1.strategies[1]];
      await deposit(operator, { token: await token.getAddress(), strategy, amount: 10n * ETHER });
      await allocate(operator, { operatorSet: fabric.set, strategy, magnitude: ETHER });
      await addOperator(fabric, 3, 60n * ETHER, ETHER / 2n);
      expect(weights(await taken())).to.deep.equal({
        [keyOf(0)]: 45n * ETHER,
        [keyOf(1)]: 40n * ETHER,
        [keyOf(2)]: 40n * ETHER,
        [keyOf(3)]: 30n * ETHER,
      });
    });

    for (const [stakes, clamped] of [
      [
        [40, 40, 40],
        [40, 40, 40],
      ],
      [
        [40, 40, 40, 60],
        [40, 40, 40, 60],
      ],
      [
        [40, 40, 40, 61],
        [40, 40, 40, 60],
      ],
      [
        [10, 10, 900],
        [10, 10, 10],
      ],
      [
        [10, 20, 900],
        [10, 10, 10],
      ],
      [
        [10, 10, 10, 900],
        [10, 10, 10, 15],
      ],
      [
        [10, 10, 900, 900],
        [10, 10, 20, 20],
      ],
      [
        [10, 10, 24, 900],
        [10, 10, 20, 20],
      ],
      [
        [5, 5, 5, 5, 900, 700],
        [5, 5, 5, 5, 20, 20],
      ],
      [
        [40, 900],
        [40, 900],
      ],
      [[900], [900]],
    ] as const) {
      it(`R31 clamps one operator to a third of the table: ${stakes.join(", ")} ETH weigh ${clamped.join(", ")}`, async () => {
        for (const [n, stake] of stakes.entries()) await addOperator(fabric, n, BigInt(stake) * ETHER);
        const table = await taken();
        expect(weights(table)).to.deep.equal(
          Object.fromEntries(clamped.map((weight, n) => [keyOf(n), BigInt(weight) * ETHER])),
        );
        const [event] = await fabric.manager.queryFilter(fabric.manager.filters.TableTaken());
        expect(event!.args.totalWeight).to.equal(totalWeight(table));
        if (stakes.length > 2) {
          for (const { weight } of table.operators) expect(weight * 3n <= totalWeight(table)).to.be.true;
        }
      });
    }

    it("R31 drops operators whose weight sank below the least", async () => {
      for (const n of [0, 1, 2, 3, 4]) await addOperator(fabric, n, 40n * ETHER);
      const { l1, set } = fabric;
      // One ether is the least; of 40, a 40th is just enough, and a wei of magnitude less is not.
      for (const [n, magnitude] of [
        [3, ETHER / 40n],
        [4, ETHER / 40n - 1n],
      ] as const) {
        await allocate(operatorAccount(l1, n), { operatorSet: set, strategy: l1.strategies[0], magnitude });
      }
      expect(Object.keys(weights(await taken())).sort()).to.deep.equal([0, 1, 2, 3].map(keyOf).sort());
    });

    it("R31, trap 12: an operator whose key is gone from EigenLayer keeps the key it joined with, and no zero", async () => {
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      await fabric.l1.networkHelpers.setCode(EIGENLAYER.keyRegistrar, "0x5f5f5260205ff3");
      expect(Object.keys(weights(await taken())).sort()).to.deep.equal([0, 1, 2, 3].map(keyOf).sort());
    });

    it("R31 a real network needs four: TooFewOperators", async () => {
      const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
      const manager = await factory.deploy({ ...configOf(fabric.l1, fabric.settlement), minOperators: 4n });
      const own = { ...fabric, manager, set: { avs: await manager.getAddress(), id: 1n } };
      for (const n of [0, 1, 2]) await addOperator(own, n, 40n * ETHER);
      await expect(manager.snapshot()).to.be.revertedWithCustomError(manager, "TooFewOperators").withArgs(3, 4);
      await addOperator(own, 3, 40n * ETHER);
      await manager.snapshot();
    });

    it("R31 two operators and one of dust: a table that would verify nothing takes no other's place: WeightBelowFloor", async () => {
      const factory = await fabric.l1.ethers.getContractFactory("ServiceManager");
      const manager = await factory.deploy({ ...configOf(fabric.l1, fabric.settlement), weightFloor: 30n * ETHER });
      const own = { ...fabric, manager, set: { avs: await manager.getAddress(), id: 1n } };
      for (const n of [0, 1]) await addOperator(own, n, 400n * ETHER);
      await manager.snapshot();
      const before = await manager.latestTable();
      await addOperator(own, 2, ETHER);
      await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
      await expect(manager.snapshot())
        .to.be.revertedWithCustomError(manager, "WeightBelowFloor")
        .withArgs(3n * ETHER, 30n * ETHER);
      expect(await manager.latestTable()).to.deep.equal(before);
      // Nine more of dust lift it to the floor: from three on, none lowers the sum.
      await addOperator(own, 3, 9n * ETHER);
      await manager.snapshot();
    });

    it("R32 stake about to be deallocated within the window does not count, though it is slashable still", async () => {
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      await deallocateAll(3);
      const [[stake] = []] = await allocations.getMinimumSlashableStake(
        fabric.set,
        [operatorAccount(fabric.l1, 3).address],
        [fabric.l1.strategies[0]],
        await fabric.l1.ethers.provider.getBlockNumber(),
      );
      expect(stake).to.equal(40n * ETHER);
      expect(Object.keys(weights(await taken())).sort()).to.deep.equal([0, 1, 2].map(keyOf).sort());
    });

    it("R32 the window is exactly what a deallocation begun in the snapshot's own block takes", async () => {
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      const { provider } = fabric.l1;
      await provider.request({ method: "evm_setAutomine", params: [false] });
      // One block: the deallocation first, and the table behind it.
      const operator = operatorAccount(fabric.l1, 3);
      await allocations
        .connect(operator)
        .modifyAllocations(
          operator,
          [{ operatorSet: fabric.set, strategies: [fabric.l1.strategies[0]], newMagnitudes: [0n] }],
          { gasLimit: 2_000_000n, maxPriorityFeePerGas: 5_000_000_000n, maxFeePerGas: 50_000_000_000n },
        );
      await fabric.manager
        .connect(fabric.stranger)
        .snapshot({ gasLimit: 5_000_000n, maxPriorityFeePerGas: 1n, maxFeePerGas: 50_000_000_000n });
      await fabric.l1.networkHelpers.mine();
      await provider.request({ method: "evm_setAutomine", params: [true] });
      const [table] = await fabric.manager.latestTable();
      const at = { chainId: fabric.l1.chainId, settlement: await fabric.settlement.getAddress() };
      const { operators } = decodeTable(await fabric.manager.tableItem(table), at);
      expect(operators.map(({ key }) => key)).to.not.include(keyOf(3));
      expect(operators).to.have.lengthOf(3);
    });

    it("R32 a deallocation that begins after the snapshot takes longer than the window: the stake counts", async () => {
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      const table = await taken();
      const block = BigInt(await fabric.l1.ethers.provider.getBlockNumber());
      await deallocateAll(3);
      expect(weights(table)[keyOf(3)]).to.equal(40n * ETHER);
      const { effectBlock } = await allocations.getAllocation(
        operatorAccount(fabric.l1, 3),
        fabric.set,
        fabric.l1.strategies[0],
      );
      expect(effectBlock > block + DEALLOCATION_DELAY + 1n).to.be.true;
    });

    it("R32, trap 11: an operator that left is in no later table", async () => {
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      const operator = operatorAccount(fabric.l1, 2);
      await allocations
        .connect(operator)
        .deregisterFromOperatorSets({ operator, avs: fabric.set.avs, operatorSetIds: [1] });
      expect(await allocations.isOperatorSlashable(operator, fabric.set)).to.be.true;
      expect(Object.keys(weights(await taken())).sort()).to.deep.equal([0, 1, 3].map(keyOf).sort());
    });

    it("fit 96 bits together, whatever the stakes: 256 of the heaviest are no overflow", async () => {
      const most = ((1n << 96n) - 1n) / 256n;
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 1n << 100n);
      const table = await taken();
      for (const { weight } of table.operators) expect(weight).to.equal(most);
    });
  });

  describe("R20 members", () => {
    beforeEach(() => addOperator(fabric, 0, 40n * ETHER));
    const settle = (time: bigint): Promise<unknown> => {
      const laneWord = wordOf(`0x${"ab".repeat(27)}`, 1n);
      const item = encodeSettlementItem({
        kind: "word",
        destination: fabric.local.id,
        laneWord,
        time,
        current: true,
      });
      return onBehalf([item]);
    };
    const onBehalf = async (items: string[]): Promise<unknown> => {
      const bridge = await fabric.rollup.l1Bridge.getAddress();
      await fabric.l1.networkHelpers.impersonateAccount(bridge);
      await fabric.l1.networkHelpers.setBalance(bridge, ETHER);
      return fabric.settlement.connect(await fabric.l1.ethers.getSigner(bridge)).onSettled(items);
    };
    const listed = (table: OperatorTable): OperatorTable["members"][number] =>
      table.members.find(({ chainId }) => chainId === fabric.rollup.chainId)!;

    it("are certifiable from when they became members, for their `maxSettleAge`", async () => {
      await makeLive();
      const { liveFrom } = await fabric.settlement.member(fabric.rollup.id);
      const table = await taken();
      expect(table.members).to.have.lengthOf(2);
      expect(listed(table)).to.deep.equal({
        chainId: fabric.rollup.chainId,
        gateway: await fabric.rollup.gateway.getAddress(),
        certifiableUntil: liveFrom + MAX_SETTLE_AGE,
        flags: 0,
      });
    });

    it("then from what they settled last; what they settled before they were live counts for nothing", async () => {
      await fabric.addMembers();
      await settle(await now());
      await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
      const { liveFrom } = await fabric.settlement.member(fabric.rollup.id);
      expect(listed(await taken()).certifiableUntil).to.equal(liveFrom + MAX_SETTLE_AGE);
      await fabric.l1.networkHelpers.time.increase(DAY);
      const time = await now();
      await settle(time);
      expect(listed(await taken()).certifiableUntil).to.equal(time + MAX_SETTLE_AGE);
    });

    it("R28 are flagged in every table once they are faulted, and no other", async () => {
      await makeLive();
      const words = ["ab", "cd"].map((tag) =>
        encodeSettlementItem({
          kind: "word",
          destination: fabric.local.id,
          laneWord: wordOf(`0x${tag.repeat(27)}`, 1n),
          time: 1n,
          current: false,
        }),
      );
      expect(listed(await taken()).flags).to.equal(0);
      await onBehalf(words);
      for (let i = 0; i < 2; ++i) {
        await fabric.l1.networkHelpers.time.increase(MIN_INTERVAL);
        const table = await taken();
        expect(listed(table).flags).to.equal(FAULTED);
        expect(table.members.filter(({ flags }) => flags !== 0)).to.have.lengthOf(1);
      }
    });
  });
});
