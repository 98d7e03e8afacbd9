import { id, keccak256 } from "ethers";

import { ParleyError } from "../errors.ts";
import { addressWord, bytes32, hex, inRange, join, maxUint, sizeOf, uint, type Hex } from "./bytes.ts";

/** Bytes that a message may carry at most: with it every delivery fits into a transaction of EIP-7825. */
export const MAX_PAYLOAD = 16_384;

/** `keccak` of the message's type, as EIP-712 writes types. */
export const MESSAGE_TYPEHASH: Hex = id(
  "Message(bytes32 source,uint256 destinationChainId,address sender,address recipient,uint64 options,bytes payload)",
);

/** What a lane's word commits to. `source` is a member id; `options` as `packOptions` writes them, 0 if there are none. */
export type Message = {
  readonly source: Hex;
  readonly destinationChainId: bigint;
  readonly sender: string;
  readonly recipient: string;
  readonly options: bigint;
  readonly payload: Hex;
};

/** Checks that a payload is bytes, at most {@link MAX_PAYLOAD} of them. Throws `wire/hex`, `wire/payload-too-long`. */
export function payloadBytes(payload: string): Hex {
  const bytes = hex(payload, "payload");
  if (sizeOf(bytes) > MAX_PAYLOAD) {
    throw new ParleyError(
      "wire/payload-too-long",
      `the payload has ${sizeOf(bytes)} bytes, a message carries at most ${MAX_PAYLOAD}`,
      "Split it over several messages, or send its hash and publish it elsewhere.",
    );
  }
  return bytes;
}

/**
 * The hash of a message (docs/PROTOCOL.md, Messages).
 * Throws `wire/hex`, `wire/length`, `wire/range`, `wire/address`, `wire/payload-too-long`.
 */
export function messageHash(message: Message): Hex {
  return keccak256(
    join(
      MESSAGE_TYPEHASH,
      bytes32(message.source, "source"),
      uint(message.destinationChainId, 32, "destination chain id"),
      addressWord(message.sender, "sender"),
      addressWord(message.recipient, "recipient"),
      uint(inRange(message.options, 0n, maxUint(64), "options"), 32, "options"),
      keccak256(payloadBytes(message.payload)),
    ),
  );
}
