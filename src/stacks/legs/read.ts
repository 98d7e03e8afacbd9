/** What all stacks' legs read. */
import { Contract, FunctionFragment, Interface, type Log, type Provider, type TransactionReceipt } from "ethers";

import { readBlock } from "../../chain/blocks.ts";
import type { ConnectedMember } from "../../deployments/connect.ts";
import { ParleyError } from "../../errors.ts";
import type { Hex } from "../../wire/index.ts";
import { ask } from "../ask.ts";
import type { NextOfJourney } from "../stackBridge.ts";
import type { Leg } from "./leg.ts";

const HOUR = 3_600n;

/** What was sent down and has not been seen after that time is taken for lost, and may be sent again. Longer than sequencers can delay it. */
const LOST_AFTER = 72n * HOUR;

/** What a contract answers, by a function's signature. Throws as the node does, and if it reverts. */
export async function call(reader: Provider, address: string, signature: string, ...args: unknown[]): Promise<unknown> {
  const fragment = FunctionFragment.from(signature);
  return (await new Contract(address, [fragment], reader).getFunction(fragment).staticCall(...args)) as unknown;
}

/** The data of a call, by a function's signature. */
export function callOf(signature: string, ...args: unknown[]): Hex {
  const fragment = FunctionFragment.from(signature);
  return new Interface([fragment]).encodeFunctionData(fragment, args);
}

/** What marks an event's logs. */
export function topicOf(abi: Interface, event: string): Hex {
  const fragment = abi.getEvent(event);
  if (fragment === null) throw new Error(`the event ${event} is known`);
  return fragment.topicHash;
}

/** The address that a contract names. Throws `settle/no-contract` if it names none. */
export async function addressIn(
  { name, provider }: Pick<ConnectedMember, "name" | "provider">,
  address: string,
  getter: string,
): Promise<string> {
  const found = await ask(provider, address, `function ${getter}() view returns (address)`);
  if (found !== undefined) return found;
  throw new ParleyError(
    "settle/no-contract",
    `${address} on ${name} does not answer ${getter}().`,
    "See that the addresses file is the one of this deployment; the stack's contracts may be newer than this version knows.",
  );
}

/** The receipt of a transaction whose logs were read. Throws `settle/node-behind`. */
export async function receiptOf(member: ConnectedMember, txHash: Hex): Promise<TransactionReceipt> {
  const receipt = await member.provider.getTransactionReceipt(txHash);
  if (receipt === null) throw nodeBehind(member, `the transaction ${txHash}`);
  return receipt;
}

export const nodeBehind = ({ name, at }: Pick<ConnectedMember, "name" | "at">, what: string): ParleyError =>
  new ParleyError(
    "settle/node-behind",
    `The node of ${name} at ${at} does not know ${what}.`,
    "Wait until it has caught up, or use a node that follows the branch that was settled; then run this again.",
  );

/** The logs of a receipt that a contract emitted, with one event's topic. */
export const logsIn = ({ logs }: Pick<TransactionReceipt, "logs">, address: string, topic: string): Log[] =>
  logs.filter((log) => log.address.toLowerCase() === address.toLowerCase() && log.topics[0] === topic);

/** What was sent down in a block of the parent and is not there yet. */
export async function onItsWayDown({ parent, child }: Leg, blockNumber: number): Promise<NextOfJourney | "over"> {
  const [sent, latest] = [await readBlock(parent.provider, blockNumber), await readBlock(parent.provider, "latest")];
  if (latest.timestamp > sent.timestamp + LOST_AFTER) return "over";
  const what = `the bridge from ${parent.name} to ${child.name}, mostly for minutes`;
  return { kind: "waits", for: what, until: sent.timestamp + HOUR };
}
