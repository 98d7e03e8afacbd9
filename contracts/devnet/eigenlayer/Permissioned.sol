// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";
import {IPermissioned} from "../../interfaces/eigenlayer/IPermissioned.sol";
import {PERMISSION_CONTROLLER} from "./EigenLayerAddresses.sol";

/// @title Part of the EigenLayer stand-in: asks the PermissionController who may act for an account
/// @notice Leaves out nothing of it.
abstract contract Permissioned is IPermissioned {
    modifier onlyFor(address account) {
        require(_mayActFor(account), InvalidPermissions());
        _;
    }

    /// @inheritdoc IPermissioned
    function permissionController() external pure returns (address) {
        return PERMISSION_CONTROLLER;
    }

    function _mayActFor(address account) internal view returns (bool) {
        return IPermissionController(PERMISSION_CONTROLLER).canCall(account, msg.sender, address(this), msg.sig);
    }
}
