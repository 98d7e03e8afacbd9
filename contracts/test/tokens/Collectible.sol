// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice An ERC-721 that anyone may mint and freeze.
contract Collectible is ERC721("Collectible", "COL") {
    mapping(uint256 id => bool) public isFrozen;

    error Frozen(uint256 id);

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function freeze(uint256 id, bool frozen) external {
        isFrozen[id] = frozen;
    }

    function _update(address to, uint256 id, address auth) internal override returns (address) {
        require(!isFrozen[id], Frozen(id));
        return super._update(to, id, auth);
    }
}
