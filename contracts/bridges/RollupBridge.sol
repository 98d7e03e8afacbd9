// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../interfaces/IGateway.sol";
import {IRollupBridge} from "../interfaces/IRollupBridge.sol";
import {Item} from "../types/Item.sol";
import {genesis, Lane} from "../types/Lane.sol";
import {ChildEnd} from "./ChildEnd.sol";

/// @title A rollup's end of a bridge
/// @notice What all stacks share: it reads the Outbox, and hands the Gateway what came from L1. How bytes travel is the
/// stack's part.
///
/// CURRENT: what is said to be a lane's word now, is. An open lane's word is the Outbox's. A lane that was closed is never opened
/// again, for its destination is accepted once; it stays at its last word, which is the anchor of its last page. A lane that has
/// no message stands at its genesis word, whether it was ever opened or not.
abstract contract RollupBridge is IRollupBridge, ChildEnd {
    /// @notice The Gateway that it serves.
    IGateway public immutable GATEWAY;

    constructor(IGateway gateway) {
        GATEWAY = gateway;
    }

    /// @inheritdoc IRollupBridge
    function settleCurrent(bytes32 destination) external payable {
        (bool isOpen, uint256 chainId) = _isOpen(destination);
        _settle(destination, isOpen ? GATEWAY.laneTo(chainId) : _unsent(destination), true);
    }

    /// @inheritdoc IRollupBridge
    function settleAnchor(bytes32 destination, uint256 page) external payable {
        Lane word = GATEWAY.anchor(destination, page);
        bool current;
        if (!word.isZero()) {
            // No overflow: a lane of 2^40 messages has less than 2^32 pages.
            bool isLast = GATEWAY.anchor(destination, page + 1).isZero();
            (bool isOpen, ) = _isOpen(destination);
            // Every page of a closed lane has its anchor, the last one too, whether it was full or not.
            current = isLast && !isOpen;
        }
        _settle(destination, word, current);
    }

    function _receiveFromParent(bytes[] calldata items) internal override {
        GATEWAY.fromSettlement(items);
    }

    function _settle(bytes32 destination, Lane word, bool current) private {
        require(!word.isZero(), NothingToSettle(destination));
        bytes[] memory items = new bytes[](1);
        // Seconds since 1970 fit 64 bits.
        items[0] = Item.encodeWord(destination, word, uint64(block.timestamp), current);
        _sendToParent(items);
    }

    /// @dev Whether the lane to `destination` is open, and the chain that it leads to.
    function _isOpen(bytes32 destination) private view returns (bool isOpen, uint256 chainId) {
        (chainId, , , , , ) = GATEWAY.member(destination);
        isOpen = GATEWAY.destinationOn(chainId) == destination;
    }

    /// @dev The word of a lane that is not open, if it has no message; else zero. Where there is one, the first page has an anchor.
    function _unsent(bytes32 destination) private view returns (Lane) {
        if (!GATEWAY.anchor(destination, 0).isZero()) return Lane.wrap(0);
        return genesis(GATEWAY.MEMBER_ID(), destination);
    }
}
