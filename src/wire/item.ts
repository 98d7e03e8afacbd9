import { ParleyError } from "../errors.ts";
import { bytes32, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";
import { countOf, laneWord, type LaneWord } from "./lane.ts";
import type { SettlementRef } from "./member.ts";
import { Reader } from "./reader.ts";
import { decodeTable, encodeTable, MAX_SNAPSHOT, type OperatorTable } from "./table.ts";

/** Kind bytes of items. */
export const ItemKind = { table: 0x01, settled: 0x02, revoked: 0x03, word: 0x10 } as const;

/** To a Gateway: this lane stood at this word, proven through L1. `source` and `destination` are member ids. The count is not 0. */
export type SettledItem = {
  readonly kind: "settled";
  readonly source: Hex;
  readonly destination: Hex;
  readonly laneWord: LaneWord;
};

/** To a Gateway: every table with a snapshot (seconds since 1970) up to this one is revoked. */
export type RevokedItem = { readonly kind: "revoked"; readonly snapshot: bigint };

/** To Settlement: the lane from the carrying bridge's own member to `destination` stood at this word. The count is 0 only of a current one. */
export type WordItem = {
  readonly kind: "word";
  readonly destination: Hex;
  readonly laneWord: LaneWord;
  /** The rollup's clock when the bridge read the Outbox, seconds since 1970. */
  readonly time: bigint;
  /** Whether the word was the lane's word then, and not only an anchor. */
  readonly current: boolean;
};

/** An item whose kind the receiver does not know, or of no bytes (`kindByte` 0): to be ignored. */
export type UnknownItem = { readonly kind: "unknown"; readonly kindByte: number };

/** What an item to a Gateway says. */
export type GatewayItem = { readonly kind: "table"; readonly table: OperatorTable } | SettledItem | RevokedItem;

/** What an item to Settlement says. */
export type SettlementItem = WordItem;

/**
 * An item to a Gateway (docs/PROTOCOL.md, The bridge envelope). `at` is the Settlement that sends it.
 * Throws `wire/hex`, `wire/length`, `wire/range` (snapshot), `wire/zero` (count), and as `encodeTable` does.
 */
export function encodeGatewayItem(item: GatewayItem, at: SettlementRef): Hex {
  switch (item.kind) {
    case "table":
      return encodeTable(item.table, at);
    case "settled":
      return join(
        kindByte(ItemKind.settled),
        bytes32(item.source, "source"),
        bytes32(item.destination, "destination"),
        sentWord(item.laneWord),
      );
    case "revoked":
      return join(kindByte(ItemKind.revoked), uint(revokedSnapshot(item.snapshot), 8, "snapshot"));
  }
}

/**
 * What an item to a Gateway says. Throws `wire/hex`, `wire/truncated`, `wire/trailing`, `wire/range` (snapshot),
 * `wire/zero` (count), and as `decodeTable` does; an unknown kind is no error.
 */
export function decodeGatewayItem(item: string, at: SettlementRef): GatewayItem | UnknownItem {
  const reader = new Reader(item, "item");
  const kind = reader.remaining === 0 ? 0 : reader.byte("kind");
  switch (kind) {
    case ItemKind.table:
      return { kind: "table", table: decodeTable(item, at) };
    case ItemKind.settled: {
      const source = reader.bytes(32, "source");
      const destination = reader.bytes(32, "destination");
      const word = reader.bytes(32, "laneWord");
      reader.end();
      return { kind: "settled", source, destination, laneWord: sentWord(word) };
    }
    case ItemKind.revoked: {
      const snapshot = reader.uint(8, "snapshot");
      reader.end();
      return { kind: "revoked", snapshot: revokedSnapshot(snapshot) };
    }
    default:
      return { kind: "unknown", kindByte: kind };
  }
}

/** An item to Settlement (docs/PROTOCOL.md, The bridge envelope). Throws `wire/hex`, `wire/length`, `wire/range`, `wire/zero` (count of an anchor). */
export function encodeSettlementItem(item: SettlementItem): Hex {
  return join(
    kindByte(ItemKind.word),
    bytes32(item.destination, "destination"),
    item.current ? laneWord(item.laneWord) : sentWord(item.laneWord),
    uint(inRange(item.time, 0n, maxUint(64), "time"), 8, "time"),
    uint(item.current ? 1n : 0n, 1, "current"),
  );
}

/**
 * What an item to Settlement says. Throws `wire/hex`, `wire/truncated`, `wire/trailing`, `wire/zero` (count of an anchor),
 * `wire/not-canonical` unless `current` is 0 or 1; an unknown kind is no error.
 */
export function decodeSettlementItem(item: string): SettlementItem | UnknownItem {
  const reader = new Reader(item, "item");
  const kind = reader.remaining === 0 ? 0 : reader.byte("kind");
  if (kind !== ItemKind.word) return { kind: "unknown", kindByte: kind };
  const destination = reader.bytes(32, "destination");
  const word = reader.bytes(32, "laneWord");
  const time = reader.uint(8, "time");
  const current = reader.byte("current");
  if (current > 1) {
    throw new ParleyError(
      "wire/not-canonical",
      `current is ${current}`,
      "Write 1 for the lane's word, 0 for an anchor.",
    );
  }
  reader.end();
  return {
    kind: "word",
    destination,
    laneWord: current === 1 ? laneWord(word) : sentWord(word),
    time,
    current: current === 1,
  };
}

function sentWord(value: string): LaneWord {
  const word = laneWord(value);
  if (countOf(word) === 0n) {
    throw new ParleyError(
      "wire/zero",
      `the item's word ${word} has count 0`,
      "Settle and forward a lane once a message was sent on it; before, only that it is empty can be settled, as current.",
    );
  }
  return word;
}

const revokedSnapshot = (value: bigint): bigint => inRange(value, 0n, MAX_SNAPSHOT, "snapshot");

const kindByte = (kind: number): Hex => uint(BigInt(kind), 1, "kind");
