// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EigenLayer's PermissionController, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Answers who may act for an account. An account is its own administrator until another accepts to be one; from then on only
/// those that accepted are, and the account itself is not among them unless it accepted too. An administrator may do everything in the
/// account's name, an appointee one function of one contract. Leaves out taking back what no one has accepted yet, and lists.
interface IPermissionController {
    /// @notice `admin` may accept to be an administrator of `account`.
    event PendingAdminAdded(address indexed account, address admin);

    /// @notice `admin` is an administrator of `account`.
    event AdminSet(address indexed account, address admin);

    /// @notice `admin` is no administrator of `account` any more.
    event AdminRemoved(address indexed account, address admin);

    /// @notice `appointee` may call `selector` of `target` in the name of `account`.
    event AppointeeSet(address indexed account, address indexed appointee, address target, bytes4 selector);

    /// @notice `appointee` may not call it any more.
    event AppointeeRemoved(address indexed account, address indexed appointee, address target, bytes4 selector);

    /// @notice The caller is no administrator of the account.
    error NotAdmin();

    /// @notice It is an administrator already.
    error AdminAlreadySet();

    /// @notice It has been asked already.
    error AdminAlreadyPending();

    /// @notice It has not been asked.
    error AdminNotPending();

    /// @notice It is no administrator.
    error AdminNotSet();

    /// @notice An account that had administrators keeps one.
    error CannotHaveZeroAdmins();

    /// @notice It is appointed already.
    error AppointeeAlreadySet();

    /// @notice It is not appointed.
    error AppointeeNotSet();

    /// @notice Asks `admin` to be an administrator; for administrators, else NotAdmin. Reverts with AdminAlreadySet or
    /// AdminAlreadyPending.
    function addPendingAdmin(address account, address admin) external;

    /// @notice The caller becomes an administrator; for one that was asked, else AdminNotPending.
    function acceptAdmin(address account) external;

    /// @notice Ends what an administrator may do; for administrators, else NotAdmin. Reverts with CannotHaveZeroAdmins or AdminNotSet.
    function removeAdmin(address account, address admin) external;

    /// @notice Lets `appointee` call `selector` of `target` in the name of `account`; for administrators, else NotAdmin. Reverts with
    /// AppointeeAlreadySet.
    function setAppointee(address account, address appointee, address target, bytes4 selector) external;

    /// @notice Ends it; for administrators, else NotAdmin. Reverts with AppointeeNotSet.
    function removeAppointee(address account, address appointee, address target, bytes4 selector) external;

    /// @notice Whether `caller` is an administrator of `account`.
    function isAdmin(address account, address caller) external view returns (bool);

    /// @notice Whether `caller` may call `selector` of `target` in the name of `account`: as an administrator or an appointee.
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool);
}
