/** The assertions in formal/proofs/, and for each a bug under which it must fail. */

/** A change of a source file. */
export type Bug = { readonly file: string; readonly from: string; readonly to: string };
/** `times out`: z3 is known not to end on it. */
export type Proof = {
  readonly file: string;
  readonly contract: string;
  readonly bug: Bug;
  readonly timesOut: boolean;
};

/** By file of formal/proofs/ and file of contracts/ with the bug: what is proven, and what the bug has in which place. */
const BUGS: Record<string, Record<string, readonly (readonly [contract: string, from: string, to: string])[]>> = {
  "Lane.sol": {
    "types/Lane.sol": [
      ["NextAddsOne", "bytes32(before + 1)", "bytes32(before + 2)"],
      ["NextTakesTheId", "(id & ~bytes32(COUNT_MASK))", "(id & ~bytes32(COUNT_MASK * 2 + 1))"],
      ["FullLaneTakesNothing", "before == COUNT_MASK", "before > COUNT_MASK"],
      ["GenesisIsEmpty", "head & ~bytes32(COUNT_MASK)", "head & ~bytes32(COUNT_MASK / 2)"],
      ["FoldNeverShrinks", "bytes32(before + 1)", "bytes32(before / 2)"],
      ["FoldStepAddsOne", "bytes32(before + 1)", "bytes32(before)"],
      ["FoldAddsAll", "bytes32(before + 1)", "bytes32(before)"],
      ["PageOfTheNonce", "PAGE_SIZE = 256", "PAGE_SIZE = 255"],
      ["PageEndsAfter256", "messages != 0 && ", ""],
    ],
  },
  "Quorum.sol": {
    "tables/requireQuorum.sol": [
      ["QuorumIsTwoThirds", "quorumBps >= MIN_QUORUM_BPS && ", ""],
      ["QuorumIsExceeded", "signedWeight * 10_000 > ", "signedWeight * 10_000 >= "],
      ["QuorumNeedsTheFloor", "totalWeight < weights >> 160", "totalWeight < weights >> 161"],
      ["NobodyIsNoQuorum", "signedWeight * 10_000 > ", "signedWeight * 10_000 >= "],
    ],
    "types/Table.sol": [["QuorumsOverlap", "MIN_QUORUM_BPS = 6_667", "MIN_QUORUM_BPS = 6_666"]],
    "types/TakenTable.sol": [["JudgeTakesNoLess", "weight * 10_000 >", "weight * 10_001 >"]],
  },
  "Bitmap.sol": {
    "Inbox.sol": [
      ["MarkedIsSkipped", "page.bitmap = bitmap | mark;", "page.bitmap = bitmap;"],
      ["MarkedIsDelivered", "mark = 1 << (nonce & 255)", "mark = 1 << (nonce & 127)"],
      ["MarkingLeavesOthers", "page.bitmap = bitmap | mark;", "page.bitmap = mark;"],
      ["FailureUnmarks", "page.bitmap = bitmap;", "page.bitmap = 0;"],
      ["BatchTurnsThePage", "++nonce & 255 == 0", "nonce++ & 255 == 0"],
    ],
  },
  "Tables.sol": {
    "tables/EcdsaOperatorTable.sol": [["ExpiredVerifiesNothing", "timestamp >= ", "timestamp > "]],
    "types/Table.sol": [
      ["UncertifiableIsRefused", "unwrap(status) >> 8", "unwrap(status) >> 7"],
      ["FaultedIsRefused", "FAULTED = 1", "FAULTED = 2"],
    ],
    "inbox/Arrivals.sol": [
      ["TablesMoveForward", "snapshot <= _inForce.snapshot", "snapshot < _inForce.snapshot"],
      ["RevocationsMoveForward", "snapshot < newest || ", ""],
    ],
    "inbox/Certificates.sol": [["AtMostAnHourAhead", "MAX_AHEAD = 1 hours", "MAX_AHEAD = 2 hours"]],
    "inbox/Words.sol": [["FinalOnlyRises", "word.count() <= before.count()", "word.count() < before.count()"]],
    "types/Options.sol": [["OptionsAreTwoFields", "unwrap(options) >> 56", "unwrap(options) >> 55"]],
  },
};

const TIMES_OUT = ["FoldAddsAll"];

export const PROOFS: readonly Proof[] = Object.entries(BUGS).flatMap(([file, places]) =>
  Object.entries(places).flatMap(([place, bugs]) =>
    bugs.map(([contract, from, to]) => ({
      file,
      contract,
      bug: { file: `contracts/${place}`, from, to },
      timesOut: TIMES_OUT.includes(contract),
    })),
  ),
);
