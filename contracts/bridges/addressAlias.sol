// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who calls on the child chain when `account`, a contract on the parent chain, sends something down: Arbitrum, the OP
/// Stack and the ZK Stack all add this number, so that no contract of the child chain can be taken for one of its parent's.
function aliasOf(address account) pure returns (address) {
    // Addresses go round at 2^160, as in the stacks' own AddressAliasHelper.
    unchecked {
        return address(uint160(account) + uint160(0x1111000000000000000000000000000000001111));
    }
}
