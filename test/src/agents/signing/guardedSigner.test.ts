import { expect } from "chai";
import { id, SigningKey, ZeroHash } from "ethers";

import { MemoryHaltBook, MemorySigningStore } from "../../../../src/agents/index.ts";
import { operatorSigner } from "../../../../src/agents/operatorSigner.ts";
import { GuardedSigner } from "../../../../src/agents/signing/guardedSigner.ts";
import { findFork, type Halt } from "../../../../src/agents/signing/halts.ts";
import { LaneIndex } from "../../../../src/agents/signing/laneIndex.ts";
import type { OperatorStep } from "../../../../src/agents/signing/steps.ts";
import { certificateDigest, checkpointTree, type Checkpoint } from "../../../../src/wire/index.ts";
import { branch, fast, final, foldOf, LANE, signed, wordAt, type Branch } from "../statements.ts";

const own = branch("own", 12);
const fork = [...own.slice(0, 3), ...branch("fork", 9)];
const OTHER = { source: LANE.destination, destination: LANE.source };

describe("GuardedSigner (R23)", () => {
  const key = new SigningKey(id("guarded"));
  const domain = { settlementChainId: 1n, serviceManager: `0x${"5e".repeat(20)}` };
  const signer = operatorSigner(key);
  let store: MemorySigningStore;
  let steps: OperatorStep[];
  /** Of each call of `onHalt`, whether the lane goes on. */
  let heard: boolean[];
  let guard: GuardedSigner;

  const guardWith = (halts?: MemoryHaltBook): GuardedSigner =>
    new GuardedSigner({
      signer,
      domain,
      store,
      halts,
      onStep: (step) => void steps.push(step),
      onHalt: (_, isLifted) => void heard.push(isLifted),
    });
  const rootOf = (checkpoint: Checkpoint) => checkpointTree([checkpoint]).root;
  /** What comes of asking for one checkpoint, as the node has it: "signed", or the code. */
  const ask = async (checkpoint: Checkpoint, node: Branch): Promise<string | undefined> => {
    const answer = await guard.sign(rootOf(checkpoint), [{ checkpoint, fold: foldOf(node) }]);
    return "signature" in answer ? "signed" : answer.refused[0]?.code;
  };

  beforeEach(() => {
    [store, steps, heard] = [new MemorySigningStore(), [], []];
    guard = guardWith();
  });

  it("signs the root once what it says is kept, step by step", async () => {
    const checkpoint = final(wordAt(own, 2));
    const answer = await guard.sign(rootOf(checkpoint), [{ checkpoint, fold: foldOf(own) }]);
    if (!("signature" in answer)) expect.fail("nothing was signed");
    expect(answer.signature).to.equal(key.sign(certificateDigest(domain, rootOf(checkpoint))).compactSerialized);
    expect(steps).to.deep.equal(["operator:verified", "operator:word-durable", "operator:signed"]);
    expect(store.all()).to.deep.equal([signed(checkpoint)]);
  });

  it("keeps nothing, signs nothing and names the place where one of several is refused", async () => {
    await ask(final(wordAt(own, 4)), own);
    steps.length = 0;
    const [good, bad] = [fast(wordAt(own, 5), id("b")), final(wordAt(fork, 4))];
    const answer = await guard.sign(id("root"), [
      { checkpoint: good, fold: foldOf(own) },
      { checkpoint: bad, fold: foldOf(own) },
    ]);
    if (!("refused" in answer)) expect.fail("it was signed");
    expect(answer.refused.map(({ index, code }) => [index, code])).to.deep.equal([[1, "signing/equivocation"]]);
    expect(steps).to.deep.equal(["operator:verified"]);
    expect(store.all()).to.have.length(1);
  });

  it("of two words of one place in one root signs neither, and of two lanes' each", async () => {
    const both = async (first: Checkpoint, second: Checkpoint): Promise<boolean> =>
      "signature" in
      (await guard.sign(id("root"), [
        { checkpoint: first, fold: foldOf(own) },
        { checkpoint: second, fold: foldOf(own) },
      ]));
    expect(await both(fast(wordAt(own, 5), id("b")), fast(wordAt(fork, 5), id("b")))).to.equal(false);
    expect(store.all()).to.deep.equal([]);
    expect(await both(fast(wordAt(own, 5), id("b")), { ...fast(wordAt(fork, 5), id("b")), ...OTHER })).to.equal(true);
    expect(store.all()).to.have.length(2);
  });

  it("stops where the node forked away, says so once, and names both words", async () => {
    await ask(final(wordAt(own, 4)), own);
    expect(guard.halted).to.deep.equal([]);
    expect(await ask(fast(wordAt(fork, 6), id("b")), fork)).to.equal("signing/halted");
    const [halt] = guard.halted;
    expect(halt).to.include({ ...LANE, signed: wordAt(own, 4), seen: wordAt(fork, 4) });
    expect(await ask(fast(wordAt(fork, 7), id("b")), fork)).to.equal("signing/halted");
    expect(guard.halted).to.deep.equal([halt]);
    expect(heard).to.deep.equal([false]);
    const checkpoint = fast(wordAt(fork, 6), id("b"));
    const answer = await guard.sign(rootOf(checkpoint), [{ checkpoint, fold: foldOf(fork) }]);
    if (!("refused" in answer)) expect.fail("it was signed");
    expect(answer.refused[0]?.reason).to.include(wordAt(own, 4)).and.to.include(wordAt(fork, 4));
  });

  it("goes on once the node shows again what was signed, on a final word, not on a fast one", async () => {
    await ask(final(wordAt(own, 4)), own);
    await ask(final(wordAt(fork, 6)), fork);
    expect(await ask(fast(wordAt(own, 6), id("b")), own)).to.equal("signing/halted");
    expect(guard.halted).to.have.length(1);
    expect(await ask(final(wordAt(own, 6)), own.slice(0, 3))).to.equal("signing/off-fold");
    expect(guard.halted).to.have.length(1);
    expect(await ask(final(wordAt(own, 6)), own)).to.equal("signed");
    expect(guard.halted).to.deep.equal([]);
    expect(heard).to.deep.equal([false, true]);
    expect(await ask(fast(wordAt(own, 7), id("b")), own)).to.equal("signed");
  });

  it("compares lanes by themselves: stops, stays, goes on; and says nothing of what it does not know", async () => {
    await guard.compare(LANE, foldOf(fork));
    expect(guard.halted).to.deep.equal([]);
    await ask(final(wordAt(own, 4)), own);
    await guard.compare(LANE, foldOf(own.slice(0, 2)));
    expect(guard.halted).to.deep.equal([]);
    await guard.compare(OTHER, foldOf(fork));
    await guard.compare(LANE, foldOf(own));
    expect(heard).to.deep.equal([]);
    await guard.compare(LANE, foldOf(fork));
    await guard.compare(LANE, foldOf(fork));
    expect(heard).to.have.length(1);
    await guard.compare(LANE, foldOf(own.slice(0, 2)));
    expect(guard.halted).to.have.length(1);
    await guard.compare(LANE, foldOf(own));
    await guard.compare(LANE, foldOf(own));
    expect(heard).to.deep.equal([false, true]);
    expect(guard.halted).to.deep.equal([]);
  });

  it("notices a fork below any of many final words, however they came", async () => {
    for (const count of [5, 2, 9, 7]) expect(await ask(final(wordAt(own, count)), own)).to.equal("signed");
    for (const [length, expected] of [
      [12, undefined],
      [8, "signing/off-fold"],
    ] as const) {
      const code = await ask(final(wordAt(own, 3)), own.slice(0, length));
      expect(code === "signed" ? undefined : code).to.equal(expected);
    }
    const late = [...own.slice(0, 8), ...branch("late", 4)];
    await guard.compare(LANE, foldOf(late));
    expect(guard.halted[0]).to.include({ signed: wordAt(own, 9), seen: wordAt(late, 9) });
  });

  it("does not go on where the node shows the word it stopped at, but another one at a count below", async () => {
    for (const count of [9, 4]) await ask(final(wordAt(own, count)), own);
    await guard.compare(LANE, foldOf(fork));
    expect(guard.halted[0]?.signed).to.equal(wordAt(own, 9));
    const lying = (count: bigint) => (count === 4n ? wordAt(fork, 4) : foldOf(own)(count));
    const checkpoint = final(wordAt(own, 10));
    expect(await guard.sign(rootOf(checkpoint), [{ checkpoint, fold: lying }])).to.not.have.property("signature");
    expect(guard.halted).to.have.length(1);
  });

  it("takes up the halts that were kept before", async () => {
    await ask(final(wordAt(own, 4)), own);
    const halt: Halt = { ...LANE, signed: wordAt(own, 4), seen: wordAt(fork, 4), since: "2026-01-01T00:00:00.000Z" };
    guard = guardWith(new MemoryHaltBook([halt]));
    expect(guard.halted).to.deep.equal([halt]);
    expect(await ask(fast(wordAt(own, 5), id("b")), own)).to.equal("signing/halted");
  });
});

