import { expect } from "chai";
import fc from "fast-check";

import { Level } from "../../../src/wire/index.ts";
import { adoptTable } from "../../fixtures/gateways.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { createBridgeWorld, deliverAt, tokens, transfers, WINDOW, type BridgeWorld } from "./support.ts";

/** What happens at a bridge: a transfer arrives, time passes, another table comes, the owner values the stake anew. */
type Step =
  | { readonly kind: "transfer"; readonly amount: bigint; readonly isSettled: boolean }
  | { readonly kind: "time"; readonly seconds: bigint }
  | { readonly kind: "table"; readonly weight: bigint }
  | { readonly kind: "price"; readonly tokensPerEth: bigint };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("transfer" as const),
      amount: fc.bigInt(1n, 9_000n),
      isSettled: fc.integer({ max: 4, min: 0 }).map((n) => n === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      seconds: fc.constantFrom(1n, WINDOW / 3n, WINDOW / 2n, WINDOW - 1n, WINDOW),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("table" as const), weight: fc.bigInt(8n, 64n) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("price" as const), tokensPerEth: fc.bigInt(0n, 1_000n) }) },
);

describe("StakeBound beside a model of it", () => {
  let world: BridgeWorld;
  before(async () => {
    world = await createBridgeWorld();
  });

  it("releases exactly what the last window has room for, through any transfers, times, tables and prices", async () => {
    let refused = 0;
    let released = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        await world.reset();
        const { chain, bridge, source, otherSource } = world;
        const lane = world.lane();
        const log: { at: bigint; amount: bigint }[] = [];
        let [weight, price] = [32n, 1_000n];
        let operators = world.operators;
        for (const one of steps) {
          if (one.kind === "time") await chain.helpers.time.increase(one.seconds);
          if (one.kind === "price") {
            price = one.tokensPerEth;
            await bridge.connect(chain.owner).setTokensPerEth(tokens(price));
          }
          // Tables last for a day, which some sequences outlast: each step of time brings the next.
          if (one.kind === "table" || one.kind === "time") {
            if (one.kind === "table") weight = one.weight;
            operators = makeOperators(
              4,
              Array.from({ length: 4 }, () => tokens(weight)),
            );
            await adoptTable(chain, { members: [chain, source, otherSource], operators });
          }
          if (one.kind !== "transfer") continue;
          const sent = await transfers(world, lane, one.amount);
          await deliverAt({ ...world, operators }, lane, sent, one.isSettled ? Level.settled : Level.final);
          const at = BigInt(await chain.helpers.time.latest());
          // Half of four operators' weight, for four bridges.
          const cap = (tokens(weight) * price) / 2n;
          const used = log.filter((entry) => entry.at > at - WINDOW).reduce((sum, { amount }) => sum + amount, 0n);
          const expected = one.isSettled || used + tokens(one.amount) <= cap;
          expect(await chain.contract.isDelivered(lane.id, sent[0]!.nonce)).to.equal(expected);
          if (expected && !one.isSettled) log.push({ at, amount: tokens(one.amount) });
          if (expected) ++released;
          else ++refused;
        }
      }),
      { numRuns: 12, seed: 2026 },
    );
    expect(released).to.be.greaterThan(10);
    expect(refused).to.be.greaterThan(10);
  });
});
