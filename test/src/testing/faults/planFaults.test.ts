import { expect } from "chai";

import {
  describeSchedule,
  isDoubled,
  isOn,
  lateness,
  NO_FAULTS,
  planFaults,
  SOME_FAULTS,
  type Fault,
  type FaultKind,
} from "../../../../src/testing/faults/index.ts";

const SUBJECTS = {
  members: [
    { name: "l1", maxDepth: 0 },
    { name: "alpha", maxDepth: 5 },
    { name: "beta", maxDepth: 2 },
  ],
  operators: ["one", "two", "three", "four"],
  relayers: ["first", "second"],
};
const PLAN = { ...SOME_FAULTS, rounds: 12 };

/** The operators that are struck in a round. */
const struck = (faults: readonly Fault[], round: number): Set<string> =>
  new Set(
    faults
      .filter((fault) => isOn(fault, round))
      .flatMap((fault) => {
        if (fault.kind === "outage" || fault.kind === "equivocation") return [fault.operator];
        return fault.kind === "lying-node" ? [fault.of] : [];
      })
      .filter((name) => SUBJECTS.operators.includes(name)),
  );

describe("planFaults", () => {
  it("makes one schedule of one seed, whenever it is asked, and others of others", () => {
    for (const seed of [0, 1, "text", "1.5"]) {
      expect(planFaults(seed, SUBJECTS, PLAN)).to.deep.equal(planFaults(seed, SUBJECTS, PLAN));
    }
    const schedules = new Set(
      Array.from({ length: 50 }, (_, seed) => JSON.stringify(planFaults(seed, SUBJECTS, PLAN).faults)),
    );
    expect(schedules.size).to.equal(50);
  });

  it("takes a number for the same seed as its text", () => {
    expect(planFaults(7, SUBJECTS, PLAN).faults).to.deep.equal(planFaults("7", SUBJECTS, PLAN).faults);
  });

  it("takes back no more than finality bears, strikes no more operators at once than it may, and keeps to its rounds", () => {
    for (let seed = 0; seed < 60; seed++) {
      const faultyOperators = seed % 4;
      const { faults } = planFaults(seed, SUBJECTS, { ...PLAN, faultyOperators });
      for (const fault of faults) {
        expect(fault.round).to.be.within(0, PLAN.rounds - 1);
        if (fault.kind !== "reorg") continue;
        expect(fault.depth).to.be.within(1, SUBJECTS.members.find(({ name }) => name === fault.member)!.maxDepth);
      }
      for (let round = 0; round < PLAN.rounds; round++)
        expect(struck(faults, round).size).to.be.at.most(faultyOperators);
      expect(faults.filter(({ kind }) => kind === "stale-table").length).to.be.at.most(2);
    }
  });

  it("plans every kind of fault, in any order, and none of a kind whose rate is zero", () => {
    const seen = new Set<FaultKind>();
    for (let seed = 0; seed < 50; seed++)
      for (const { kind } of planFaults(seed, SUBJECTS, PLAN).faults) seen.add(kind);
    expect([...seen]).to.have.members(Object.keys(SOME_FAULTS.rates));
    expect(planFaults(1, SUBJECTS, NO_FAULTS).faults).to.deep.equal([]);
    const alone = planFaults(1, SUBJECTS, { ...PLAN, rates: { ...NO_FAULTS.rates, reorg: 1 } }).faults;
    expect(alone.map(({ kind, round }) => [kind, round])).to.deep.equal(
      Array.from({ length: PLAN.rounds }, (_, round) => ["reorg", round]),
    );
  });

  it("plans nothing for whom there is not", () => {
    const nobody = { members: [], operators: [], relayers: [] };
    const always = Object.fromEntries(
      Object.keys(SOME_FAULTS.rates).map((kind) => [kind, 1]),
    ) as typeof SOME_FAULTS.rates;
    const { faults } = planFaults(1, nobody, { ...PLAN, rates: always });
    expect(new Set(faults.map(({ kind }) => kind))).to.deep.equal(new Set(["stale-table"]));
  });

  it("carries messages in time, late, twice, or not before faults end, as often as the rates say", () => {
    const messages = { drop: 0.1, delay: 0.3, duplicate: 0.5 };
    const schedule = planFaults(3, SUBJECTS, { ...PLAN, messages });
    const nonces = Array.from({ length: 2_000 }, (_, nonce) => BigInt(nonce));
    const late = nonces.map((nonce) => lateness(schedule, "alpha → beta", nonce));
    const share = (fits: (rounds: number) => boolean): number =>
      Math.round((100 * late.filter(fits).length) / late.length);
    expect(share((rounds) => rounds === Infinity)).to.be.within(7, 13);
    expect(share((rounds) => rounds >= 1 && rounds <= 3)).to.be.within(27, 33);
    expect(share((rounds) => rounds === 0)).to.be.within(57, 63);
    expect(nonces.filter((nonce) => isDoubled(schedule, "alpha → beta", nonce)).length).to.be.within(920, 1_080);
    expect(nonces.map((nonce) => lateness(schedule, "alpha → beta", nonce))).to.deep.equal(late);
    expect(nonces.map((nonce) => lateness(schedule, "beta → alpha", nonce))).to.not.deep.equal(late);
  });

  it("is told so that it can be seen again", () => {
    const schedule = planFaults("a seed", SUBJECTS, { ...PLAN, rates: { ...NO_FAULTS.rates, "stale-table": 1 } });
    const [first, second] = schedule.faults as [Fault & { rounds: number }, Fault & { rounds: number }];
    expect(describeSchedule(schedule)).to.equal(
      [
        'seed "a seed", 12 rounds, 2 faults',
        `  round 0: stale-table, rounds ${first.rounds}`,
        `  round 1: stale-table, rounds ${second.rounds}`,
      ].join("\n"),
    );
  });
});
