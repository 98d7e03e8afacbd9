import { decodeGatewayItem, type Hex, type SettlementRef } from "../../wire/index.ts";

/** What waits at a hop, and what the L3 behind it has. */
export type PushView = {
  /** Items that came from L1 and were not pushed on since, oldest first. */
  readonly waiting: readonly Hex[];
  /** Snapshot of the table in force on the L3; 0 if none is. */
  readonly inForce: bigint;
  /** Tables up to this snapshot are revoked, as far as the hop knows; 0 if none is. */
  readonly revokedUntil: bigint;
};

/** Most items in one push. */
const MOST = 100;

/**
 * What to push on: the latest revocation if it concerns the table in force, then the latest table if it is newer, then settled words. What
 * came later and says more replaces what came before. Pure.
 */
export function planPush({ waiting, inForce, revokedUntil }: PushView, at: SettlementRef): Hex[] {
  let revocation: { item: Hex; snapshot: bigint } | undefined;
  let table: { item: Hex; snapshot: bigint } | undefined;
  const words: Hex[] = [];
  for (const item of waiting) {
    const decoded = decodeGatewayItem(item, at);
    if (decoded.kind === "settled") words.push(item);
    if (decoded.kind === "revoked" && decoded.snapshot >= (revocation?.snapshot ?? inForce)) {
      revocation = { item, snapshot: decoded.snapshot };
    }
    if (decoded.kind === "table" && decoded.table.snapshot > (table?.snapshot ?? inForce)) {
      table = { item, snapshot: decoded.table.snapshot };
    }
  }
  const isGood = table !== undefined && table.snapshot > revokedUntil && table.snapshot > (revocation?.snapshot ?? 0n);
  const news = [revocation?.item, isGood ? table?.item : undefined].filter((item) => item !== undefined);
  return [...news, ...words].slice(0, MOST);
}
