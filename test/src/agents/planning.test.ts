import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { run } from "../../../src/agents/index.ts";
import { chooseSigners } from "../../../src/agents/relaying/chooseSigners.ts";
import { isDue } from "../../../src/agents/relaying/isDue.ts";
import { planTables, type TablesView } from "../../../src/agents/relaying/planTables.ts";
import { decodeCallError, decodeFailure } from "../../../src/chain/decodeFailure.ts";
import { isQuorum, SCHEME_ECDSA, totalWeight, type Hex, type OperatorTable } from "../../../src/wire/index.ts";
import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.js";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.js";
import { check } from "../../support/property.ts";

describe("chooseSigners", () => {
  const tableOf = (weights: readonly bigint[]): OperatorTable => ({
    scheme: SCHEME_ECDSA,
    snapshot: 0n,
    expiry: 0n,
    weightFloor: 1n,
    members: [],
    operators: weights.map((weight, place) => ({ key: `0x${(place + 1).toString(16).padStart(40, "0")}`, weight })),
  });
  const signaturesOf = (table: OperatorTable, signed: readonly number[]): Map<string, Hex> =>
    new Map(signed.map((place) => [table.operators[place]!.key, id(String(place))]));

  it("R17: chooses no more signers than the fewest that are strictly more than the quorum, or none if none are", () => {
    check(
      fc.property(
        fc.array(fc.bigInt(1n, 12n), { minLength: 1, maxLength: 8 }),
        fc.nat(255),
        fc.constantFrom(6_667n, 7_500n, 9_000n),
        (weights, mask, quorumBps) => {
          const table = tableOf(weights);
          const able = weights.map((_, place) => place).filter((place) => mask & (1 << place));
          const weightOf = (places: readonly number[]): bigint =>
            places.reduce((sum, place) => sum + weights[place]!, 0n);
          const reaches = (places: readonly number[]): boolean =>
            isQuorum(weightOf(places), totalWeight(table), quorumBps);
          const subsets = Array.from({ length: 2 ** able.length }, (_, bits) =>
            able.filter((_, bit) => bits & (1 << bit)),
          );
          const fewest = Math.min(...subsets.filter(reaches).map(({ length }) => length));

          const chosen = chooseSigners(table, quorumBps, signaturesOf(table, able));
          expect(chosen?.length ?? Infinity).to.equal(fewest);
          if (chosen === undefined) return;
          const places = chosen.map(({ index }) => index);
          expect(new Set(places).size).to.equal(places.length);
          expect(able).to.include.members(places);
          expect(reaches(places)).to.equal(true);
          for (const { index, signature } of chosen) expect(signature).to.equal(id(String(index)));
        },
      ),
    );
  });

  it("R17: exactly the quorum is not enough", () => {
    const table = tableOf([9_000n, 1_000n]);
    expect(chooseSigners(table, 9_000n, signaturesOf(table, [0]))).to.equal(undefined);
    expect(chooseSigners(table, 8_999n, signaturesOf(table, [0]))).to.have.lengthOf(1);
  });
});

