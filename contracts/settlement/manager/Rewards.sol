// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {IRewardsCoordinator} from "../../interfaces/eigenlayer/IRewardsCoordinator.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {OperatorSetOwner} from "./OperatorSetOwner.sol";

/// @title Rewards
/// @notice Passes rewards on to EigenLayer, which pays operators and their stakers. EigenLayer takes them from the AVS alone, so they
/// come through here, from whoever gives them. This contract keeps no token and leaves no allowance.
abstract contract Rewards is OperatorSetOwner {
    using SafeERC20 for IERC20;

    /// @notice EigenLayer's RewardsCoordinator.
    IRewardsCoordinator public immutable REWARDS_COORDINATOR;

    constructor(ServiceManagerConfig memory config) {
        REWARDS_COORDINATOR = config.rewardsCoordinator;
    }

    /// @inheritdoc IServiceManager
    function rewardOperators(IRewardsCoordinator.OperatorDirectedRewardsSubmission[] calldata submissions) external {
        for (uint256 i = 0; i < submissions.length; ++i) {
            IERC20 token = submissions[i].token;
            uint256 amount = 0;
            for (uint256 j = 0; j < submissions[i].operatorRewards.length; ++j) {
                amount += submissions[i].operatorRewards[j].amount;
            }
            token.safeTransferFrom(msg.sender, address(this), amount);
            // Earlier submissions of the same token are not taken yet.
            token.forceApprove(
                address(REWARDS_COORDINATOR),
                token.allowance(address(this), address(REWARDS_COORDINATOR)) + amount
            );
        }
        REWARDS_COORDINATOR.createOperatorDirectedOperatorSetRewardsSubmission(_operatorSet(), submissions);
    }
}
