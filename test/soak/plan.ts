/** What is to happen in a soak, and when: a pure function of its seed. */
import { parseArgs } from "node:util";

import { integer, oneOf, type Seed } from "../../src/testing/faults/index.ts";

/** How long a soak is, and how rough. */
export interface SoakSize {
  readonly messages: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly outages: number;
  readonly seed: Seed;
  /** Whether each operator is a process of its own (`operator:run`), killed when it goes: in long soaks. */
  readonly areOperatorsApart: boolean;
}

/** Something that happens once so many messages were delivered. */
export type SoakEvent = { readonly after: number } & (
  | { readonly kind: "kill"; readonly relayer: number }
  | { readonly kind: "reorg"; readonly rollup: number; readonly depth: number; readonly kept: number }
  | { readonly kind: "outage" }
);

/** Messages that a transaction sends. */
export const PER_TRANSACTION = 20;
export const RELAYERS = 2;
export const ROLLUPS = 3;
/** A third of them, when gone, leaves no quorum. */
export const OPERATORS = 6;
/** Blocks that stand on a final one. */
export const CONFIRMATIONS = 16;
/** Blocks that are taken back at most: relayers may have some more made while that happens, and final ones must stay. */
const DEEPEST = 8;

/** What CI runs. */
const SHORT = { messages: "600", kills: "4", reorgs: "3", outages: "1", seed: "parley" };

/** The size that the command line says: `--messages 10000` alone makes the other figures as large as they must be for it. */
export function soakSize(args: readonly string[]): SoakSize {
  const options = Object.fromEntries(Object.keys(SHORT).map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const isLong = Number(values["messages"] ?? SHORT.messages) >= 10_000;
  const given = { ...SHORT, ...(isLong ? { kills: "24", reorgs: "8", outages: "3" } : {}), ...values };
  const count = (name: "messages" | "kills" | "reorgs" | "outages"): number => {
    const value = Number(given[name]);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Error(`--${name} ${given[name]} is no number of ${name}`);
  };
  return {
    messages: count("messages"),
    kills: count("kills"),
    reorgs: count("reorgs"),
    outages: count("outages"),
    seed: given.seed,
    areOperatorsApart: isLong,
  };
}

/** The events of a soak in their order, spread over the first four fifths of it. */
export function planSoak({ messages, kills, reorgs, outages, seed }: SoakSize): SoakEvent[] {
  const spread = (kind: string, place: number, of: number): number => {
    const step = (0.8 * messages) / of;
    return Math.floor(step * place + integer(0, Math.floor(step / 2), seed, kind, place));
  };
  const times = <Event>(count: number, make: (place: number) => Event): Event[] =>
    Array.from({ length: count }, (_, place) => make(place));
  const events: SoakEvent[] = [
    ...times(kills, (place): SoakEvent => ({
      kind: "kill",
      after: spread("kill", place, kills),
      relayer: integer(0, RELAYERS - 1, seed, "relayer", place),
    })),
    ...times(reorgs, (place): SoakEvent => ({
      kind: "reorg",
      after: spread("reorg", place, reorgs),
      rollup: place % ROLLUPS,
      depth: integer(1, DEEPEST, seed, "depth", place),
      kept: oneOf([0, 0.5, 1], seed, "kept", place) ?? 0,
    })),
    ...times(outages, (place): SoakEvent => ({ kind: "outage", after: spread("outage", place, outages) })),
  ];
  return events.sort((a, b) => a.after - b.after);
}
