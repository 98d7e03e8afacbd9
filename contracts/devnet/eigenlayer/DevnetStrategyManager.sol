// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EnumerableMap} from "@openzeppelin/contracts/utils/structs/EnumerableMap.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {ALLOCATION_MANAGER, DELEGATION_MANAGER, STRATEGY_FACTORY} from "./EigenLayerAddresses.sol";

/// @title Stand-in for EigenLayer's StrategyManager, for simulated chains
/// @notice Its whitelister is the StrategyFactory, as on mainnet. Leaves out deposits by signature, clearing the slashed shares of
/// one strategy alone, lists of what is not cleared yet, closing a strategy, changing the whitelister, the reentrancy guard, and pausing.
contract DevnetStrategyManager is IStrategyManager {
    using EnumerableMap for EnumerableMap.AddressToUintMap;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_STRATEGIES = 32;

    /// @inheritdoc IStrategyManager
    mapping(IStrategy strategy => bool isOpen) public override strategyIsWhitelistedForDeposit;

    /// @inheritdoc IStrategyManager
    mapping(address staker => mapping(IStrategy strategy => uint256 shares)) public override stakerDepositShares;

    mapping(address staker => IStrategy[] strategies) private _strategiesOf;
    mapping(bytes32 setKey => mapping(uint256 slashId => EnumerableMap.AddressToUintMap shares)) private _slashed;

    modifier onlyDelegationManager() {
        require(msg.sender == DELEGATION_MANAGER, OnlyDelegationManager());
        _;
    }

    /// @inheritdoc IStrategyManager
    function depositIntoStrategy(
        IStrategy strategy,
        IERC20 token,
        uint256 amount
    ) external returns (uint256 depositShares) {
        require(strategyIsWhitelistedForDeposit[strategy], StrategyNotWhitelisted());
        token.safeTransferFrom(msg.sender, address(strategy), amount);
        depositShares = strategy.deposit(token, amount);

        uint256 before = _addShares(msg.sender, strategy, depositShares);
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
    function removeDepositShares(
        address staker,
        IStrategy strategy,
        uint256 depositSharesToRemove
    ) external onlyDelegationManager returns (uint256 sharesLeft) {
        require(depositSharesToRemove != 0, SharesAmountZero());
        uint256 before = stakerDepositShares[staker][strategy];
        require(depositSharesToRemove <= before, SharesAmountTooHigh());
        sharesLeft = before - depositSharesToRemove;
        stakerDepositShares[staker][strategy] = sharesLeft;
        if (sharesLeft == 0) _forget(staker, strategy);
    }

    /// @inheritdoc IStrategyManager
    function addShares(
        address staker,
        IStrategy strategy,
        uint256 shares
    ) external onlyDelegationManager returns (uint256 before, uint256 added) {
        return (_addShares(staker, strategy, shares), shares);
    }

    /// @inheritdoc IStrategyManager
    function withdrawSharesAsTokens(
        address staker,
        IStrategy strategy,
        IERC20 token,
        uint256 shares
    ) external onlyDelegationManager {
        strategy.withdraw(staker, token, shares);
    }

    /// @inheritdoc IStrategyManager
    function increaseBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint256 addedSharesToBurn
    ) external onlyDelegationManager {
        require(
            _slashed[operatorSet.key()][slashId].set(address(strategy), addedSharesToBurn),
            StrategyAlreadyInSlash()
        );
        emit BurnOrRedistributableSharesIncreased(operatorSet, slashId, strategy, addedSharesToBurn);
    }

    /// @inheritdoc IStrategyManager
    function clearBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId
    ) external returns (uint256[] memory amounts) {
        EnumerableMap.AddressToUintMap storage slashed = _slashed[operatorSet.key()][slashId];
        address[] memory strategies = slashed.keys();
        amounts = new uint256[](strategies.length);
        address recipient = IAllocationManager(ALLOCATION_MANAGER).getRedistributionRecipient(operatorSet);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy strategy = IStrategy(strategies[i]);
            uint256 shares = slashed.get(strategies[i]);
            slashed.remove(strategies[i]);
            if (shares == 0) continue;
            amounts[i] = strategy.withdraw(recipient, strategy.underlyingToken(), shares);
            emit BurnOrRedistributableSharesDecreased(operatorSet, slashId, strategy, shares);
        }
    }

    /// @inheritdoc IStrategyManager
    function getBurnOrRedistributableShares(
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy
    ) external view returns (uint256 shares) {
        (, shares) = _slashed[operatorSet.key()][slashId].tryGet(address(strategy));
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

    function _addShares(address staker, IStrategy strategy, uint256 shares) private returns (uint256 before) {
        require(shares != 0, SharesAmountZero());
        before = stakerDepositShares[staker][strategy];
        if (before == 0) {
            require(_strategiesOf[staker].length < MAX_STRATEGIES, MaxStrategiesExceeded());
            _strategiesOf[staker].push(strategy);
        }
        stakerDepositShares[staker][strategy] = before + shares;
        emit Deposit(staker, strategy, shares);
    }

    /// @dev Takes a strategy, which is there, off the staker's list.
    function _forget(address staker, IStrategy strategy) private {
        IStrategy[] storage strategies = _strategiesOf[staker];
        uint256 i = 0;
        while (strategies[i] != strategy) ++i;
        strategies[i] = strategies[strategies.length - 1];
        strategies.pop();
    }
}
