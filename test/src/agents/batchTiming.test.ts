import { expect } from "chai";
import { FeeData } from "ethers";

import { BatchTiming } from "../../../src/agents/relaying/batchTiming.ts";
import type { Batch } from "../../../src/agents/relaying/planBatches.ts";
import { DEFAULT_BATCH_POLICY } from "../../../src/sending/index.ts";

describe("BatchTiming", () => {
  it("holds a batch back while gas is dearer than usual, until it is cheap again, old, or its messages are worth it", async () => {
    let now = 0;
    let price = 10n;
    let asked = 0;
    const provider = { getFeeData: () => ((asked += 1), Promise.resolve(new FeeData(price, null, null))) };
    const batch = (id: string, source = "alpha"): Batch =>
      ({
        view: { source: { name: source }, destination: { id: "0xd0", name: "beta", provider } },
        messages: [{ id, recipient: "0x" }],
        gas: 200_000n,
      }) as unknown as Batch;
    const worthOf = [{ source: "gamma", worth: 10n ** 18n }];
    const timing = new BatchTiming({ ...DEFAULT_BATCH_POLICY, maxWait: 60_000, worth: 0n, worthOf }, () => now);
    // Nobody knows yet what is usual.
    for (now = 0; now < 80_000; now += 16_000) {
      expect(await timing.isTimely(batch(`early ${now}`)), String(now)).to.equal(true);
    }
    expect(asked).to.equal(5);
    price = 20n;
    now = 120_000;
    expect(await timing.isTimely(batch("a"))).to.equal(false);
    now = 121_000;
    expect(await timing.isTimely(batch("b", "gamma"))).to.equal(false);
    expect(asked).to.equal(6);
    now = 122_000;
    expect(await timing.isTimely(batch("b", "gamma"))).to.equal(true);
    expect(await timing.isTimely(batch("a"))).to.equal(false);
    now = 179_000;
    expect(await timing.isTimely(batch("c"))).to.equal(false);
    now = 180_000;
    expect(await timing.isTimely(batch("a"))).to.equal(true);
    expect(await timing.isTimely(batch("c"))).to.equal(false);
    price = 10n;
    now = 182_000;
    expect(await timing.isTimely(batch("c"))).to.equal(true);
  });
});
