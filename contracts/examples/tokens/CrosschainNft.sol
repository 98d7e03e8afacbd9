// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Crosschain} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Crosschain.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Crosschain NFT
/// @notice OpenZeppelin's `ERC721Crosschain`: a token that is its own bridge. It burns what leaves and mints what arrives, under
/// the same ids; what it stands for is locked in an `NftVault`.
contract CrosschainNft is ERC721Crosschain, OwnedLinks {
    /// @param name_ Its name.
    /// @param symbol_ Its symbol.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(
        string memory name_,
        string memory symbol_,
        address gateway,
        address owner
    ) ERC721(name_, symbol_) OwnedLinks(gateway, owner) {}
}
