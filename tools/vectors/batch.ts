import { join, uint } from "../../src/wire/bytes.ts";
import {
  decodeBatch,
  encodeBatch,
  foldBatch,
  MAX_PAYLOAD,
  packOptions,
  wordOf,
  type BatchItem,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refusedBytes } from "./refused.ts";

/** Batches of `deliver`. */
export const batchVectors = ((random) => {
  const skip = (): BatchItem => ({ kind: "skip", messageHash: random.hash() });
  const message = (options: bigint, size: number): BatchItem => ({
    kind: "message",
    sender: random.address(),
    recipient: random.address(),
    options,
    payload: size === 0 ? "0x" : random.bytes(size),
  });
  const batches: { name: string; items: BatchItem[] }[] = [
    { name: "one message", items: [message(0n, 32)] },
    { name: "one message without payload", items: [message(0n, 0)] },
    { name: "one message with options", items: [message(packOptions({ gasLimit: 300_000n, minFinality: 2 }), 33)] },
    { name: "options out of their bounds are hashed as they are", items: [message(2n ** 64n - 1n, 1)] },
    { name: "one skip", items: [skip()] },
    { name: "skips around a message", items: [skip(), skip(), message(0n, 100), skip()] },
    {
      name: "every kind, payloads of many lengths",
      items: [
        message(0n, 31),
        skip(),
        message(packOptions({ minFinality: 3 }), 64),
        message(0n, 0),
        message(packOptions({ gasLimit: 1n }), 255),
        message(0n, 256),
        message(0n, 257),
      ],
    },
    { name: "the longest payload", items: [message(0n, MAX_PAYLOAD)] },
    { name: "255 skips and a message", items: [...Array.from({ length: 255 }, skip), message(0n, 32)] },
  ];
  const valid = batches.map(({ name, items }) => {
    const lane = { source: random.hash(), destinationChainId: 10n };
    const from = wordOf(random.bytes(27), random.uint(39));
    const { word, placed } = foldBatch(lane, from, items);
    return {
      name,
      ...lane,
      from,
      items,
      bytes: encodeBatch(items),
      messageHashes: placed.map(({ messageHash }) => messageHash),
      ids: placed.map(({ id }) => id),
      word,
    };
  });
  const plain = encodeBatch([message(0n, 32)]);
  const withOptions = encodeBatch([message(1n, 32)]);
  const skipped = encodeBatch([skip()]);
  const bad = refusedBytes(decodeBatch);
  return {
    valid,
    invalid: [
      bad("empty", "wire/empty", "0x"),
      bad("kind 3", "wire/kind", join("0x03", random.bytes(74))),
      bad("kind 255", "wire/kind", join("0xff", random.bytes(74))),
      bad("kind byte alone: skip", "wire/truncated", "0x00"),
      bad("kind byte alone: message", "wire/truncated", "0x01"),
      bad("kind byte alone: message with options", "wire/truncated", "0x02"),
      bad("skip cut off", "wire/truncated", skipped.slice(0, -2)),
      bad("message cut off in its payload", "wire/truncated", plain.slice(0, -2)),
      bad("message cut off in its length", "wire/truncated", plain.slice(0, 2 + 2 * 42)),
      bad("message cut off in its sender", "wire/truncated", plain.slice(0, 2 + 2 * 20)),
      bad("message with options cut off in its payload", "wire/truncated", withOptions.slice(0, -2)),
      bad("message with options cut off in its options", "wire/truncated", withOptions.slice(0, 2 + 2 * 45)),
      bad("padded with a zero byte", "wire/truncated", join(plain, "0x00")),
      bad("padded with a byte of no kind", "wire/kind", join(plain, "0x80")),
      bad("second item cut off", "wire/truncated", join(skipped, plain.slice(0, -2))),
      bad(
        "kind 2 with options 0",
        "wire/not-canonical",
        join("0x02", random.bytes(40), uint(0n, 8, "options"), "0x0001ff"),
      ),
      bad(
        "payload of 16,385 bytes",
        "wire/payload-too-long",
        join("0x01", random.bytes(40), uint(BigInt(MAX_PAYLOAD + 1), 2, "length"), `0x${"00".repeat(MAX_PAYLOAD + 1)}`),
      ),
    ],
  };
}) satisfies Build;
