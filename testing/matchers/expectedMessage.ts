import { type Addressable, resolveAddress } from "ethers";

import type { Hex, Level } from "../../src/wire/index.ts";
import type { DevnetMember } from "../devnetMember.ts";
import type { DevnetMessage } from "../messageBook.ts";

/** What a message is to be like; what is left out may be anything. */
export interface ExpectedMessage {
  readonly to?: DevnetMember;
  readonly sender?: string | Addressable;
  readonly recipient?: string | Addressable;
  /** The payload, or what it has to fulfil. */
  readonly payload?: Hex | ((payload: Hex) => boolean);
  readonly nonce?: bigint | number;
  readonly gasLimit?: bigint;
  readonly minFinality?: Level;
}

/** One thing that a message is to have. */
export interface Trait {
  readonly name: string;
  /** What it is to be, for people. */
  readonly wanted: string;
  /** What it is of a message, for people. */
  readonly of: (message: DevnetMessage) => string;
  readonly fits: (message: DevnetMessage) => boolean;
}

/** What is expected, one by one. */
export async function traitsOf(expected: ExpectedMessage): Promise<Trait[]> {
  const { to, sender, recipient, payload, nonce, gasLimit, minFinality } = expected;
  const traits: Trait[] = [];
  if (to !== undefined) traits.push(equal("destination", to.name, (message) => message.destination));
  if (sender !== undefined) traits.push(equal("sender", await resolveAddress(sender), (message) => message.sender));
  if (recipient !== undefined) {
    traits.push(equal("recipient", await resolveAddress(recipient), (message) => message.recipient));
  }
  if (typeof payload === "string") traits.push(equal("payload", payload, (message) => message.payload));
  else if (payload !== undefined) {
    const wanted = "that fulfils the condition";
    traits.push({
      name: "payload",
      wanted,
      of: (message) => message.payload,
      fits: (message) => payload(message.payload),
    });
  }
  if (nonce !== undefined) traits.push(equal("nonce", nonce, (message) => message.nonce));
  if (gasLimit !== undefined) traits.push(equal("gasLimit", gasLimit, ({ options }) => options.gasLimit));
  if (minFinality !== undefined) traits.push(equal("minFinality", minFinality, ({ options }) => options.minFinality));
  return traits;
}

type Value = string | bigint | number | undefined;

/** Hex is the same in whatever case it is written. */
function equal(name: string, value: Value, read: (message: DevnetMessage) => Value): Trait {
  const wanted = String(value);
  const of = (message: DevnetMessage): string => String(read(message));
  return { name, wanted, of, fits: (message) => of(message).toLowerCase() === wanted.toLowerCase() };
}
