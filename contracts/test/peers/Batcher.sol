// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Calls one contract many times in one transaction, where a protocol has no batch of its own
contract Batcher {
    /// @notice A call failed.
    error CallFailed(uint256 index, bytes reason);

    function each(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory reason) = target.call(calls[i]);
            if (!success) revert CallFailed(i, reason);
        }
    }
}
