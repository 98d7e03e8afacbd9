// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC7802} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC7802.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {StakeBound} from "./StakeBound.sol";

/// @title Stake-bounded bridge of a token that it mints
/// @notice OpenZeppelin's `BridgeERC7802`, which burns and mints, with a bound on what it mints on operators' word: the
/// counterpart of a `StakeBoundedBridge`, or of its like on other chains.
contract StakeBoundedBridgeERC7802 is BridgeERC7802, StakeBound {
    /// @param token_ The token, which lets this bridge mint and burn.
    /// @param links For each other chain: this chain's Gateway, and the counterpart's ERC-7930 address.
    /// @param terms_ The bound's terms.
    /// @param owner_ Who values the stake, up to the terms' ceiling.
    constructor(
        IERC7802 token_,
        Link[] memory links,
        Terms memory terms_,
        address owner_
    ) BridgeERC7802(token_) CrosschainLinked(links) StakeBound(terms_, owner_) {}

    /// @dev Only the linked Gateway gets here, by `receiveMessage`.
    function _onReceive(address to, uint256 amount) internal override {
        _requireRoom(amount);
        super._onReceive(to, amount);
    }
}
