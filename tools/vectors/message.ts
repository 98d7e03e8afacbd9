import { MAX_PAYLOAD, messageHash, packOptions, type Message } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refused } from "./refused.ts";

/** Messages' hashes. */
export const messageVectors = ((random) => {
  const messageOf = (destinationChainId: bigint, options: bigint, payload: string): Message => ({
    source: random.hash(),
    destinationChainId,
    sender: random.address(),
    recipient: random.address(),
    options,
    payload,
  });
  const messages = [
    messageOf(10n, 0n, "0x"),
    messageOf(8453n, 0n, "0x00"),
    messageOf(1n, packOptions({ gasLimit: 500_000n }), random.bytes(32)),
    messageOf(2n ** 64n - 1n, packOptions({ minFinality: 3 }), random.bytes(256)),
    messageOf(2n ** 256n - 1n, 2n ** 64n - 1n, random.bytes(1001)),
    messageOf(42161n, packOptions({ minFinality: 2, gasLimit: 8_000_000n }), random.bytes(MAX_PAYLOAD)),
  ];
  return {
    valid: messages.map((message) => ({ message, messageHash: messageHash(message) })),
    invalid: [
      refused(
        "a payload of 16,385 bytes",
        "wire/payload-too-long",
        { message: messageOf(10n, 0n, `0x${"00".repeat(MAX_PAYLOAD + 1)}`) },
        ({ message }) => messageHash(message),
      ),
      refused("options of 65 bits", "wire/range", { message: messageOf(10n, 2n ** 64n, "0x") }, ({ message }) =>
        messageHash(message),
      ),
    ],
  };
}) satisfies Build;
