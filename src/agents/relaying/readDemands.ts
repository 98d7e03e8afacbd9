import { gatewayAt } from "../../chain/gatewayAt.ts";
import type { BlockRef } from "../../chain/blocks.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import type { TableInForce } from "../../chain/readTableInForce.ts";
import {
  isFaulted,
  Level,
  memberId,
  totalWeight,
  toLevel,
  type Hex,
  type OperatorTable,
  type SettlementRef,
} from "../../wire/index.ts";
import type { Judges } from "./lanes.ts";

/** What a destination demands of certificates about a source. */
export type Demands = {
  /** Lowest level. */
  readonly minLevel: Level;
  readonly judges: Judges;
};

/** Why no certificate about a source counts at a destination now. */
export type NotCertifiable = { readonly code: string; readonly reason: string };

/** Reads what a destination demands of certificates about a source at `block`, the destination's latest. */
export async function readDemands(
  destination: Pick<MemberNode, "gateway" | "provider">,
  source: Hex,
  inForce: TableInForce,
  table: OperatorTable | undefined,
  settlement: SettlementRef,
  block: BlockRef,
): Promise<Demands | NotCertifiable> {
  const now = block.timestamp;
  if (table === undefined) return no("no-table", "no operator table is in force; it comes from L1");
  if (now >= inForce.expiry)
    return no("table-expired", `its operator table expired at ${inForce.expiry}, it is ${now}`);
  if (totalWeight(table) < table.weightFloor) {
    return no("weight-below-floor", `its operators have weight ${totalWeight(table)}, below ${table.weightFloor}`);
  }
  const listed = table.members.find((member) => memberId(settlement, member) === source);
  if (listed === undefined) return no("not-listed", "its operator table does not list the source");
  if (isFaulted(listed)) return no("source-faulted", "the source settled words that contradict each other");
  if (now >= listed.certifiableUntil) {
    return no(
      "not-certifiable",
      `the source was certifiable until ${listed.certifiableUntil}, it is ${now}: settle its lanes`,
    );
  }
  const gateway = gatewayAt(destination.gateway, destination.provider);
  const { accepted, minLevel, quorumBps, paused } = await gateway.member(source, { blockTag: block.number });
  if (!accepted) return no("not-accepted", "the destination's owner has not accepted the source");
  if (paused) return no("source-paused", "the destination's owner pauses certificates about the source");
  const level = toLevel(minLevel, "minLevel");
  if (level === Level.settled)
    return no("settled-only", "the destination's owner takes no certificate about the source");
  return { minLevel: level, judges: { table, quorumBps } };
}

const no = (code: string, reason: string): NotCertifiable => ({ code: `relayer/${code}`, reason });
