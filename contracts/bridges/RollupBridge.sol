// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../interfaces/IGateway.sol";
import {IRollupBridge} from "../interfaces/IRollupBridge.sol";
import {Item} from "../types/Item.sol";
import {Lane} from "../types/Lane.sol";
import {ChildEnd} from "./ChildEnd.sol";

/// @title A rollup's end of a bridge
/// @notice What all stacks share: it reads the Outbox, and hands the Gateway what came from L1. How bytes travel is the
/// stack's part.
abstract contract RollupBridge is IRollupBridge, ChildEnd {
    /// @notice The Gateway that it serves.
    IGateway public immutable GATEWAY;

    constructor(IGateway gateway) {
        GATEWAY = gateway;
    }

    /// @inheritdoc IRollupBridge
    function settleCurrent(bytes32 destination) external payable {
        (uint256 chainId, , , , , ) = GATEWAY.member(destination);
        // A member whose place was taken has no current word; its last one is an anchor.
        Lane word = GATEWAY.destinationOn(chainId) == destination ? GATEWAY.laneTo(chainId) : Lane.wrap(0);
        _settle(destination, word, true);
    }

    /// @inheritdoc IRollupBridge
    function settleAnchor(bytes32 destination, uint256 page) external payable {
        _settle(destination, GATEWAY.anchor(destination, page), false);
    }

    function _receiveFromParent(bytes[] calldata items) internal override {
        GATEWAY.fromSettlement(items);
    }

    function _settle(bytes32 destination, Lane word, bool current) private {
        require(word.count() != 0, NothingToSettle(destination));
        bytes[] memory items = new bytes[](1);
        // Seconds since 1970 fit 64 bits.
        items[0] = Item.encodeWord(destination, word, uint64(block.timestamp), current);
        _sendToParent(items);
    }
}
