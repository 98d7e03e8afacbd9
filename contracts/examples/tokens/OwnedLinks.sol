// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

/// @title Owned links
/// @notice OpenZeppelin's `CrosschainLinked` whose links its owner adds, one for each chain, after both ends stand: so no end has
/// to know another's address before it is there, and a rollup can join later.
///
/// ROLES: the owner links chains that have no link yet. It can neither change nor remove a link, nor use another gateway. But
/// whoever it links is believed: an owner that links a counterpart of its own on a fresh chain can take what is locked, or mint.
/// `renounceOwnership` once all links are there ends that for good.
abstract contract OwnedLinks is Ownable, CrosschainLinked {
    /// @notice The ERC-7786 gateway, of both directions and all links.
    address public immutable GATEWAY;

    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(address gateway, address owner) Ownable(owner) CrosschainLinked(new Link[](0)) {
        GATEWAY = gateway;
    }

    /// @notice Links counterparts on other chains, for good. For the owner; reverts with `LinkAlreadyRegistered` if one of the
    /// chains has a link.
    /// @param counterparts Their ERC-7930 addresses.
    function link(bytes[] calldata counterparts) external onlyOwner {
        for (uint256 i = 0; i < counterparts.length; ++i) {
            _setLink(GATEWAY, counterparts[i], false);
        }
    }
}
