// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The parent chain's end of a bridge over Arbitrum Nitro, as the rollup calls it.
interface IArbitrumParentEnd {
    /// @notice Only the chain's Bridge brings what the rollup sent.
    error NotArbitrumBridge(address caller);

    /// @notice Another contract on the rollup sent this.
    error NotArbitrumChild(address sender);

    /// @notice Takes items that the end on the rollup sent up, as the Outbox executes them: anyone may, once each.
    /// Reverts with `NotArbitrumBridge`, `NotArbitrumChild`, or an error of whom the items are handed to; what reverts can be
    /// executed again.
    function fromArbitrumChild(bytes[] calldata items) external;
}
