// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";

/// @title Stand-in for EigenLayer's PermissionController, for simulated chains
/// @notice Leaves out `removePendingAdmin` and all lists.
contract DevnetPermissionController is IPermissionController {
    using EnumerableSet for EnumerableSet.AddressSet;

    mapping(address account => EnumerableSet.AddressSet admins) private _admins;
    mapping(address account => mapping(address admin => bool wasAsked)) private _asked;
    mapping(address account => mapping(address appointee => mapping(bytes32 call => bool may))) private _may;

    modifier onlyAdmin(address account) {
        require(isAdmin(account, msg.sender), NotAdmin());
        _;
    }

    /// @inheritdoc IPermissionController
    function addPendingAdmin(address account, address admin) external onlyAdmin(account) {
        require(!_admins[account].contains(admin), AdminAlreadySet());
        require(!_asked[account][admin], AdminAlreadyPending());
        _asked[account][admin] = true;
        emit PendingAdminAdded(account, admin);
    }

    /// @inheritdoc IPermissionController
    function acceptAdmin(address account) external {
        require(_asked[account][msg.sender], AdminNotPending());
        _asked[account][msg.sender] = false;
        _admins[account].add(msg.sender);
        emit AdminSet(account, msg.sender);
    }

    /// @inheritdoc IPermissionController
    function removeAdmin(address account, address admin) external onlyAdmin(account) {
        require(_admins[account].length() > 1, CannotHaveZeroAdmins());
        require(_admins[account].remove(admin), AdminNotSet());
        emit AdminRemoved(account, admin);
    }

    /// @inheritdoc IPermissionController
    function setAppointee(
        address account,
        address appointee,
        address target,
        bytes4 selector
    ) external onlyAdmin(account) {
        bytes32 call = _callOf(target, selector);
        require(!_may[account][appointee][call], AppointeeAlreadySet());
        _may[account][appointee][call] = true;
        emit AppointeeSet(account, appointee, target, selector);
    }

    /// @inheritdoc IPermissionController
    function removeAppointee(
        address account,
        address appointee,
        address target,
        bytes4 selector
    ) external onlyAdmin(account) {
        bytes32 call = _callOf(target, selector);
        require(_may[account][appointee][call], AppointeeNotSet());
        _may[account][appointee][call] = false;
        emit AppointeeRemoved(account, appointee, target, selector);
    }

    /// @inheritdoc IPermissionController
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool) {
        return isAdmin(account, caller) || _may[account][caller][_callOf(target, selector)];
    }

    /// @inheritdoc IPermissionController
    function isAdmin(address account, address caller) public view returns (bool) {
        return _admins[account].length() == 0 ? caller == account : _admins[account].contains(caller);
    }

    function _callOf(address target, bytes4 selector) private pure returns (bytes32) {
        return keccak256(abi.encode(target, selector));
    }
}
