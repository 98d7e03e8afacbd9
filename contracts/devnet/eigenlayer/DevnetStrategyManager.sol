// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {DELEGATION_MANAGER, STRATEGY_FACTORY} from "./EigenLayerAddresses.sol";

/// @title Stand-in for EigenLayer's StrategyManager, for simulated chains
/// @notice Its whitelister is the StrategyFactory, as on mainnet. Leaves out deposits by signature, withdrawals, clearing of slashed
/// shares (they stay noted), closing a strategy, changing the whitelister, the reentrancy guard, and pausing.
contract DevnetStrategyManager is IStrategyManager {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_STRATEGIES = 32;

    /// @inheritdoc IStrategyManager
    mapping(IStrategy strategy => bool isOpen) public override strategyIsWhitelistedForDeposit;

    /// @inheritdoc IStrategyManager
    mapping(address staker => mapping(IStrategy strategy => uint256 shares)) public override stakerDepositShares;

    mapping(address staker => IStrategy[] strategies) private _strategiesOf;
    mapping(bytes32 setKey => mapping(uint256 slashId => mapping(IStrategy strategy => uint256 shares)))
        private _slashedShares;
    mapping(bytes32 setKey => mapping(uint256 slashId => mapping(IStrategy strategy => bool))) private _isNoted;

    /// @inheritdoc IStrategyManager
    function depositIntoStrategy(
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) external returns (uint256 depositShares) {
        require(strategyIsWhitelistedForDeposit[strategy], StrategyNotWhitelisted());
        token.safeTransferFrom(msg.sender, address(strategy), amount);
        depositShares = strategy.deposit(token, amount);

        uint256 before = stakerDepositShares[msg.sender][strategy];
        if (before == 0) {
            require(_strategiesOf[msg.sender].length < MAX_STRATEGIES, MaxStrategiesExceeded());
            _strategiesOf[msg.sender].push(strategy);
        }
        stakerDepositShares[msg.sender][strategy] = before + depositShares;
        emit Deposit(msg.sender, strategy, depositShares);

        IDelegationManager(DELEGATION_MANAGER).increaseDelegatedShares(msg.sender, strategy, before, depositShares);
    }

    /// @inheritdoc IStrategyManager
    function addStrategiesToDepositWhitelist(IStrategy[] calldata strategies) external {
        require(msg.sender == STRATEGY_FACTORY, OnlyStrategyWhitelister());
        for (uint256 i = 0; i < strategies.length; ++i) {
            strategyIsWhitelistedForDeposit[strategies[i]] = true;
            emit StrategyAddedToDepositWhitelist(strategies[i]);
        }
    }

    /// @inheritdoc IStrategyManager
    function increaseBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 addedSharesToBurn
    ) external {
        require(msg.sender == DELEGATION_MANAGER, OnlyDelegationManager());
        bytes32 setKey = operatorSet.key();
        require(!_isNoted[setKey][slashId][strategy], StrategyAlreadyInSlash());
        _isNoted[setKey][slashId][strategy] = true;
        _slashedShares[setKey][slashId][strategy] = addedSharesToBurn;
        emit BurnOrRedistributableSharesIncreased(operatorSet, slashId, strategy, addedSharesToBurn);
    }

    /// @inheritdoc IStrategyManager
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external view returns (uint256) {
        return _slashedShares[operatorSet.key()][slashId][strategy];
    }

    /// @inheritdoc IStrategyManager
    function getDeposits(
        address staker
    ) external view returns (IStrategy[] memory strategies, uint256[] memory depositShares) {
        strategies = _strategiesOf[staker];
        depositShares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            depositShares[i] = stakerDepositShares[staker][strategies[i]];
        }
    }

    /// @inheritdoc IStrategyManager
    function strategyWhitelister() external pure returns (address) {
        return STRATEGY_FACTORY;
    }

    /// @inheritdoc IStrategyManager
    function delegation() external pure returns (address) {
        return DELEGATION_MANAGER;
    }
}
