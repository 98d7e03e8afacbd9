// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using {key} for OperatorSet global;

/// @notice An operator set of EigenLayer: the AVS that made it, and the number that AVS gave it.
struct OperatorSet {
    address avs;
    uint32 id;
}

/// @notice The word under which EigenLayer files the set: 20 bytes AVS ‖ 12 bytes id.
function key(OperatorSet memory set) pure returns (bytes32) {
    return bytes32((uint256(uint160(set.avs)) << 96) | set.id);
}