describe("planTables", () => {
  const AGE = 86_400n;
  const view = (fields: Partial<TablesView>): TablesView => ({
    now: 1_000_000n,
    tableAge: AGE,
    minInterval: 3_600n,
    latest: undefined,
    revokedUntil: 0n,
    members: [],
    ...fields,
  });
  const inForce = (snapshot: bigint): TablesView["members"][number]["inForce"] => ({
    id: id("table"),
    snapshot,
    expiry: snapshot + AGE,
  });
  const none = { id: undefined, snapshot: 0n, expiry: 0n };
  const member = id("member");

  it("does nothing while tables are younger than half their age", () => {
    const latest = { id: id("table"), snapshot: 1_000_000n - AGE / 2n + 1n };
    const members = [{ id: member, inForce: inForce(latest.snapshot), sentAt: undefined, revocationSentAt: undefined }];
    expect(planTables(view({ latest, members }))).to.deep.equal({
      revoke: [],
      snapshot: false,
      publish: [],
      tooEarlyUntil: undefined,
    });
  });

  it("takes the first table, and a new one once the latest is half its age", () => {
    const members = [{ id: member, inForce: none, sentAt: undefined, revocationSentAt: undefined }];
    const plan = { revoke: [], snapshot: true, publish: [member], tooEarlyUntil: undefined };
    expect(planTables(view({ members }))).to.deep.equal(plan);
    const latest = { id: id("table"), snapshot: 1_000_000n - AGE / 2n };
    expect(
      planTables(
        view({
          latest,
          members: [{ id: member, inForce: inForce(latest.snapshot), sentAt: 1n, revocationSentAt: undefined }],
        }),
      ),
    ).to.deep.equal(plan);
  });

  it("sends the latest to a member that has none, or an old one, and not twice within an hour", () => {
    const latest = { id: id("table"), snapshot: 999_000n };
    for (const [sentAt, publish] of [
      [undefined, [member]],
      [996_401n, []],
      [996_400n, [member]],
    ] as const) {
      const members = [{ id: member, inForce: none, sentAt, revocationSentAt: undefined }];
      expect(planTables(view({ latest, members }))).to.deep.equal({
        revoke: [],
        snapshot: false,
        publish,
        tooEarlyUntil: undefined,
      });
    }
  });

  it("R22: takes a new one for a member at which the latest was revoked, as soon as one may be taken", () => {
    const latest = { id: id("table"), snapshot: 999_000n };
    const members = [
      { id: member, inForce: { ...none, snapshot: 999_000n }, sentAt: 999_100n, revocationSentAt: undefined },
    ];
    expect(planTables(view({ latest, members, now: 1_002_599n }))).to.deep.equal({
      revoke: [],
      snapshot: false,
      publish: [],
      tooEarlyUntil: 1_002_600n,
    });
    expect(planTables(view({ latest, members, now: 1_002_600n }))).to.deep.equal({
      revoke: [],
      snapshot: true,
      publish: [member],
      tooEarlyUntil: undefined,
    });
  });

  describe("R22: of tables that are revoked on L1", () => {
    const revokedUntil = 999_000n;
    const latest = { id: id("next"), snapshot: 999_500n };
    const at = (snapshot: bigint, revocationSentAt?: bigint): TablesView["members"][number] => ({
      id: member,
      inForce: inForce(snapshot),
      sentAt: undefined,
      revocationSentAt,
    });
    const plan = (one: TablesView["members"][number], now = 1_000_000n) =>
      planTables(view({ now, latest, revokedUntil, members: [one] }));

    it("sends the revocation where one is in force, and no table before it has arrived", () => {
      for (const snapshot of [revokedUntil, 1n]) {
        expect(plan(at(snapshot))).to.deep.equal({
          revoke: [member],
          snapshot: false,
          publish: [],
          tooEarlyUntil: undefined,
        });
      }
    });

    it("sends it once, and again only if it has not arrived within an hour", () => {
      for (const [sentAt, revoke] of [
        [996_401n, []],
        [996_400n, [member]],
      ] as const) {
        expect(plan(at(revokedUntil, sentAt)).revoke).to.deep.equal(revoke);
      }
    });

    it("sends none where a newer one is in force, or none, and the next table where it has arrived", () => {
      expect(plan(at(revokedUntil + 1n)).revoke).to.deep.equal([]);
      const arrived = { ...at(0n), inForce: { ...none, snapshot: revokedUntil } };
      expect(plan(arrived)).to.deep.equal({
        revoke: [],
        snapshot: false,
        publish: [member],
        tooEarlyUntil: undefined,
      });
    });
  });
});

describe("isDue", () => {
  const failed = (attempts: number): { attempts: number; at: bigint } => ({ attempts, at: 100n });

  it("tries every message once, whatever its simulation says", () => {
    for (const isAccepted of [true, false]) expect(isDue(undefined, 0n, isAccepted)).to.equal(true);
  });

  it("tries one that failed again when it would be accepted, but trusts simulations that prove wrong three times no more", () => {
    expect([1, 2, 3].map((attempts) => isDue(failed(attempts), 100n, true))).to.deep.equal([true, true, false]);
    expect(isDue(failed(1), 100n, false)).to.equal(false);
  });

  it("gives nothing up: pauses grow from an hour to a week", () => {
    for (const [attempts, hours] of [
      [1, 1n],
      [2, 4n],
      [3, 16n],
      [4, 64n],
      [5, 168n],
      [50, 168n],
    ] as const) {
      const pause = hours * 3_600n;
      expect(isDue(failed(attempts), 99n + pause, false), `${attempts} attempts`).to.equal(false);
      expect(isDue(failed(attempts), 100n + pause, false), `${attempts} attempts`).to.equal(true);
    }
  });
});

