// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The parent chain's end of a bridge
/// @notice A rollup's own bridge, as a contract on its parent chain uses it: L1, or the rollup that an L3 settles on. How bytes
/// travel, and who is believed to have sent them, is the stack's part; what they mean is that of whoever inherits.
abstract contract ParentEnd {
    /// @notice Carries items to the child chain's end; the call's value pays for it.
    /// @param refund Who gets back what the stack does not use.
    /// @param stackParams What the stack needs to know (gas and fees).
    function _sendToChild(bytes[] calldata items, address refund, bytes calldata stackParams) internal virtual;

    /// @dev Takes what the child chain's end sent, and nobody else.
    function _receiveFromChild(bytes[] calldata items) internal virtual;

    /// @dev Wei that `_sendToChild` needs.
    function _quoteToChild(bytes[] calldata items, bytes calldata stackParams) internal view virtual returns (uint256);
}
