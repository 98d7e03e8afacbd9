// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC20} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC20.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {StakeBound} from "./StakeBound.sol";

/// @title Stake-bounded bridge
/// @notice OpenZeppelin's `BridgeERC20`, which keeps a token and releases it to who comes back with it, with a bound on what
/// it releases on operators' word. Its counterparts, which mint, need the same bound (`StakeBoundedBridgeERC7802`): what a
/// lie minted there would come back here with a true message.
///
/// TOKENS: what arrives must be what was sent for, so tokens that take a fee are refused as they are sent. Tokens whose
/// balances change by themselves (rebasing) do not fit: the bridge cannot see it.
contract StakeBoundedBridge is BridgeERC20, StakeBound, ReentrancyGuardTransient {
    /// @notice The token did not bring what it was asked for.
    error AmountNotReceived(uint256 amount, uint256 received);

    /// @param token_ The token to keep.
    /// @param links For each other chain: this chain's Gateway, and the counterpart's ERC-7930 address.
    /// @param terms_ The bound's terms.
    /// @param owner_ Who values the stake, up to the terms' ceiling.
    constructor(
        IERC20 token_,
        Link[] memory links,
        Terms memory terms_,
        address owner_
    ) BridgeERC20(token_) CrosschainLinked(links) StakeBound(terms_, owner_) {}

    /// @dev Not to be entered by the token: what came in meanwhile would be taken for this transfer's.
    function _onSend(address from, uint256 amount) internal override nonReentrant {
        uint256 before = token().balanceOf(address(this));
        super._onSend(from, amount);
        uint256 received = token().balanceOf(address(this)) - before;
        require(received == amount, AmountNotReceived(amount, received));
    }

    /// @dev Only the linked Gateway gets here, by `receiveMessage`.
    function _onReceive(address to, uint256 amount) internal override {
        _requireRoom(amount);
        super._onReceive(to, amount);
    }
}
