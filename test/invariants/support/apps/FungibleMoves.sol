// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeFungible} from "@openzeppelin/contracts/crosschain/bridges/abstract/BridgeFungible.sol";
import {Dice} from "../Dice.sol";
import {check, vm} from "../Vm.sol";
import {Application} from "./Application.sol";

/// @notice How users move fungible tokens, and what its messages say.
abstract contract FungibleMoves is Application {
    uint256 internal constant SUPPLY = 3_000_000;

    function _balanceOf(uint256 member, address user) internal view virtual returns (uint256);

    /// @dev Whether anything may leave a rollup now.
    function _mayLeave(uint256) internal view virtual returns (bool) {
        return true;
    }

    function _transfer(Dice memory dice) internal override {
        (uint256 source, uint256 destination) = _rollLane(dice);
        address user = _rollUser(dice);
        uint256 balance = _balanceOf(source, user);
        // All of it, a part, nothing, or one more than there is.
        uint256 amount = dice.oneIn(4) ? balance : dice.roll(balance + 2);
        bool mayBe = amount <= balance && _mayLeave(source);
        bytes memory to = _rollReceiver(dice, destination);
        if (dice.oneIn(10)) (to, mayBe) = (_on(3, user), false); // a rollup that there is not
        _at(source);
        vm.prank(user);
        (bool success, ) = _ends[source].call(abi.encodeCall(BridgeFungible.crosschainTransfer, (to, amount)));
        check(success == mayBe, "a transfer went out that may not, or not that may");
        _reach(success ? "a transfer went out" : "a transfer was refused");
    }

    function _parcels(bytes memory payload) internal pure override returns (uint256[] memory, uint256[] memory) {
        (, , uint256 amount) = abi.decode(payload, (bytes, bytes, uint256));
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = amount;
        return (new uint256[](1), amounts);
    }

    function _isHopeless(bytes memory payload) internal pure override returns (bool) {
        (, bytes memory to, ) = abi.decode(payload, (bytes, bytes, uint256));
        return bytes20(to) == 0;
    }

    function _greedyPayload(Dice memory dice, uint256) internal pure override returns (bytes memory) {
        return abi.encode(_on(0, STRANGER), abi.encodePacked(STRANGER), dice.roll(SUPPLY));
    }
}
