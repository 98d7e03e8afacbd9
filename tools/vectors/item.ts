import { join, uint } from "../../src/wire/bytes.ts";
import {
  decodeEnvelope,
  decodeGatewayItem,
  decodeSettlementItem,
  encodeEnvelope,
  encodeGatewayItem,
  encodeSettlementItem,
  FAULTED,
  genesis,
  MAX_COUNT,
  MAX_SNAPSHOT,
  memberId,
  SCHEME_ECDSA,
  sortedTable,
  tableId,
  wordOf,
  type Hex,
  type OperatorTable,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import type { Random } from "./random.ts";
import { refusedBytes } from "./refused.ts";

function someTable(random: Random, members: number, operators: number): OperatorTable {
  return {
    scheme: SCHEME_ECDSA,
    snapshot: 1_790_000_000n + random.uint(20),
    expiry: 1_792_000_000n + random.uint(20),
    weightFloor: 10n ** 21n,
    members: Array.from({ length: members }, (_, index) => ({
      chainId: 1n + random.uint(index % 2 === 0 ? 16 : 63),
      gateway: random.address(),
      certifiableUntil: 1_791_000_000n + random.uint(20),
      flags: index % 3 === 0 ? FAULTED : 0,
    })),
    operators: Array.from({ length: operators }, () => ({ key: random.address(), weight: 1n + random.uint(80) })),
  };
}

/** Items of the bridge envelope, and the envelope. */
export const itemVectors = ((random) => {
  const at = { chainId: 1n, settlement: random.address() };
  const extremes: OperatorTable = {
    ...someTable(random, 2, 2),
    snapshot: MAX_SNAPSHOT,
    expiry: 2n ** 64n - 1n,
    weightFloor: 2n ** 96n - 1n,
    operators: [
      { key: `0x${"00".repeat(19)}01`, weight: 1n },
      { key: random.address(), weight: 2n ** 96n - 2n },
    ],
    members: [
      { chainId: 1n, gateway: `0x${"00".repeat(20)}`, certifiableUntil: 0n, flags: 255 },
      { chainId: 2n ** 64n - 1n, gateway: random.address(), certifiableUntil: 2n ** 64n - 1n, flags: 254 },
    ],
  };
  const tables = [
    { name: "one member, one operator", table: someTable(random, 1, 1) },
    { name: "three members, eight operators", table: someTable(random, 3, 8) },
    { name: "extreme values", table: extremes },
    { name: "64 members, 256 operators", table: someTable(random, 64, 256) },
  ].map(({ name, table }) => {
    const item = encodeGatewayItem({ kind: "table", table }, at);
    const sorted = sortedTable(table, at);
    return {
      name,
      table: sorted,
      memberIds: sorted.members.map((member) => memberId(at, member)),
      item,
      tableId: tableId(item),
    };
  });

  const table = sortedTable(someTable(random, 2, 3), at);
  const whole = encodeGatewayItem({ kind: "table", table }, at);
  const parts = (...offsets: number[]): Hex[] =>
    [0, ...offsets].map((start, index) => {
      const end = offsets[index];
      return `0x${whole.slice(2 + 2 * start, end === undefined ? undefined : 2 + 2 * end)}`;
    });
  const replaced = (start: number, end: number, by: Hex): Hex => {
    const [before = "0x", , after = "0x"] = parts(start, end);
    return join(before, by, after);
  };
  const membersAt = 31;
  const operatorsAt = membersAt + 2 * 37;
  const [, member0 = "0x", member1 = "0x"] = parts(membersAt, membersAt + 37, operatorsAt);
  const [, operator0 = "0x", operator1 = "0x"] = parts(operatorsAt, operatorsAt + 32, operatorsAt + 64);

  const settled = [wordOf(random.bytes(27), 1n), wordOf(random.bytes(27), MAX_COUNT)].map((laneWord) => {
    const item = { kind: "settled" as const, source: random.hash(), destination: random.hash(), laneWord };
    return { item, bytes: encodeGatewayItem(item, at) };
  });
  const revoked = [0n, 1_790_000_000n, MAX_SNAPSHOT].map((snapshot) => {
    const item = { kind: "revoked" as const, snapshot };
    return { item, bytes: encodeGatewayItem(item, at) };
  });
  const words = [true, false].map((current) => {
    const item = {
      kind: "word" as const,
      destination: random.hash(),
      laneWord: random.word(),
      time: current ? 1_790_000_000n : 2n ** 64n - 1n,
      current,
    };
    return { item, bytes: encodeSettlementItem(item) };
  });
  const empty = settled.slice(0, 1).map(({ item: { source, destination } }) => {
    const laneWord = genesis(source, destination);
    const item = { kind: "word" as const, destination, laneWord, time: 1_790_000_000n, current: true };
    return { item, bytes: encodeSettlementItem(item) };
  });
  const settledBytes = join("0x02", ...random.hashes(2), wordOf(random.bytes(27), 1n));
  const wordBytes = join("0x10", ...random.hashes(2), uint(1_790_000_000n, 8, "time"));
  const bad = refusedBytes((bytes) => decodeGatewayItem(bytes, at));
  const badWord = refusedBytes(decodeSettlementItem);
  const badEnvelope = refusedBytes(decodeEnvelope);
  const envelopes = [[], ["0x"], [settledBytes], [whole, settledBytes, "0x0300000000000000ff"]];
  const envelope = encodeEnvelope([settledBytes]);
  return {
    settlement: at,
    tables,
    settled,
    revoked,
    words: [...words, ...empty],
    unknown: ["0x", "0x00", "0x04", join("0xff", random.bytes(8))],
    invalid: [
      bad("table: kind alone", "wire/truncated", "0x01"),
      bad("table: scheme 0", "wire/unsupported", replaced(1, 2, "0x00")),
      bad("table: scheme 3", "wire/unsupported", replaced(1, 2, "0x03")),
      bad("table: snapshot 2^40", "wire/range", replaced(2, 10, uint(2n ** 40n, 8, "snapshot"))),
      bad("table: weight floor 0", "wire/zero", replaced(18, 30, uint(0n, 12, "floor"))),
      bad("table: no members", "wire/range", replaced(30, operatorsAt, "0x00")),
      bad(
        "table: 65 members",
        "wire/range",
        replaced(30, operatorsAt, join("0x41", ...Array.from({ length: 65 }, () => random.bytes(37)))),
      ),
      bad("table: members cut off", "wire/truncated", whole.slice(0, 2 + 2 * (operatorsAt - 1))),
      bad("table: members descend", "wire/order", replaced(membersAt, operatorsAt, join(member1, member0))),
      bad("table: one member twice", "wire/order", replaced(membersAt, operatorsAt, join(member0, member0))),
      bad("table: chain id 0", "wire/range", replaced(membersAt, membersAt + 8, uint(0n, 8, "chain id"))),
      bad("table: no operators", "wire/range", whole.slice(0, 2 + 2 * operatorsAt)),
      bad("table: last operator cut off", "wire/truncated", whole.slice(0, -2)),
      bad("table: a byte behind", "wire/truncated", join(whole, "0x00")),
      bad(
        "table: operators descend",
        "wire/order",
        replaced(operatorsAt, operatorsAt + 64, join(operator1, operator0)),
      ),
      bad("table: one key twice", "wire/order", replaced(operatorsAt, operatorsAt + 64, join(operator0, operator0))),
      bad("table: key 0", "wire/zero", replaced(operatorsAt, operatorsAt + 20, `0x${"00".repeat(20)}`)),
      bad("table: weight 0", "wire/zero", replaced(operatorsAt + 20, operatorsAt + 32, uint(0n, 12, "weight"))),
      bad(
        "table: weights of more than 96 bits together",
        "wire/range",
        replaced(operatorsAt + 20, operatorsAt + 32, uint(2n ** 96n - 1n, 12, "weight")),
      ),
      bad(
        "table: 257 operators",
        "wire/range",
        join(
          whole.slice(0, 2 + 2 * operatorsAt),
          ...Array.from({ length: 257 }, (_, index) =>
            join(uint(BigInt(index + 1), 20, "key"), uint(1n, 12, "weight")),
          ),
        ),
      ),
      bad("settled: kind alone", "wire/truncated", "0x02"),
      bad("settled: 96 bytes", "wire/truncated", settledBytes.slice(0, -2)),
      bad("settled: 98 bytes", "wire/trailing", join(settledBytes, "0x00")),
      bad("settled: count 0", "wire/zero", join("0x02", ...random.hashes(2), wordOf(random.bytes(27), 0n))),
      bad("revoked: kind alone", "wire/truncated", "0x03"),
      bad("revoked: 8 bytes", "wire/truncated", "0x0300000000000001"),
      bad("revoked: 10 bytes", "wire/trailing", "0x03000000000000000100"),
      bad("revoked: snapshot 2^40", "wire/range", join("0x03", uint(2n ** 40n, 8, "snapshot"))),
    ],
    invalidWords: [
      badWord("kind alone", "wire/truncated", "0x10"),
      badWord("73 bytes", "wire/truncated", wordBytes),
      badWord("75 bytes", "wire/trailing", join(wordBytes, "0x0100")),
      badWord(
        "count 0, an anchor",
        "wire/zero",
        join("0x10", random.hash(), wordOf(random.bytes(27), 0n), uint(1n, 8, "time"), "0x00"),
      ),
      badWord("current 2", "wire/not-canonical", join(wordBytes, "0x02")),
      badWord("current 255", "wire/not-canonical", join(wordBytes, "0xff")),
    ],
    envelopes: envelopes.map((items) => ({ items, bytes: encodeEnvelope(items) })),
    invalidEnvelopes: [
      badEnvelope("no bytes", "wire/abi", "0x"),
      badEnvelope("cut off", "wire/abi", envelope.slice(0, -64)),
      badEnvelope("a word behind", "wire/abi", join(envelope, `0x${"00".repeat(32)}`)),
      badEnvelope("dirty padding", "wire/abi", join(envelope.slice(0, -2), "0x01")),
    ],
  };
}) satisfies Build;
