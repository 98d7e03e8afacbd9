import { expect } from "chai";
import fc from "fast-check";

import {
  countOf,
  decodeGatewayItem,
  decodeSettlementItem,
  encodeEnvelope,
  encodeGatewayItem,
  encodeSettlementItem,
  genesis,
  memberId,
  tableId,
  totalWeight,
  type GatewayItem,
  type Hex,
  type OperatorTable,
  type SettlementItem,
} from "../../../src/wire/index.ts";
import type { EcdsaOperatorTable, Gateway, WireHarness } from "../../../types/ethers-contracts/index.ts";
import { createChains, type Chain } from "../../fixtures/gateways.ts";
import { bytes as someBytes, hash, near, table, uint, word } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf, refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

/** Why a Gateway ignored an item; the order is `IInbox.Ignored`'s. */
const IGNORED = [
  "unknown kind",
  "malformed",
  "stale table",
  "wrong destination",
  "not accepted",
  "already settled",
  "contradicts settled",
  "nothing to revoke",
] as const;

/** What a Gateway made of an item: why it was ignored, or the name of the event that says what it did. */
type Reception = (typeof IGNORED)[number] | "TableAdopted" | "TableRevoked";

describe("types/Item", () => {
  const all = vectors("item");
  const at = all.settlement;
  const sentWord = word.filter((one) => countOf(one) !== 0n);
  let solidity: WireHarness;
  let chain: Chain;
  let gateway: Gateway;

  before(async () => {
    solidity = await wireHarness();
    [chain] = await createChains([31337n]);
    const initCode = (await chain.ethers.getContractFactory("Gateway")).bytecode;
    await chain.deployer.deploy(initCode, {
      owner: chain.owner,
      bridge: chain.bridge,
      tableFactory: chain.tableFactory,
      settlementChainId: at.chainId,
      settlement: at.settlement,
      serviceManager: at.settlement,
      acceptAll: false,
    });
    const address = await chain.deployer.gatewayAddress(at.chainId, at.settlement);
    gateway = await chain.ethers.getContractAt("Gateway", address, chain.bridge);
  });

  /** Brings one item to a Gateway to which none came before, and lets `look` see what it made of it. */
  async function bring(item: Hex, look?: () => Promise<void>): Promise<Reception> {
    const before = await chain.helpers.takeSnapshot();
    try {
      const receipt = await (await gateway.fromSettlement([item])).wait();
      const names = receipt!.logs.map((log) => {
        const event = gateway.interface.parseLog(log);
        return event?.name === "ItemIgnored" ? IGNORED[Number(event.args[1])] : event?.name;
      });
      await look?.();
      // Members that are listed come before the table that lists them.
      return names.at(-1) as Reception;
    } finally {
      await before.restore();
    }
  }

  /** Compares the table in force, and what it says of each of its members, with a decoded one. */
  async function compareInForce(item: Hex, { snapshot, expiry, members, ...rest }: OperatorTable): Promise<void> {
    const [address] = await gateway.tableInForce();
    const inForce: EcdsaOperatorTable = await chain.ethers.getContractAt("EcdsaOperatorTable", address);
    const total = totalWeight({ snapshot, expiry, members, ...rest });
    expect(await inForce.table()).to.deep.equal([tableId(item), snapshot, expiry, total]);
    for (const member of members) {
      const id = memberId(at, member);
      expect(await inForce.sourceStatus(id)).to.equal((member.certifiableUntil << 8n) | BigInt(member.flags));
      expect((await gateway.member(id)).chainId).to.equal(member.chainId);
    }
  }

  for (const { name, table: decoded, item } of all.tables) {
    it(`replays the vector: ${name}`, async () => {
      expect(await bring(item, () => compareInForce(item, decoded))).to.equal("TableAdopted");
    });
  }

  it("replays the vectors: settled, revoked, unknown", async () => {
    for (const { item, bytes } of all.settled) {
      expect(await solidity.settledItem(item.source, item.destination, item.laneWord)).to.equal(bytes);
      expect(await bring(bytes)).to.equal("wrong destination");
    }
    for (const { item, bytes } of all.revoked) {
      expect(await bring(bytes)).to.equal(item.snapshot === 0n ? "nothing to revoke" : "TableRevoked");
    }
    for (const bytes of all.unknown) expect(await bring(bytes)).to.equal("unknown kind");
  });

  for (const { name, bytes } of all.invalid) {
    it(`ignores an item to a Gateway: ${name}`, async () => {
      expect(await bring(bytes)).to.equal("malformed");
    });
  }

  it("R19 takes the items to a Gateway that the TypeScript takes, ignores all others, and reads them alike", async () => {
    const item: fc.Arbitrary<GatewayItem> = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("table" as const), table }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("settled" as const),
          source: hash,
          destination: hash,
          laneWord: sentWord,
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("revoked" as const), snapshot: uint(40) }) },
    );
    const items = fc.oneof(
      { weight: 4, arbitrary: near(item.map((one) => encodeGatewayItem(one, at))) },
      { weight: 1, arbitrary: fc.constantFrom(...all.invalid.map(({ bytes }) => bytes)) },
    );
    const received = new Map<Reception, number>();
    await checkAsync(
      fc.asyncProperty(items, async (bytes) => {
        const here = acceptedBy(() => decodeGatewayItem(bytes, at));
        const there = await bring(bytes, async () => {
          if (here?.kind === "table" && here.table.snapshot !== 0n) await compareInForce(bytes, here.table);
        });
        received.set(there, (received.get(there) ?? 0) + 1);
        const snapshot = here?.kind === "table" ? here.table.snapshot : here?.kind === "revoked" ? here.snapshot : 1n;
        switch (here?.kind) {
          case undefined:
            // A table of snapshot 0 is stale before anything else is looked at.
            expect(there).to.be.oneOf(["malformed", "stale table"]);
            break;
          case "unknown":
            expect(there).to.equal("unknown kind");
            break;
          case "table":
            expect(there).to.equal(snapshot === 0n ? "stale table" : "TableAdopted");
            break;
          case "settled":
            expect(there).to.equal("wrong destination");
            break;
          case "revoked":
            expect(there).to.equal(snapshot === 0n ? "nothing to revoke" : "TableRevoked");
            break;
        }
      }),
      400,
    );
    for (const often of ["TableAdopted", "TableRevoked", "wrong destination", "malformed"] as const) {
      expect(received.get(often), often).to.be.greaterThan(5);
    }
  });

  it("replays the vectors: words", async () => {
    for (const { item, bytes } of all.words) {
      expect(await solidity.wordItem(item.destination, item.laneWord, item.time, item.current)).to.equal(bytes);
      expect(await solidity.readWord(bytes)).to.deep.equal([item.destination, item.laneWord, item.time, item.current]);
    }
  });

  for (const { name, bytes } of all.invalidWords) {
    it(`refuses an item to Settlement: ${name}`, async () => {
      expect(await refusalOf(solidity, solidity.readWord(bytes))).to.equal("NotAWord");
    });
  }

  it("takes the words that the TypeScript takes, refuses all others, and reads them alike", async () => {
    const item: fc.Arbitrary<SettlementItem> = fc
      .record({
        kind: fc.constant("word" as const),
        destination: hash,
        laneWord: fc.oneof(
          word,
          hash.map((one) => genesis(one, one)),
        ),
        time: uint(64),
        current: fc.boolean(),
      })
      .filter(({ laneWord, current }) => current || countOf(laneWord) !== 0n);
    const items = fc.oneof(
      { weight: 4, arbitrary: near(item.map(encodeSettlementItem)) },
      { weight: 1, arbitrary: fc.constantFrom(...all.invalidWords.map(({ bytes }) => bytes)) },
    );
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(items, async (bytes) => {
        const here = acceptedBy(() => decodeSettlementItem(bytes));
        const there = await outcomeOf(solidity, solidity.readWord(bytes));
        expect(there.accepted).to.equal(here?.kind === "word");
        if (there.accepted && here?.kind === "word") {
          accepted += 1;
          expect(there.value).to.deep.equal([here.destination, here.laneWord, here.time, here.current]);
        }
      }),
    );
    expect(accepted).to.be.within(20, 180);
  });

  it("encodes words and settled words as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(hash, hash, sentWord, uint(64), fc.boolean(), async (one, other, laneWord, time, current) => {
        const settled: GatewayItem = { kind: "settled", source: one, destination: other, laneWord };
        expect(await solidity.settledItem(one, other, laneWord)).to.equal(encodeGatewayItem(settled, at));
        const carried: SettlementItem = { kind: "word", destination: one, laneWord, time, current };
        expect(await solidity.wordItem(one, laneWord, time, current)).to.equal(encodeSettlementItem(carried));
      }),
    );
  });

  it("writes and reads envelopes as the TypeScript does", async () => {
    for (const { items, bytes } of all.envelopes) {
      expect(await solidity.envelope(items)).to.equal(bytes);
      expect(await solidity.readEnvelope(bytes)).to.deep.equal(items);
    }
    await checkAsync(
      fc.asyncProperty(fc.array(someBytes(0, 100), { maxLength: 4 }), async (items) => {
        const bytes = encodeEnvelope(items);
        expect(await solidity.envelope(items)).to.equal(bytes);
        expect(await solidity.readEnvelope(bytes)).to.deep.equal(items);
      }),
    );
  });
});
