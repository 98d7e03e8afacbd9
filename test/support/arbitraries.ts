import { hexlify, ZeroHash } from "ethers";
import fc, { type Arbitrary } from "fast-check";

import { address as checksummed, join } from "../../src/wire/bytes.ts";
import {
  FAULTED,
  Level,
  MAX_COUNT,
  SCHEME_ECDSA,
  wordOf,
  type BatchItem,
  type Checkpoint,
  type Equivocation,
  type EquivocationEvidence,
  type FalsehoodEvidence,
  type Hex,
  type LaneWord,
  type Listing,
  type Message,
  type OperatorTable,
  type Options,
  type Proof,
  type Statement,
} from "../../src/wire/index.ts";

/** Bytes of a length between two. */
export const bytes = (minLength: number, maxLength = minLength): Arbitrary<Hex> =>
  fc.uint8Array({ minLength, maxLength }).map((array) => hexlify(array));

export const hash = bytes(32);
export const address = bytes(20).map((value) => checksummed(value, "address"));
export const uint = (bits: number, min = 0n): Arbitrary<bigint> => fc.bigInt({ min, max: (1n << BigInt(bits)) - 1n });

/** A word to which at least 1,000 messages can be added. */
export const word: Arbitrary<LaneWord> = fc
  .tuple(bytes(27), fc.bigInt({ min: 0n, max: MAX_COUNT - 1000n }))
  .map(([head, count]) => wordOf(head, count));

export const level = fc.constantFrom<Level>(Level.fast, Level.final, Level.settled);

export const options: Arbitrary<Options> = fc.record(
  { gasLimit: fc.bigInt({ min: 1n, max: 8_000_000n }), minFinality: level },
  { requiredKeys: [] },
);

export const message: Arbitrary<Message> = fc.record({
  source: hash,
  destinationChainId: uint(256),
  sender: address,
  recipient: address,
  options: uint(64),
  payload: bytes(0, 300),
});

export const batchItem: Arbitrary<BatchItem> = fc.oneof(
  fc.record({ kind: fc.constant("skip" as const), messageHash: hash }),
  fc.record({
    kind: fc.constant("message" as const),
    sender: address,
    recipient: address,
    options: fc.oneof(fc.constant(0n), uint(64)),
    payload: bytes(0, 100),
  }),
);

export const batch = fc.array(batchItem, { minLength: 1, maxLength: 6 });

export const checkpoint: Arbitrary<Checkpoint> = fc
  .record({
    source: hash,
    destination: hash,
    laneWord: word,
    reachedBy: uint(64),
    level: fc.constantFrom<Level>(Level.fast, Level.final),
    blockHash: hash.filter((value) => value !== ZeroHash),
  })
  .map((one) => (one.level === Level.fast ? one : { ...one, blockHash: ZeroHash }));

export const statement: Arbitrary<Statement> = fc.record({
  checkpoint,
  siblings: fc.array(hash, { maxLength: 3 }),
  certificate: bytes(0, 70),
});

export const listing: Arbitrary<Listing> = fc.record({ tableId: hash, index: fc.nat(255) });

export const equivocation: Arbitrary<Equivocation> = fc.record({
  a: statement,
  b: statement,
  from: word,
  messageHashes: fc.array(hash, { maxLength: 3 }),
});

export const equivocationEvidence: Arbitrary<EquivocationEvidence> = fc.record({
  equivocation,
  a: listing,
  b: listing,
});

export const falsehoodEvidence: Arbitrary<FalsehoodEvidence> = fc.record({
  statement,
  listing,
  settledCount: uint(40),
  from: word,
  messageHashes: fc.array(hash, { maxLength: 3 }),
});

export const proof: Arbitrary<Proof> = fc.oneof(
  fc.record({ kind: fc.constant("held" as const), level }),
  fc
    .record({
      checkpoint,
      siblings: fc.array(hash, { maxLength: 6 }),
      certificate: bytes(1, 130),
    })
    .map(({ checkpoint: { level, reachedBy, blockHash }, siblings, certificate }) => ({
      kind: "certificate" as const,
      level,
      reachedBy,
      blockHash,
      siblings,
      certificate,
    })),
);

/** A valid table, its members and operators in any order. */
export const table: Arbitrary<OperatorTable> = fc
  .record({
    scheme: fc.constant(SCHEME_ECDSA),
    snapshot: uint(40),
    expiry: uint(64),
    weightFloor: uint(96, 1n),
    members: fc.uniqueArray(
      fc.record({
        chainId: uint(64, 1n),
        gateway: address,
        certifiableUntil: uint(64),
        flags: fc.constantFrom(0, FAULTED, 0xfe, 0xff),
      }),
      { minLength: 1, maxLength: 4, selector: ({ gateway }) => gateway },
    ),
    operators: fc.uniqueArray(fc.record({ key: bytes(20), weight: uint(80, 1n) }), {
      minLength: 1,
      maxLength: 5,
      selector: ({ key }) => key,
    }),
  })
  .map((one) => ({
    ...one,
    operators: one.operators.map(({ key, weight }) => ({ key: checksummed(key, "key"), weight })),
  }));

/** Bytes near the given ones: cut off, padded, a byte changed, left out, put in, or two ranges swapped. */
export function near(original: Arbitrary<Hex>): Arbitrary<Hex> {
  return fc
    .tuple(original, fc.constantFrom("cut", "pad", "change", "drop", "insert", "swap", "keep"), fc.nat(), bytes(1, 40))
    .map(([value, how, where, extra]) => {
      const size = (value.length - 2) / 2;
      const at = size === 0 ? 0 : where % size;
      const before: Hex = value.slice(0, 2 + 2 * at);
      const from = (offset: number): Hex => `0x${value.slice(2 + 2 * offset)}`;
      switch (how) {
        case "cut":
          return before;
        case "pad":
          return join(value, extra);
        case "change":
          return join(before, extra.slice(0, 4), from(at + 1));
        case "drop":
          return join(before, from(at + 1));
        case "insert":
          return join(before, extra, from(at));
        case "swap":
          return join(from(at), before);
        case "keep":
          return value;
      }
    });
}
