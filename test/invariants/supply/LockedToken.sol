// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainToken} from "../../../contracts/examples/tokens/CrosschainToken.sol";
import {DenyListToken} from "../../../contracts/test/tokens/DenyListToken.sol";
import {Application} from "../support/apps/Application.sol";
import {FungibleMoves} from "../support/apps/FungibleMoves.sol";
import {Dice} from "../support/Dice.sol";
import {check, vm} from "../support/Vm.sol";

/// @notice An ERC-20 that is locked on the first rollup (BridgeERC20) and minted on the others (ERC20Crosschain).
abstract contract LockedToken is FungibleMoves {
    DenyListToken private immutable TOKEN;

    constructor() {
        TOKEN = DenyListToken(_create(0, "contracts/test/tokens/DenyListToken.sol:DenyListToken", ""));
        _ends[0] = _create(
            0,
            "contracts/examples/tokens/TokenVault.sol:TokenVault",
            abi.encode(TOKEN, gateways[0], address(this))
        );
        for (uint256 i = 1; i < 3; ++i) {
            _ends[i] = _create(
                i,
                "contracts/examples/tokens/CrosschainToken.sol:CrosschainToken",
                abi.encode("Minted", "MINT", uint8(18), gateways[i], address(this))
            );
        }
        _link();
        for (uint256 i = 0; i < _users.length; ++i) {
            TOKEN.mint(_users[i], SUPPLY / _users.length);
            vm.prank(_users[i]);
            TOKEN.approve(_ends[0], type(uint256).max);
        }
    }

    /// @inheritdoc Application
    function checkSupply() external view override {
        uint256 minted = CrosschainToken(_ends[1]).totalSupply() + CrosschainToken(_ends[2]).totalSupply();
        check(TOKEN.balanceOf(_ends[0]) == minted + inFlight[0], "what is locked is not what is minted or on its way");
        check(TOKEN.totalSupply() == SUPPLY, "the token's own supply changed");
    }

    function _balanceOf(uint256 member, address user) internal view override returns (uint256) {
        return member == 0 ? TOKEN.balanceOf(user) : CrosschainToken(_ends[member]).balanceOf(user);
    }

    function _changeMoods(Dice memory dice) internal override {
        address user = _rollUser(dice);
        TOKEN.deny(user, !TOKEN.isDenied(user));
    }

    function _relent() internal override {
        for (uint256 i = 0; i < _users.length; ++i) TOKEN.deny(_users[i], false);
    }
}
