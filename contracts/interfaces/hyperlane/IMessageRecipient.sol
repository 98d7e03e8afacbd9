// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice What a recipient written for Hyperlane implements. As in core 12.1.0 (npm: hyperlane-xyz),
/// contracts/interfaces/IMessageRecipient.sol (MIT OR Apache-2.0).
interface IMessageRecipient {
    /// @notice Takes a message; the mailbox alone may call.
    /// @param origin The source's domain.
    /// @param sender The sender there, left-padded to a word.
    /// @param message Its body.
    function handle(uint32 origin, bytes32 sender, bytes calldata message) external payable;
}

/// @notice A recipient that names who is to verify its messages. As in core 12.1.0 (npm: hyperlane-xyz),
/// contracts/interfaces/IInterchainSecurityModule.sol (MIT OR Apache-2.0).
interface ISpecifiesInterchainSecurityModule {
    /// @notice The module that verifies; zero for the mailbox's own.
    function interchainSecurityModule() external view returns (address);
}
