// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A token for tests that a bridge may mint, and that can be told to misbehave in its next transfer by allowance
contract OddToken is ERC20Bridgeable {
    address private _bridge;
    uint256 private _fee;
    address private _target;
    bytes private _call;

    error NotTheBridge(address caller);

    constructor() ERC20("Odd", "ODD") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setBridge(address bridge) external {
        _bridge = bridge;
        _approve(address(this), bridge, type(uint256).max);
    }

    /// @dev Takes so much off the next transfer.
    function takeFee(uint256 fee) external {
        _fee = fee;
    }

    /// @dev Makes this call in the next transfer.
    function callBack(address target, bytes calldata data) external {
        _target = target;
        _call = data;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        super.transferFrom(from, to, amount);
        (uint256 fee, bytes memory data) = (_fee, _call);
        (_fee, _call) = (0, "");
        _burn(to, fee);
        if (data.length != 0) Address.functionCall(_target, data);
        return true;
    }

    function _checkTokenBridge(address caller) internal view override {
        require(caller == _bridge, NotTheBridge(caller));
    }
}
