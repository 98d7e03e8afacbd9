import { expect } from "chai";
import fc from "fast-check";

import {
  decide,
  DEFAULT_BATCH_POLICY,
  medianPrice,
  noPrices,
  withPrice,
  worthOf,
  type BatchDecision,
  type BatchPolicy,
  type GasMarket,
  type WaitingBatch,
} from "../../../src/sending/index.ts";
import { check } from "../../support/property.ts";

const NOW = 1_000_000;
const policy: BatchPolicy = {
  ...{ maxWait: 60_000, fullAt: 3, cheapBps: 10_000n, sharedGas: 100n, worth: 5n, worthOf: [] },
};
const DEAR: GasMarket = { price: 20n, median: 10n };
const waited = (...milliseconds: number[]): WaitingBatch => ({
  gas: 300n,
  messages: milliseconds.map((age) => ({ since: NOW - age, worth: 1_000n })),
});
const reason = (decision: BatchDecision): string => (decision.send ? decision.because : `until ${decision.until}`);
const whatOf = (batch: WaitingBatch, market: GasMarket, more: Partial<BatchPolicy> = {}): string =>
  reason(decide(batch, market, { ...policy, ...more }, NOW));

describe("When a batch is sent", () => {
  it("at once if it is full, old, or gas is cheap or of unknown price", () => {
    expect(whatOf(waited(0, 0, 0), DEAR)).to.equal("full");
    expect(whatOf(waited(0, 60_000), DEAR)).to.equal("old");
    expect(whatOf(waited(0), { price: 10n, median: 10n })).to.equal("cheap");
    expect(whatOf(waited(0), { price: 11n, median: 10n }, { cheapBps: 11_000n })).to.equal("cheap");
    expect(whatOf(waited(0), { price: 10n ** 20n, median: undefined })).to.equal("cheap");
  });

  it("else as soon as waiting has cost its messages what it can save, and at the latest when it is old", () => {
    // Shared: 100 × 20; the rest: 200 × (20 − 10). 4,000 wei in all, at 1,000 wei a second and message.
    expect(whatOf(waited(3_999), DEAR)).to.equal(`until ${NOW - 3_999 + 60_000}`);
    expect(whatOf(waited(4_000), DEAR)).to.equal("worth");
    expect(whatOf(waited(3_000, 999), DEAR)).to.match(/^until/);
    expect(whatOf(waited(3_000, 1_000), DEAR)).to.equal("worth");
    expect(whatOf({ gas: 50n, messages: waited(999).messages }, DEAR)).to.match(/^until/);
    expect(whatOf({ gas: 50n, messages: waited(1_000).messages }, DEAR)).to.equal("worth");
  });

  it("takes a message of the future, by a source's clock that is ahead, for one that has just come", () => {
    expect(whatOf(waited(-5_000), DEAR)).to.equal(`until ${NOW + 65_000}`);
  });

  it("within seconds by default", () => {
    const decided = (age: number): string =>
      reason(decide(waited(age), { price: 10n ** 12n, median: 1n }, DEFAULT_BATCH_POLICY, NOW));
    expect(decided(4_000)).to.equal("old");
    expect(decided(0)).to.match(/^until/);
  });

  it("never later for an older, a fuller or a dearer message, nor for cheaper gas", () => {
    const amount = fc.bigInt({ min: 0n, max: 10_000n });
    const age = fc.integer({ min: 0, max: 70_000 });
    check(
      fc.property(age, amount, amount, amount, amount, (one, worth, price, median, gas) => {
        const batch = { gas, messages: [{ since: NOW - one, worth }] };
        if (!decide(batch, { price, median }, policy, NOW).send) return true;
        const older = { gas, messages: [{ since: NOW - one - 500, worth: worth + 1n }] };
        return (
          decide(older, { price, median }, policy, NOW).send &&
          decide({ gas, messages: [...batch.messages, ...batch.messages] }, { price, median }, policy, NOW).send &&
          decide(batch, { price: price / 2n, median }, policy, NOW).send
        );
      }),
    );
  });

  it("by what a message is worth: the first rule that fits counts", () => {
    const rules = [
      { source: "alpha", destination: "beta", worth: 1n },
      { recipient: `0x${"aB".repeat(20)}`, worth: 2n },
      { source: "alpha", worth: 3n },
    ];
    const worth = (source: string, destination: string, recipient: string): bigint =>
      worthOf({ worth: 9n, worthOf: rules }, { source, destination, recipient });
    const vault = `0x${"Ab".repeat(20)}`;
    expect(worth("alpha", "beta", vault)).to.equal(1n);
    expect(worth("alpha", "l1", vault)).to.equal(2n);
    expect(worth("alpha", "l1", "0x")).to.equal(3n);
    expect(worth("beta", "alpha", "0x")).to.equal(9n);
  });
});

describe("Usual price of gas", () => {
  const prices = (...samples: (readonly [at: number, price: bigint])[]): ReturnType<typeof noPrices> =>
    samples.reduce((known, [at, price]) => withPrice(known, price, at), noPrices(1_000));

  it("is the median over the last while, once there are enough prices", () => {
    expect(medianPrice(prices([0, 1n], [10, 2n]))).to.equal(undefined);
    expect(medianPrice(prices([0, 1n], [10, 900n], [20, 2n]))).to.equal(2n);
    expect(medianPrice(prices([0, 1n], [10, 900n], [20, 2n], [30, 3n]))).to.equal(2n);
    expect(medianPrice(prices([0, 1n], [500, 5n], [900, 6n], [1_001, 7n]))).to.equal(6n);
  });

  it("is kept in few samples, however often one is taken", () => {
    const many = prices(...Array.from({ length: 3_000 }, (_, at) => [at, BigInt(at)] as const));
    expect(many.samples.length).to.be.within(100, 300);
    expect(many.samples.at(-1)).to.deep.equal({ at: 2_999, price: 2_999n });
    expect(Number(medianPrice(many))).to.be.within(2_400, 2_600);
  });
});
