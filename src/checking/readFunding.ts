/** Reads what the accounts that publish tables, push at hops and deliver have, against what that costs next. */
import { contractAt } from "../chain/contractAt.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { feesNow, highestOf } from "../chain/feesNow.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { ask } from "../stacks/ask.ts";
import { downwardPrice } from "../stacks/downwardPrice.ts";
import { bridgeOf } from "../stacks/index.ts";
import type { Hex } from "../wire/index.ts";

/** What an account of a chain has, and has to pay next. */
export interface Funding {
  readonly chain: string;
  readonly account: string;
  /** Wei. */
  readonly balance: bigint;
  readonly needed: bigint;
  /** For what, for people. */
  readonly purpose: string;
}

/** An Arbitrum chain whose Inbox takes tickets of some accounts alone, and not of ours. */
export interface ClosedInbox {
  readonly member: string;
  /** Name of the chain that the Inbox is on. */
  readonly at: string;
  readonly inbox: string;
  /** Who would send; undefined if no account is known. */
  readonly origin: string | undefined;
}

/** What there is to pay with. */
export interface Purse {
  readonly fundings: readonly Funding[];
  readonly closed: readonly ClosedInbox[];
  /** Chains of which it could not be reckoned, and why. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Gas of a delivery of several messages, and of pushing a large table on at a hop, reckoned from above. */
const DELIVERY_GAS = 1_000_000n;
const PUSH_GAS = 1_500_000n;
/** Of taking a table of two hundred operators. */
const SNAPSHOT_GAS = 8_000_000n;

/** Reads it of these chains; those whose accounts nobody here knows are left out. */
export async function readPurse(
  fabric: ConnectedFabric,
  members: readonly ConnectedMember[],
  account: string | undefined,
): Promise<Purse> {
  const fundings: Funding[] = [];
  const closed: ClosedInbox[] = [];
  const unknown = new Map<string, string>();
  const item = await latestTable(fabric);
  for (const member of members) {
    try {
      const payer = await accountOf(member, account);
      if (payer !== undefined) fundings.push(await readFunding(fabric, member, payer, item));
      closed.push(...(await readClosed(fabric, member, account)));
    } catch (error) {
      unknown.set(member.name, error instanceof ParleyError ? error.message : decodeCallError(error).text);
    }
  }
  return { fundings, closed, unknown };
}

/** The account that a chain's transactions are paid by; undefined if none is configured. */
async function accountOf(member: ConnectedMember, account: string | undefined): Promise<string | undefined> {
  try {
    return await (await member.signer(account)).getAddress();
  } catch (error) {
    if (error instanceof ParleyError && error.code.startsWith("account/")) return undefined;
    throw error;
  }
}

/** The operator table that L1 took last; undefined if it took none. */
async function latestTable({ members: [l1], addresses }: ConnectedFabric): Promise<Hex | undefined> {
  const { serviceManager } = addresses.settlement.contracts;
  const manager = contractAt(IServiceManager__factory, serviceManager, l1.provider);
  const { tableId, snapshot } = await manager.latestTable();
  return snapshot === 0n ? undefined : await manager.tableItem(tableId);
}

async function readFunding(
  fabric: ConnectedFabric,
  member: ConnectedMember,
  account: string,
  item: Hex | undefined,
): Promise<Funding> {
  const { name, provider } = member;
  const price = highestOf(await feesNow(provider));
  let needed = DELIVERY_GAS * price;
  const purposes = ["a delivery"];
  if (item !== undefined && member === fabric.members[0]) {
    needed += SNAPSHOT_GAS * price;
    // A BN254 operator is of 76 bytes in a table, an ECDSA operator of 32.
    const size = fabric.addresses.settlement.keyType === "bn254" ? 2n : 1n;
    for (const each of fabric.members) {
      const bridge = bridgeOf(fabric, each);
      needed += size * bridge.publishGas * price + (await bridge.price([item])).value;
    }
    purposes.push("a table, sent to every member");
  }
  for (const { hop, parent, name: l3 } of fabric.addresses.rollups) {
    if (hop === undefined || parent !== name || item === undefined) continue;
    needed += PUSH_GAS * price + (await downwardPrice({ reader: provider, bridge: hop, payer: account }, [item]));
    purposes.push(`a table, pushed on to ${l3}`);
  }
  const balance = await provider.getBalance(account);
  return { chain: name, account, balance, needed, purpose: purposes.join(", and ") };
}

/** Whether the Inbox of an Arbitrum member takes tickets of certain transactions' origins alone (nitro-contracts 3.2.0, AbsInbox.sol). */
async function readClosed(
  { addresses, members }: ConnectedFabric,
  { id, name }: ConnectedMember,
  account: string | undefined,
): Promise<ClosedInbox[]> {
  const rollup = addresses.rollups.find(({ memberId }) => memberId === id);
  if (rollup?.stack !== "arbitrum") return [];
  const parent = members.find((member) => member.name === (rollup.parent ?? "l1"));
  if (parent === undefined) return [];
  const end = rollup.hop ?? rollup.l1Bridge;
  const inbox = await ask(parent.provider, end, "function ARBITRUM_INBOX() view returns (address)");
  if (inbox === undefined) return [];
  // Older ones have no list.
  const isClosed = await ask(parent.provider, inbox, "function allowListEnabled() view returns (bool)");
  if (isClosed !== "true") return [];
  const origin = await accountOf(parent, account);
  const isAllowed = "function isAllowed(address) view returns (bool)";
  if (origin !== undefined && (await ask(parent.provider, inbox, isAllowed, origin)) === "true") return [];
  return [{ member: name, at: parent.name, inbox, origin }];
}
