import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { planSignature } from "../../../../src/agents/index.ts";
import { findConflicts, type Conflict } from "../../../../src/agents/watching/findConflicts.ts";
import { FoldLinks } from "../../../../src/agents/watching/foldLinks.ts";
import type { SignedStatement } from "../../../../src/agents/watching/signedStatement.ts";
import { StatementBook } from "../../../../src/agents/watching/statementBook.ts";
import type { LaneHistory } from "../../../../src/chain/lanes.ts";
import { checkConflict, checkpointLeaf, genesis, type Checkpoint, type Hex } from "../../../../src/wire/index.ts";
import { canConvict, happenings, live, pairs } from "../histories.ts";
import { branch, fast, final, LANE, wordAt, type Branch } from "../statements.ts";

const KEY = "0x00000000000000000000000000000000000000aa";

/** A statement under a root of its own. */
const said = (checkpoint: Checkpoint, ...keys: string[]): SignedStatement => ({
  checkpoint,
  siblings: [],
  root: checkpointLeaf(checkpoint),
  digest: checkpointLeaf(checkpoint),
  shared: new Map(),
  signatures: new Map((keys.length === 0 ? [KEY] : keys).map((key) => [key, `0x${"11".repeat(64)}`])),
});

const bookOf = (...checkpoints: Checkpoint[]): StatementBook => {
  const book = new StatementBook();
  for (const checkpoint of checkpoints) book.add(said(checkpoint));
  return book;
};

const linksOf = (...branches: Branch[]): FoldLinks => {
  const links = new FoldLinks();
  for (const messages of branches) links.add(wordAt([], 0), messages);
  return links;
};

/** The same on every run; few, because hashing takes its time. */
const RUNS = { seed: 7786, numRuns: 50 };

const unseen = (): undefined => undefined;

/** A lane as the watcher's own node has it, with these messages. */
function ownLane(messages: Branch): LaneHistory {
  return {
    ...LANE,
    destinationChainId: 1n,
    genesis: genesis(LANE.source, LANE.destination),
    word: wordAt(messages, messages.length),
    isOpen: true,
    messages: messages.map((hash, place) => ({
      ...{ id: hash, nonce: BigInt(place), hash, before: wordAt(messages, place), after: wordAt(messages, place + 1) },
      ...{ sender: "", recipient: "", options: 0n, payload: "0x", blockNumber: place, txHash: hash },
    })),
  };
}

/** The two words of each conflict, and whether the evidence made of it holds. */
const shown = (conflicts: readonly Conflict[]): Hex[][] =>
  conflicts.map(({ a, b, from, messageHashes }) => {
    const statement = ({ checkpoint }: typeof a): { checkpoint: Checkpoint; siblings: Hex[]; certificate: Hex } => ({
      checkpoint,
      siblings: [],
      certificate: "0x",
    });
    expect(() => checkConflict({ a: statement(a), b: statement(b), from, messageHashes })).to.not.throw();
    return [a.checkpoint.laneWord, b.checkpoint.laneWord].sort();
  });

