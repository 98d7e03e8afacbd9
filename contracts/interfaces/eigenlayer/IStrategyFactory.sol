// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStrategy} from "./IStrategy.sol";

/// @title EigenLayer's StrategyFactory, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Anyone may give a token its strategy. Leaves out the owner's powers (blacklist, whitelist) and duration vaults.
interface IStrategyFactory {
    /// @notice `token` got its strategy.
    event StrategySetForToken(IERC20 token, IStrategy strategy);

    /// @notice The token has its strategy already.
    error StrategyAlreadyExists();

    /// @notice Deploys the strategy of a token and opens it for deposits; anyone may call.
    /// Reverts with StrategyAlreadyExists.
    function deployNewStrategy(IERC20 token) external returns (IStrategy newStrategy);

    /// @notice The strategy this factory made for `token`; zero if none.
    function deployedStrategies(IERC20 token) external view returns (IStrategy);

    /// @notice EigenLayer's StrategyManager.
    function strategyManager() external view returns (address);
}
