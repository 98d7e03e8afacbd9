// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What EigenLayer's contracts that ask the PermissionController have in common
/// @notice Some of their functions act for an account, which may permit others.
interface IPermissioned {
    /// @notice The caller may not act for the account (PermissionController.canCall).
    error InvalidPermissions();

    /// @notice The PermissionController that is asked.
    function permissionController() external view returns (address);
}
