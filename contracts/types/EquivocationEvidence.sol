// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Equivocation} from "./Equivocation.sol";

/// @notice Where a table lists a key.
/// @param tableId A table that the ServiceManager took.
/// @param index The key's position among the table's operators.
struct Listing {
    bytes32 tableId;
    uint256 index;
}

/// @notice That an operator signed both of two statements that conflict.
/// @param equivocation The statements; the indices in each certificate are positions in that statement's table.
/// @param a Where the operator's key that signed the first is listed.
/// @param b Where the operator's key that signed the second is listed: another table if it had another key then.
struct EquivocationEvidence {
    Equivocation equivocation;
    Listing a;
    Listing b;
}
