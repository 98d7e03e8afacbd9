// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Item} from "../types/Item.sol";
import {Scheme} from "../types/Scheme.sol";

/// @dev What an item needs at most, whatever its kind, and what it needs a byte: its way through calldata and memory, an
/// operator's part in the code of a table.
uint256 constant ITEM_GAS = 150_000;
uint256 constant BYTE_GAS = 250;

/// @dev What a table needs beyond that, and each member that is listed for the first time.
uint256 constant TABLE_GAS = 300_000;
uint256 constant MEMBER_GAS = 130_000;

/// @dev What a table of the BN254 scheme needs beyond that: its longer code, a second account, and the check of its aggregate key.
uint256 constant BN254_TABLE_GAS = 1_000_000;

/// @notice Gas with which a transaction on a rollup certainly brings these items to a Gateway, its own 21,000 and what an end
/// of a bridge needs included: for a table that lists every member for the first time, with every operator that may be in it.
function arrivalGas(bytes[] calldata items) pure returns (uint256 total) {
    total = ITEM_GAS;
    for (uint256 i = 0; i < items.length; ++i) {
        bytes calldata item = items[i];
        total += ITEM_GAS + BYTE_GAS * item.length;
        if (item.length >= Item.TABLE_HEADER_LENGTH && uint8(item[0]) == Item.TABLE) {
            total += TABLE_GAS + MEMBER_GAS * uint8(item[30]);
            if (uint8(item[1]) == Scheme.BN254) total += BN254_TABLE_GAS;
        }
    }
}
