// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {areKeysOfOne, BN254_P, BN254_R, G1Point, G2Point, pairs, verifiesBound} from "../types/Bn254.sol";
import {Bn254Certificate, readBn254Certificate} from "../types/Bn254Certificate.sol";
import {Bn254Operators, packOperators} from "../types/Bn254Operators.sol";

/// @title BN254's points, operators and certificates, function by function, for tests
contract Bn254Harness {
    uint256 public constant P = BN254_P;
    uint256 public constant R = BN254_R;

    function isPoint(G1Point memory point) external pure returns (bool) {
        return point.isPoint();
    }

    function keyId(G1Point memory key) external pure returns (address) {
        return key.keyId();
    }

    function added(G1Point memory point, G1Point memory other) external view returns (G1Point memory) {
        point.add(other.x, other.y);
        return point;
    }

    function subtracted(G1Point memory point, G1Point memory other) external view returns (G1Point memory) {
        point.subtract(other);
        return point;
    }

    function multiplied(G1Point memory point, uint256 scalar) external view returns (G1Point memory) {
        return point.multiply(scalar);
    }

    function paired(G1Point memory left, G1Point memory right, G2Point memory key) external view returns (bool) {
        return pairs(left, right, key);
    }

    function keysOfOne(G1Point memory key1, G2Point memory key2) external view returns (bool) {
        return areKeysOfOne(key1, key2);
    }

    function bound(
        G1Point memory signature,
        G1Point memory point,
        G1Point memory key1,
        G2Point memory key2,
        uint256 gamma
    ) external view returns (bool) {
        return verifiesBound(signature, point, key1, key2, gamma);
    }

    function packed(
        G1Point[] memory keys,
        uint256[] memory weights
    ) external pure returns (bytes memory operators, uint256 weight) {
        Bn254Operators memory all;
        (all, weight) = packOperators(keys, weights);
        return (all.packed, weight);
    }

    function operatorAt(
        bytes memory operators,
        uint256 index
    ) external pure returns (uint256 x, uint256 y, uint256 weight, G1Point memory key) {
        (x, y, weight) = Bn254Operators(operators).operatorAt(index);
        key = Bn254Operators(operators).keyAt(index);
    }

    function addedTo(
        bytes memory operators,
        G1Point memory point,
        uint256 index
    ) external view returns (G1Point memory, uint256 weight) {
        weight = Bn254Operators(operators).addTo(point, index);
        return (point, weight);
    }

    /// @dev `behind` is in memory behind the operators.
    function sums(
        bytes memory operators,
        bytes memory behind
    ) external view returns (uint256 count, G1Point memory sum, uint256 totalWeight) {
        Bn254Operators memory all = Bn254Operators(operators);
        assert(behind.length != 0);
        return (all.count(), all.sum(), all.totalWeight());
    }

    /// @notice What a certificate says, and who of the first `count` operators is absent.
    function certificate(
        bytes memory encoded,
        bytes32 digest,
        uint256 count
    ) external pure returns (G1Point memory signature, G1Point memory point, bool hasAbsent, bool[] memory absent) {
        Bn254Certificate memory read = readBn254Certificate(encoded, digest);
        absent = new bool[](count);
        for (uint256 i = 0; i < count; ++i) absent[i] = read.isAbsent(i);
        return (read.signature, read.point, read.hasAbsent(), absent);
    }
}
