// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL1Bridge} from "../interfaces/IL1Bridge.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {ParentEnd} from "./ParentEnd.sol";

/// @title L1's end of a bridge
/// @notice What all stacks share: who may send. How bytes travel is the stack's part.
abstract contract L1Bridge is IL1Bridge, ParentEnd {
    /// @notice Takes what the member settles, and forwards settled words.
    ISettlement public immutable SETTLEMENT;

    /// @notice Publishes operator tables.
    address public immutable SERVICE_MANAGER;

    constructor(ISettlement settlement, address serviceManager) {
        SETTLEMENT = settlement;
        SERVICE_MANAGER = serviceManager;
    }

    /// @inheritdoc IL1Bridge
    function send(bytes[] calldata items, address refund, bytes calldata stackParams) external payable {
        require(msg.sender == address(SETTLEMENT) || msg.sender == SERVICE_MANAGER, NotSettlement(msg.sender));
        _sendToChild(items, refund, stackParams);
    }

    /// @inheritdoc IL1Bridge
    function quote(bytes[] calldata items, bytes calldata stackParams) external view returns (uint256) {
        return _quoteToChild(items, stackParams);
    }

    function _receiveFromChild(bytes[] calldata items) internal override {
        SETTLEMENT.onSettled(items);
    }
}
