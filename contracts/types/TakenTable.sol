// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {G2Point} from "./Bn254.sol";
import {Bn254Certificate, readBn254Certificate} from "./Bn254Certificate.sol";
import {BN254_AGGREGATE_LENGTH, Bn254Operators} from "./Bn254Operators.sol";
import {readCertificate} from "./Certificate.sol";
import {Item} from "./Item.sol";
import {Scheme} from "./Scheme.sol";
import {MIN_QUORUM_BPS} from "./Table.sol";

/// @notice An operator table as the ServiceManager took it.
/// @param totalWeight Sum of the operators' weights.
/// @param operators ECDSA: `address key ‖ uint96 weight` a word, keys strictly ascending. BN254: none.
/// @param bn254 BN254: the operators, as the item has them. ECDSA: nothing.
/// @param aggregateKey BN254: the sum of their keys in G2, as the item has it. ECDSA: nothing.
struct TakenTable {
    uint256 totalWeight;
    uint256[] operators;
    bytes bn254;
    bytes aggregateKey;
}

using {lists, keyAt, signingKeyAt, weightAt, isQuorum, readSigners} for TakenTable global;

/// @notice Reads a TABLE item (docs/PROTOCOL.md) that the ServiceManager made: it is not checked again.
function readTable(bytes memory item) pure returns (TakenTable memory table) {
    uint256 operatorsAt = Item.TABLE_HEADER_LENGTH + uint8(item[30]) * Item.MEMBER_LENGTH;
    if (uint8(item[1]) == Scheme.BN254) {
        table.aggregateKey = Bytes.slice(item, operatorsAt, operatorsAt + BN254_AGGREGATE_LENGTH);
        table.bn254 = Bytes.slice(item, operatorsAt + BN254_AGGREGATE_LENGTH);
        table.totalWeight = _bn254Operators(table).totalWeight();
        return table;
    }
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

/// @notice Whether the table has an operator at this position.
function lists(TakenTable memory self, uint256 index) pure returns (bool) {
    return index < (_isBn254(self) ? _bn254Operators(self).count() : self.operators.length);
}

/// @notice What stands for the key of the operator at this position, which must be in the table: ECDSA, its address; BN254, its key id.
function keyAt(TakenTable memory self, uint256 index) pure returns (address) {
    if (_isBn254(self)) return _bn254Operators(self).keyAt(index).keyId();
    // The word's first 20 bytes.
    return address(uint160(self.operators[index] >> 96));
}

/// @notice The key of the operator at this position, which must be in the table, as EigenLayer's KeyRegistrar is asked whose it is.
function signingKeyAt(TakenTable memory self, uint256 index) pure returns (bytes memory) {
    if (_isBn254(self)) return abi.encode(_bn254Operators(self).keyAt(index));
    return abi.encodePacked(self.keyAt(index));
}

/// @notice The weight of the operator at this position, which must be in the ECDSA table.
function weightAt(TakenTable memory self, uint256 index) pure returns (uint256) {
    // The word's last 12 bytes.
    return uint96(self.operators[index]);
}

/// @notice Whether signers of this weight are a quorum of the table: as the table itself would say (R17), but for its expiry. None
/// was taken below its weight floor.
function isQuorum(TakenTable memory self, uint256 weight) pure returns (bool) {
    return weight * 10_000 > self.totalWeight * MIN_QUORUM_BPS;
}

/// @notice Reads a certificate as the operator table itself does (R17), but for the quorum. Reverts with the same errors.
/// @param certificate What the operators signed with.
/// @param digest What was signed.
/// @param index An operator's position, which must be in the table.
/// @return weight What the signers weigh.
/// @return signed Whether the operator at `index` is one of them.
function readSigners(
    TakenTable memory self,
    bytes memory certificate,
    bytes32 digest,
    uint256 index
) view returns (uint256 weight, bool signed) {
    if (!_isBn254(self)) return readCertificate(certificate, digest, self, index);

    Bn254Certificate memory read = readBn254Certificate(certificate, digest);
    weight = self.totalWeight;
    if (read.hasAbsent()) {
        Bn254Operators memory operators = _bn254Operators(self);
        weight -= read.requireSignedByRest(digest, operators, operators.sum());
    } else {
        read.requireSignedByAll(abi.decode(self.aggregateKey, (G2Point)));
    }
    signed = !read.isAbsent(index);
}

/// @dev Whether the table is of the BN254 scheme: there is no table without operators.
function _isBn254(TakenTable memory self) pure returns (bool) {
    return self.bn254.length != 0;
}

/// @dev The operators of a BN254 table.
function _bn254Operators(TakenTable memory self) pure returns (Bn254Operators memory) {
    return Bn254Operators(self.bn254);
}
