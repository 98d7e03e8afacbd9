// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A ZK Stack chain's end of a bridge, whoever inherits it.
interface IZksyncChildEnd {
    /// @notice The caller is not the alias of L1's end.
    error NotParentEnd(address caller);

    /// @notice Takes items of L1's end, as a transaction that it requested; its alias alone, else `NotParentEnd`.
    function receiveItems(bytes[] calldata items) external;

    /// @notice The other end, on L1.
    function ZKSYNC_PARENT_END() external view returns (address);
}
