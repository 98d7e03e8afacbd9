import { expect } from "chai";
import { concat, dataLength, dataSlice, getAddress, id, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { join, uint } from "../../../src/wire/bytes.ts";
import {
  encodeGatewayItem,
  encodeTable,
  genesis,
  Level,
  MAX_MEMBERS,
  MAX_OPERATORS,
  MAX_SNAPSHOT,
  memberId,
  tableId,
  wordOf,
  type Hex,
  type MemberRef,
  type OperatorTable,
} from "../../../src/wire/index.ts";
import { advance, hold, now, statementOf, tableInForce } from "../../fixtures/certified.ts";
import { SETTLEMENT } from "../../fixtures/constants.ts";
import { adoptTable, bring, bringItems, tableFor } from "../../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../../fixtures/inbox.ts";
import { sourceOn, type SourceLane } from "../../fixtures/lane.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { eventsOf } from "../../fixtures/recipients.ts";

const IGNORED = {
  unknownKind: 0,
  malformed: 1,
  staleTable: 2,
  wrongDestination: 3,
  notAccepted: 4,
  alreadySettled: 5,
  contradictsSettled: 6,
  nothingToRevoke: 7,
} as const;

/** EIP-7825: no transaction may have more gas. */
const TRANSACTION_GAS_CAP = 16_777_216n;

describe("Arrivals: fromSettlement", () => {
  let world: InboxWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createInboxWorld();
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02", "0x03"]);
  });

  const members = (): OperatorTable["members"] =>
    [world.chain, world.source, world.otherSource].map(({ chainId, gateway }) => ({
      chainId,
      gateway,
      certifiableUntil: 1n << 40n,
      flags: 0,
    }));
  const settledItem = (count: number, word = lane.sent[count - 1]!.after): Hex =>
    encodeGatewayItem({ kind: "settled", source: lane.id, destination: world.chain.id, laneWord: word }, SETTLEMENT);
  const ignores = async (item: Hex, reason: number): Promise<void> => {
    await expect(bringItems(world.chain, [item]))
      .to.emit(world.chain.contract, "ItemIgnored")
      .withArgs(0, reason);
  };
  const state = async (): Promise<unknown[]> => [
    ...(await world.chain.contract.tableInForce()),
    await world.chain.contract.held(lane.id, Level.settled, 1),
  ];

  it("trap 8: is for the wired bridge alone: NotBridge", async () => {
    for (const caller of [world.chain.owner, world.chain.user, world.chain.admin, world.chain.relayer]) {
      await expect(world.chain.contract.connect(caller).fromSettlement([settledItem(1)]))
        .to.be.revertedWithCustomError(world.chain.contract, "NotBridge")
        .withArgs(caller.address);
    }
  });

  it("an envelope of no items does nothing", async () => {
    expect(await eventsOf(bringItems(world.chain, []), world.chain.contract, "ItemIgnored")).to.deep.equal([]);
  });

  it("unknown kinds and items of no bytes are ignored with an event", async () => {
    for (const item of [
      "0x",
      "0x00",
      "0x04",
      "0x10",
      "0xff",
      join("0x10", toBeHex(1, 73)),
      join("0x05", settledItem(1)),
    ]) {
      await ignores(item, IGNORED.unknownKind);
    }
  });

  it("bad items do not hold up the good ones before, between and behind them", async () => {
    const table = await tableFor(world.chain, { members: members(), operators: world.operators });
    const items = [
      "0x",
      settledItem(1),
      "0x01",
      "0x02",
      encodeTable(table, SETTLEMENT),
      "0x03",
      join(settledItem(2), "0x00"),
      settledItem(2),
      "0x77",
      encodeTable(table, SETTLEMENT),
      settledItem(2),
      settledItem(3),
    ];
    const ignored = await eventsOf(bringItems(world.chain, items), world.chain.contract, "ItemIgnored");
    expect(ignored.map((args) => args.map(Number))).to.deep.equal([
      [0, IGNORED.unknownKind],
      [2, IGNORED.malformed],
      [3, IGNORED.malformed],
      [5, IGNORED.malformed],
      [6, IGNORED.malformed],
      [8, IGNORED.unknownKind],
      [9, IGNORED.staleTable],
      [10, IGNORED.alreadySettled],
    ]);
    expect((await world.chain.contract.tableInForce()).snapshot).to.equal(table.snapshot);
    for (const count of [1, 2, 3]) {
      expect(await world.chain.contract.held(lane.id, Level.settled, count)).to.equal(lane.sent[count - 1]!.after);
    }
  });

  describe("R19, invariant 7: tables only move forward", () => {
    const adopt = (snapshot: bigint, fields: Partial<OperatorTable> = {}): Promise<unknown> =>
      adoptTable(world.chain, { members: members(), operators: makeOperators(5), snapshot, ...fields });

    it("a newer one is in force, with its id, times and contract", async () => {
      const table = await tableFor(world.chain, { members: members(), operators: makeOperators(5), snapshot: 100n });
      const item = encodeTable(table, SETTLEMENT);
      const [adopted] = await eventsOf(bringItems(world.chain, [item]), world.chain.contract, "TableAdopted");
      const inForce = await tableInForce(world);
      expect([...adopted!] as unknown[]).to.deep.equal([tableId(item), await inForce.getAddress(), 100n, table.expiry]);
      expect((await inForce.table()).id).to.equal(tableId(item));
    });

    it("an older and an equally old one are stale, whatever they say", async () => {
      await adopt(100n);
      const before = await world.chain.contract.tableInForce();
      for (const snapshot of [0n, 1n, 99n, 100n]) {
        const table = await tableFor(world.chain, {
          members: members(),
          operators: makeOperators(3),
          snapshot,
          expiry: MAX_SNAPSHOT,
        });
        await ignores(encodeTable(table, SETTLEMENT), IGNORED.staleTable);
        expect(await world.chain.contract.tableInForce()).to.deep.equal(before);
      }
    });

    it("an expired one that is newer moves forward all the same, and verifies nothing", async () => {
      await adopt(100n, { expiry: await now(world) });
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(100n);
      const expired = await tableInForce(world);
      await expect(
        advance(world, [await statementOf(world, lane)], { operators: makeOperators(5) }),
      ).to.be.revertedWithCustomError(expired, "TableExpired");
      // The one before, which has not expired, does not come back.
      await adopt(1n);
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(100n);
    });

    it("one whose snapshot is 2^40 − 1 is the last", async () => {
      await adopt(MAX_SNAPSHOT);
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(MAX_SNAPSHOT);
    });

    it("invariant 7: through any sequence of tables and revocations the snapshot never falls", async () => {
      let newest = (await world.chain.contract.tableInForce()).snapshot;
      for (const step of [5n, 3n, -4n, 9n, -9n, 8n, 20n, -20n, -25n, 21n, 6n, 22n]) {
        if (step > 0n) await adopt(step);
        else await bring(world.chain, { kind: "revoked", snapshot: -step });
        const { snapshot, table } = await world.chain.contract.tableInForce();
        expect(snapshot >= newest).to.be.true;
        if (step > newest) expect(table).to.not.equal(ZeroAddress);
        if (-step >= newest) expect(table).to.equal(ZeroAddress);
        newest = snapshot;
      }
    });
  });

  describe("malformed tables are ignored, whatever is wrong", () => {
    /** A table's item, written by hand: nothing is sorted or checked. */
    const write = (
      fields: Partial<Record<"scheme" | "snapshot" | "expiry" | "floor" | "count", bigint>>,
      list: readonly Hex[],
      tail: readonly Hex[],
    ): Hex =>
      concat([
        "0x01",
        uint(fields.scheme ?? 1n, 1, "scheme"),
        uint(fields.snapshot ?? 100n, 8, "snapshot"),
        uint(fields.expiry ?? MAX_SNAPSHOT, 8, "expiry"),
        uint(fields.floor ?? 1n, 12, "floor"),
        uint(fields.count ?? BigInt(list.length), 1, "count"),
        ...list,
        ...tail,
      ]);
    const member = (chainId: bigint, gateway: string): Hex =>
      concat([uint(chainId, 8, "chain id"), gateway, uint(MAX_SNAPSHOT, 8, "until"), "0x00"]);
    const operator = (key: bigint, weight = 1n): Hex => concat([uint(key, 20, "key"), uint(weight, 12, "weight")]);
    const sorted = (count: number, ...others: MemberRef[]): Hex[] =>
      [...Array.from({ length: count }, (_, i) => sourceOn(5_000n + BigInt(i))), ...others]
        .sort((a, b) => (memberId(SETTLEMENT, a) < memberId(SETTLEMENT, b) ? -1 : 1))
        .map(({ chainId, gateway }) => member(chainId, gateway));
    const [one, two, three] = [operator(1n), operator(2n), operator(3n)];
    const refuses = async (item: Hex): Promise<void> => {
      const before = await state();
      await ignores(item, IGNORED.malformed);
      expect(await state()).to.deep.equal(before);
    };

    it("is adopted if nothing is wrong", async () => {
      await bringItems(world.chain, [write({}, sorted(3), [one, two])]);
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(100n);
    });

    it("cut off anywhere, or padded", async () => {
      const item = write({}, sorted(2), [one, two]);
      for (let length = 1; length < dataLength(item); ++length) {
        // What is cut between operators is a smaller table: it says how many members it has, not how many operators.
        if (length === dataLength(item) - 32) continue;
        await refuses(dataSlice(item, 0, length));
      }
      await refuses(join(item, "0x00"));
      await refuses(join(item, toBeHex(0, 32)));
    });

    it("of no members, of more than 64, or of another number than it says", async () => {
      await refuses(write({ count: 0n }, [], [one]));
      await refuses(write({ count: 0n }, sorted(1), [one]));
      await refuses(write({}, sorted(MAX_MEMBERS + 1), [one]));
      await refuses(write({ count: 255n }, sorted(255), [one]));
      // 64 sources, and this Gateway as the 65th.
      const self = member(world.chain.chainId, world.chain.gateway);
      await refuses(write({}, sorted(MAX_MEMBERS, world.chain), [one]));
      expect(sorted(MAX_MEMBERS, world.chain))
        .to.include(self)
        .and.to.have.lengthOf(MAX_MEMBERS + 1);
      await refuses(write({ count: 2n }, sorted(1), [one]));
      await refuses(write({ count: 1n }, sorted(2), [one]));
    });

    it("with a member without chain id, twice, or out of order", async () => {
      const list = sorted(3);
      await refuses(write({}, [member(0n, world.chain.gateway)], [one]));
      await refuses(write({}, [list[0]!, list[0]!], [one]));
      await refuses(write({}, [list[1]!, list[0]!, list[2]!], [one]));
      await refuses(write({}, [list[0]!, list[2]!, list[1]!], [one]));
    });

    it("with this Gateway twice, or in another's place: it stands in the list as all others do", async () => {
      const self = member(world.chain.chainId, world.chain.gateway);
      await refuses(write({}, [self, self], [one]));
      const others = sorted(8);
      const ids = (item: Hex): string =>
        memberId(SETTLEMENT, { chainId: BigInt(dataSlice(item, 0, 8)), gateway: getAddress(dataSlice(item, 8, 28)) });
      const place = others.filter((item) => ids(item) < ids(self)).length;
      for (let at = 0; at <= others.length; ++at) {
        const list = [...others.slice(0, at), self, ...others.slice(at)];
        if (at !== place) await refuses(write({}, list, [one]));
      }
      await bringItems(world.chain, [write({}, [...others.slice(0, place), self, ...others.slice(place)], [one])]);
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(100n);
    });

    it("with no operators, more than 256, a key or weight of zero, keys twice or out of order", async () => {
      const many = Array.from({ length: MAX_OPERATORS + 1 }, (_, i) => operator(BigInt(i + 1)));
      for (const tail of [
        [],
        many,
        [operator(0n)],
        [operator(1n, 0n)],
        [one, one],
        [two, one],
        [one, three, two],
        [operator(1n, (1n << 96n) - 1n), two],
      ]) {
        await refuses(write({}, sorted(2), tail));
      }
    });

    it("incident: Ronin 2024: without a weight floor", async () => {
      await refuses(write({ floor: 0n }, sorted(1), [one]));
    });

    it("of another scheme", async () => {
      for (const scheme of [0n, 2n, 255n]) await refuses(write({ scheme }, sorted(1), [one]));
    });

    it("of a snapshot above 2^40 − 1, so that nothing is cut off it", async () => {
      for (const snapshot of [1n << 40n, (1n << 40n) + 100n, (1n << 64n) - 1n]) {
        await refuses(write({ snapshot }, sorted(1), [one]));
      }
    });
  });

  describe("malformed settled words and revocations are ignored", () => {
    it("cut off anywhere, or padded", async () => {
      for (const item of [settledItem(1), encodeGatewayItem({ kind: "revoked", snapshot: 5n }, SETTLEMENT)]) {
        const before = await state();
        for (let length = 1; length < dataLength(item); ++length) {
          await ignores(dataSlice(item, 0, length), IGNORED.malformed);
        }
        await ignores(join(item, "0x00"), IGNORED.malformed);
        expect(await state()).to.deep.equal(before);
      }
    });

    it("incident: Nomad 2022: a settled word of count zero, and the zero word", async () => {
      const settled = (word: string): Hex => concat(["0x02", lane.id, world.chain.id, word]);
      for (const word of [ZeroHash, genesis(lane.id, world.chain.id), wordOf(`0x${"ff".repeat(27)}`, 0n)]) {
        await ignores(settled(word), IGNORED.malformed);
      }
    });

    it("a revocation above 2^40 − 1", async () => {
      for (const snapshot of [1n << 40n, (1n << 64n) - 1n]) {
        await ignores(concat(["0x03", uint(snapshot, 8, "snapshot")]), IGNORED.malformed);
      }
      await bring(world.chain, { kind: "revoked", snapshot: MAX_SNAPSHOT });
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(MAX_SNAPSHOT);
    });
  });

  it("incident: Secret/Axelar 2026: a word of a lane to another member, or from one that was never listed, is not held", async () => {
    const item = (source: Hex, destination: Hex): Hex => concat(["0x02", source, destination, lane.word]);
    for (const destination of [lane.id, ZeroHash, world.lane(world.otherSource).id]) {
      await ignores(item(lane.id, destination), IGNORED.wrongDestination);
    }
    for (const source of [id("nobody"), ZeroHash, world.chain.id]) {
      await ignores(item(source, world.chain.id), IGNORED.notAccepted);
      expect(await world.chain.contract.held(source, Level.settled, 3)).to.equal(ZeroHash);
    }
  });

  it("a settled word with the greatest count is held", async () => {
    const word = wordOf(`0x${"ab".repeat(27)}`, (1n << 40n) - 1n);
    await bringItems(world.chain, [settledItem(1, word)]);
    expect(await world.chain.contract.held(lane.id, Level.settled, (1n << 40n) - 1n)).to.equal(word);
  });

  it("a table with this Gateway alone is adopted, and certifies no source", async () => {
    await adoptTable(world.chain, { operators: world.operators });
    expect(await (await tableInForce(world)).sourceStatus(world.chain.id)).to.equal(0n);
    await expect(hold(world, lane, Level.final)).to.be.revertedWithCustomError(world.chain.contract, "NotCertifiable");
  });

  it("R19 a table without this Gateway is adopted, and certifies its sources", async () => {
    await adoptTable(world.chain, { members: [world.source], operators: world.operators });
    await hold(world, lane, Level.final);
    expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
  });

  it("R17 a table's floor is the item's: a total weight as high verifies, one lower does not", async () => {
    const total = world.operators.reduce((sum, { weight }) => sum + weight, 0n);
    const members = [world.chain, world.source];
    await adoptTable(world.chain, { members, operators: world.operators, weightFloor: total });
    await hold(world, lane, Level.final);
    expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
    const { contract } = await adoptTable(world.chain, {
      members,
      operators: world.operators,
      weightFloor: total + 1n,
    });
    await expect(hold(world, lane, Level.final))
      .to.be.revertedWithCustomError(contract, "WeightBelowFloor")
      .withArgs(total, total + 1n);
  });

  it("a Gateway at this one's address on another chain is another member", async () => {
    const twin = { chainId: 1004n, gateway: world.chain.gateway };
    await adoptTable(world.chain, { members: [twin, world.chain], operators: world.operators });
    const source = memberId(SETTLEMENT, twin);
    expect((await world.chain.contract.member(source)).chainId).to.equal(twin.chainId);
    expect(await world.chain.contract.laneTo(twin.chainId)).to.equal(genesis(world.chain.id, source));
    expect(await (await tableInForce(world)).sourceStatus(source)).not.to.equal(0n);
  });

  describe("gas", () => {
    const full = (members: number, operators: number): Promise<OperatorTable> =>
      tableFor(world.chain, {
        members: Array.from({ length: members }, (_, i) => sourceOn(10_000n + BigInt(i))),
        operators: Array.from({ length: operators }, (_, i) => ({ key: getAddress(toBeHex(i + 1, 20)), weight: 1n })),
      });

    for (const operators of [200, MAX_OPERATORS]) {
      it(`64 new members and ${operators} operators arrive in one transaction (EIP-7825)`, async () => {
        const table = await full(MAX_MEMBERS, operators);
        const response = await world.chain.contract
          .connect(world.chain.bridge)
          .fromSettlement([encodeTable(table, SETTLEMENT)], { gasLimit: TRANSACTION_GAS_CAP });
        expect((await response.wait())!.gasUsed).to.be.lessThan(TRANSACTION_GAS_CAP);
        expect((await (await tableInForce(world)).table()).totalWeight).to.equal(BigInt(operators));
        for (const member of table.members) {
          const source = memberId(SETTLEMENT, member);
          expect((await world.chain.contract.member(source)).accepted).to.be.true;
          expect(await world.chain.contract.laneTo(member.chainId)).to.equal(genesis(world.chain.id, source));
        }
      });
    }

    it("short of gas the whole envelope reverts, so that it can be repeated: never half of it, and never a good item ignored", async () => {
      const table = await full(4, 64);
      const items = [settledItem(1), encodeTable(table, SETTLEMENT), settledItem(2)];
      const before = await state();
      const bridge = world.chain.contract.connect(world.chain.bridge);
      const needed = (await (await bridge.fromSettlement(items)).wait())!.gasUsed;
      await world.reset();
      let reverted = 0;
      for (let gasLimit = 60_000n; gasLimit < needed; gasLimit += (needed - 60_000n) / 60n) {
        // Below what its bytes cost, the chain refuses the transaction itself.
        const sent = await bridge.fromSettlement(items, { gasLimit }).then(
          () => true,
          () => false,
        );
        expect(sent).to.be.false;
        expect(await state()).to.deep.equal(before);
        ++reverted;
      }
      expect(reverted).to.be.greaterThan(50);
      const repeated = bridge.fromSettlement(items, { gasLimit: needed + needed / 20n });
      expect(await eventsOf(repeated, world.chain.contract, "ItemIgnored")).to.deep.equal([]);
      expect((await world.chain.contract.tableInForce()).snapshot).to.equal(table.snapshot);
      expect(await world.chain.contract.held(lane.id, Level.settled, 2)).to.equal(lane.sent[1]!.after);
    });
  });
});
