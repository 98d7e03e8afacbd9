// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The parent chain's end of a bridge
/// @notice A rollup's own bridge, as a contract on its parent chain uses it: L1, or the rollup that an L3 settles on. How bytes
/// travel, and who is believed to have sent them, is the stack's part; what they mean is that of whoever inherits.
abstract contract ParentEnd {
    /// @notice The stack needs to know its parameters in another form: `expected`, or no bytes at all for the defaults.
    error MalformedStackParams(bytes stackParams, string expected);

    /// @notice Sending costs more than the value that was sent: `fee`, as `quote` says.
    error ValueBelowFee(uint256 value, uint256 fee);

    /// @notice Carries items to the child chain's end; the call's value pays for it.
    /// @param refund Who gets back what the stack does not use.
    /// @param stackParams What the stack needs to know (gas and fees).
    function _sendToChild(bytes[] calldata items, address refund, bytes calldata stackParams) internal virtual;

    /// @dev Takes what the child chain's end sent, and nobody else.
    function _receiveFromChild(bytes[] calldata items) internal virtual;

    /// @dev Wei that `_sendToChild` needs.
    function _quoteToChild(bytes[] calldata items, bytes calldata stackParams) internal view virtual returns (uint256);
}
