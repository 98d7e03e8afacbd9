import { laneKey, type LaneRef, type SignedWord, type SigningHistory } from "./signingStore.ts";

/** Signed words in memory, by their lanes. */
export class SignedWords {
  readonly #byLane = new Map<string, SignedWord[]>();
  #size = 0;

  /** What was signed on these lanes. */
  of(lanes: readonly LaneRef[]): SigningHistory {
    return new Map(lanes.map((lane) => [laneKey(lane), this.#byLane.get(laneKey(lane)) ?? []]));
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Everything that was signed: each lane's words in their order. */
  all(): readonly SignedWord[] {
    return [...this.#byLane.values()].flat();
  }

  /** Adds words behind those that are there. */
  add(words: readonly SignedWord[]): void {
    this.#size += words.length;
    for (const word of words) {
      const key = laneKey(word);
      const known = this.#byLane.get(key);
      if (known === undefined) this.#byLane.set(key, [word]);
      else known.push(word);
    }
  }
}
