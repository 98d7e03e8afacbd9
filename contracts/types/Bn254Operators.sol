// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {G1Point, PrecompileFailed} from "./Bn254.sol";
import {clampWeights, sortWords} from "./TableOperators.sol";

/// @dev Bytes of an operator in a table: the key's x 32, y 32, weight 12.
uint256 constant BN254_OPERATOR_LENGTH = 76;

/// @dev Bytes of the aggregate key, before the operators.
uint256 constant BN254_AGGREGATE_LENGTH = 128;

/// @notice Operators of a BN254 table, as a table has them: `x 32 ‖ y 32 ‖ weight 12` each, strictly ascending by key.
struct Bn254Operators {
    bytes packed;
}

using {count, operatorAt, keyAt, addTo, sum, totalWeight} for Bn254Operators global;

/// @notice How many they are.
function count(Bn254Operators memory self) pure returns (uint256) {
    return self.packed.length / BN254_OPERATOR_LENGTH;
}

/// @notice The operator at this position, which must be below the count.
function operatorAt(Bn254Operators memory self, uint256 index) pure returns (uint256 x, uint256 y, uint256 weight) {
    bytes memory packed = self.packed;
    // In bounds: the caller's word. The weight is the last 12 bytes of a word that begins within the operator.
    assembly ("memory-safe") {
        let at := add(add(packed, 0x20), mul(index, BN254_OPERATOR_LENGTH))
        x := mload(at)
        y := mload(add(at, 0x20))
        weight := and(mload(add(at, 0x2c)), 0xffffffffffffffffffffffff)
    }
}

/// @notice Adds the key of the operator at this position, which must be below the count, to a point.
/// @return weight What the operator weighs.
function addTo(Bn254Operators memory self, G1Point memory point, uint256 index) view returns (uint256 weight) {
    bytes memory packed = self.packed;
    bool success;
    // In bounds: the caller's word. EIP-196's addition; memory above the free pointer is scratch. The weight is as in `operatorAt`.
    assembly ("memory-safe") {
        let at := add(add(packed, 0x20), mul(index, BN254_OPERATOR_LENGTH))
        let buffer := mload(0x40)
        mcopy(buffer, point, 0x40)
        mcopy(add(buffer, 0x40), at, 0x40)
        success := staticcall(gas(), 6, buffer, 0x80, point, 0x40)
        weight := and(mload(add(at, 0x2c)), 0xffffffffffffffffffffffff)
    }
    require(success, PrecompileFailed(6));
}

/// @notice The key of the operator at this position, which must be below the count.
function keyAt(Bn254Operators memory self, uint256 index) pure returns (G1Point memory key) {
    (key.x, key.y, ) = self.operatorAt(index);
}

/// @notice Sum of the keys, which must be points of the curve.
function sum(Bn254Operators memory self) view returns (G1Point memory key) {
    uint256 length = self.count();
    for (uint256 i = 0; i < length; ++i) self.addTo(key, i);
}

/// @notice Sum of the weights.
function totalWeight(Bn254Operators memory self) pure returns (uint256 total) {
    uint256 length = self.count();
    for (uint256 i = 0; i < length; ++i) {
        (, , uint256 weight) = self.operatorAt(i);
        total += weight;
    }
}

/// @notice The operators of these keys and weights as a table has them: in its order, and no weight more than a third (R31).
/// @param keys Points of the curve, none twice; at most 256.
/// @param weights Of 96 bits each; they are written over.
/// @return operators The operators.
/// @return weight Sum of their weights.
function packOperators(
    G1Point[] memory keys,
    uint256[] memory weights
) pure returns (Bn254Operators memory operators, uint256 weight) {
    weight = clampWeights(weights);
    uint256[] memory order = _orderOf(keys);
    uint256 length = order.length;
    // A word more than they need, since each weight is written as the beginning of a word; cut off below.
    bytes memory packed = new bytes(length * BN254_OPERATOR_LENGTH + 32);
    for (uint256 i = 0; i < length; ++i) {
        G1Point memory key = keys[order[i]];
        uint256 weightOf = weights[order[i]];
        // In bounds: 96 bytes from the place of one of `length` operators.
        assembly ("memory-safe") {
            let at := add(add(packed, 0x20), mul(i, BN254_OPERATOR_LENGTH))
            mcopy(at, key, 0x40)
            mstore(add(at, 0x40), shl(160, weightOf))
        }
    }
    assembly ("memory-safe") {
        mstore(packed, sub(mload(packed), 32))
    }
    operators.packed = packed;
}

/// @dev Whether a key is before another in a table.
function isBelow(G1Point memory key, G1Point memory other) pure returns (bool) {
    return key.x < other.x || (key.x == other.x && key.y < other.y);
}

/// @dev Positions of the keys in a table's order. Words of an abscissa's upper 246 bits and the position are sorted; what they leave
/// open, a key and its negation, is then put right by insertion, of which there are never many steps: nobody finds two keys of
/// different abscissas that agree in so many bits, and of one abscissa there are two.
function _orderOf(G1Point[] memory keys) pure returns (uint256[] memory order) {
    uint256 length = keys.length;
    order = new uint256[](length);
    for (uint256 i = 0; i < length; ++i) order[i] = ((keys[i].x >> 8) << 8) | i;
    order = sortWords(order);
    for (uint256 i = 0; i < length; ++i) {
        uint256 position = order[i] & 0xff;
        uint256 place = i;
        for (; place > 0 && isBelow(keys[position], keys[order[place - 1]]); --place) order[place] = order[place - 1];
        order[place] = position;
    }
}
