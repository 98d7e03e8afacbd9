// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The middle of a bridge to a rollup whose parent is a rollup (an L3): a contract on that parent, which is the child end
/// of the parent's own bridge and the parent end of the L3's.
interface IHop {
    /// @notice An item came from L1, and can be pushed on by anyone from now on. An operator table's hash is its id.
    event ItemArrived(bytes32 indexed itemHash, bytes item);

    /// @notice An item was pushed on to the L3.
    event ItemPushed(bytes32 indexed itemHash);

    /// @notice No item of this hash came from L1.
    error NotArrived(bytes32 itemHash);

    /// @notice This operator table is revoked: a revocation of it, or of a later one, came from L1.
    error RevokedTable(bytes32 tableId);

    /// @notice Carries items that came from L1 on to the L3; anyone, as often as anyone pays for it: items that the L3's Gateway has
    /// already change nothing there. Reverts with `NotArrived`, `RevokedTable`, and as the L3's stack does.
    /// @param items What came, in any order and grouping.
    /// @param stackParams What the L3's stack needs to know (gas and fees). What it does not use goes back to the caller.
    function push(bytes[] calldata items, bytes calldata stackParams) external payable;

    /// @notice Wei that `push` needs.
    function quote(bytes[] calldata items, bytes calldata stackParams) external view returns (uint256);

    /// @notice Whether an item of this hash came from L1.
    function hasArrived(bytes32 itemHash) external view returns (bool);

    /// @notice Tables with a snapshot up to this one (seconds) are not pushed on any more: the latest revocation that came from L1; 0
    /// if none did.
    function revokedUntil() external view returns (uint64 snapshot);
}
