// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";

/// @title Stand-in for EigenLayer's StrategyBase, for simulated chains
/// @notice A share is one smallest unit of the token, always: tokens sent here outside the StrategyManager change nothing. Leaves out
/// that exchange rate, hooks around shares, and pausing.
contract DevnetStrategy is IStrategy {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_TOTAL_SHARES = 1e38 - 1;

    /// @inheritdoc IStrategy
    IERC20 public immutable override underlyingToken;

    /// @inheritdoc IStrategy
    uint256 public override totalShares;

    constructor(IERC20 token) {
        underlyingToken = token;
        emit StrategyTokenSet(token, IERC20Metadata(address(token)).decimals());
    }

    /// @inheritdoc IStrategy
    function deposit(IERC20 token, uint256 amount) external returns (uint256 newShares) {
        require(msg.sender == STRATEGY_MANAGER, OnlyStrategyManager());
        require(token == underlyingToken, OnlyUnderlyingToken());
        require(amount != 0, NewSharesZero());
        totalShares += amount;
        require(totalShares <= MAX_TOTAL_SHARES, TotalSharesExceedsMax());
        return amount;
    }

    /// @inheritdoc IStrategy
    function withdraw(address recipient, IERC20 token, uint256 amountShares) external returns (uint256 amountOut) {
        require(msg.sender == STRATEGY_MANAGER, OnlyStrategyManager());
        require(token == underlyingToken, OnlyUnderlyingToken());
        require(amountShares <= totalShares, WithdrawalAmountExceedsTotalDeposits());
        totalShares -= amountShares;
        token.safeTransfer(recipient, amountShares);
        return amountShares;
    }

    /// @inheritdoc IStrategy
    function shares(address staker) external view returns (uint256) {
        return IStrategyManager(STRATEGY_MANAGER).stakerDepositShares(staker, this);
    }

    /// @inheritdoc IStrategy
    function sharesToUnderlyingView(uint256 amountShares) external pure returns (uint256) {
        return amountShares;
    }

    /// @inheritdoc IStrategy
    function underlyingToSharesView(uint256 amountUnderlying) external pure returns (uint256) {
        return amountUnderlying;
    }
}
