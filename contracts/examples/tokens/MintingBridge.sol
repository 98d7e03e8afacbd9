// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC7802} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC7802.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Minting bridge
/// @notice OpenZeppelin's `BridgeERC7802`, of one ERC-7802 token: it burns what leaves and mints what arrives. It needs the
/// token's leave to do so. Its counterparts are the like on other chains.
contract MintingBridge is BridgeERC7802, OwnedLinks {
    /// @param token_ The token.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(IERC7802 token_, address gateway, address owner) BridgeERC7802(token_) OwnedLinks(gateway, owner) {}
}
