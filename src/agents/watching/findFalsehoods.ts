import type { LaneHistory } from "../../chain/lanes.ts";
import { countOf, Level, MAX_EVIDENCE_FOLD, ZERO_WORD, type Falsehood, type Hex } from "../../wire/index.ts";
import { laneKey, type LaneRef } from "../signingStore.ts";
import { walkBack, type FoldLinks } from "./foldLinks.ts";
import type { SettledLane } from "./settledWords.ts";
import type { SignedStatement } from "./signedStatement.ts";
import type { SaidWord, StatementBook } from "./statementBook.ts";

/** Statements that their source settles otherwise, and how that shows. The fields are those of evidence. */
export type Untruth = Omit<Falsehood, "statement"> & {
  /** Of one word. */
  readonly statements: readonly SignedStatement[];
};

/**
 * All that was said and is settled otherwise (R24).
 * @param settled By `laneKey`.
 * @param ownLane The lane as the watcher's own node has it at level final.
 */
export function findFalsehoods(
  book: StatementBook,
  links: FoldLinks,
  settled: ReadonlyMap<string, SettledLane>,
  ownLane: (lane: LaneRef) => LaneHistory | undefined,
): Untruth[] {
  const found: Untruth[] = [];
  for (const said of book.words()) {
    const lane = settled.get(laneKey(said.checkpoint));
    if (lane === undefined) continue;
    const shown = byWord(said, lane, links, ownLane(said.checkpoint));
    const untruth = shown === undefined ? byTime(said, lane) : { ...shown, statements: [...said.statements.values()] };
    if (untruth !== undefined) found.push(untruth);
  }
  return found;
}

type Shown = Pick<Untruth, "settledCount" | "from" | "messageHashes">;

/** By another word at its count, settled or found by a fold. */
function byWord(
  { checkpoint }: SaidWord,
  lane: SettledLane,
  links: FoldLinks,
  own: LaneHistory | undefined,
): Shown | undefined {
  const { laneWord } = checkpoint;
  const count = countOf(laneWord);
  const known = lane.get(count);
  if (known !== undefined) {
    return known.word === laneWord ? undefined : { settledCount: count, from: ZERO_WORD, messageHashes: [] };
  }
  const reach = BigInt(MAX_EVIDENCE_FOLD);
  for (const [settledCount, { word }] of lane) {
    if (settledCount < count || settledCount > count + reach) continue;
    const messageHashes: Hex[] = [];
    for (const { before, messageHash } of walkBack(word, (one) => links.of(one, own))) {
      messageHashes.unshift(messageHash);
      if (countOf(before) !== count) continue;
      if (before === laneWord) return undefined; // it is on the settled word's own way
      return { settledCount, from: before, messageHashes };
    }
  }
  const messageHashes: Hex[] = [];
  for (const { before, messageHash } of walkBack(laneWord, (one) => links.of(one, own))) {
    messageHashes.unshift(messageHash);
    const settledCount = countOf(before);
    const there = lane.get(settledCount)?.word;
    if (there !== undefined && there !== before) return { settledCount, from: before, messageHashes };
  }
  return undefined;
}

/** By a current word with a smaller count, later than the statement's time. */
function byTime({ checkpoint, statements }: SaidWord, lane: SettledLane): Untruth | undefined {
  const count = countOf(checkpoint.laneWord);
  if (checkpoint.level === Level.fast && lane.get(count)?.word === checkpoint.laneWord) return undefined;
  let [settledCount, latest] = [0n, 0n];
  for (const [at, { currentTime }] of lane) {
    if (at < count && currentTime > latest) [settledCount, latest] = [at, currentTime];
  }
  const early = [...statements.values()].filter((one) => one.checkpoint.reachedBy < latest);
  return early.length === 0 ? undefined : { statements: early, settledCount, from: ZERO_WORD, messageHashes: [] };
}
