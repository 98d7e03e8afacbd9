// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Crosschain} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Crosschain.sol";
import {multiTokenAttributes} from "./multiTokenAttributes.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Crosschain multi-token
/// @notice OpenZeppelin's `ERC1155Crosschain`: a token that is its own bridge. It burns what leaves and mints what arrives, under
/// the same ids; what it stands for is locked in a `MultiTokenVault`.
contract CrosschainMultiToken is ERC1155Crosschain, OwnedLinks {
    /// @param uri_ URI of the tokens' metadata, as ERC-1155 has it.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(string memory uri_, address gateway, address owner) ERC1155(uri_) OwnedLinks(gateway, owner) {}

    /// @dev Asks for gas by the number of ids; see `multiTokenAttributes`.
    function _sendMessageToCounterpart(
        bytes memory chain,
        bytes memory payload,
        bytes[] memory
    ) internal override(CrosschainLinked) returns (bytes32) {
        return super._sendMessageToCounterpart(chain, payload, multiTokenAttributes(payload));
    }
}
