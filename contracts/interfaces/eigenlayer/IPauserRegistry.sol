// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EigenLayer's PauserRegistry, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Says who may pause EigenLayer's contracts, and who alone may unpause them and name pausers.
interface IPauserRegistry {
    /// @notice `pauser` may pause, or may no more.
    event PauserStatusChanged(address pauser, bool canPause);

    /// @notice The caller is not the unpauser.
    error OnlyUnpauser();

    /// @notice The address is zero.
    error InputAddressZero();

    /// @notice Says whether `newPauser` may pause; for the unpauser, else OnlyUnpauser. Reverts with InputAddressZero.
    function setIsPauser(address newPauser, bool canPause) external;

    /// @notice Whether `pauser` may pause.
    function isPauser(address pauser) external view returns (bool);

    /// @notice Who may unpause.
    function unpauser() external view returns (address);
}
