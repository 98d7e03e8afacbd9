// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's StrategyManager, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice The door for tokens. Leaves out deposits by signature.
interface IStrategyManager {
    /// @notice `staker` got `shares` of `strategy`.
    event Deposit(address staker, IStrategy strategy, uint256 shares);

    /// @notice `strategy` is open for deposits.
    event StrategyAddedToDepositWhitelist(IStrategy strategy);

    /// @notice A slashing took `shares` of `strategy`, which are to be burnt or redistributed.
    event BurnOrRedistributableSharesIncreased(
        OperatorSet operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    );

    /// @notice Shares of `strategy` that a slashing took left it: they were burnt or redistributed.
    event BurnOrRedistributableSharesDecreased(
        OperatorSet operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 shares
    );

    /// @notice No shares.
    error SharesAmountZero();

    /// @notice More shares than the staker has.
    error SharesAmountTooHigh();

    /// @notice The caller is not the DelegationManager.
    error OnlyDelegationManager();

    /// @notice The slashing took shares of this strategy already.
    error StrategyAlreadyInSlash();

    /// @notice The strategy is not open for deposits.
    error StrategyNotWhitelisted();

    /// @notice The caller is not the one who may open strategies (the StrategyFactory).
    error OnlyStrategyWhitelister();

    /// @notice The staker would hold shares of more than 32 strategies.
    error MaxStrategiesExceeded();

    /// @notice Moves the caller's tokens into a strategy; they count for the operator to whom the caller has delegated, if any.
    /// Reverts with StrategyNotWhitelisted or MaxStrategiesExceeded, or as the token or the strategy do.
    /// @param strategy Where the tokens go.
    /// @param token The strategy's token; the caller has approved this contract for it.
    /// @param amount How much, in the token's smallest unit.
    /// @return depositShares The shares it is worth.
    function depositIntoStrategy(
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) external returns (uint256 depositShares);

    /// @notice Opens strategies for deposits; only `strategyWhitelister` may call, else OnlyStrategyWhitelister.
    function addStrategiesToDepositWhitelist(IStrategy[] calldata strategies) external;

    /// @notice Takes a staker's deposit shares into a withdrawal; only the DelegationManager may call, else OnlyDelegationManager.
    /// Reverts with SharesAmountZero or SharesAmountTooHigh.
    /// @return sharesLeft What the staker still has.
    function removeDepositShares(
        address staker,
        IStrategy strategy,
        uint256 depositSharesToRemove
    ) external returns (uint256 sharesLeft);

    /// @notice Gives a staker shares back from a withdrawal; only the DelegationManager may call, else OnlyDelegationManager.
    /// Reverts with SharesAmountZero or MaxStrategiesExceeded.
    /// @return before The deposit shares it had.
    /// @return added The deposit shares it got.
    function addShares(
        address staker,
        IStrategy strategy,
        uint256 shares
    ) external returns (uint256 before, uint256 added);

    /// @notice Pays a withdrawal out; only the DelegationManager may call, else OnlyDelegationManager.
    function withdrawSharesAsTokens(address staker, IStrategy strategy, IERC20 token, uint256 shares) external;

    /// @notice Burns what a slashing took, or sends it to the recipient of a set that redistributes; anyone may call. Does nothing
    /// where nothing is left.
    /// @return amounts Of each strategy's token, in its smallest unit.
    function clearBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external returns (uint256[] memory amounts);

    /// @notice Notes what a slashing took; only the DelegationManager may call, else OnlyDelegationManager.
    /// Reverts with StrategyAlreadyInSlash.
    function increaseBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 addedSharesToBurn
    ) external;

    /// @notice What a slashing took of a strategy, and is not burnt or redistributed yet.
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external view returns (uint256);

    /// @notice Who may open strategies for deposits.
    function strategyWhitelister() external view returns (address);

    /// @notice Whether `strategy` is open for deposits.
    function strategyIsWhitelistedForDeposit(IStrategy strategy) external view returns (bool);

    /// @notice The deposit shares of `staker` in `strategy`.
    function stakerDepositShares(address staker, IStrategy strategy) external view returns (uint256);

    /// @notice All deposits of `staker`: the strategies, and the deposit shares in each.
    function getDeposits(
        address staker
    ) external view returns (IStrategy[] memory strategies, uint256[] memory depositShares);

    /// @notice EigenLayer's DelegationManager.
    function delegation() external view returns (address);
}
