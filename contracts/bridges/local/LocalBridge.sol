// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../interfaces/IGateway.sol";
import {ISettlement} from "../../interfaces/ISettlement.sol";
import {L1Bridge} from "../L1Bridge.sol";
import {RollupBridge} from "../RollupBridge.sol";

/// @title Local bridge
/// @notice Both ends of the bridge to the member that is on L1 itself: a call. It costs nothing and takes no value.
contract LocalBridge is L1Bridge, RollupBridge {
    constructor(
        ISettlement settlement,
        address serviceManager,
        IGateway gateway
    ) L1Bridge(settlement, serviceManager) RollupBridge(gateway) {}

    function _sendToChild(bytes[] calldata items, address, bytes calldata) internal override {
        _refuseValue();
        _receiveFromParent(items);
    }

    function _sendToParent(bytes[] memory items) internal override {
        _refuseValue();
        SETTLEMENT.onSettled(items);
    }

    function _quoteToChild(bytes[] calldata, bytes calldata) internal pure override returns (uint256) {
        return 0;
    }
}
