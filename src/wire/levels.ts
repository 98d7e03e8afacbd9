import { ParleyError } from "../errors.ts";

/**
 * How sure a statement about a lane is. `fast`: the block in which the word was read may still reorganise;
 * `final`: derived from finalized L1; `settled`: proven through L1, on no operator's word.
 * The values are those on the wire and in Solidity, and they are ordered.
 */
export const Level = { fast: 1, final: 2, settled: 3 } as const;

/** 1 fast, 2 final, 3 settled. */
export type Level = (typeof Level)[keyof typeof Level];

/** A level's name, for people. */
export type LevelName = keyof typeof Level;

const NAMES: Record<Level, LevelName> = { 1: "fast", 2: "final", 3: "settled" };

/** The name of a level. */
export const levelName = (level: Level): LevelName => NAMES[level];

/**
 * The level that a byte stands for. `what` names it in errors.
 * Throws `wire/level` unless it is 1, 2 or 3.
 */
export function toLevel(value: bigint | number, what: string): Level {
  const level = Object.values(Level).find((known) => BigInt(known) === BigInt(value));
  if (level === undefined) {
    throw new ParleyError("wire/level", `${what} is ${value}, not a level`, "Use 1 (fast), 2 (final) or 3 (settled).");
  }
  return level;
}