describe("R24: findConflicts", () => {
  const one = branch("one", 300);
  const other = [...one.slice(0, 5), ...branch("other", 295)];

  it("finds different words at one count, both final or both fast in one block", () => {
    for (const [first, second] of [
      [final(wordAt(one, 7)), final(wordAt(other, 7))],
      [fast(wordAt(one, 7), id("b")), fast(wordAt(other, 7), id("b"))],
    ] as const) {
      expect(shown(findConflicts(bookOf(first, second), linksOf(), unseen))).to.deep.equal([
        [first.laneWord, second.laneWord].sort(),
      ]);
    }
  });

  it("finds none in different words at one count if their blocks differ, or one is fast and one final", () => {
    const statements = [
      fast(wordAt(one, 7), id("b")),
      fast(wordAt(other, 7), id("c")),
      final(wordAt([...one.slice(0, 6), id("third")], 7)),
    ];
    expect(findConflicts(bookOf(...statements), linksOf(one, other), unseen)).to.deep.equal([]);
  });

  it("finds none in words of one lane and the like of another", () => {
    const elsewhere = { ...final(wordAt(other, 7)), destination: id("elsewhere") };
    expect(findConflicts(bookOf(final(wordAt(one, 7)), elsewhere), linksOf(one, other), unseen)).to.deep.equal([]);
  });

  it("finds a final word whose fold misses another, over at most 255 messages, by links that were seen", () => {
    const lie = final(wordAt(other, 10));
    for (const [count, found] of [
      [265, 1],
      [266, 0],
      [11, 1],
    ] as const) {
      const conflicts = findConflicts(bookOf(lie, final(wordAt(one, count))), linksOf(one), unseen);
      expect(shown(conflicts), String(count)).to.have.lengthOf(found);
    }
  });

  it("finds it by its own node's lane, whichever of the two words is the lie", () => {
    const own = ownLane(one);
    const early = findConflicts(bookOf(final(wordAt(other, 10)), final(wordAt(one, 20))), linksOf(), () => own);
    expect(shown(early)).to.have.lengthOf(1);
    const late = [final(wordAt(one, 10)), final(wordAt(other, 20))];
    expect(findConflicts(bookOf(...late), linksOf(), () => own)).to.deep.equal([]); // nobody knows how the lie folds
    expect(shown(findConflicts(bookOf(...late), linksOf(other), () => own))).to.have.lengthOf(1);
  });

  it("finds nothing in final words of one fold, nor in fast words of two", () => {
    const honest = [1, 5, 9, 200, 290].map((count) => final(wordAt(one, count)));
    const quick = [fast(wordAt(one, 9), id("b")), fast(wordAt(other, 20), id("c"))];
    for (const own of [undefined, ownLane(one), ownLane(one.slice(0, 7))]) {
      expect(findConflicts(bookOf(...honest, ...quick), linksOf(one, other), () => own)).to.deep.equal([]);
    }
  });

  it("finds exactly the words that can convict, whatever branches a forgetful operator signed on", () => {
    const forgets: typeof planSignature = (_, checkpoint, view) => planSignature([], checkpoint, view);
    let found = 0;
    fc.assert(
      fc.property(happenings, (events) => {
        const statements = live(events, forgets);
        const expected = new Set(
          pairs(statements)
            .filter(([first, second]) => canConvict(first, second))
            .map((pair) =>
              pair
                .map(({ checkpoint }) => checkpoint.laneWord)
                .sort()
                .join(),
            ),
        );
        const links = linksOf(...statements.map(({ messages }) => messages));
        const own = ownLane(statements.at(-1)?.messages ?? []);
        const conflicts = findConflicts(bookOf(...statements.map(({ checkpoint }) => checkpoint)), links, () => own);
        expect(new Set(shown(conflicts).map((words) => words.join()))).to.deep.equal(expected);
        found += expected.size;
      }),
      RUNS,
    );
    expect(found).to.be.greaterThan(15);
  });

  it("invariant 6: finds nothing in what an operator signed that follows R23, over any reorganisations", () => {
    let signatures = 0;
    fc.assert(
      fc.property(happenings, (events) => {
        const statements = live(events, planSignature);
        signatures += statements.length;
        const book = bookOf(...statements.map(({ checkpoint }) => checkpoint));
        const links = linksOf(...statements.map(({ messages }) => messages));
        expect(findConflicts(book, links, unseen)).to.deep.equal([]);
      }),
      RUNS,
    );
    expect(signatures).to.be.greaterThan(60);
  });
});

describe("StatementBook", () => {
  const checkpoint = final(wordAt(branch("one", 3), 3));

  it("takes a statement once, and the signatures of all who signed its root together", () => {
    const book = new StatementBook();
    const lie = final(wordAt(branch("other", 3), 3));
    expect(book.add(said(checkpoint, "0xaa"))).to.equal(true);
    expect(book.add(said(checkpoint, "0xaa"))).to.equal(false);
    expect(book.add(said(checkpoint, "0xbb"))).to.equal(true);
    book.add(said(lie));
    const [words] = [...book.contested()];
    const [first] = words!.map(({ statements }) => [...statements.values()]);
    expect(first!.map(({ signatures }) => [...signatures.keys()])).to.deep.equal([["0xaa", "0xbb"]]);
  });

  it("takes nothing that nobody signed", () => {
    const book = new StatementBook();
    expect(book.add({ ...said(checkpoint), signatures: new Map() })).to.equal(false);
    expect([...book.finalWords()]).to.deep.equal([]);
  });
});
