// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A strategy of EigenLayer, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Keeps one token and counts shares of it. Leaves out the hooks around shares.
interface IStrategy {
    /// @notice The strategy now keeps `token`.
    event StrategyTokenSet(IERC20 token, uint8 decimals);

    /// @notice The caller is not the StrategyManager.
    error OnlyStrategyManager();

    /// @notice The token is not the one this strategy keeps.
    error OnlyUnderlyingToken();

    /// @notice The amount is worth no share.
    error NewSharesZero();

    /// @notice More than 1e38 - 1 shares.
    error TotalSharesExceedsMax();

    /// @notice More shares than there are.
    error WithdrawalAmountExceedsTotalDeposits();

    /// @notice Counts tokens that have just been transferred here; only the StrategyManager may call.
    /// Reverts with OnlyStrategyManager, OnlyUnderlyingToken, NewSharesZero or TotalSharesExceedsMax.
    /// @param token The token that was transferred.
    /// @param amount How much of it, in its smallest unit.
    /// @return newShares The shares it is worth.
    function deposit(IERC20 token, uint256 amount) external returns (uint256 newShares);

    /// @notice Pays out shares; only the StrategyManager may call.
    /// Reverts with OnlyStrategyManager, OnlyUnderlyingToken or WithdrawalAmountExceedsTotalDeposits.
    /// @param recipient Who gets the tokens.
    /// @param token What this strategy keeps.
    /// @param amountShares How many shares.
    /// @return amountOut What they were worth in the token's smallest unit.
    function withdraw(address recipient, IERC20 token, uint256 amountShares) external returns (uint256 amountOut);

    /// @notice The token this strategy keeps.
    function underlyingToken() external view returns (IERC20);

    /// @notice All shares of this strategy.
    function totalShares() external view returns (uint256);

    /// @notice The deposit shares of `staker`, as the StrategyManager counts them.
    function shares(address staker) external view returns (uint256);

    /// @notice What `amountShares` are worth in the token's smallest unit.
    function sharesToUnderlyingView(uint256 amountShares) external view returns (uint256);

    /// @notice The shares that `amountUnderlying` of the token's smallest unit is worth.
    function underlyingToSharesView(uint256 amountUnderlying) external view returns (uint256);
}
