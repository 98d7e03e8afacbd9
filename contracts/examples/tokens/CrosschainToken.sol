// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Crosschain} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Crosschain.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Crosschain token
/// @notice OpenZeppelin's `ERC20Crosschain`: a token that is its own bridge. It burns what leaves and mints what arrives, and
/// there is none of it at first: what it stands for is locked in a `TokenVault`.
contract CrosschainToken is ERC20Crosschain, OwnedLinks {
    uint8 private immutable DECIMALS;

    /// @param name_ Its name.
    /// @param symbol_ Its symbol.
    /// @param decimals_ Its decimals: those of the token that it stands for.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address gateway,
        address owner
    ) ERC20(name_, symbol_) OwnedLinks(gateway, owner) {
        DECIMALS = decimals_;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
