// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What applications for tests do on a message: what its first byte says
abstract contract Obedient {
    event Called(bytes returned);

    /// @dev 0 nothing; 1 reverts with the rest; 2 reverts with a megabyte of zeros; 3 burns all gas; 4 calls the address that follows with
    /// what follows it, and fails if that does.
    function _obey(bytes calldata message) internal {
        uint8 order = message.length == 0 ? 0 : uint8(message[0]);
        bytes memory rest = order == 1 ? message[1:] : new bytes(0);
        if (order == 4) {
            (bool success, bytes memory returned) = address(bytes20(message[1:21])).call(message[21:]);
            if (success) emit Called(returned);
            else (order, rest) = (1, returned);
        }
        assembly ("memory-safe") {
            if eq(order, 1) {
                revert(add(rest, 32), mload(rest))
            }
            if eq(order, 2) {
                revert(0x10000, 1000000)
            }
            if eq(order, 3) {
                invalid()
            }
        }
    }
}
