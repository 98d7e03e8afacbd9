import { expect } from "chai";
import fc from "fast-check";

import {
  decodeGatewayItem,
  encodeGatewayItem,
  encodeTable,
  FAULTED,
  MAX_SNAPSHOT,
  SCHEME_ECDSA,
  wordOf,
  type GatewayItem,
  type Hex,
} from "../../../src/wire/index.ts";
import { SETTLEMENT } from "../../fixtures/constants.ts";
import { bringItems } from "../../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../../fixtures/inbox.ts";
import { sourceOn, type SourceLane } from "../../fixtures/lane.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { eventsOf } from "../../fixtures/recipients.ts";
import { near, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";

const MALFORMED = 1n;
const UNKNOWN_KIND = 0n;

describe("Arrivals against the TypeScript reference", () => {
  let world: InboxWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createInboxWorld();
    lane = world.lane();
  });

  it("incident: Syscoin 2026: a mixed envelope of good, damaged and unknown items is judged item by item as the TypeScript judges it", async () => {
    const members = [world.chain, world.source, sourceOn(1_500n), sourceOn(1_600n)];
    const table = fc
      .record({
        snapshot: fc.bigInt({ min: 100n, max: MAX_SNAPSHOT }),
        expiry: uint(64),
        weightFloor: uint(96, 1n),
        chosen: fc.subarray(members, { minLength: 1 }),
        flags: fc.constantFrom(0, FAULTED, 0xfe),
        operators: fc.integer({ min: 1, max: 6 }),
      })
      .map(({ chosen, flags, operators, ...rest }) =>
        encodeTable(
          {
            ...rest,
            scheme: SCHEME_ECDSA,
            members: chosen.map(({ chainId, gateway }) => ({ chainId, gateway, certifiableUntil: 1n << 40n, flags })),
            operators: makeOperators(operators),
          },
          SETTLEMENT,
        ),
      );
    const encode = (item: GatewayItem): Hex => encodeGatewayItem(item, SETTLEMENT);
    const settled = fc
      .tuple(fc.bigInt({ min: 1n, max: 20n }), fc.constantFrom("ab", "cd"))
      .map(([count, tag]) => wordOf(`0x${tag.repeat(27)}`, count))
      .map((laneWord) => encode({ kind: "settled", source: lane.id, destination: world.chain.id, laneWord }));
    const revoked = uint(40).map((snapshot) => encode({ kind: "revoked", snapshot }));
    const item = fc.oneof({ weight: 3, arbitrary: table }, settled, revoked);
    const judged = { malformed: 0, taken: 0, unknown: 0 };

    await checkAsync(
      fc.asyncProperty(fc.array(fc.oneof(near(item), item), { minLength: 1, maxLength: 5 }), async (items) => {
        await world.reset();
        const sent = bringItems(world.chain, items);
        const ignored = new Map(
          (await eventsOf(sent, world.chain.contract, "ItemIgnored")).map(([index, reason]) => [
            Number(index),
            reason as bigint,
          ]),
        );
        let newest = 1n;
        for (const [i, bytes] of items.entries()) {
          const meant = acceptedBy(() => decodeGatewayItem(bytes, SETTLEMENT));
          const reason = ignored.get(i);
          if (meant === undefined) {
            // A table that is stale is not looked at any further.
            expect(reason, bytes).to.be.oneOf([MALFORMED, 2n]);
            ++judged.malformed;
          } else if (meant.kind === "unknown") {
            expect(reason, bytes).to.equal(UNKNOWN_KIND);
            ++judged.unknown;
          } else {
            expect(reason, bytes).to.not.be.oneOf([MALFORMED, UNKNOWN_KIND]);
            if (meant.kind === "table") expect(reason === undefined, bytes).to.equal(meant.table.snapshot > newest);
            if (reason === undefined) ++judged.taken;
            // Invariant 7, whatever else the envelope holds.
            if (reason === undefined && meant.kind === "table") newest = meant.table.snapshot;
            if (reason === undefined && meant.kind === "revoked") newest = meant.snapshot;
          }
        }
        expect((await world.chain.contract.tableInForce()).snapshot).to.equal(newest);
      }),
    );
    expect(judged.malformed).to.be.greaterThan(100);
    expect(judged.taken).to.be.greaterThan(100);
    expect(judged.unknown).to.be.greaterThan(3);
  });
});
