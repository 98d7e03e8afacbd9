// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The system contract at 0x8008 of a ZK Stack chain that says things to L1. Source: the npm package matterlabs/zksync-contracts
/// 29.0.0, system-contracts/interfaces/IL1Messenger.sol.
interface IL1Messenger {
    /// @notice Says something to L1, in the caller's name. Open to anyone, free of charge but for gas.
    /// @return hash keccak256 of the message.
    function sendToL1(bytes calldata message) external returns (bytes32 hash);
}
