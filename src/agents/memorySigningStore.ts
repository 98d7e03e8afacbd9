import { SignedWords } from "./signedWords.ts";
import type { LaneRef, SignedWord, SigningHistory, SigningStore } from "./signingStore.ts";

/** A store that forgets when the process ends: for simulated chains alone. */
export class MemorySigningStore implements SigningStore {
  readonly #words = new SignedWords();

  /** @param words What was signed before. */
  constructor(words: readonly SignedWord[] = []) {
    this.#words.add(words);
  }

  // Planning and keeping happen in one turn of the event loop, so nothing comes in between; async for the interface's sake:
  // what `plan` throws rejects.
  // eslint-disable-next-line @typescript-eslint/require-await -- see above
  async plan(lanes: readonly LaneRef[], plan: (history: SigningHistory) => readonly SignedWord[]): Promise<void> {
    this.#words.add(plan(this.#words.of(lanes)));
  }

  /** Everything that was signed: each lane's words in the order in which they were. */
  all(): readonly SignedWord[] {
    return this.#words.all();
  }
}
