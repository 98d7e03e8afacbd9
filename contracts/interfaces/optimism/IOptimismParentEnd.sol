// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The parent chain's end of a bridge over the OP Stack, as the messenger there calls it.
interface IOptimismParentEnd {
    /// @notice Only the chain's L1CrossDomainMessenger brings what the rollup sent.
    error NotOptimismMessenger(address caller);

    /// @notice Another contract on the rollup sent this.
    error NotOptimismChild(address sender);

    /// @notice Takes items that the end on the rollup sent up, once the withdrawal that carries them is finalized. Reverts with
    /// `NotOptimismMessenger`, `NotOptimismChild`, or an error of whom the items are handed to: the messenger keeps what failed,
    /// and anyone may have it try again.
    function fromOptimismChild(bytes[] calldata items) external;
}
