import { wordAt, type LaneHistory } from "../../chain/lanes.ts";
import { countOf, MAX_EVIDENCE_FOLD, ZERO_WORD, type Hex, type LaneWord } from "../../wire/index.ts";
import type { LaneRef } from "../signingStore.ts";
import { walkBack, type FoldLinks } from "./foldLinks.ts";
import type { Contradiction } from "./planConvictions.ts";
import { byCount, type SaidWord, type StatementBook } from "./statementBook.ts";

/** Two words that no honest operator says both (R24). The fields are those of evidence. */
export type Conflict = {
  readonly a: SaidWord;
  readonly b: SaidWord;
  readonly from: LaneWord;
  readonly messageHashes: readonly Hex[];
};

/**
 * All conflicts in what was said: different words at one place, and final words that lie on two folds.
 * @param ownLane The lane as the watcher's own node has it at level final.
 */
export function findConflicts(
  book: StatementBook,
  links: FoldLinks,
  ownLane: (lane: LaneRef) => LaneHistory | undefined,
): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const words of book.contested()) conflicts.push(...pairsOf(words));
  for (const words of book.finalWords()) conflicts.push(...offFold(words, links, ownLane));
  return conflicts;
}

/** What a conflict is to those who judge: who signed which of the two words. */
export const contradictionOf = ({ a, b, from, messageHashes }: Conflict): Contradiction => ({
  a: [...a.statements.values()],
  b: [...b.statements.values()],
  from,
  messageHashes,
});

function pairsOf(words: readonly SaidWord[]): Conflict[] {
  return words.flatMap((a, place) => words.slice(place + 1).map((b) => ({ a, b, from: ZERO_WORD, messageHashes: [] })));
}

/** Words of one fold contradict none of each other, so at least one word of a conflict is not on the watcher's own. */
function offFold(
  words: ReadonlyMap<LaneWord, SaidWord>,
  links: FoldLinks,
  ownLane: (lane: LaneRef) => LaneHistory | undefined,
): Conflict[] {
  const [first] = words.values();
  if (first === undefined) return [];
  const own = ownLane(first.checkpoint);
  const isOff = (word: LaneWord): boolean => own === undefined || wordAt(own, countOf(word)) !== word;
  const sorted = [...words.values()].sort(byCount);
  const conflicts: Conflict[] = [];
  /** Words above this count fold to no word off the own fold. */
  let reach = -1n;
  for (const b of sorted) {
    const end = b.checkpoint.laneWord;
    if (isOff(end)) reach = countOf(end) + BigInt(MAX_EVIDENCE_FOLD);
    if (countOf(end) > reach) continue;
    const backwards: Hex[] = [];
    for (const { before, messageHash } of walkBack(end, (word) => links.of(word, own))) {
      backwards.push(messageHash);
      for (const a of atCount(sorted, countOf(before))) {
        const { laneWord } = a.checkpoint;
        if (laneWord !== before) conflicts.push({ a, b, from: before, messageHashes: backwards.toReversed() });
      }
    }
  }
  return conflicts;
}

/** Those of the words that have a count; the words ascend by it. */
function atCount(sorted: readonly SaidWord[], count: bigint): readonly SaidWord[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (countAt(sorted, middle) < count) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < sorted.length && countAt(sorted, end) === count) ++end;
  return sorted.slice(low, end);
}

function countAt(words: readonly SaidWord[], place: number): bigint {
  const word = words[place];
  if (word === undefined) throw new RangeError("a place beyond the words");
  return countOf(word.checkpoint.laneWord);
}
