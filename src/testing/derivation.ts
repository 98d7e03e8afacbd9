/**
 * What rollup nodes do for the devnet bridge (contracts/bridges/devnet): brings the items that one end emitted to the other,
 * in order, each once, and says truthfully who sent them. It keeps no state: how far it got stands on the chains.
 */
import { Contract, Interface, type Provider } from "ethers";

import { ParleyError } from "../errors.ts";
import { addressOf, fund, impersonate, sendFrom } from "./cheats.ts";
import type { ChainProvider } from "./eigenlayer.ts";

/** The account that carries items on simulated chains. */
export const DERIVATION = addressOf("parley.devnet.derivation");

const BALANCE = 10n ** 24n;

/** What both ends of a devnet bridge have. */
export const END = new Interface([
  "event ItemsSent(uint256 indexed index, bytes[] items)",
  "function sent() view returns (uint256)",
  "function received() view returns (uint256)",
  "function derive(address sender, uint256 index, bytes[] items)",
]);

/** One end of a bridge. */
export interface BridgeEnd {
  readonly provider: ChainProvider;
  readonly reader: Provider;
  readonly address: string;
  /** The first block that can hold its events. */
  readonly fromBlock: number;
}

/** A devnet bridge. */
export interface DevnetBridge {
  readonly l1: BridgeEnd;
  readonly rollup: BridgeEnd;
}

/** Lets the derivation account send on a simulated chain. */
export async function enableDerivation(provider: ChainProvider): Promise<void> {
  await impersonate(provider, DERIVATION);
  await fund(provider, DERIVATION, BALANCE);
}

/**
 * Carries all that waits at either end of each bridge. Answers how many envelopes it carried. Throws
 * `derivation/reorganised` if an end received what the other one, reorganised since, never sent.
 */
export async function derive(bridges: readonly DevnetBridge[]): Promise<number> {
  let carried = 0;
  for (const { l1, rollup } of bridges) {
    carried += await carry(rollup, l1);
    carried += await carry(l1, rollup);
  }
  return carried;
}

async function carry(from: BridgeEnd, to: BridgeEnd): Promise<number> {
  const source = new Contract(from.address, END, from.reader);
  const target = new Contract(to.address, END, to.reader);
  const sent = BigInt(String(await source.getFunction("sent").staticCall()));
  const received = BigInt(String(await target.getFunction("received").staticCall()));
  if (received > sent) {
    throw new ParleyError(
      "derivation/reorganised",
      `The bridge at ${to.address} received ${received} envelopes, but ${from.address} sent ${sent} on its present branch.`,
      "A chain that derives from another is reorganised with it: take back the receiving chain too.",
    );
  }
  for (let index = received; index < sent; index++) {
    const filter = source.filters["ItemsSent"]?.(index);
    const [event] = filter === undefined ? [] : await source.queryFilter(filter, from.fromBlock);
    if (event === undefined) {
      throw new ParleyError(
        "derivation/missing-event",
        `The bridge at ${from.address} emitted envelope ${index} before block ${from.fromBlock}, or not at all.`,
        "Name the block in which the bridge was deployed.",
      );
    }
    const { items } = END.decodeEventLog("ItemsSent", event.data, event.topics);
    await sendFrom(to.provider, {
      from: DERIVATION,
      to: to.address,
      data: END.encodeFunctionData("derive", [from.address, index, items]),
    });
  }
  return Number(sent - received);
}
