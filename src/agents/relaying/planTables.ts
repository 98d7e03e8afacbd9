import type { TableInForce } from "../../chain/readTableInForce.ts";
import type { Hex } from "../../wire/index.ts";

/** What a relayer knows of tables. Times in seconds since 1970, on L1's clock. */
export type TablesView = {
  readonly now: bigint;
  /** For how long a table verifies certificates. */
  readonly tableAge: bigint;
  /** Least time between two tables. */
  readonly minInterval: bigint;
  /** The table that was taken last; undefined if none was. */
  readonly latest: { readonly id: Hex; readonly snapshot: bigint } | undefined;
  /** Tables up to this snapshot are revoked on L1; 0 if none is. */
  readonly revokedUntil: bigint;
  readonly members: readonly {
    readonly id: Hex;
    readonly inForce: TableInForce;
    /** When `latest` was last sent to it; undefined if it was not. */
    readonly sentAt: bigint | undefined;
    /** When the revocation up to `revokedUntil` was last sent to it; undefined if it was not. */
    readonly revocationSentAt: bigint | undefined;
  }[];
};

/** What to do about tables. */
export type TablesPlan = {
  /** Members to which the revocation is to be sent, before anything else. */
  readonly revoke: readonly Hex[];
  /** Take a new table first, and publish that. */
  readonly snapshot: boolean;
  /** Members to which a table is to be sent. */
  readonly publish: readonly Hex[];
  /** A new table is needed, but cannot be taken before this time. */
  readonly tooEarlyUntil: bigint | undefined;
};

/** What was sent and has not arrived by then is sent again. */
const PATIENCE = 3_600n;

/**
 * Members whose table is missing, or has half its life behind it, get another: the latest if it is newer and fresh. Those whose
 * table is revoked on L1 get the revocation first, and a table once that has arrived: a table that came before it would leave
 * the words in place that are held on the revoked one.
 */
export function planTables({ now, tableAge, minInterval, latest, revokedUntil, members }: TablesView): TablesPlan {
  const isFresh = (snapshot: bigint): boolean => now < snapshot + tableAge / 2n;
  const isLost = (sentAt: bigint | undefined): boolean => sentAt === undefined || now >= sentAt + PATIENCE;
  const revoked = members.filter(({ inForce }) => inForce.id !== undefined && inForce.snapshot <= revokedUntil);
  const revoke = revoked.filter(({ revocationSentAt }) => isLost(revocationSentAt)).map(({ id }) => id);
  const needy = members.filter(
    (member) => !revoked.includes(member) && (member.inForce.id === undefined || !isFresh(member.inForce.snapshot)),
  );
  const cannotUseLatest = needy.some(
    ({ inForce }) => latest === undefined || !isFresh(latest.snapshot) || latest.snapshot <= inForce.snapshot,
  );
  if (!cannotUseLatest) {
    const due = needy.filter(({ sentAt }) => isLost(sentAt));
    return { revoke, snapshot: false, publish: due.map(({ id }) => id), tooEarlyUntil: undefined };
  }
  const possibleFrom = latest === undefined ? now : latest.snapshot + (minInterval === 0n ? 1n : minInterval);
  return now < possibleFrom
    ? { revoke, snapshot: false, publish: [], tooEarlyUntil: possibleFrom }
    : { revoke, snapshot: true, publish: needy.map(({ id }) => id), tooEarlyUntil: undefined };
}
