// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EigenLayer's PermissionController, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Answers who may act for an account. Leaves out administrators, and taking an appointment back.
interface IPermissionController {
    /// @notice `appointee` may call `selector` of `target` in the name of `account`.
    event AppointeeSet(address indexed account, address indexed appointee, address target, bytes4 selector);

    /// @notice The caller may not act for the account.
    error NotAdmin();

    /// @notice The appointee may do so already.
    error AppointeeAlreadySet();

    /// @notice Lets `appointee` call `selector` of `target` in the name of `account`; for the account itself unless it has handed
    /// itself to administrators. Reverts with NotAdmin or AppointeeAlreadySet.
    function setAppointee(address account, address appointee, address target, bytes4 selector) external;

    /// @notice Whether `caller` may call `selector` of `target` in the name of `account`; an account always may for itself unless it
    /// has handed itself to administrators.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool);
}
