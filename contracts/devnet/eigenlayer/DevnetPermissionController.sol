// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";

/// @title Stand-in for EigenLayer's PermissionController, for simulated chains
/// @notice Every account acts for itself alone. Leaves out administrators and appointees.
contract DevnetPermissionController is IPermissionController {
    /// @inheritdoc IPermissionController
    function canCall(address account, address caller, address, bytes4) external pure returns (bool) {
        return account == caller;
    }
}
