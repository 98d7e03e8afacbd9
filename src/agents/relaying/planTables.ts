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
  readonly members: readonly {
    readonly id: Hex;
    readonly inForce: TableInForce;
    /** When `latest` was last sent to it; undefined if it was not. */
    readonly sentAt: bigint | undefined;
  }[];
};

/** What to do about tables. */
export type TablesPlan = {
  /** Take a new table first, and publish that. */
  readonly snapshot: boolean;
  /** Members to which a table is to be sent. */
  readonly publish: readonly Hex[];
  /** A new table is needed, but cannot be taken before this time. */
  readonly tooEarlyUntil: bigint | undefined;
};

/** A table that was sent and has not arrived by then is sent again. */
const PATIENCE = 3_600n;

/** Members whose table is missing, or has half its life behind it, get another: the latest if it is newer and fresh. */
export function planTables({ now, tableAge, minInterval, latest, members }: TablesView): TablesPlan {
  const isFresh = (snapshot: bigint): boolean => now < snapshot + tableAge / 2n;
  const needy = members.filter(({ inForce }) => inForce.id === undefined || !isFresh(inForce.snapshot));
  const cannotUseLatest = needy.some(
    ({ inForce }) => latest === undefined || !isFresh(latest.snapshot) || latest.snapshot <= inForce.snapshot,
  );
  if (!cannotUseLatest) {
    const due = needy.filter(({ sentAt }) => sentAt === undefined || now >= sentAt + PATIENCE);
    return { snapshot: false, publish: due.map(({ id }) => id), tooEarlyUntil: undefined };
  }
  const possibleFrom = latest === undefined ? now : latest.snapshot + (minInterval === 0n ? 1n : minInterval);
  return now < possibleFrom
    ? { snapshot: false, publish: [], tooEarlyUntil: possibleFrom }
    : { snapshot: true, publish: needy.map(({ id }) => id), tooEarlyUntil: undefined };
}
