// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title A recipient for tests that makes the calls which the payload, `abi.encode(Call[])`, lists
contract Caller is IERC7786Recipient {
    struct Call {
        address target;
        bytes data;
        // Whether the recipient fails if this call does, with the same data.
        bool required;
    }

    event Called(uint256 indexed index, bool success, bytes returned);

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata, bytes calldata payload) external payable returns (bytes4) {
        Call[] memory calls = abi.decode(payload, (Call[]));
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory returned) = calls[i].target.call(calls[i].data);
            if (!success && calls[i].required) {
                assembly ("memory-safe") {
                    revert(add(returned, 32), mload(returned))
                }
            }
            emit Called(i, success, returned);
        }
        return IERC7786Recipient.receiveMessage.selector;
    }
}
