import { decodeCallError } from "../chain/decodeFailure.ts";
import { planTables, type TablesPlan } from "../agents/relaying/planTables.ts";
import { publishTables, readTablesView, type TablesSent } from "../agents/relaying/publishTables.ts";
import type { RelayedMember, SettlementAccess, StepProblem } from "../agents/relaying/types.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";

/** What publishing would do. */
export interface Publication {
  /** Names of the members to which the revocation of the table in force there is sent, before anything else. */
  readonly revoke: readonly string[];
  /** Take a new table first. */
  readonly snapshot: boolean;
  /** Names of the members that need a table. */
  readonly members: readonly string[];
  /** A new table is needed, but none can be taken before this time (L1's clock, seconds); undefined if that is not so. */
  readonly tooEarlyUntil: bigint | undefined;
  readonly problems: readonly StepProblem[];
}

/** What `publish` would do now. Throws as L1's node does. */
export async function planPublication(l1: SettlementAccess, members: readonly RelayedMember[]): Promise<Publication> {
  const { view, unreadable } = await readTablesView(l1, members);
  const plan: TablesPlan = planTables(view);
  const nameOf = (id: Hex): string => members.find((member) => member.id === id)?.name ?? id;
  const { revoke, snapshot, publish, tooEarlyUntil } = plan;
  return {
    revoke: revoke.map(nameOf),
    snapshot,
    members: publish.map(nameOf),
    tooEarlyUntil,
    problems: unreadable,
  };
}

/** Sends revocations that are due; takes a table if one is needed, and sends it to the members that need one. Throws `table/not-taken`. */
export async function publish(l1: SettlementAccess, members: readonly RelayedMember[]): Promise<TablesSent> {
  try {
    return await publishTables(l1, members);
  } catch (cause) {
    throw new ParleyError(
      "table/not-taken",
      `L1 gives no table: ${decodeCallError(cause).text}`,
      "See `operator:status` of the operators, and try again.",
      { cause },
    );
  }
}
