// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a run calls at random.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}
