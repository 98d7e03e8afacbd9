// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title Bridgeable token
/// @notice An ERC-7802 token, on OpenZeppelin's `ERC20Bridgeable`: bridges that have the role burn and mint it. With the same
/// arguments it has the same address on each chain; all of it is minted on one.
///
/// ROLES: the admin gives and takes the role of a bridge; whoever has it mints without limit.
contract BridgeableToken is ERC20Bridgeable, AccessControl {
    /// @notice Role of bridges.
    bytes32 public constant BRIDGE_ROLE = keccak256("BRIDGE");

    /// @param name_ Its name.
    /// @param symbol_ Its symbol.
    /// @param admin Who gives and takes roles, and gets the supply.
    /// @param supply What there is of it on all chains together.
    /// @param home Id of the chain on which the supply is minted.
    constructor(
        string memory name_,
        string memory symbol_,
        address admin,
        uint256 supply,
        uint256 home
    ) ERC20(name_, symbol_) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        if (block.chainid == home) _mint(admin, supply);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC20Bridgeable, AccessControl) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    function _checkTokenBridge(address caller) internal view override {
        _checkRole(BRIDGE_ROLE, caller);
    }
}
