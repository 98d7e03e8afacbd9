// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../interfaces/eigenlayer/IAllocationManager.sol";
import {OperatorSet} from "../interfaces/eigenlayer/OperatorSet.sol";
import {DevnetAllocationManager} from "../devnet/eigenlayer/DevnetAllocationManager.sol";

/// @title EigenLayer's AllocationManager for tests, in which every operator set has 254 members more than there are
contract CrowdedAllocationManager is DevnetAllocationManager {
    /// @inheritdoc IAllocationManager
    function getMemberCount(OperatorSet calldata operatorSet) public view override returns (uint256) {
        return super.getMemberCount(operatorSet) + 254;
    }
}
