// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {IAllocationManager} from "../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../interfaces/eigenlayer/IKeyRegistrar.sol";
import {IRewardsCoordinator} from "../interfaces/eigenlayer/IRewardsCoordinator.sol";
import {IStrategy} from "../interfaces/eigenlayer/IStrategy.sol";

/// @notice What a ServiceManager is made of.
/// @param settlement The registry of members.
/// @param allocationManager EigenLayer's AllocationManager.
/// @param keyRegistrar EigenLayer's KeyRegistrar.
/// @param rewardsCoordinator EigenLayer's RewardsCoordinator.
/// @param strategies Strategies whose stake counts, strictly ascending, at most four.
/// @param multipliers Weight of a share of each, in parts of 1e18.
/// @param metadataURI Where the AVS describes itself.
/// @param tableAge Seconds for which a table verifies certificates.
/// @param minInterval Least seconds between two tables.
/// @param weightFloor A table of less total weight is not taken, and verifies nothing.
/// @param minWeight An operator of less weight is not admitted, and in no table.
/// @param scheme What operators sign with: `Scheme`.
/// @param minOperators Least number of operators in a table: four on a real network, so that none weighs more than a third.
/// @param bond Wei that an operator deposits before it joins.
struct ServiceManagerConfig {
    ISettlement settlement;
    IAllocationManager allocationManager;
    IKeyRegistrar keyRegistrar;
    IRewardsCoordinator rewardsCoordinator;
    IStrategy[] strategies;
    uint256[] multipliers;
    string metadataURI;
    uint256 tableAge;
    uint256 minInterval;
    uint96 weightFloor;
    uint96 minWeight;
    uint8 scheme;
    uint256 minOperators;
    uint256 bond;
}
