import { countOf, Level, type LaneWord } from "../../wire/index.ts";
import { laneKey, type LaneRef, type SignedWord } from "../signingStore.ts";

/** Why an operator signs nothing on a lane any more: its node shows another word where it signed one that was final. */
export type Halt = LaneRef & {
  readonly signed: LaneWord;
  /** What the node showed at the same count. */
  readonly seen: LaneWord;
  /** When that was noticed, ISO 8601. */
  readonly since: string;
};

/** The lanes on which an operator stopped, kept beyond its process. */
export type HaltBook = {
  /** Of all lanes, in the order in which they stopped. */
  all(): readonly Halt[];
  of(lane: LaneRef): Halt | undefined;
  /** Resolves once it is durable. A lane that stopped before is left as it is. */
  halt(halt: Halt): Promise<void>;
  /** The node shows again what was signed. Resolves once it is durable. */
  lift(lane: LaneRef): Promise<void>;
};

/** The lane's word at a count as a node has it; undefined beyond its end. */
export type FoldOf = (count: bigint) => LaneWord | undefined;

/** A final word that was signed and is not on the node's fold, which reaches as far; undefined if there is none. */
export function findFork(history: readonly SignedWord[], fold: FoldOf): Pick<Halt, "signed" | "seen"> | undefined {
  for (const { level, laneWord } of history) {
    if (level !== Level.final) continue;
    const seen = fold(countOf(laneWord));
    if (seen !== undefined && seen !== laneWord) return { signed: laneWord, seen };
  }
  return undefined;
}

/** Halts that are forgotten when the process ends: for simulated chains alone. */
export class MemoryHaltBook implements HaltBook {
  readonly #halts = new Map<string, Halt>();

  /** @param halts What was kept before. */
  constructor(halts: readonly Halt[] = []) {
    for (const halt of halts) this.#halts.set(laneKey(halt), halt);
  }

  all(): readonly Halt[] {
    return [...this.#halts.values()];
  }

  of(lane: LaneRef): Halt | undefined {
    return this.#halts.get(laneKey(lane));
  }

  halt(halt: Halt): Promise<void> {
    if (!this.#halts.has(laneKey(halt))) this.#halts.set(laneKey(halt), halt);
    return Promise.resolve();
  }

  lift(lane: LaneRef): Promise<void> {
    this.#halts.delete(laneKey(lane));
    return Promise.resolve();
  }
}
