// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's RewardsCoordinator, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Takes what an AVS pays its operators and their stakers for time that has passed; EigenLayer works out off chain who gets what.
/// Times are in seconds. Leaves out other kinds of rewards, splits, fees, and claims.
interface IRewardsCoordinator is IPermissioned {
    /// @notice What a share of a strategy counts among the stakers.
    /// @param strategy One that is open for deposits.
    /// @param multiplier In 1e18.
    struct StrategyAndMultiplier {
        IStrategy strategy;
        uint96 multiplier;
    }

    /// @notice What goes to one operator and its stakers.
    /// @param operator Who.
    /// @param amount Of the token's smallest unit.
    struct OperatorReward {
        address operator;
        uint256 amount;
    }

    /// @notice Rewards for one span of time.
    /// @param strategiesAndMultipliers By ascending strategy.
    /// @param token What is paid.
    /// @param operatorRewards By ascending operator.
    /// @param startTimestamp Its first second, a multiple of CALCULATION_INTERVAL_SECONDS.
    /// @param duration A multiple of CALCULATION_INTERVAL_SECONDS; the span has passed.
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

    /// @notice `caller` paid rewards to members of `operatorSet`.
    event OperatorDirectedOperatorSetRewardsSubmissionCreated(
        address indexed caller,
        bytes32 indexed operatorDirectedRewardsSubmissionHash,
        OperatorSet operatorSet,
        uint256 submissionNonce,
        OperatorDirectedRewardsSubmission operatorDirectedRewardsSubmission
    );

    /// @notice The operator set does not exist.
    error InvalidOperatorSet();

    /// @notice No strategy, or no operator.
    error InputArrayLengthZero();

    /// @notice The operator is zero.
    error InvalidAddressZero();

    /// @notice An operator gets nothing.
    error AmountIsZero();

    /// @notice All amounts together are 1e38 or more.
    error AmountExceedsMax();

    /// @notice The span has no length.
    error DurationIsZero();

    /// @notice The span is longer than MAX_REWARDS_DURATION.
    error DurationExceedsMax();

    /// @notice The duration is no multiple of CALCULATION_INTERVAL_SECONDS.
    error InvalidDurationRemainder();

    /// @notice The start is no multiple of CALCULATION_INTERVAL_SECONDS.
    error InvalidStartTimestampRemainder();

    /// @notice The start is before GENESIS_REWARDS_TIMESTAMP, or more than MAX_RETROACTIVE_LENGTH ago.
    error StartTimestampTooFarInPast();

    /// @notice The span has not passed.
    error SubmissionNotRetroactive();

    /// @notice The strategy is not open for deposits.
    error StrategyNotWhitelisted();

    /// @notice The strategies do not ascend.
    error StrategiesNotInAscendingOrder();

    /// @notice The operators do not ascend.
    error OperatorsNotInAscendingOrder();

    /// @notice Pays operators of a set; for its AVS, else InvalidPermissions. The caller has approved the tokens. An operator need not
    /// be a member. Reverts with any of the errors above.
    function createOperatorDirectedOperatorSetRewardsSubmission(
        OperatorSet calldata operatorSet,
        OperatorDirectedRewardsSubmission[] calldata operatorDirectedRewardsSubmissions
    ) external;

    /// @notice How often the AVS has paid.
    function submissionNonce(address avs) external view returns (uint256);

    /// @notice Whether the AVS has paid rewards of this hash, keccak256(abi.encode(AVS, its nonce, the submission)).
    function isOperatorDirectedOperatorSetRewardsSubmissionHash(address avs, bytes32 hash) external view returns (bool);

    /// @notice The unit of spans of time (mainnet: a day).
    function CALCULATION_INTERVAL_SECONDS() external view returns (uint32);

    /// @notice The longest span.
    function MAX_REWARDS_DURATION() external view returns (uint32);

    /// @notice How long ago a span may start.
    function MAX_RETROACTIVE_LENGTH() external view returns (uint32);

    /// @notice The first second that may be paid for.
    function GENESIS_REWARDS_TIMESTAMP() external view returns (uint32);

    /// @notice EigenLayer's AllocationManager.
    function allocationManager() external view returns (address);

    /// @notice EigenLayer's StrategyManager.
    function strategyManager() external view returns (address);
}
