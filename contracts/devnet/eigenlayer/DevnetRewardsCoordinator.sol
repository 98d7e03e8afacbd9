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
/// @notice Takes an AVS's payment and keeps it. Leaves out all that comes after (distribution roots, claims, splits), every other kind of
/// rewards, beacon-chain ETH as a strategy, fees, the reentrancy guard, and pausing. Of the lengths of time, mainnet's may differ by its
/// date: ask the contract.
contract DevnetRewardsCoordinator is IRewardsCoordinator, Permissioned {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRewardsCoordinator
    uint32 public constant override CALCULATION_INTERVAL_SECONDS = 1 days;
    /// @inheritdoc IRewardsCoordinator
    uint32 public constant override MAX_REWARDS_DURATION = 70 days;
    /// @inheritdoc IRewardsCoordinator
    uint32 public constant override MAX_RETROACTIVE_LENGTH = 90 days;
    /// @inheritdoc IRewardsCoordinator
    uint32 public constant override GENESIS_REWARDS_TIMESTAMP = 1_710_979_200;

    uint256 private constant MAX_REWARDS_AMOUNT = 1e38 - 1;

    /// @inheritdoc IRewardsCoordinator
    mapping(address avs => uint256 nonce) public override submissionNonce;

    /// @inheritdoc IRewardsCoordinator
    mapping(address avs => mapping(bytes32 hash => bool paid))
        public
        override isOperatorDirectedOperatorSetRewardsSubmissionHash;

    /// @inheritdoc IRewardsCoordinator
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external onlyFor(operatorSet.avs) {
        address avs = operatorSet.avs;
        require(IAllocationManager(ALLOCATION_MANAGER).isOperatorSet(operatorSet), InvalidOperatorSet());
        for (uint256 i = 0; i < operatorDirectedRewardsSubmissions.length; ++i) {
            OperatorDirectedRewardsSubmission calldata submission = operatorDirectedRewardsSubmissions[i];
            _checkStrategies(submission.strategiesAndMultipliers, submission.startTimestamp, submission.duration);
            uint256 total = _total(submission);
            uint256 nonce = submissionNonce[avs]++;
            bytes32 hash = keccak256(abi.encode(avs, nonce, submission));
            isOperatorDirectedOperatorSetRewardsSubmissionHash[avs][hash] = true;
            submission.token.safeTransferFrom(msg.sender, address(this), total);
            emit OperatorDirectedOperatorSetRewardsSubmissionCreated(msg.sender, hash, operatorSet, nonce, submission);
        }
    }

    /// @inheritdoc IRewardsCoordinator
    function allocationManager() external pure returns (address) {
        return ALLOCATION_MANAGER;
    }

    /// @inheritdoc IRewardsCoordinator
    function strategyManager() external pure returns (address) {
        return STRATEGY_MANAGER;
    }

    function _checkStrategies(StrategyAndMultiplier[] calldata counted, uint32 start, uint32 duration) private view {
        require(counted.length != 0, InputArrayLengthZero());
        require(duration <= MAX_REWARDS_DURATION, DurationExceedsMax());
        require(duration % CALCULATION_INTERVAL_SECONDS == 0, InvalidDurationRemainder());
        require(duration != 0, DurationIsZero());
        require(start % CALCULATION_INTERVAL_SECONDS == 0, InvalidStartTimestampRemainder());
        require(start >= GENESIS_REWARDS_TIMESTAMP, StartTimestampTooFarInPast());
        require(start >= block.timestamp - MAX_RETROACTIVE_LENGTH, StartTimestampTooFarInPast());
        address last = address(0);
        for (uint256 i = 0; i < counted.length; ++i) {
            require(
                IStrategyManager(STRATEGY_MANAGER).strategyIsWhitelistedForDeposit(counted[i].strategy),
                StrategyNotWhitelisted()
            );
            require(address(counted[i].strategy) > last, StrategiesNotInAscendingOrder());
            last = address(counted[i].strategy);
        }
    }

    function _total(OperatorDirectedRewardsSubmission calldata submission) private view returns (uint256 total) {
        OperatorReward[] calldata rewards = submission.operatorRewards;
        require(rewards.length != 0, InputArrayLengthZero());
        require(submission.startTimestamp + submission.duration < block.timestamp, SubmissionNotRetroactive());
        address last = address(0);
        for (uint256 i = 0; i < rewards.length; ++i) {
            require(rewards[i].operator != address(0), InvalidAddressZero());
            require(rewards[i].operator > last, OperatorsNotInAscendingOrder());
            require(rewards[i].amount != 0, AmountIsZero());
            total += rewards[i].amount;
            last = rewards[i].operator;
        }
        require(total <= MAX_REWARDS_AMOUNT, AmountExceedsMax());
    }
}
