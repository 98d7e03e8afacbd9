// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC721} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title NFT vault
/// @notice OpenZeppelin's `BridgeERC721` on the chain where an ERC-721 lives: it locks what leaves, and releases what comes back.
/// Its counterparts on other chains are `CrosschainNft`s. Move tokens by `crosschainTransferFrom` alone: one that is sent here
/// by a plain transfer is lost.
contract NftVault is BridgeERC721, OwnedLinks {
    /// @param token_ The token.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(IERC721 token_, address gateway, address owner) BridgeERC721(token_) OwnedLinks(gateway, owner) {}
}
