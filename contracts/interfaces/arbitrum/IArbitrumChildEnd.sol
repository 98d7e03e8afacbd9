// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The rollup's end of a bridge over Arbitrum Nitro, as tickets from the parent chain call it.
interface IArbitrumChildEnd {
    /// @notice The caller is not the alias of the end on the parent chain.
    error NotArbitrumParent(address caller);

    /// @notice Takes items that the end on the parent chain sent down. Reverts with `NotArbitrumParent`, or an error of whom
    /// the items are handed to: the ticket stays then, and anyone may redeem it for 7 days.
    function fromArbitrumParent(bytes[] calldata items) external;
}
