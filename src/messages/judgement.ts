/** By which operators a member judges what is said of another, and what a message waits for. */
import { readDemands, type Demands, type NotCertifiable } from "../agents/relaying/readDemands.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { readTable } from "../chain/readTable.ts";
import { readTableInForce, type TableInForce } from "../chain/readTableInForce.ts";
import type { ConnectedFabric } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { Level, unpackOptions, type Hex, type OperatorTable, type SettlementRef } from "../wire/index.ts";
import type { MemberView } from "./fabricView.ts";
import type { TrackedMessage } from "./messageStatus.ts";

/** What a destination judges certificates by now. */
export interface Judgement {
  readonly inForce: TableInForce;
  /** Undefined if none is in force, or L1 does not show it. */
  readonly table: OperatorTable | undefined;
  /** What it demands of certificates about the source, or why none counts. */
  readonly demands: Demands | NotCertifiable;
}

/** The fabric's Settlement. */
export const settlementOf = ({ addresses: { settlement } }: ConnectedFabric): SettlementRef => ({
  chainId: BigInt(settlement.chainId),
  settlement: settlement.contracts.settlement,
});

/** A table of the fabric, from L1. Throws as L1's node does. */
export async function readFabricTable(fabric: ConnectedFabric, id: Hex): Promise<OperatorTable> {
  const [l1] = fabric.members;
  const { serviceManager } = fabric.addresses.settlement.contracts;
  return await readTable({ ...settlementOf(fabric), serviceManager, runner: l1.provider }, id);
}

/** What a destination judges certificates about a source by. Throws as the destination's node does. */
export async function readJudgement(fabric: ConnectedFabric, destination: MemberView, source: Hex): Promise<Judgement> {
  const { member, latest } = destination;
  const inForce = await readTableInForce(member);
  let table: OperatorTable | undefined;
  try {
    table = inForce.id === undefined ? undefined : await readFabricTable(fabric, inForce.id);
  } catch (error) {
    const reason = error instanceof ParleyError ? error.message : decodeCallError(error).text;
    return { inForce, table, demands: { code: "table/unreadable", reason: `L1 does not show its table: ${reason}` } };
  }
  return {
    inForce,
    table,
    demands: await readDemands(member, source, inForce, table, settlementOf(fabric), latest),
  };
}

/** The level at which the message can be certified: undefined if none, or none but on settled words. */
export function certifiableAt(tracked: TrackedMessage, demands: Demands | NotCertifiable): Level | undefined {
  const demanded = unpackOptions(tracked.message.options).minFinality ?? Level.fast;
  if ("code" in demands || demanded === Level.settled) return undefined;
  const isFinal = tracked.status === "final";
  return !isFinal && demands.minLevel === Level.fast && demanded === Level.fast ? Level.fast : Level.final;
}

/** What has to happen before the message is delivered, for people; undefined if nothing has, or nobody knows. */
export function waitsFor(tracked: TrackedMessage, { demands }: Judgement): string | undefined {
  const { message, source, destination, status } = tracked;
  if (status === "delivered" || status === "unknown") return undefined;
  if (status === "failed") return "its recipient; a relayer tries again once the recipient would take it";
  if (unpackOptions(message.options).minFinality === Level.settled) {
    return `L1: its sender demands level settled, so its lane must come over the bridges of ${source.member.name} and ${destination.name}`;
  }
  if ("code" in demands) return `${destination.name}: ${demands.reason}`;
  if (status === "final" || certifiableAt(tracked, demands) === Level.fast)
    return "a quorum of operators and a relayer";
  const { confirmations, name } = source.member;
  if (confirmations === "finalized") {
    return `${name}: block ${message.blockNumber} is not final yet, block ${source.final.number} is`;
  }
  const missing = message.blockNumber + confirmations - source.latest.number;
  return `${missing} more ${missing === 1 ? "block" : "blocks"} on ${name}, until it is final`;
}
