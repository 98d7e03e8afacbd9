// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EigenLayer's PermissionController, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Answers who may act for an account. Leaves out administrators and appointees.
interface IPermissionController {
    /// @notice Whether `caller` may call `selector` of `target` in the name of `account`; an account always may for itself unless it
    /// has handed itself to administrators.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool);
}
