// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Item} from "./Item.sol";
import {MIN_QUORUM_BPS} from "./Table.sol";

/// @notice An operator table as the ServiceManager took it.
/// @param totalWeight Sum of the operators' weights.
/// @param operators `address key ‖ uint96 weight` a word, keys strictly ascending.
struct TakenTable {
    uint256 totalWeight;
    uint256[] operators;
}

using {keyAt, weightAt, isQuorum} for TakenTable global;

/// @notice Reads a TABLE item (docs/PROTOCOL.md) that the ServiceManager made: it is not checked again.
function readTable(bytes memory item) pure returns (TakenTable memory table) {
    uint256 operatorsAt = Item.TABLE_HEADER_LENGTH + uint8(item[30]) * Item.MEMBER_LENGTH;
    uint256 count = (item.length - operatorsAt) / 32;
    uint256[] memory operators = new uint256[](count);
    // In bounds: the item is a whole header, the members, and `count` words.
    assembly ("memory-safe") {
        mcopy(add(operators, 0x20), add(add(item, 0x20), operatorsAt), shl(5, count))
    }
    table.operators = operators;
    for (uint256 i = 0; i < count; ++i) {
        table.totalWeight += table.weightAt(i);
    }
}

/// @notice The key of the operator at this position, which must be in the table.
function keyAt(TakenTable memory self, uint256 index) pure returns (address) {
    // The word's first 20 bytes.
    return address(uint160(self.operators[index] >> 96));
}

/// @notice The weight of the operator at this position, which must be in the table.
function weightAt(TakenTable memory self, uint256 index) pure returns (uint256) {
    // The word's last 12 bytes.
    return uint96(self.operators[index]);
}

/// @notice Whether signers of this weight are a quorum of the table: as the table itself would say (R17), but for its expiry. None
/// was taken below its weight floor.
function isQuorum(TakenTable memory self, uint256 weight) pure returns (bool) {
    return weight * 10_000 > self.totalWeight * MIN_QUORUM_BPS;
}
