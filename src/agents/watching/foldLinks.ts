import { wordAt, type LaneHistory } from "../../chain/lanes.ts";
import { countOf, MAX_EVIDENCE_FOLD, next, type Hex, type LaneWord } from "../../wire/index.ts";

/** How a word came to be: the word before it, and the message between them. */
export type FoldLink = { readonly before: LaneWord; readonly messageHash: Hex };

/** How words came to be, as far as it was seen. Hashes prove each link, whoever tells it. */
export class FoldLinks {
  readonly #links = new Map<LaneWord, FoldLink>();

  /** Takes in that these messages follow one another from a word on. */
  add(from: LaneWord, messageHashes: readonly Hex[]): void {
    let before = from;
    for (const messageHash of messageHashes) {
      const after = next(before, messageHash);
      this.#links.set(after, { before, messageHash });
      before = after;
    }
  }

  /** How a word of a lane came to be, by what was seen or by the watcher's own node. */
  of(word: LaneWord, own: LaneHistory | undefined): FoldLink | undefined {
    const seen = this.#links.get(word);
    if (seen !== undefined || own === undefined || wordAt(own, countOf(word)) !== word) return seen;
    const message = own.messages[Number(countOf(word)) - 1];
    return message === undefined ? undefined : { before: message.before, messageHash: message.hash };
  }
}

/** Walks back from a word, link by link, as far as links are known and evidence may fold. */
export function* walkBack(
  word: LaneWord,
  linkOf: (word: LaneWord) => FoldLink | undefined,
): Generator<FoldLink, void, undefined> {
  let at = word;
  for (let steps = 0; steps < MAX_EVIDENCE_FOLD; ++steps) {
    const link = linkOf(at);
    if (link === undefined) return;
    yield link;
    at = link.before;
  }
}
