// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Refuses value
/// @notice What travels free of charge takes no value: it would stay in the bridge for good.
abstract contract RefusesValue {
    /// @notice Sending from here costs nothing: send no value.
    error ValueRefused(uint256 value);

    function _refuseValue() internal view {
        require(msg.value == 0, ValueRefused(msg.value));
    }
}
