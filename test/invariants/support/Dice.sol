// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Random choices out of one fuzzed number.
struct Dice {
    uint256 state;
}

using {roll, oneIn, word} for Dice global;

/// @notice A number from 0 to `sides` - 1.
function roll(Dice memory self, uint256 sides) pure returns (uint256) {
    return uint256(word(self)) % sides;
}

/// @notice True once in `times`.
function oneIn(Dice memory self, uint256 times) pure returns (bool) {
    return roll(self, times) == 0;
}

function word(Dice memory self) pure returns (bytes32) {
    self.state = uint256(keccak256(abi.encode(self.state)));
    return bytes32(self.state);
}

/// @notice `length` bytes that depend on `seed` alone.
function noise(uint256 seed, uint256 length) pure returns (bytes memory data) {
    data = new bytes(length);
    for (uint256 i = 0; i < length; ++i) data[i] = bytes1(uint8(seed >> (8 * (i % 31))) ^ uint8(i));
}
