import { ParleyError } from "../errors.ts";
import { addressBytes, bytes32, inRange, join, maxUint, sizeOf, uint, type Hex } from "./bytes.ts";
import { countOf, idOf, next, type LaneWord } from "./lane.ts";
import { messageHash, payloadBytes } from "./message.ts";
import { Reader } from "./reader.ts";

/** Stands for one message of a lane: `skip` is not delivered now, `message` is. */
export type BatchItem =
  | { readonly kind: "skip"; readonly messageHash: Hex }
  | {
      readonly kind: "message";
      readonly sender: string;
      readonly recipient: string;
      /** As `packOptions` writes them; 0 if there are none. */
      readonly options: bigint;
      readonly payload: Hex;
    };

/** What a batch's items say about their messages together with the lane on which they were sent. */
export type BatchLane = {
  /** The source's member id. */
  readonly source: Hex;
  /** The chain id of the destination: the Inbox's own. */
  readonly destinationChainId: bigint;
};

/** A batch's item in its place on the lane. */
export type PlacedItem = {
  readonly item: BatchItem;
  readonly nonce: bigint;
  readonly messageHash: Hex;
  /** ERC-7786's `receiveId`. */
  readonly id: Hex;
};

const SKIP = 0;
const MESSAGE = 1;
const MESSAGE_WITH_OPTIONS = 2;

/**
 * The `items` of `deliver`: one or more, in the lane's order (docs/PROTOCOL.md, Batches).
 * Throws `wire/empty`, `wire/hex`, `wire/length`, `wire/address`, `wire/range` (options), `wire/payload-too-long`.
 */
export function encodeBatch(items: readonly BatchItem[]): Hex {
  if (items.length === 0) throw emptyBatch();
  return join(...items.map(encodeItem));
}

function encodeItem(item: BatchItem): Hex {
  if (item.kind === "skip") return join(uint(BigInt(SKIP), 1, "kind"), bytes32(item.messageHash, "message hash"));
  const payload = payloadBytes(item.payload);
  const options = inRange(item.options, 0n, maxUint(64), "options");
  return join(
    uint(BigInt(options === 0n ? MESSAGE : MESSAGE_WITH_OPTIONS), 1, "kind"),
    addressBytes(item.sender, "sender"),
    addressBytes(item.recipient, "recipient"),
    options === 0n ? "0x" : uint(options, 8, "options"),
    uint(BigInt(sizeOf(payload)), 2, "length"),
    payload,
  );
}

/**
 * The items of a batch. Throws `wire/empty`, `wire/hex`, `wire/truncated`, `wire/kind`, `wire/payload-too-long`, and
 * `wire/not-canonical` for a message with options whose options are 0.
 */
export function decodeBatch(bytes: string): BatchItem[] {
  const reader = new Reader(bytes, "batch");
  if (reader.remaining === 0) throw emptyBatch();
  const items: BatchItem[] = [];
  while (reader.remaining > 0) items.push(decodeItem(reader));
  return items;
}

function decodeItem(reader: Reader): BatchItem {
  const kind = reader.byte("kind");
  if (kind === SKIP) return { kind: "skip", messageHash: reader.bytes(32, "message hash") };
  if (kind !== MESSAGE && kind !== MESSAGE_WITH_OPTIONS) {
    throw new ParleyError(
      "wire/kind",
      `a batch has an item of kind ${kind}`,
      "Use 0 (skip), 1 (message) or 2 (message with options); an item before this one may have a wrong length.",
    );
  }
  const sender = reader.address("sender");
  const recipient = reader.address("recipient");
  const options = kind === MESSAGE ? 0n : reader.uint(8, "options");
  if (kind === MESSAGE_WITH_OPTIONS && options === 0n) {
    throw new ParleyError(
      "wire/not-canonical",
      "a batch has an item of kind 2 (message with options) whose options are 0",
      "Write a message without options as kind 1.",
    );
  }
  const payload = payloadBytes(reader.bytes(Number(reader.uint(2, "length")), "payload"));
  return { kind: "message", sender, recipient, options, payload };
}

/** The message hash that an item stands for on this lane. Throws as `messageHash` does. */
export function itemHash(lane: BatchLane, item: BatchItem): Hex {
  return item.kind === "skip" ? bytes32(item.messageHash, "message hash") : messageHash({ ...lane, ...item });
}

/**
 * Puts the items on their lane: each one's nonce, message hash and id, and the lane's word behind the last one, which is
 * the word that the proof must prove. Throws `wire/lane-full`, and as `messageHash` does.
 */
export function foldBatch(
  lane: BatchLane,
  from: LaneWord,
  items: readonly BatchItem[],
): { word: LaneWord; placed: PlacedItem[] } {
  let word = from;
  const placed = items.map((item) => {
    const hash = itemHash(lane, item);
    const place = { item, nonce: countOf(word), messageHash: hash, id: idOf(word, hash) };
    word = next(word, hash);
    return place;
  });
  return { word, placed };
}

function emptyBatch(): ParleyError {
  return new ParleyError("wire/empty", "a batch has no items", "Deliver one message at least.");
}
