// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";

/// @title Stand-in for EigenLayer's PermissionController, for simulated chains
/// @notice Every account acts for itself, and may appoint others, function by function. Leaves out administrators, taking an
/// appointment back, and the lists of appointees.
contract DevnetPermissionController is IPermissionController {
    mapping(bytes32 permission => bool isGiven) private _given;

    /// @inheritdoc IPermissionController
    function setAppointee(address account, address appointee, address target, bytes4 selector) external {
        require(msg.sender == account, NotAdmin());
        bytes32 permission = _permission(account, appointee, target, selector);
        require(!_given[permission], AppointeeAlreadySet());
        _given[permission] = true;
        emit AppointeeSet(account, appointee, target, selector);
    }

    /// @inheritdoc IPermissionController
    function canCall(address account, address caller, address target, bytes4 selector) external view returns (bool) {
        return account == caller || _given[_permission(account, caller, target, selector)];
    }

    function _permission(
        address account,
        address appointee,
        address target,
        bytes4 selector
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(account, appointee, target, selector));
    }
}
