// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IRewardsCoordinator} from "../../interfaces/eigenlayer/IRewardsCoordinator.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {ALLOCATION_MANAGER, STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";
import {Permissioned} from "./Permissioned.sol";

/// @title Stand-in for EigenLayer's RewardsCoordinator, for simulated chains
/// @notice Takes an operator set's rewards and keeps them. Leaves out all other kinds of submissions, distribution roots, claims,
/// splits, protocol fees, the bounds on amount, duration and age, beacon-chain ETH, the reentrancy guard, and pausing.
contract DevnetRewardsCoordinator is IRewardsCoordinator, Permissioned {
    using SafeERC20 for IERC20;

    uint32 private constant CALCULATION_INTERVAL_SECONDS = 1 days;

    mapping(address avs => uint256 nonce) private _nonce;

    /// @inheritdoc IRewardsCoordinator
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external onlyFor(operatorSet.avs) {
        require(IAllocationManager(ALLOCATION_MANAGER).isOperatorSet(operatorSet), InvalidOperatorSet());
        for (uint256 i = 0; i < operatorDirectedRewardsSubmissions.length; ++i) {
            OperatorDirectedRewardsSubmission calldata submission = operatorDirectedRewardsSubmissions[i];
            uint256 amount = _check(submission);
            uint256 nonce = _nonce[operatorSet.avs]++;
            submission.token.safeTransferFrom(msg.sender, address(this), amount);
            bytes32 submissionHash = keccak256(abi.encode(operatorSet.avs, nonce, submission));
            emit OperatorDirectedOperatorSetRewardsSubmissionCreated(
                msg.sender,
                submissionHash,
                operatorSet,
                nonce,
                submission
            );
        }
    }

    function _check(OperatorDirectedRewardsSubmission calldata submission) private view returns (uint256 amount) {
        StrategyAndMultiplier[] calldata strategies = submission.strategiesAndMultipliers;
        require(strategies.length != 0, InputArrayLengthZero());
        require(submission.duration % CALCULATION_INTERVAL_SECONDS == 0, InvalidDurationRemainder());
        require(submission.duration != 0, DurationIsZero());
        require(submission.startTimestamp % CALCULATION_INTERVAL_SECONDS == 0, InvalidStartTimestampRemainder());
        for (uint256 i = 0; i < strategies.length; ++i) {
            require(
                IStrategyManager(STRATEGY_MANAGER).strategyIsWhitelistedForDeposit(strategies[i].strategy),
                StrategyNotWhitelisted()
            );
            require(
                i == 0 || address(strategies[i - 1].strategy) < address(strategies[i].strategy),
                StrategiesNotInAscendingOrder()
            );
        }
        OperatorReward[] calldata rewards = submission.operatorRewards;
        require(rewards.length != 0, InputArrayLengthZero());
        require(submission.startTimestamp + submission.duration < block.timestamp, SubmissionNotRetroactive());
        for (uint256 i = 0; i < rewards.length; ++i) {
            require(rewards[i].operator != address(0), InvalidAddressZero());
            require(i == 0 || rewards[i - 1].operator < rewards[i].operator, OperatorsNotInAscendingOrder());
            require(rewards[i].amount != 0, AmountIsZero());
            amount += rewards[i].amount;
        }
    }
}
