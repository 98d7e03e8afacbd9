// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @title Governance token
/// @notice OpenZeppelin's `ERC20Votes`, with a clock of seconds: blocks are not the same everywhere.
contract GovernanceToken is ERC20Votes {
    /// @param name_ Its name.
    /// @param symbol_ Its symbol.
    /// @param holder Who gets all of it.
    /// @param supply What there is of it.
    constructor(
        string memory name_,
        string memory symbol_,
        address holder,
        uint256 supply
    ) ERC20(name_, symbol_) EIP712(name_, "1") {
        _mint(holder, supply);
    }

    /// @notice Seconds since 1970.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    // solhint-disable func-name-mixedcase
    /// @notice What `clock` is; see ERC-6372.
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }
    // solhint-enable func-name-mixedcase
}
