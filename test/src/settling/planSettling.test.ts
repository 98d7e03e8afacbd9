import { expect } from "chai";

import { planSettling, type SettlingState, type SettlingView } from "../../../src/settling/planSettling.ts";

const LANE = { isDelivered: false, isLaneOpen: true, held: [], delayed: [], descending: [], settled: [], rising: [] };
const waits = { kind: "waits", for: "a proof", until: 7n } as const;

const plan = (view: Partial<SettlingView> & Pick<SettlingView, "nonce" | "laneCount">): SettlingState =>
  planSettling({ ...LANE, ...view });

describe("planSettling", () => {
  it("settles the current word while the message's page is not full, or just full", () => {
    expect(plan({ nonce: 0n, laneCount: 1n })).to.deep.equal({ stage: "settle", count: 1n, word: "current" });
    expect(plan({ nonce: 3n, laneCount: 256n })).to.deep.equal({ stage: "settle", count: 256n, word: "current" });
    expect(plan({ nonce: 256n, laneCount: 300n })).to.deep.equal({ stage: "settle", count: 300n, word: "current" });
  });

  it("invariant 9: settles the page's anchor once messages follow it, and of a closed lane", () => {
    const anchor = { stage: "settle", word: "anchor" } as const;
    expect(plan({ nonce: 0n, laneCount: 257n })).to.deep.equal({ ...anchor, count: 256n, page: 0n });
    expect(plan({ nonce: 255n, laneCount: 257n })).to.deep.equal({ ...anchor, count: 256n, page: 0n });
    expect(plan({ nonce: 256n, laneCount: 10_256n })).to.deep.equal({ ...anchor, count: 512n, page: 1n });
    expect(plan({ nonce: 3n, laneCount: 9n, isLaneOpen: false })).to.deep.equal({ ...anchor, count: 9n, page: 0n });
  });

  it("goes by what is furthest on its way, nearest to the message", () => {
    const view = {
      nonce: 10n,
      laneCount: 100n,
      rising: [{ count: 90n, next: waits }],
      settled: [80n, 70n],
      descending: [{ count: 60n, next: waits }],
      delayed: [
        { count: 40n, until: 9n },
        { count: 50n, until: 8n },
      ],
      held: [30n, 20n],
    };
    expect(plan(view)).to.deep.equal({ stage: "deliver", count: 20n });
    expect(plan({ ...view, held: [] })).to.deep.equal({ stage: "delayed", count: 50n, until: 8n });
    const undelayed = { ...view, held: [], delayed: [] };
    expect(plan(undelayed)).to.deep.equal({ stage: "descending", count: 60n, next: waits });
    expect(plan({ ...undelayed, descending: [] })).to.deep.equal({ stage: "forward", count: 70n });
    const risen = { ...undelayed, descending: [], settled: [] };
    expect(plan(risen)).to.deep.equal({ stage: "rising", count: 90n, next: waits });
    expect(plan({ ...risen, rising: [] })).to.include({ stage: "settle", count: 100n });
    expect(plan({ ...view, isDelivered: true })).to.deep.equal({ stage: "delivered" });
  });

  it("takes no word before the message, and none that more than 255 others lie before", () => {
    const lane = { nonce: 10n, laneCount: 1_000n };
    const far = [10n, 267n, 1_000n];
    const words = far.map((count) => ({ count, next: waits }));
    const settleAnchor = { stage: "settle", count: 256n, word: "anchor", page: 0n };
    const delayed = far.map((count) => ({ count, until: 0n }));
    expect(plan({ ...lane, held: far, delayed, settled: far, descending: words, rising: words })).to.deep.equal(
      settleAnchor,
    );
    expect(plan({ ...lane, held: [...far, 266n] })).to.deep.equal({ stage: "deliver", count: 266n });
    expect(plan({ ...lane, held: [...far, 11n] })).to.deep.equal({ stage: "deliver", count: 11n });
  });
});
