// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../interfaces/IGateway.sol";

/// @title Sends one message many times in a transaction: fills a lane
contract Correspondent {
    function send(IGateway gateway, bytes calldata recipient, bytes calldata payload, uint256 times) external {
        bytes[] memory attributes = new bytes[](0);
        for (uint256 i = 0; i < times; ++i) {
            gateway.sendMessage(recipient, payload, attributes);
        }
    }
}
