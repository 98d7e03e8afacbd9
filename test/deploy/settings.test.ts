import { expect } from "chai";

import { decideSettings, type DeploymentChoices, type DeploySettings } from "../../deploy/settings.ts";
import { expectRefusal } from "../support/refusal.ts";

const DAY = 86_400n;

describe("Deployment: settings", () => {
  const choices = (falsehoodNotice?: bigint): DeploymentChoices => ({
    owner: `0x${"ab".repeat(20)}`,
    quorumBps: 6_667,
    operators: 4,
    strategies: [{ address: `0x${"cd".repeat(20)}`, multiplier: 10n ** 18n }],
    falsehoodNotice,
  });
  const noticeOf = (isDevelopment: boolean, notice?: bigint): DeploySettings["falsehoodNotice"] =>
    decideSettings(choices(notice), isDevelopment).falsehoodNotice;

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
});
