// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice L1's end of a bridge to one member.
interface IL1Bridge {
    /// @notice Only Settlement and the ServiceManager may send.
    error NotSettlement(address caller);

    /// @notice Carries items to the member's Gateway. Settlement and the ServiceManager alone, else `NotSettlement`.
    /// @param items Items of the bridge envelope (docs/PROTOCOL.md).
    /// @param refund Who gets back what the stack does not use.
    /// @param stackParams What the stack needs to know (gas and fees); see the bridge.
    function send(bytes[] calldata items, address refund, bytes calldata stackParams) external payable;

    /// @notice Wei that `send` needs.
    /// @param items What is to be carried.
    /// @param stackParams As in `send`.
    function quote(bytes[] calldata items, bytes calldata stackParams) external view returns (uint256);
}
