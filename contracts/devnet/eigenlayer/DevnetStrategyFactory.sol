// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyFactory} from "../../interfaces/eigenlayer/IStrategyFactory.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {DevnetStrategy} from "./DevnetStrategy.sol";
import {STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";

/// @title Stand-in for EigenLayer's StrategyFactory, for simulated chains
/// @notice Leaves out the beacon behind the strategies, the owner's powers (blacklist, whitelist), duration vaults, and pausing.
contract DevnetStrategyFactory is IStrategyFactory {
    /// @inheritdoc IStrategyFactory
    mapping(IERC20 token => IStrategy strategy) public override deployedStrategies;

    /// @inheritdoc IStrategyFactory
    function deployNewStrategy(IERC20 token) external returns (IStrategy newStrategy) {
        require(address(deployedStrategies[token]) == address(0), StrategyAlreadyExists());
        newStrategy = new DevnetStrategy(token);
        deployedStrategies[token] = newStrategy;
        emit StrategySetForToken(token, newStrategy);
        IStrategy[] memory opened = new IStrategy[](1);
        opened[0] = newStrategy;
        IStrategyManager(STRATEGY_MANAGER).addStrategiesToDepositWhitelist(opened);
    }

    /// @inheritdoc IStrategyFactory
    function strategyManager() external pure returns (address) {
        return STRATEGY_MANAGER;
    }
}
