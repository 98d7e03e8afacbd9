// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's RewardsCoordinator, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Takes rewards from AVSs; EigenLayer shares them out among operators and their stakers. Leaves out all other kinds of
/// submissions, distribution roots, claims, splits, fees and pausing.
interface IRewardsCoordinator is IPermissioned {
    /// @notice How much stake of a strategy counts.
    struct StrategyAndMultiplier {
        IStrategy strategy;
        uint96 multiplier;
    }

    /// @notice What an operator and its stakers get, in the token's smallest unit.
    struct OperatorReward {
        address operator;
        uint256 amount;
    }

    /// @notice Rewards for what operators did in a time that is over.
    /// @param strategiesAndMultipliers Strictly ascending.
    /// @param token What is paid.
    /// @param operatorRewards Operators strictly ascending, amounts not zero.
    /// @param startTimestamp Seconds, a whole number of days.
    /// @param duration Seconds, a whole number of days.
    /// @param description For people.
    // The order is EigenLayer's.
    // solhint-disable-next-line gas-struct-packing
    struct OperatorDirectedRewardsSubmission {
        StrategyAndMultiplier[] strategiesAndMultipliers;
        IERC20 token;
        OperatorReward[] operatorRewards;
        uint32 startTimestamp;
        uint32 duration;
        string description;
    }

    /// @notice `caller` gave rewards for `operatorSet`.
    event OperatorDirectedOperatorSetRewardsSubmissionCreated(
        address indexed caller,
        bytes32 indexed operatorDirectedRewardsSubmissionHash,
        OperatorSet operatorSet,
        uint256 submissionNonce,
        OperatorDirectedRewardsSubmission operatorDirectedRewardsSubmission
    );

    /// @notice There is no such operator set.
    error InvalidOperatorSet();

    /// @notice No strategy, or no operator.
    error InputArrayLengthZero();

    /// @notice An operator is zero.
    error InvalidAddressZero();

    /// @notice An amount is zero.
    error AmountIsZero();

    /// @notice The duration is zero.
    error DurationIsZero();

    /// @notice The duration is no whole number of days.
    error InvalidDurationRemainder();

    /// @notice The start is no whole number of days.
    error InvalidStartTimestampRemainder();

    /// @notice The strategy is not open for deposits.
    error StrategyNotWhitelisted();

    /// @notice Strategies do not ascend strictly.
    error StrategiesNotInAscendingOrder();

    /// @notice Operators do not ascend strictly.
    error OperatorsNotInAscendingOrder();

    /// @notice The time is not over.
    error SubmissionNotRetroactive();

    /// @notice Takes rewards, which the caller has approved this contract for; for the AVS, else InvalidPermissions. Reverts with any
    /// of the above, or as the token does.
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external;
}
