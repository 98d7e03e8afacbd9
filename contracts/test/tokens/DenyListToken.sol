// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice An ERC-20 that anyone may mint, and that refuses to move to accounts on a list, as stablecoins do.
contract DenyListToken is ERC20 {
    mapping(address account => bool) public isDenied;

    error Denied(address account);

    constructor() ERC20("Deny-list token", "DENY") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function deny(address account, bool denied) external {
        isDenied[account] = denied;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!isDenied[to], Denied(to));
        super._update(from, to, amount);
    }
}
