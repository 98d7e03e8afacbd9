// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManagerV18} from "../interfaces/eigenlayer/IAllocationManagerV18.sol";
import {IPermissionController} from "../interfaces/eigenlayer/IPermissionController.sol";
import {IStrategy} from "../interfaces/eigenlayer/IStrategy.sol";

/// @title EigenLayer's AllocationManager before v1.9, for tests: it knows no slashers, and remembers the operator set it made
contract AllocationManagerV18 is IAllocationManagerV18 {
    uint32 public constant DEALLOCATION_DELAY = 100_800;

    address public immutable permissionController;
    address public avs;
    CreateSetParams[] private _sets;

    error InvalidPermissions();

    constructor(address permissionController_) {
        permissionController = permissionController_;
    }

    /// @inheritdoc IAllocationManagerV18
    function createOperatorSets(address avs_, CreateSetParams[] calldata params) external {
        require(msg.sender == avs_, InvalidPermissions());
        avs = avs_;
        delete _sets;
        for (uint256 i = 0; i < params.length; ++i) {
            _sets.push(params[i]);
        }
    }

    function updateAVSMetadataURI(address, string calldata) external {}

    /// @notice Whether `caller` may slash for `avs_`.
    function maySlash(address avs_, address caller, bytes4 slashOperator) external view returns (bool) {
        return IPermissionController(permissionController).canCall(avs_, caller, address(this), slashOperator);
    }

    function set() external view returns (uint32 id, IStrategy[] memory strategies) {
        return (_sets[0].operatorSetId, _sets[0].strategies);
    }
}
