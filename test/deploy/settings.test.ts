import { expect } from "chai";

import { decideSettings, type DeploymentChoices, type DeploySettings } from "../../deploy/settings.ts";
import type { KeyType } from "../../src/wire/index.ts";
import { expectRefusal } from "../support/refusal.ts";

const DAY = 86_400n;

describe("Deployment: settings", () => {
  const choices = (change: Partial<DeploymentChoices> = {}): DeploymentChoices => ({
    owner: `0x${"ab".repeat(20)}`,
    quorumBps: 6_667,
    operators: 4,
    strategies: [{ address: `0x${"cd".repeat(20)}`, multiplier: 10n ** 18n }],
    ...change,
  });
  const noticeOf = (isDevelopment: boolean, falsehoodNotice?: bigint): DeploySettings["falsehoodNotice"] =>
    decideSettings(choices({ falsehoodNotice }), isDevelopment).falsehoodNotice;

  it("R27 a real network's notice of a falsehood's cost is longer than operators need to leave; a development node's is any", () => {
    expect([noticeOf(false), noticeOf(false, 18n * DAY), noticeOf(false, 1_512_001n)]).to.deep.equal([
      21n * DAY,
      18n * DAY,
      1_512_001n,
    ]);
    for (const notice of [0n, 14n * DAY, 1_512_000n]) {
      expectRefusal(() => noticeOf(false, notice), "deploy/short-notice");
      expect(noticeOf(true, notice)).to.equal(notice);
    }
    expect(noticeOf(true)).to.equal(0n);
  });

  it("R31 a table of a real network has at least four operators, and nowhere more than there can be", () => {
    const decided = (isDevelopment: boolean, minOperators?: bigint, count = 1, keyType?: KeyType): bigint => {
      const strategies = Array.from({ length: count }, (_, place) => ({
        address: `0x${String(place + 1).repeat(40)}`,
        multiplier: 10n ** 18n,
      }));
      return decideSettings(choices({ minOperators, strategies, keyType }), isDevelopment).minOperators;
    };
    const kept = [decided(false), decided(true), decided(true, 1n), decided(false, 256n), decided(false, 170n, 3)];
    expect(kept).to.deep.equal([4n, 1n, 1n, 256n, 170n]);
    for (const [isDevelopment, least, count] of [
      [false, 3n, 1],
      [true, 0n, 1],
      [true, 257n, 2],
      [false, 171n, 3],
      [false, 129n, 4],
    ] as const) {
      expectRefusal(() => decided(isDevelopment, least, count), "deploy/min-operators");
    }
    expect([decided(false, 256n, 1, "bn254"), decided(false, 200n, 2, "bn254")]).to.deep.equal([256n, 200n]);
    expectRefusal(() => decided(false, 201n, 2, "bn254"), "deploy/min-operators");
  });

  it("keeps what is said of weights and the bond, and has defaults for real networks and development nodes", () => {
    const said = { weightFloor: 5n, minWeight: 6n, bond: 7n };
    expect(decideSettings(choices(said), false)).to.include(said);
    const [real, development] = [decideSettings(choices(), false), decideSettings(choices(), true)];
    expect([real.minWeight, development.minWeight]).to.deep.equal([32n * 10n ** 18n, 10n ** 18n]);
    expect([real.bond, development.bond]).to.deep.equal([10n ** 18n, 10n ** 18n]);
  });
});
