// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What EigenLayer's contracts that can be paused have in common
/// @notice A bit a function; EigenLayer's pausers set bits, its unpauser clears them.
interface IPausable {
    /// @notice The bits are `newPausedStatus` now.
    event Paused(address indexed account, uint256 newPausedStatus);

    /// @notice The bits are `newPausedStatus` now.
    event Unpaused(address indexed account, uint256 newPausedStatus);

    /// @notice The caller is no pauser.
    error OnlyPauser();

    /// @notice The caller is not the unpauser.
    error OnlyUnpauser();

    /// @notice The function is paused.
    error CurrentlyPaused();

    /// @notice `pause` would clear a bit, or `unpause` set one.
    error InvalidNewPausedStatus();

    /// @notice Sets bits. Reverts with OnlyPauser or InvalidNewPausedStatus.
    function pause(uint256 newPausedStatus) external;

    /// @notice Clears bits. Reverts with OnlyUnpauser or InvalidNewPausedStatus.
    function unpause(uint256 newPausedStatus) external;

    /// @notice The bits.
    function paused() external view returns (uint256);

    /// @notice Whether bit `index` is set.
    function paused(uint8 index) external view returns (bool);
}
