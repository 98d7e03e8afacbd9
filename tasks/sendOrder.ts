/** What the options of `message:send` ask for. */
import { hexlify, toUtf8Bytes } from "ethers";

import type { ConnectedFabric, ConnectedMember } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import type { SendOrder } from "../src/messages/index.ts";
import { Level, type Hex, type Options } from "../src/wire/index.ts";
import { memberNamed } from "./fabricConnection.ts";

/** As they are written on the command line. */
export interface OrderArguments {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly recipient: string | undefined;
  readonly payload: string | undefined;
  readonly text: string | undefined;
  readonly gasLimit: string | undefined;
  readonly minFinality: string | undefined;
  readonly account: string | undefined;
  readonly count: number;
}

const MAX_COUNT = 1_000;

/** Throws `member/unknown`, `message/…`. What the chains have to say of it is not asked here. */
export function sendOrder(args: OrderArguments, fabric: ConnectedFabric): SendOrder {
  const from = memberNamed(fabric, args.from, "--from");
  const to = memberNamed(fabric, args.to, "--to");
  return {
    from,
    to,
    recipient: args.recipient ?? defaultRecipient(fabric, to),
    payloads: payloadsOf(args),
    options: optionsOf(args),
    account: args.account,
  };
}

/** On a devnet the mailbox, which stands on every chain. */
function defaultRecipient({ addresses }: ConnectedFabric, to: ConnectedMember): string {
  if (addresses.chains === "devnet") return addresses.devnet.examples.mailbox;
  throw new ParleyError(
    "message/no-recipient",
    "--recipient is missing.",
    `Give the address of a contract on ${to.name} that implements ERC-7786's receiveMessage.`,
  );
}

function payloadsOf({ payload, text, count }: OrderArguments): Hex[] {
  if (!(count >= 1 && count <= MAX_COUNT)) {
    throw new ParleyError("message/bad-count", `--count is ${count}.`, `Send 1 to ${MAX_COUNT} messages at a time.`);
  }
  if ((payload === undefined) === (text === undefined)) {
    throw new ParleyError(
      "message/no-payload",
      payload === undefined ? "There is nothing to send." : "There are two payloads.",
      "Give either --payload 0x… or --text …",
    );
  }
  return Array.from({ length: count }, (_, place) =>
    text === undefined ? (payload ?? "0x") : hexlify(toUtf8Bytes(count === 1 ? text : `${text} ${place + 1}`)),
  );
}

function optionsOf({ gasLimit, minFinality }: OrderArguments): Options {
  return {
    ...(gasLimit === undefined ? {} : { gasLimit: gasOf(gasLimit) }),
    ...(minFinality === undefined ? {} : { minFinality: levelOf(minFinality) }),
  };
}

function gasOf(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new ParleyError("message/bad-gas-limit", `--gas-limit is "${text}".`, "Give an integer up to 8000000.");
}

function levelOf(name: string): Level {
  const found = Object.entries(Level).find(([known]) => known === name);
  if (found !== undefined) return found[1];
  throw new ParleyError(
    "message/bad-finality",
    `--min-finality is "${name}".`,
    `Use one of: ${Object.keys(Level).join(", ")}.`,
  );
}