describe("decodeFailure", () => {
  const gateway = IGateway__factory.createInterface();

  it("names Parley's own errors, Solidity's, and those of the ABIs it is given", () => {
    const tooLow = gateway.encodeErrorResult("LevelTooLow", [1, 2]);
    expect(decodeFailure(tooLow)).to.deep.equal({
      name: "LevelTooLow",
      args: { level: "1", required: "2" },
      text: "LevelTooLow(level: 1, required: 2)",
    });
    const broken = Flaky__factory.createInterface().encodeErrorResult("Broken", []);
    expect(decodeFailure(broken).name).to.equal(undefined);
    expect(decodeFailure(broken, [Flaky__factory.abi])).to.deep.include({ name: "Broken", text: "Broken()" });
    const reason = gateway.encodeErrorResult("Error", ["not today"]);
    expect(decodeFailure(reason).text).to.include("not today");
    expect(decodeFailure(gateway.encodeErrorResult("Panic", [0x11])).name).to.equal("Panic");
  });

  it("says what it can of data that is cut off, unknown, too short, or not there", () => {
    const cut = gateway.encodeErrorResult("Error", ["x".repeat(500)]).slice(0, 2 + 2 * 256);
    expect(decodeFailure(cut)).to.include({ name: "Error", text: `Error(…), cut off: ${cut}` });
    for (const data of ["0x12345678", "0x12", `0x${"00".repeat(64)}`]) {
      expect(decodeFailure(data)).to.deep.equal({ name: undefined, args: {}, text: `it returned ${data}` });
    }
    expect(decodeFailure("0x").text).to.include("returned nothing");
  });

  it("finds the data in the errors of nodes that ethers does not know, however deep", () => {
    const data = gateway.encodeErrorResult("NoTable", []);
    for (const error of [{ data }, { data: { data } }, { error: { data } }, { cause: { error: { data } } }]) {
      expect(decodeCallError(Object.assign(new Error("failed"), error)).name).to.equal("NoTable");
    }
    expect(decodeCallError(new Error("connection refused")).text).to.equal("connection refused");
    expect(decodeCallError("what").text).to.equal("what");
  });
});

describe("run", () => {
  it("steps until it is aborted, finishing the step that has begun", async () => {
    const controller = new AbortController();
    const reports: number[] = [];
    let steps = 0;
    await run(
      async () => {
        if (++steps === 3) controller.abort();
        return await Promise.resolve(steps);
      },
      { intervalMs: 0, signal: controller.signal, onReport: (report) => reports.push(report) },
    );
    expect(reports).to.deep.equal([1, 2, 3]);
  });

  it("does nothing once it is aborted, and wakes up from its pause when it is", async () => {
    const controller = new AbortController();
    let steps = 0;
    const step = async (): Promise<number> => Promise.resolve(++steps);
    await run(step, {
      intervalMs: 3_600_000,
      signal: controller.signal,
      onReport: () => setImmediate(() => controller.abort()),
    });
    await run(step, { intervalMs: 0, signal: controller.signal });
    expect(steps).to.equal(1);
  });

  it("ends with what a step throws, unless it is told to go on", async () => {
    const failure = new Error("no");
    const fail = (): Promise<never> => Promise.reject(failure);
    const controller = new AbortController();
    const { signal } = controller;
    const caught: unknown = await run(fail, { intervalMs: 0, signal }).catch((error: unknown) => error);
    expect(caught).to.equal(failure);
    const errors: unknown[] = [];
    await run(fail, {
      intervalMs: 0,
      signal,
      onError: (error) => {
        errors.push(error);
        if (errors.length === 2) controller.abort();
      },
    });
    expect(errors).to.deep.equal([failure, failure]);
  });
});
