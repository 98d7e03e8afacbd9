// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {BridgeERC1155} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC1155.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {multiTokenAttributes} from "./multiTokenAttributes.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Multi-token vault
/// @notice OpenZeppelin's `BridgeERC1155` on the chain where an ERC-1155 lives: it locks what leaves, and releases what comes
/// back. Its counterparts on other chains are `CrosschainMultiToken`s.
contract MultiTokenVault is BridgeERC1155, OwnedLinks {
    /// @param token_ The token.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(IERC1155 token_, address gateway, address owner) BridgeERC1155(token_) OwnedLinks(gateway, owner) {}

    /// @dev Asks for gas by the number of ids; see `multiTokenAttributes`.
    function _sendMessageToCounterpart(
        bytes memory chain,
        bytes memory payload,
        bytes[] memory
    ) internal override(CrosschainLinked) returns (bytes32) {
        return super._sendMessageToCounterpart(chain, payload, multiTokenAttributes(payload));
    }
}
