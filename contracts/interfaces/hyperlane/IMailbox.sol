// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice What applications written for Hyperlane call of their mailbox: the part of core 12.1.0 (npm: hyperlane-xyz),
/// contracts/interfaces/IMailbox.sol (MIT OR Apache-2.0), that sending needs.
interface IMailbox {
    /// @notice Sends a message. Open to anyone.
    /// @param destinationDomain The destination's domain.
    /// @param recipientAddress The recipient there, left-padded to a word.
    /// @param messageBody Its body.
    /// @return messageId The message's id, the same at both ends.
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody
    ) external payable returns (bytes32 messageId);

    /// @notice Sends a message, with metadata for the default hook.
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata defaultHookMetadata
    ) external payable returns (bytes32 messageId);

    /// @notice Sends a message, with a hook and its metadata; zero is the default hook.
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata customHookMetadata,
        address customHook
    ) external payable returns (bytes32 messageId);

    /// @notice What `dispatch` costs, in wei.
    function quoteDispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody
    ) external view returns (uint256 fee);

    /// @notice What `dispatch` with metadata costs, in wei.
    function quoteDispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata defaultHookMetadata
    ) external view returns (uint256 fee);

    /// @notice What `dispatch` with a hook costs, in wei.
    function quoteDispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata customHookMetadata,
        address customHook
    ) external view returns (uint256 fee);

    /// @notice This chain's domain.
    function localDomain() external view returns (uint32);
}
