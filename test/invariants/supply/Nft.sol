// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC721} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC721.sol";
import {Collectible} from "../../../contracts/test/tokens/Collectible.sol";
import {Application} from "../support/apps/Application.sol";
import {Dice} from "../support/Dice.sol";
import {check, vm} from "../support/Vm.sol";

/// @notice An ERC-721 that is locked on the first rollup (BridgeERC721) and minted on the others (ERC721Crosschain); now and then
/// the original is frozen.
abstract contract Nft is Application {
    uint256 private constant TOKENS = 8;

    Collectible private immutable TOKEN;

    constructor() {
        TOKEN = Collectible(_create(0, "contracts/test/tokens/Collectible.sol:Collectible", ""));
        _ends[0] = _create(
            0,
            "contracts/examples/tokens/NftVault.sol:NftVault",
            abi.encode(TOKEN, gateways[0], address(this))
        );
        for (uint256 i = 1; i < 3; ++i) {
            _ends[i] = _create(
                i,
                "contracts/examples/tokens/CrosschainNft.sol:CrosschainNft",
                abi.encode("Minted", "MINT", gateways[i], address(this))
            );
        }
        _link();
        for (uint256 i = 0; i < TOKENS; ++i) TOKEN.mint(_users[i % _users.length], i);
        for (uint256 i = 0; i < _users.length; ++i) {
            vm.prank(_users[i]);
            TOKEN.setApprovalForAll(_ends[0], true);
        }
    }

    /// @inheritdoc Application
    function checkSupply() external view override {
        for (uint256 id = 0; id < TOKENS; ++id) {
            uint256 minted = (_ownerOf(1, id) == address(0) ? 0 : 1) + (_ownerOf(2, id) == address(0) ? 0 : 1);
            uint256 locked = TOKEN.ownerOf(id) == _ends[0] ? 1 : 0;
            check(locked == minted + inFlight[id], "a token is twice, or nowhere");
        }
    }

    function _transfer(Dice memory dice) internal override {
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint256 id = dice.roll(TOKENS + 1);
        address owner = _ownerOf(source, id);
        address user = dice.oneIn(3) ? _rollUser(dice) : owner;
        bool mayBe = user == owner && owner != address(0) && (source != 0 || !TOKEN.isFrozen(id));
        // A vault owns what it locked; it sends nothing by itself.
        if (user == _ends[0]) (user, mayBe) = (STRANGER, false);
        bytes memory to = _rollReceiver(dice, destination);
        _at(source);
        vm.prank(user);
        (bool success, ) = _ends[source].call(abi.encodeCall(BridgeERC721.crosschainTransferFrom, (owner, to, id)));
        check(success == mayBe, "a transfer went out that may not, or not that may");
        _reach(success ? "a transfer went out" : "a transfer was refused");
    }

    function _changeMoods(Dice memory dice) internal override {
        uint256 id = dice.roll(TOKENS);
        TOKEN.freeze(id, !TOKEN.isFrozen(id));
    }

    function _relent() internal override {
        for (uint256 id = 0; id < TOKENS; ++id) TOKEN.freeze(id, false);
    }

    function _ownerOf(uint256 member, uint256 id) private view returns (address owner) {
        (bool success, bytes memory result) = (member == 0 ? address(TOKEN) : _ends[member]).staticcall(
            abi.encodeCall(TOKEN.ownerOf, (id))
        );
        if (success) owner = abi.decode(result, (address));
    }

    function _parcels(bytes memory payload) internal pure override returns (uint256[] memory, uint256[] memory) {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        (, , ids[0]) = abi.decode(payload, (bytes, bytes, uint256));
        amounts[0] = 1;
        return (ids, amounts);
    }

    function _isHopeless(bytes memory payload) internal pure override returns (bool) {
        (, bytes memory to, ) = abi.decode(payload, (bytes, bytes, uint256));
        return bytes20(to) == 0;
    }

    function _greedyPayload(Dice memory dice, uint256) internal pure override returns (bytes memory) {
        return abi.encode(_on(0, STRANGER), abi.encodePacked(STRANGER), dice.roll(TOKENS));
    }
}
