/** The assertions in formal/proofs/, and for each a bug under which it must fail. */

/** A change of a source file. */
export type Bug = { readonly file: string; readonly from: string; readonly to: string };
/** `times out`: z3 is known not to end on it. */
export type Proof = {
  readonly file: string;
  readonly contract: string;
  readonly bug: Bug;
  readonly timesOut?: true;
};

const LANE = "contracts/types/Lane.sol";
const QUORUM = "contracts/tables/requireQuorum.sol";
const TABLE = "contracts/types/Table.sol";
const INBOX = "contracts/Inbox.sol";
const CERTIFICATES = "contracts/inbox/Certificates.sol";
const ARRIVALS = "contracts/inbox/Arrivals.sol";
const WORDS = "contracts/inbox/Words.sol";

function proof(file: string, contract: string, where: string, from: string, to: string): Proof {
  return { file, contract, bug: { file: where, from, to } };
}

export const PROOFS: readonly Proof[] = [
  proof("Lane.sol", "NextAddsOne", LANE, "bytes32(before + 1)", "bytes32(before + 2)"),
  proof("Lane.sol", "NextTakesTheId", LANE, "(id & ~bytes32(COUNT_MASK))", "(id & ~bytes32(COUNT_MASK * 2 + 1))"),
  proof("Lane.sol", "FullLaneTakesNothing", LANE, "before == COUNT_MASK", "before > COUNT_MASK"),
  proof("Lane.sol", "GenesisIsEmpty", LANE, "head & ~bytes32(COUNT_MASK)", "head & ~bytes32(COUNT_MASK / 2)"),
  proof("Lane.sol", "FoldNeverShrinks", LANE, "bytes32(before + 1)", "bytes32(before / 2)"),
  proof("Lane.sol", "FoldStepAddsOne", LANE, "bytes32(before + 1)", "bytes32(before)"),
  { ...proof("Lane.sol", "FoldAddsAll", LANE, "bytes32(before + 1)", "bytes32(before)"), timesOut: true },
  proof("Lane.sol", "PageOfTheNonce", LANE, "PAGE_SIZE = 256", "PAGE_SIZE = 255"),
  proof("Lane.sol", "PageEndsAfter256", LANE, "messages != 0 && ", ""),
  proof("Quorum.sol", "QuorumIsTwoThirds", QUORUM, "quorumBps >= MIN_QUORUM_BPS && ", ""),
  proof("Quorum.sol", "QuorumIsExceeded", QUORUM, "signedWeight * 10_000 > ", "signedWeight * 10_000 >= "),
  proof("Quorum.sol", "QuorumNeedsTheFloor", QUORUM, "totalWeight < weights >> 160", "totalWeight < weights >> 161"),
  proof("Quorum.sol", "NobodyIsNoQuorum", QUORUM, "signedWeight * 10_000 > ", "signedWeight * 10_000 >= "),
  proof("Quorum.sol", "QuorumsOverlap", TABLE, "MIN_QUORUM_BPS = 6_667", "MIN_QUORUM_BPS = 6_666"),
  proof("Quorum.sol", "JudgeTakesNoLess", "contracts/types/TakenTable.sol", "weight * 10_000 >", "weight * 10_001 >"),
  proof("Bitmap.sol", "MarkedIsSkipped", INBOX, "page.bitmap = bitmap | mark;", "page.bitmap = bitmap;"),
  proof("Bitmap.sol", "MarkedIsDelivered", INBOX, "mark = 1 << (nonce & 255)", "mark = 1 << (nonce & 127)"),
  proof("Bitmap.sol", "MarkingLeavesOthers", INBOX, "page.bitmap = bitmap | mark;", "page.bitmap = mark;"),
  proof("Bitmap.sol", "FailureUnmarks", INBOX, "page.bitmap = bitmap;", "page.bitmap = 0;"),
  proof("Bitmap.sol", "BatchTurnsThePage", INBOX, "++nonce & 255 == 0", "nonce++ & 255 == 0"),
  proof(
    "Tables.sol",
    "ExpiredVerifiesNothing",
    "contracts/tables/EcdsaOperatorTable.sol",
    "timestamp >= ",
    "timestamp > ",
  ),
  proof("Tables.sol", "UncertifiableIsRefused", TABLE, "unwrap(status) >> 8", "unwrap(status) >> 7"),
  proof("Tables.sol", "FaultedIsRefused", TABLE, "FAULTED = 1", "FAULTED = 2"),
  proof("Tables.sol", "TablesMoveForward", ARRIVALS, "snapshot <= _inForce.snapshot", "snapshot < _inForce.snapshot"),
  proof("Tables.sol", "RevocationsMoveForward", ARRIVALS, "snapshot < newest || ", ""),
  proof("Tables.sol", "AtMostAnHourAhead", CERTIFICATES, "MAX_AHEAD = 1 hours", "MAX_AHEAD = 2 hours"),
  proof("Tables.sol", "FinalOnlyRises", WORDS, "word.count() <= before.count()", "word.count() < before.count()"),
  proof(
    "Tables.sol",
    "OptionsAreTwoFields",
    "contracts/types/Options.sol",
    "unwrap(options) >> 56",
    "unwrap(options) >> 55",
  ),
];
