// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoint} from "./Checkpoint.sol";
import {MAX_FOLD, Statement} from "./Equivocation.sol";
import {Listing} from "./EquivocationEvidence.sol";
import {fold, Lane} from "./Lane.sol";
import {Level} from "./Level.sol";

/// @notice That an operator signed a statement which its source settles otherwise.
/// @param statement The statement; the indices in its certificate are positions in the listing's table.
/// @param listing Where the operator's key that signed it is listed.
/// @param settledCount Count of the settled word that contradicts it.
/// @param from Where words are folded: a word at the lower of both counts that is not what was said, or settled, there; else
/// zero.
/// @param messageHashes The messages that lead from `from` to the word of the higher count; none where the counts are equal, and
/// where the settled word contradicts by its time.
struct FalsehoodEvidence {
    Statement statement;
    Listing listing;
    uint40 settledCount;
    Lane from;
    bytes32[] messageHashes;
}

/// @notice What a source settled of a lane, as far as evidence speaks of it.
/// @param atClaim The settled word at the statement's count; zero if none.
/// @param word The settled word at `settledCount`.
/// @param currentTime The latest time at which the lane's current word had `settledCount`; zero if none did.
struct SettledFacts {
    Lane atClaim;
    Lane word;
    uint256 currentTime;
}

using {contradicts} for FalsehoodEvidence global;

/// @notice Whether what the source settled contradicts the statement (R24): another word at its count, settled or found by a fold
/// of at most 255 messages from or to a settled word; or a current word with a smaller count at a time strictly after
/// `reachedBy`. Never if that very word is settled at its count, but for the time of a final one: a fast word that its source
/// settles after all is not held to the block in which it was read. Says nothing of signatures.
function contradicts(FalsehoodEvidence memory self, SettledFacts memory facts) pure returns (bool) {
    Checkpoint memory said = self.statement.checkpoint;
    Lane word = said.laneWord;
    uint256 count = word.count();
    // A word of zeros is no lane's, and what is not settled reads so.
    bool isSettled = facts.atClaim == word && !word.isZero();
    if (self.settledCount < count && self.messageHashes.length == 0) {
        return facts.currentTime > said.reachedBy && (said.level == Level.FINAL || !isSettled);
    }
    if (isSettled) return false;
    if (self.settledCount == count) return true;
    if (self.messageHashes.length > MAX_FOLD) return false;
    (Lane low, Lane high) = self.settledCount < count ? (facts.word, word) : (word, facts.word);
    return self.from.count() == low.count() && self.from != low && fold(self.from, self.messageHashes) == high;
}
