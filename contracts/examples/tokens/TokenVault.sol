// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BridgeERC20} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Token vault
/// @notice OpenZeppelin's `BridgeERC20` on the chain where an ERC-20 lives: it locks what leaves, and releases what comes back.
/// Its counterparts on other chains are `CrosschainToken`s, which may be linked among each other too: all that they have minted
/// is locked here, once.
/// The token must neither take fees of transfers nor rebase: what is locked would no longer be what is minted.
contract TokenVault is BridgeERC20, OwnedLinks {
    /// @param token_ The token.
    /// @param gateway The ERC-7786 gateway of this chain.
    /// @param owner Who may add links.
    constructor(IERC20 token_, address gateway, address owner) BridgeERC20(token_) OwnedLinks(gateway, owner) {}
}
