import { expect } from "chai";

import type { Membership, StrategyStake } from "../../../src/operators/membership.ts";
import { allocationStep, planAllocations } from "../../../src/operators/planAllocation.ts";

const ETHER = 10n ** 18n;
const WAD = ETHER;

/** Nothing of it is allocated to anybody. */
const stakeOf = (change: Partial<StrategyStake> = {}): StrategyStake => ({
  strategy: `0x${"ab".repeat(20)}`,
  multiplier: WAD,
  shares: 40n * ETHER,
  allocated: 0n,
  pending: undefined,
  allocatable: WAD,
  maxMagnitude: WAD,
  ...change,
});

const membershipOf = (...stakes: readonly StrategyStake[]): Membership => ({
  operator: `0x${"11".repeat(20)}`,
  blockNumber: 1,
  isOperator: true,
  keyType: "ecdsa",
  stakes,
  key: undefined,
  bond: 0n,
  requiredBond: ETHER,
  isMember: false,
  isSlashable: false,
  isTombstoned: false,
  weight: 0n,
  minWeight: 32n * ETHER,
  seat: undefined,
});

const offering = (deposit?: bigint) => ({ deposit, key: undefined, endpoint: undefined });

describe("Operators: the plan of what is allocated, strategy by strategy", () => {
  const all = stakeOf({ allocated: WAD, allocatable: 0n });
  const none = stakeOf({ shares: 0n });
  const elsewhere = stakeOf({ allocatable: 0n });
  const coming = stakeOf({ allocatable: 0n, pending: { allocated: WAD, effectBlock: 70n } });
  const going = stakeOf({ allocated: WAD, allocatable: 0n, pending: { allocated: 0n, effectBlock: 90n } });
  const half = stakeOf({ allocated: WAD / 2n, allocatable: WAD / 2n });

  const planOf = (deposit: bigint | undefined, ...stakes: readonly StrategyStake[]): [string, readonly string[]] => {
    const { status, strategies } = allocationStep(membershipOf(...stakes), offering(deposit));
    return [status, strategies!.map((one) => one.status)];
  };

  for (const [title, deposit, stakes, step, statuses] of [
    ["what is free is to be allocated, beside what is already", undefined, [all, stakeOf()], "open", ["done", "open"]],
    [
      "beside what another set has, and what waits",
      undefined,
      [elsewhere, coming, stakeOf()],
      "open",
      ["blocked", "waiting", "open"],
    ],
    ["a strategy without stake is left out", undefined, [none, all], "done", ["none", "done"]],
    ["one that another set has does not hold up", undefined, [elsewhere, all], "done", ["blocked", "done"]],
    [
      "one that waits does not hold up where the rest weighs enough",
      undefined,
      [coming, all],
      "done",
      ["waiting", "done"],
    ],
    ["where the rest is too light, it does", undefined, [coming, half], "waiting", ["waiting", "done"]],
    ["what is taken back weighs nothing", undefined, [going], "waiting", ["waiting"]],
    ["a part of too little weight is no allocation", undefined, [half, elsewhere], "blocked", ["done", "blocked"]],
    [
      "where other sets have everything, there is nothing to do",
      undefined,
      [elsewhere, none],
      "blocked",
      ["blocked", "none"],
    ],
    ["without stake anywhere there is nothing to allocate", undefined, [none, none], "blocked", ["none", "none"]],
    ["a deposit goes into the first", 40n * ETHER, [none, none], "open", ["open", "none"]],
    ["a deposit that is not needed goes nowhere", 40n * ETHER, [none, all], "done", ["none", "done"]],
  ] as const) {
    it(`${title}: ${step}`, () => expect(planOf(deposit, ...stakes)).to.deep.equal([step, statuses]));
  }

  it("names the last block that it waits for", () => {
    const later = { ...coming, pending: { allocated: WAD, effectBlock: 80n } };
    expect(allocationStep(membershipOf(later, coming), offering()).detail)
      .to.contain("2 strategies")
      .and.to.contain("block 80 ");
  });

  it("weighs shares by multiplier, and what is slashable by the magnitude that is left after a slashing", () => {
    const slashed = { multiplier: WAD / 2n, maxMagnitude: WAD / 2n, allocated: WAD / 4n, allocatable: WAD / 4n };
    const going = { pending: { allocated: WAD / 8n, effectBlock: 9n } };
    const plans = planAllocations(membershipOf(stakeOf(slashed), stakeOf({ ...slashed, ...going })), offering());
    expect(plans.map(({ weight, slashable }) => [weight, slashable])).to.deep.equal([
      [20n * ETHER, 10n * ETHER],
      [20n * ETHER, 5n * ETHER],
    ]);
    const [gone] = planAllocations(
      membershipOf(stakeOf({ shares: 0n, maxMagnitude: 0n, allocatable: 0n })),
      offering(),
    );
    expect([gone?.status, gone?.slashable]).to.deep.equal(["none", 0n]);
  });
});
