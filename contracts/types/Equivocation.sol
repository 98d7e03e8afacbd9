// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoint} from "./Checkpoint.sol";
import {Lane, fold} from "./Lane.sol";
import {Level} from "./Level.sol";

/// @notice A checkpoint and the signatures over a tree in which it is a leaf.
/// @param checkpoint The checkpoint.
/// @param siblings From the leaf to the root.
/// @param certificate Signatures over the root.
struct Statement {
    Checkpoint checkpoint;
    bytes32[] siblings;
    bytes certificate;
}

/// @notice Two statements about one lane that cannot both be true.
/// @param a A statement.
/// @param b Another; where counts differ, the one with the higher count.
/// @param from Where counts differ: a word at `a`'s count that is not `a`'s word; else zero.
/// @param messageHashes Where counts differ: the messages that lead from `from` to `b`'s word; else none.
struct Equivocation {
    Statement a;
    Statement b;
    Lane from;
    bytes32[] messageHashes;
}

using {conflicts} for Equivocation global;

/// @dev Most messages between two words that conflict by a fold.
uint256 constant MAX_FOLD = 255;

/// @notice Whether the statements conflict (R24): different words at one (lane, count, blockHash); or both final, and the
/// later word folds to the earlier one's count through another word. Says nothing of their signatures.
function conflicts(Equivocation memory self) pure returns (bool) {
    Checkpoint memory a = self.a.checkpoint;
    Checkpoint memory b = self.b.checkpoint;
    if (a.source != b.source || a.destination != b.destination) return false;
    if (a.laneWord.count() == b.laneWord.count()) return a.blockHash == b.blockHash && a.laneWord != b.laneWord;
    return
        a.level == Level.FINAL &&
        b.level == Level.FINAL &&
        self.messageHashes.length <= MAX_FOLD &&
        self.from.count() == a.laneWord.count() &&
        self.from != a.laneWord &&
        fold(self.from, self.messageHashes) == b.laneWord;
}
