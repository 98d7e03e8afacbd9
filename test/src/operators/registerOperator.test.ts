import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";

import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { ParleyError } from "../../../src/errors.ts";
import {
  type Registration,
  registerOperator,
  type RegistrationOrder,
  type StrategyAllocation,
} from "../../../src/operators/index.ts";
import { allocate, delegateTo, deposit, registerAsOperator } from "../../../src/testing/eigenlayer.ts";
import type { ServiceManager } from "../../../types/ethers-contracts/index.js";
import { configOf, createL1, ETHER, type L1, signingKey } from "../../contracts/settlement/fabric.ts";

/** A share of the first strategy weighs 1, one of the second a half; an operator's least weight is 1. */
describe("Operators: registering with stake in two strategies", () => {
  let l1: L1;
  let manager: ServiceManager;
  let settlement: string;
  let operator: HardhatEthersSigner;
  let reset: () => Promise<void>;

  before(async () => {
    l1 = await createL1();
    const deployed = await l1.ethers.deployContract("Settlement", [l1.signers[1]!, 0n, 0n]);
    manager = await l1.ethers.deployContract("ServiceManager", [configOf(l1, deployed)]);
    settlement = await deployed.getAddress();
    operator = l1.signers[5]!;
    const created = await l1.networkHelpers.takeSnapshot();
    reset = () => created.restore();
  });

  afterEach(() => reset());
  after(() => l1.close());

  /** Deposits into the first or second strategy. */
  const stake = async (place: 0 | 1, amount: bigint, staker = operator): Promise<void> =>
    await deposit(staker, { token: await l1.tokens[place].getAddress(), strategy: l1.strategies[place], amount });

  const register = async (change: Partial<RegistrationOrder> = {}): Promise<Registration> =>
    await registerOperator(
      {
        deposit: undefined,
        key: signingKey(1),
        endpoint: "https://operator.example",
        metadata: "",
        allocationDelay: 0,
        evicted: undefined,
        ...change,
      },
      { chainId: l1.chainId, settlement, serviceManager: await manager.getAddress(), signer: operator, startBlock: 0 },
    );

  const strategiesOf = ({ steps }: Registration): readonly StrategyAllocation[] =>
    steps.find(({ name }) => name === "allocation")!.strategies!;
  const statusesOf = (registration: Registration): string[] => strategiesOf(registration).map(({ status }) => status);
  const takenOf = ({ taken }: Registration): [string, number][] =>
    taken.map(({ name, transactions }) => [name, transactions.length]);

  it("allocates what is its own and what is delegated to it, in both strategies by one transaction: together they weigh enough", async () => {
    await stake(0, (6n * ETHER) / 10n);
    await registerAsOperator(operator);
    const delegator = l1.signers[6]!;
    await stake(1, ETHER, delegator);
    await delegateTo(delegator, operator.address);

    const registered = await register();
    expect(takenOf(registered)).to.deep.equal([
      ["allocation", 1],
      ["key", 1],
      ["bond", 1],
      ["membership", 1],
    ]);
    const { isMember, weight } = registered.membership;
    expect([isMember, weight]).to.deep.equal([true, (11n * ETHER) / 10n]);
    expect(
      strategiesOf(registered).map(({ strategy, status, slashable }) => [strategy, status, slashable]),
    ).to.deep.equal([
      [l1.strategies[0], "done", (6n * ETHER) / 10n],
      [l1.strategies[1], "done", ETHER / 2n],
    ]);
  });

  it("joins with stake in the second strategy alone", async () => {
    await stake(1, 4n * ETHER);
    const registered = await register();
    expect([registered.membership.isMember, registered.membership.weight]).to.deep.equal([true, 2n * ETHER]);
    expect(statusesOf(registered)).to.deep.equal(["none", "done"]);
    expect(registered.steps.map(({ status }) => status)).to.deep.equal(Array(6).fill("done"));
  });

  it("run again, allocates stake that came into the other strategy, and leaves the part that the operator chose", async () => {
    await stake(0, 4n * ETHER);
    await registerAsOperator(operator);
    const operatorSet = { avs: await manager.getAddress(), id: 1n };
    await allocate(operator, { operatorSet, strategy: l1.strategies[0], magnitude: ETHER / 2n });
    expect((await register()).membership.weight).to.equal(2n * ETHER);

    await stake(1, 4n * ETHER);
    const again = await register();
    expect(takenOf(again)).to.deep.equal([["allocation", 1]]);
    expect(strategiesOf(again).map(({ slashable }) => slashable)).to.deep.equal([2n * ETHER, 2n * ETHER]);
    expect(again.membership.weight).to.equal(4n * ETHER);
    expect(takenOf(await register())).to.deep.equal([]);
  });

  it("waits while what counts weighs too little, changes no allocation a second time, and enters once both count", async () => {
    await stake(0, ETHER / 2n);
    await stake(1, 2n * ETHER);
    const manyBlocks = { allocationDelay: 50 };
    const first = await register(manyBlocks);
    expect([statusesOf(first), first.membership.isMember]).to.deep.equal([["waiting", "waiting"], false]);
    expect(takenOf(await register(manyBlocks))).to.deep.equal([]);
    await l1.networkHelpers.mine(50);
    const last = await register(manyBlocks);
    expect([takenOf(last), statusesOf(last)]).to.deep.equal([[["membership", 1]], ["done", "done"]]);
    expect(last.membership.weight).to.equal((15n * ETHER) / 10n);
  });

  it("enters with what weighs enough while stake in the other strategy waits", async () => {
    await stake(0, 2n * ETHER);
    await register({ allocationDelay: 50 });
    await l1.networkHelpers.mine(50);
    await stake(1, 2n * ETHER);
    const entered = await register();
    expect([takenOf(entered), statusesOf(entered)]).to.deep.equal([
      [
        ["allocation", 1],
        ["membership", 1],
      ],
      ["done", "waiting"],
    ]);
    expect(entered.steps.map(({ status }) => status)).to.deep.equal(Array(6).fill("done"));
  });

  it("says that there is stake in none, and in which there could be: operator/blocked", async () => {
    const error = await register().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "operator/blocked");
    const { message } = error as ParleyError;
    for (const text of ["no stake in any strategy", ...l1.strategies]) expect(message).to.contain(text);
    const isOperator = ["function isOperator(address) view returns (bool)"];
    const delegation = await l1.ethers.getContractAt(isOperator, EIGENLAYER.delegationManager);
    expect(await delegation.getFunction("isOperator").staticCall(operator.address)).to.equal(true);
  });

  it("says that too little of the stake is allocated: operator/blocked", async () => {
    await stake(0, 4n * ETHER);
    await registerAsOperator(operator);
    const operatorSet = { avs: await manager.getAddress(), id: 1n };
    await allocate(operator, { operatorSet, strategy: l1.strategies[0], magnitude: ETHER / 5n });
    const error = await register().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", "operator/blocked");
    expect((error as ParleyError).message).to.contain("weight 0.8, but 1.0 is needed");
  });
});
