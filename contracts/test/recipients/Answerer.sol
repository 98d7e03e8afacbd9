// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title A recipient for tests that answers with what the payload says
/// @notice Payload: `uint8 mode ‖ data`. Mode 0 returns the data, 1 reverts with it; 2 returns and 3 reverts with as many bytes
/// of zero as the data, a word, says. 4 burns all gas at once, 5 in a loop.
contract Answerer is IERC7786Recipient {
    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata, bytes calldata payload) external payable returns (bytes4) {
        uint8 mode = uint8(payload[0]);
        bytes memory data = payload[1:];
        if (mode >= 4) {
            while (mode == 5) {} // solhint-disable-line no-empty-blocks
            assembly ("memory-safe") {
                invalid()
            }
        }
        assembly {
            let start := add(data, 32)
            let length := mload(data)
            if gt(mode, 1) {
                length := mload(start)
                start := 0x10000
            }
            if and(mode, 1) {
                revert(start, length)
            }
            return(start, length)
        }
    }
}
