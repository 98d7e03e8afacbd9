// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token for devnets and tests: anyone mints as much as they like
/// @notice Stands for the staked token behind a strategy of the EigenLayer stand-in. Leaves out everything but ERC-20 with 18 decimals.
contract DevnetToken is ERC20 {
    constructor(string memory name_, string memory symbol_) ERC20(name_, symbol_) {}

    /// @notice Gives `to` new tokens; anyone may call.
    /// @param to Who gets them.
    /// @param amount How much, in 1e-18 of a token.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
