// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeableToken} from "../../../contracts/examples/tokens/BridgeableToken.sol";
import {Application} from "../support/apps/Application.sol";
import {FungibleMoves} from "../support/apps/FungibleMoves.sol";
import {Dice} from "../support/Dice.sol";
import {check} from "../support/Vm.sol";

/// @notice An ERC-7802 token on all rollups, burned and minted by a bridge on each (BridgeERC7802); now and then one of the
/// bridges has no leave to.
abstract contract MintedToken is FungibleMoves {
    BridgeableToken[3] private _tokens;

    constructor() {
        for (uint256 i = 0; i < 3; ++i) {
            _tokens[i] = BridgeableToken(
                _create(
                    i,
                    "contracts/examples/tokens/BridgeableToken.sol:BridgeableToken",
                    abi.encode("Minted", "MINT", address(this), SUPPLY, _chainId(0))
                )
            );
            _ends[i] = _create(
                i,
                "contracts/examples/tokens/MintingBridge.sol:MintingBridge",
                abi.encode(_tokens[i], gateways[i], address(this))
            );
        }
        _link();
        _relent();
        for (uint256 i = 0; i < _users.length; ++i) {
            check(_tokens[0].transfer(_users[i], SUPPLY / _users.length), "not transferred");
        }
    }

    /// @inheritdoc Application
    function checkSupply() external view override {
        uint256 supply = inFlight[0];
        for (uint256 i = 0; i < 3; ++i) supply += _tokens[i].totalSupply();
        check(supply == SUPPLY, "what there is on all rollups and on its way is not the supply");
    }

    function _balanceOf(uint256 member, address user) internal view override returns (uint256) {
        return _tokens[member].balanceOf(user);
    }

    function _mayLeave(uint256 member) internal view override returns (bool) {
        return _tokens[member].hasRole(_tokens[member].BRIDGE_ROLE(), _ends[member]);
    }

    function _changeMoods(Dice memory dice) internal override {
        uint256 member = dice.roll(3);
        bytes32 role = _tokens[member].BRIDGE_ROLE();
        if (_mayLeave(member)) _tokens[member].revokeRole(role, _ends[member]);
        else _tokens[member].grantRole(role, _ends[member]);
    }

    function _relent() internal override {
        for (uint256 i = 0; i < 3; ++i) _tokens[i].grantRole(_tokens[i].BRIDGE_ROLE(), _ends[i]);
    }
}
