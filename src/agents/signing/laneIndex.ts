import { countOf, Level, type Checkpoint } from "../../wire/index.ts";
import type { SignedWord } from "../signingStore.ts";
import type { FoldOf } from "./halts.ts";

/** What was signed on a lane, such that what matters for one checkpoint is found without going through all of it. */
export class LaneIndex {
  #indexed = 0;
  readonly #byPlace = new Map<string, SignedWord[]>();
  /** The highest final word of which it is known that all other final ones but `#loose` lie before it on one fold. */
  #spine: SignedWord | undefined;
  #loose: SignedWord[] = [];

  /** Takes in what was added to the lane's words: they are only ever added to. */
  update(words: readonly SignedWord[]): void {
    for (const word of words.slice(this.#indexed)) {
      const key = placeOf(word, countOf(word.laneWord));
      const known = this.#byPlace.get(key);
      if (known === undefined) this.#byPlace.set(key, [word]);
      else known.push(word);
      if (word.level === Level.final) this.#loose.push(word);
    }
    this.#indexed = words.length;
  }

  /** Final words through which a fold leads only if it leads through all of them. */
  finals(fold: FoldOf): readonly SignedWord[] {
    this.#tighten(fold);
    return [...(this.#spine === undefined ? [] : [this.#spine]), ...this.#loose];
  }

  /**
   * The words that decide on a checkpoint: those at its place, and {@link finals}.
   * @param fold As the signer's own node has the lane.
   */
  relevant({ level, blockHash, laneWord }: Checkpoint, fold: FoldOf): readonly SignedWord[] {
    const before = this.#byPlace.get(placeOf({ level, blockHash }, countOf(laneWord))) ?? [];
    return [...before, ...this.finals(fold)];
  }

  /** If a fold leads through all final words, the highest of them commits to all others: a word is a hash of all before it. */
  #tighten(fold: FoldOf): void {
    if (this.#loose.length === 0) return;
    const all = [...(this.#spine === undefined ? [] : [this.#spine]), ...this.#loose];
    if (all.some(({ laneWord }) => fold(countOf(laneWord)) !== laneWord)) return;
    this.#spine = all.reduce((a, b) => (countOf(b.laneWord) > countOf(a.laneWord) ? b : a));
    this.#loose = [];
  }
}

const placeOf = ({ level, blockHash }: Pick<SignedWord, "level" | "blockHash">, count: bigint): string =>
  `${level}:${count}:${blockHash}`;
