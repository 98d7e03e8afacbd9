// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {Collection} from "../../../contracts/test/tokens/Collection.sol";
import {Collector, Mood} from "../../../contracts/test/tokens/Collector.sol";
import {Application} from "../support/apps/Application.sol";
import {Dice} from "../support/Dice.sol";
import {check, vm} from "../support/Vm.sol";

/// @notice An ERC-1155 that is locked on the first rollup (BridgeERC1155) and minted on the others (ERC1155Crosschain). On each
/// there is a collector that takes what comes, refuses it, burns all gas, or sends it on from within the delivery.
abstract contract MultiToken is Application {
    uint256 private constant KINDS = 4;
    uint256 private constant SUPPLY = 3_000;

    /// @dev The token on each rollup.
    IERC1155[3] private _tokens;
    Collector[3] private _collectors;

    constructor() {
        _tokens[0] = IERC1155(_create(0, "contracts/test/tokens/Collection.sol:Collection", ""));
        _ends[0] = _create(
            0,
            "contracts/examples/tokens/MultiTokenVault.sol:MultiTokenVault",
            abi.encode(_tokens[0], gateways[0], address(this))
        );
        for (uint256 i = 1; i < 3; ++i) {
            _ends[i] = _create(
                i,
                "contracts/examples/tokens/CrosschainMultiToken.sol:CrosschainMultiToken",
                abi.encode("", gateways[i], address(this))
            );
            _tokens[i] = IERC1155(_ends[i]);
        }
        _link();
        uint256[] memory ids = new uint256[](KINDS);
        uint256[] memory values = new uint256[](KINDS);
        for (uint256 i = 0; i < KINDS; ++i) (ids[i], values[i]) = (i, SUPPLY / _users.length);
        for (uint256 i = 0; i < 3; ++i) {
            _collectors[i] = Collector(_create(i, "contracts/test/tokens/Collector.sol:Collector", ""));
            Collection(address(_tokens[0])).mint(_users[i], ids, values);
            vm.prank(_users[i]);
            _tokens[0].setApprovalForAll(_ends[0], true);
        }
        vm.prank(address(_collectors[0]));
        _tokens[0].setApprovalForAll(_ends[0], true);
    }

    /// @inheritdoc Application
    function checkSupply() external view override {
        for (uint256 id = 0; id < KINDS; ++id) {
            uint256 locked = _tokens[0].balanceOf(_ends[0], id);
            check(
                locked == _held(1, id) + _held(2, id) + inFlight[id],
                "what is locked is not what is minted or on its way"
            );
            check(locked + _held(0, id) == SUPPLY, "the token's own supply changed");
        }
    }

    function _transfer(Dice memory dice) internal override {
        (uint256 source, uint256 destination) = _rollLane(dice);
        address user = dice.oneIn(3) ? address(_collectors[source]) : _rollUser(dice);
        (uint256[] memory ids, uint256[] memory values) = _rollParcels(dice, source, user);
        bytes memory to =
            dice.oneIn(2) ? _on(destination, address(_collectors[destination])) : _rollReceiver(dice, destination);
        bool mayBe = _has(source, user, ids, values);
        _at(source);
        vm.prank(user);
        (bool success, ) = _ends[source].call(
            abi.encodeWithSignature("crosschainTransferFrom(address,bytes,uint256[],uint256[])", user, to, ids, values)
        );
        check(success == mayBe, "a transfer went out that may not, or not that may");
        _reach(success ? "a transfer went out" : "a transfer was refused");
    }

    function _changeMoods(Dice memory dice) internal override {
        (uint256 member, uint256 next) = _rollLane(dice);
        bytes memory to = dice.oneIn(2) ? _on(next, address(_collectors[next])) : _on(next, _rollUser(dice));
        _collectors[member].setMood(Mood(dice.roll(4)), _ends[member], to);
    }

    function _relent() internal override {
        for (uint256 i = 0; i < 3; ++i) _collectors[i].setMood(Mood.Takes, address(0), "");
    }

    function _rollParcels(
        Dice memory dice,
        uint256 source,
        address user
    ) private view returns (uint256[] memory ids, uint256[] memory values) {
        uint256 length = 1 + dice.roll(5);
        ids = new uint256[](length);
        values = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            // The same kind may be in it twice.
            ids[i] = dice.roll(KINDS);
            uint256 balance = _tokens[source].balanceOf(user, ids[i]);
            values[i] = dice.oneIn(12) ? balance + 1 : dice.roll(balance / 2 + 1);
        }
    }

    /// @dev Whether somebody has so much of each kind, all parcels of it together.
    function _has(
        uint256 source,
        address user,
        uint256[] memory ids,
        uint256[] memory values
    ) private view returns (bool) {
        uint256[KINDS] memory sums;
        for (uint256 i = 0; i < ids.length; ++i) sums[ids[i]] += values[i];
        for (uint256 id = 0; id < KINDS; ++id) {
            if (sums[id] > _tokens[source].balanceOf(user, id)) return false;
        }
        return true;
    }

    /// @dev What holders have on a rollup, the vault apart.
    function _held(uint256 member, uint256 id) private view returns (uint256 held) {
        held = _tokens[member].balanceOf(address(_collectors[member]), id);
        for (uint256 i = 0; i < _users.length; ++i) held += _tokens[member].balanceOf(_users[i], id);
    }

    function _parcels(bytes memory payload) internal pure override returns (uint256[] memory, uint256[] memory) {
        (, , uint256[] memory ids, uint256[] memory values, ) = abi.decode(
            payload,
            (bytes, bytes, uint256[], uint256[], bytes)
        );
        return (ids, values);
    }

    function _isHopeless(bytes memory payload) internal pure override returns (bool) {
        (, bytes memory to, , , ) = abi.decode(payload, (bytes, bytes, uint256[], uint256[], bytes));
        return bytes20(to) == 0;
    }

    function _greedyPayload(Dice memory dice, uint256) internal pure override returns (bytes memory) {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory values = new uint256[](1);
        (ids[0], values[0]) = (dice.roll(KINDS), dice.roll(SUPPLY));
        return abi.encode(_on(0, STRANGER), abi.encodePacked(STRANGER), ids, values, "");
    }
}
