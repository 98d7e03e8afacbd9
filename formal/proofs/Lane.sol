// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {COUNT_MASK, fold, genesis, Lane} from "../../contracts/types/Lane.sol";

/// @notice Invariant 4: a message adds one to the count.
contract NextAddsOne {
    function prove(Lane lane, bytes32 id) external pure {
        assert(lane.next(id).count() == lane.count() + 1);
    }
}

/// @notice Invariant 4: the next head is all of the message's id that fits.
contract NextTakesTheId {
    function prove(Lane lane, bytes32 id) external pure {
        assert(uint256(Lane.unwrap(lane.next(id))) >> 40 == uint256(id) >> 40);
    }
}

/// @notice Invariant 4: a full lane takes no message.
contract FullLaneTakesNothing {
    function prove(Lane lane, bytes32 id) external pure {
        require(lane.count() == COUNT_MASK);
        lane.next(id);
        assert(false);
    }
}

/// @notice Invariant 4: a lane begins with no message.
contract GenesisIsEmpty {
    function prove(bytes32 source, bytes32 destination) external pure {
        assert(genesis(source, destination).count() == 0);
    }
}

/// @notice Invariant 4: a fold never makes a lane shorter, whatever is folded and however much.
contract FoldNeverShrinks {
    function prove(Lane lane, bytes32[] memory messageHashes) external pure {
        assert(fold(lane, messageHashes).count() >= lane.count());
    }
}

/// @notice Invariant 4: if a fold has added as many as it went through, it has after the next as well.
contract FoldStepAddsOne {
    function prove(Lane lane, uint256 start, bytes32[] memory messageHashes, uint256 i) external pure {
        require(i < messageHashes.length && start <= COUNT_MASK && i <= COUNT_MASK && lane.count() == start + i);
        // quotes contracts/types/Lane.sol: lane = lane.next(lane.idOf(messageHashes[i]));
        lane = lane.next(lane.idOf(messageHashes[i]));
        assert(lane.count() == start + i + 1);
    }
}

/// @notice Invariant 4: a whole fold adds as many as it folds.
contract FoldAddsAll {
    function prove(Lane lane, bytes32[] memory messageHashes) external pure {
        require(messageHashes.length <= COUNT_MASK);
        assert(fold(lane, messageHashes).count() == lane.count() + messageHashes.length);
    }
}

/// @notice A page is 256 messages: the next message falls into the page of its nonce.
contract PageOfTheNonce {
    function prove(Lane lane) external pure {
        uint256 nonce = lane.count();
        assert(lane.page() * 256 <= nonce && nonce < lane.page() * 256 + 256);
    }
}

/// @notice Invariant 9: a page ends, and its word is kept, after each 256th message and nowhere else.
contract PageEndsAfter256 {
    function prove(Lane lane) external pure {
        uint256 messages = lane.count();
        assert(lane.isPageEnd() == (messages != 0 && messages - (messages / 256) * 256 == 0));
    }
}
