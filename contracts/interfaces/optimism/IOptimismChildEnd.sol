// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The rollup's end of a bridge over the OP Stack, as the messenger there calls it.
interface IOptimismChildEnd {
    /// @notice Only the L2CrossDomainMessenger brings what the parent chain sent.
    error NotOptimismL2Messenger(address caller);

    /// @notice Another contract on the parent chain sent this.
    error NotOptimismParent(address sender);

    /// @notice Takes items that the end on the parent chain sent down. Reverts with `NotOptimismL2Messenger`,
    /// `NotOptimismParent`, or an error of whom the items are handed to: the messenger keeps what failed, and anyone may have it
    /// try again.
    function fromOptimismParent(bytes[] calldata items) external;
}