describe("What was signed on a lane", () => {
  const words = [3, 5, 8].map((count) => signed(final(wordAt(own, count))));
  const quick = signed(fast(wordAt(fork, 5), id("b")));

  it("findFork names the first final word that the node shows otherwise, and none beyond the node's end", () => {
    expect(findFork([quick, ...words], foldOf(own))).to.equal(undefined);
    expect(findFork([quick, ...words], foldOf(fork))).to.deep.equal({ signed: wordAt(own, 5), seen: wordAt(fork, 5) });
    expect(findFork(words, foldOf(fork.slice(0, 4)))).to.equal(undefined);
    expect(findFork([quick], foldOf(own))).to.equal(undefined);
  });

  it("MemoryHaltBook keeps the first halt of a lane until it is lifted", async () => {
    const halt: Halt = { ...LANE, signed: wordAt(own, 4), seen: wordAt(fork, 4), since: "first" };
    const book = new MemoryHaltBook();
    expect(book.all()).to.deep.equal([]);
    await book.halt(halt);
    await book.halt({ ...halt, since: "second" });
    await book.lift(OTHER);
    expect(book.all()).to.deep.equal([halt]);
    await book.lift(LANE);
    expect(book.of(LANE)).to.equal(undefined);
  });

  it("LaneIndex answers those at the place, and one final word for all that lie on one fold", () => {
    const index = new LaneIndex();
    expect(index.finals(foldOf(own))).to.deep.equal([]);
    expect(index.relevant(final(wordAt(own, 1)), foldOf(own))).to.deep.equal([]);
    index.update([words[1]!, words[0]!, quick]);
    index.update([words[1]!, words[0]!, quick, words[2]!, { ...quick, blockHash: id("c") }]);
    // On the own fold the highest stands for all; before any fold was seen whole, each counts.
    expect(index.finals(foldOf(own.slice(0, 6)))).to.have.deep.members(words);
    expect(index.finals(foldOf(own))).to.deep.equal([words[2]]);
    const at = (checkpoint: Checkpoint) => index.relevant(checkpoint, foldOf(own));
    expect(at(fast(wordAt(own, 5), id("b")))).to.deep.equal([quick, words[2]]);
    expect(at(fast(wordAt(own, 5), id("d")))).to.deep.equal([words[2]]);
    expect(at(final(wordAt(own, 5)))).to.deep.equal([words[1], words[2]]);
    const later = signed(final(wordAt(own, 10)));
    const all = [words[1]!, words[0]!, quick, words[2]!, { ...quick, blockHash: id("c") }, later];
    index.update(all);
    expect(index.finals(foldOf(fork))).to.deep.equal([words[2], later]);
    expect(index.finals(foldOf(own))).to.deep.equal([later]);
    index.update([...all, words[0]!]);
    expect(index.finals(foldOf(own))).to.deep.equal([later]);
    expect(index.relevant(final(wordAt(own, 3)), foldOf(own))).to.deep.equal([words[0], words[0], later]);
    expect(index.relevant({ ...final(wordAt(own, 3)), blockHash: ZeroHash }, foldOf(own))).to.have.length(3);
  });
});
