import { expect } from "chai";
import { AbiCoder, computeAddress, id, Wallet, ZeroAddress } from "ethers";

import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { encodeRegistration } from "../../../src/chain/registration.ts";
import {
  allocate,
  createOperator,
  deposit,
  depositBond,
  registerAsOperator,
  registerKey,
} from "../../../src/testing/eigenlayer.ts";
import type { IAllocationManager } from "../../../types/ethers-contracts/index.js";
import { equivocationOf, KIND, latestTable, makeLive, takeTable } from "./accused.ts";
import {
  addOperator,
  BOND,
  createFabric,
  ETHER,
  MIN_WEIGHT,
  operatorAccount,
  REGISTRATION,
  signingKey,
  type Fabric,
} from "./fabric.ts";

describe("ServiceManager: R31 admission", () => {
  let fabric: Fabric;
  let allocations: IAllocationManager;

  before(async () => {
    fabric = await createFabric();
    allocations = await fabric.l1.ethers.getContractAt("IAllocationManager", EIGENLAYER.allocationManager);
  });
  beforeEach(() => fabric.reset());

  const account = (n: number): string => operatorAccount(fabric.l1, n).address;
  const enter = (n: number, data = REGISTRATION): Promise<unknown> => {
    const operator = operatorAccount(fabric.l1, n);
    return allocations
      .connect(operator)
      .registerForOperatorSets(operator, { avs: fabric.set.avs, operatorSetIds: [1], data });
  };
  const isMember = (n: number): Promise<boolean> => allocations.isMemberOfOperatorSet(account(n), fabric.set);
  async function prepare(n: number, lacking: "key" | "bond" | "stake" | "nothing", stake = 40n * ETHER): Promise<void> {
    const operator = operatorAccount(fabric.l1, n);
    const [token, strategy] = [await fabric.l1.tokens[0].getAddress(), fabric.l1.strategies[0]];
    await deposit(operator, { token, strategy, amount: stake });
    await registerAsOperator(operator);
    if (lacking !== "stake") await allocate(operator, { operatorSet: fabric.set, strategy, magnitude: ETHER });
    if (lacking !== "key") await registerKey(operator, fabric.set, signingKey(n));
    if (lacking !== "bond") await depositBond(operator, fabric.set.avs, account(n), BOND);
  }

  it("admits who has a key, weight, a bond and an endpoint, and says so; and lets it go", async () => {
    await prepare(0, "nothing");
    await expect(enter(0))
      .to.emit(fabric.manager, "OperatorJoined")
      .withArgs(account(0), computeAddress(signingKey(0).publicKey), "https://operator.example");
    expect(await fabric.manager.keyOf(account(0))).to.equal(computeAddress(signingKey(0).publicKey));
    expect(await fabric.manager.weightsOf([account(0), account(1)])).to.deep.equal([40n * ETHER, 0n]);
    await expect(
      allocations.connect(operatorAccount(fabric.l1, 0)).deregisterFromOperatorSets({
        operator: account(0),
        avs: fabric.set.avs,
        operatorSetIds: [1],
      }),
    )
      .to.emit(fabric.manager, "OperatorLeft")
      .withArgs(account(0));
    expect(await fabric.manager.keyOf(account(0))).to.equal(ZeroAddress);
  });

  it("needs a key: MissingKey (trap 12: the key of none reads as zero)", async () => {
    await prepare(0, "key");
    await expect(enter(0)).to.be.revertedWithCustomError(fabric.manager, "MissingKey").withArgs(account(0));
    await registerKey(operatorAccount(fabric.l1, 0), fabric.set, signingKey(0));
    await enter(0);
  });

  it("needs a bond: InsufficientBond, to the wei", async () => {
    await prepare(0, "bond");
    for (const [bond, more] of [
      [0n, BOND - 1n],
      [BOND - 1n, 1n],
    ] as const) {
      await expect(enter(0))
        .to.be.revertedWithCustomError(fabric.manager, "InsufficientBond")
        .withArgs(account(0), bond, BOND);
      await depositBond(fabric.stranger, fabric.set.avs, account(0), more);
    }
    await enter(0);
  });

  it("needs weight: InsufficientWeight; stake that is not allocated, or not yet, weighs nothing", async () => {
    await prepare(0, "stake");
    await expect(enter(0))
      .to.be.revertedWithCustomError(fabric.manager, "InsufficientWeight")
      .withArgs(account(0), 0n, MIN_WEIGHT);
    const strategy = fabric.l1.strategies[0];
    await allocate(operatorAccount(fabric.l1, 0), { operatorSet: fabric.set, strategy, magnitude: ETHER });
    await enter(0);
    await prepare(1, "nothing", MIN_WEIGHT - 1n);
    await expect(enter(1))
      .to.be.revertedWithCustomError(fabric.manager, "InsufficientWeight")
      .withArgs(account(1), MIN_WEIGHT - 1n, MIN_WEIGHT);
    await prepare(2, "nothing", MIN_WEIGHT);
    await enter(2);
  });

  it("needs an endpoint of 1 to 256 bytes: InvalidEndpoint; and data that says it", async () => {
    await prepare(0, "nothing");
    for (const length of [0, 257]) {
      await expect(enter(0, encodeRegistration({ endpoint: "x".repeat(length) })))
        .to.be.revertedWithCustomError(fabric.manager, "InvalidEndpoint")
        .withArgs(length, 256);
    }
    for (const data of ["0x", "0x00", AbiCoder.defaultAbiCoder().encode(["uint256"], [1n << 255n])]) {
      await expect(enter(0, data)).to.be.revert(fabric.l1.ethers);
    }
    await enter(0, encodeRegistration({ endpoint: "x".repeat(256) }));
  });

  it("an operator may change its endpoint, and nobody else's: NotOperator", async () => {
    await addOperator(fabric, 0, 40n * ETHER);
    await expect(fabric.manager.connect(operatorAccount(fabric.l1, 0)).changeEndpoint("elsewhere"))
      .to.emit(fabric.manager, "EndpointChanged")
      .withArgs(account(0), "elsewhere");
    await expect(fabric.manager.connect(operatorAccount(fabric.l1, 0)).changeEndpoint(""))
      .to.be.revertedWithCustomError(fabric.manager, "InvalidEndpoint")
      .withArgs(0, 256);
    await expect(fabric.manager.connect(fabric.stranger).changeEndpoint("x"))
      .to.be.revertedWithCustomError(fabric.manager, "NotOperator")
      .withArgs(fabric.stranger.address);
  });

  describe("prune", () => {
    const member = async (n: number): Promise<boolean> => isMember(n);

    it("removes who weighs too little by now, and nobody who weighs enough, for anyone", async () => {
      for (const n of [0, 1, 2]) await addOperator(fabric, n, 40n * ETHER);
      const [strategy, operatorSet] = [fabric.l1.strategies[0], fabric.set];
      await allocate(operatorAccount(fabric.l1, 1), { operatorSet, strategy, magnitude: 1n });
      const sent = fabric.manager
        .connect(fabric.stranger)
        .prune([account(0), account(1), account(1), account(2), account(9), ZeroAddress]);
      await expect(sent).to.emit(fabric.manager, "OperatorLeft").withArgs(account(1));
      expect(await Promise.all([0, 1, 2].map(member))).to.deep.equal([true, false, true]);
      expect(await allocations.isOperatorSlashable(account(1), fabric.set)).to.equal(true);
    });

    it("R26 removes who was convicted; it stays slashable for the graver offence", async () => {
      await makeLive(fabric);
      for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
      const taken = await takeTable(fabric);
      await fabric.slasher.convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, [1]));
      await fabric.manager.prune([account(1)]);
      expect(await member(1)).to.equal(false);
      await expect(
        fabric.slasher.convict(account(1), KIND.equivocation, equivocationOf(fabric, taken, [0, 1, 2], 1)),
      ).to.emit(fabric.slasher, "OperatorSlashed");
    });
  });

  describe("R31 at most 256 operators", () => {
    /** EigenLayer counts so many members more than there are. */
    async function crowded(): Promise<void> {
      const { ethers, networkHelpers } = fabric.l1;
      const crowd = await ethers.deployContract("CrowdedAllocationManager");
      await networkHelpers.setCode(EIGENLAYER.allocationManager, await ethers.provider.getCode(crowd));
    }

    it("a newcomer names the lighter one that it evicts: TooManyOperators, NotLighter", async () => {
      for (const [n, stake] of [
        [0, 40n],
        [1, 50n],
      ] as const) {
        await addOperator(fabric, n, stake * ETHER);
      }
      await prepare(2, "nothing", 50n * ETHER);
      await crowded();
      await expect(enter(2)).to.be.revertedWithCustomError(fabric.manager, "TooManyOperators").withArgs(256);
      for (const [evicted, weight] of [
        [1, 50n],
        [2, 50n],
      ] as const) {
        await expect(enter(2, encodeRegistration({ endpoint: "x", evicted: account(evicted) })))
          .to.be.revertedWithCustomError(fabric.manager, "NotLighter")
          .withArgs(account(evicted), weight * ETHER, 50n * ETHER);
      }
      await expect(
        enter(2, encodeRegistration({ endpoint: "x", evicted: fabric.stranger.address })),
      ).to.be.revertedWithCustomError(allocations, "NotMemberOfSet");
      await expect(enter(2, encodeRegistration({ endpoint: "x", evicted: account(0) })))
        .to.emit(fabric.manager, "OperatorLeft")
        .withArgs(account(0));
      expect(await Promise.all([0, 1, 2].map(isMember))).to.deep.equal([false, true, true]);
      // It stays slashable, and its bond stays.
      expect(await allocations.isOperatorSlashable(account(0), fabric.set)).to.equal(true);
      await expect(
        fabric.manager.connect(operatorAccount(fabric.l1, 0)).withdrawBond(1n, account(0)),
      ).to.be.revertedWithCustomError(fabric.manager, "StillLiable");
    });

    it("nobody is evicted while there is room", async () => {
      await addOperator(fabric, 0, 40n * ETHER);
      await prepare(1, "nothing", 50n * ETHER);
      await enter(1, encodeRegistration({ endpoint: "x", evicted: account(0) }));
      expect(await Promise.all([0, 1].map(isMember))).to.deep.equal([true, true]);
    });
  });

  it("R31, R32 registrations of dust, or without a key, or without a bond, are none: a snapshot stays as dear as it was", async () => {
    await makeLive(fabric);
    for (const n of [0, 1, 2, 3]) await addOperator(fabric, n, 40n * ETHER);
    const gas = async (): Promise<bigint> => {
      await fabric.l1.networkHelpers.time.increase(3_600);
      return (await (await fabric.manager.snapshot()).wait())!.gasUsed;
    };
    await gas();
    const before = await gas();
    const token = await fabric.l1.tokens[0].getAddress();
    for (let n = 0; n < 12; ++n) {
      const operator = new Wallet(id(`dust ${n}`), fabric.l1.ethers.provider);
      await fabric.l1.networkHelpers.setBalance(operator.address, 3n * ETHER);
      const plan = { operator, operatorSet: fabric.set, token, strategy: fabric.l1.strategies[0], data: REGISTRATION };
      const attempt =
        n % 3 === 0
          ? createOperator({ ...plan, key: signingKey(50 + n), stake: 1n, bond: BOND })
          : n % 3 === 1
            ? createOperator({ ...plan, key: signingKey(50 + n), stake: ETHER })
            : registerAsOperator(operator).then(() =>
                allocations
                  .connect(operator)
                  .registerForOperatorSets(operator, { avs: fabric.set.avs, operatorSetIds: [1], data: REGISTRATION }),
              );
      await expect(attempt).to.be.revert(fabric.l1.ethers);
    }
    expect(await allocations.getMemberCount(fabric.set)).to.equal(4n);
    const after = await gas();
    expect(after > before ? after - before : before - after).to.be.lessThan(200n);
    expect((await latestTable(fabric)).table.operators).to.have.lengthOf(4);
  }).timeout(60_000);
});
