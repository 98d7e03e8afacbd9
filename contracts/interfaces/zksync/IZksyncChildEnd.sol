// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A ZK Stack chain's end of a bridge, whoever inherits it.
interface IZksyncChildEnd {
    /// @notice The caller is not the alias of L1's end.
    error NotZksyncParent(address caller);

    /// @notice Takes items of L1's end, as a transaction that it requested; its alias alone, else `NotZksyncParent`.
    function fromZksyncParent(bytes[] calldata items) external;

    /// @notice The other end, on L1.
    function ZKSYNC_PARENT() external view returns (address);
}
