// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBn254OperatorTable} from "../interfaces/IBn254OperatorTable.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {G1Point, G2Point} from "../types/Bn254.sol";
import {Bn254Certificate, readBn254Certificate} from "../types/Bn254Certificate.sol";
import {Bn254Operators} from "../types/Bn254Operators.sol";
import {MIN_QUORUM_BPS, SourceStatus} from "../types/Table.sol";
import {requireQuorum} from "./requireQuorum.sol";

/// @title Operator table, BN254 scheme
/// @notice An operator table whose operators sign with keys of BN254: one pairing check, whatever their number.
///
/// DATA: the factory appends the table to this contract's code, but for the operators: they are read only if one of them is absent,
/// and 256 of them fill an account of their own (EIP-170), behind a STOP:
///
///     code     = this contract ‖ sources ‖ trailer
///     source   = bytes32 id ‖ uint184 0 ‖ uint64 certifiableUntil ‖ uint8 flags      (64 bytes, ids strictly ascending)
///     trailer  = sum of the operators' G1 keys ‖ their aggregate G2 key ‖ uint96 0 ‖ address of the operators ‖ bytes32 id
///                ‖ (uint64 snapshot ‖ uint64 expiry ‖ uint96 0 ‖ uint32 sources) ‖ (uint96 weightFloor ‖ uint160 totalWeight)
///                                                                                    (320 bytes)
///     operator = x 32 ‖ y 32 ‖ uint96 weight                                         (76 bytes, keys strictly ascending)
///
/// The factory guarantees the order of keys and ids, that each key is a point and none the identity, that neither a weight nor the
/// floor is zero, both sums, and the aggregate key. That each operator knows its key's secret EigenLayer's KeyRegistrar has checked:
/// without that a key made up of the others' would sign for them all. A copy of this contract deployed otherwise has other data and
/// is nobody's table.
contract Bn254OperatorTable is IBn254OperatorTable {
    uint256 private constant TRAILER = 320;

    /// @inheritdoc ICertificateVerifier
    function verify(
        bytes32 digest,
        bytes calldata certificate,
        uint16 quorumBps,
        bytes32 source
    ) external view returns (SourceStatus status) {
        (uint256 info, uint256 weights) = _trailer();
        uint256 expiry = uint64(info >> 128);
        if (block.timestamp >= expiry) revert TableExpired(expiry, block.timestamp);
        requireQuorum(_signedWeight(digest, certificate, weights), weights, quorumBps);
        return _sourceStatus(source, info);
    }

    /// @inheritdoc ICertificateVerifier
    function verifyEvidence(bytes32 digest, bytes calldata certificate) external view {
        (, uint256 weights) = _trailer();
        requireQuorum(_signedWeight(digest, certificate, weights), weights, MIN_QUORUM_BPS);
    }

    /// @inheritdoc IBn254OperatorTable
    function operators() external view returns (bytes memory) {
        (, , address data) = _keys();
        return _read(data);
    }

    /// @inheritdoc ICertificateVerifier
    function sourceStatus(bytes32 source) external pure returns (SourceStatus status) {
        (uint256 info, ) = _trailer();
        return _sourceStatus(source, info);
    }

    /// @inheritdoc ICertificateVerifier
    function table() external pure returns (bytes32 id, uint64 snapshot, uint64 expiry, uint96 totalWeight) {
        (uint256 info, uint256 weights) = _trailer();
        // Each cast takes the field's own bits; the factory refuses a sum above 96 bits.
        return (_id(), uint64(info >> 192), uint64(info >> 128), uint96(weights));
    }

    /// @dev What the signers weigh; reverts unless they signed.
    function _signedWeight(
        bytes32 digest,
        bytes calldata encoded,
        uint256 weights
    ) private view returns (uint256 weight) {
        Bn254Certificate memory certificate = readBn254Certificate(encoded, digest);
        (G1Point memory sum, G2Point memory aggregate, address data) = _keys();
        weight = uint160(weights);
        if (certificate.hasAbsent()) {
            weight -= certificate.requireSignedByRest(digest, Bn254Operators(_read(data)), sum);
        } else {
            certificate.requireSignedByAll(aggregate);
        }
    }

    /// @dev The operators in their account: all of its code behind the STOP.
    function _read(address data) private view returns (bytes memory packed) {
        // Takes as much memory as it fills, in whole words.
        assembly ("memory-safe") {
            let length := sub(extcodesize(data), 1)
            packed := mload(0x40)
            mstore(packed, length)
            extcodecopy(data, add(packed, 0x20), 1, length)
            mstore(0x40, and(add(add(packed, length), 0x3f), not(0x1f)))
        }
    }

    /// @dev Binary search over the sources, as `EcdsaOperatorTable` has it (shared, it would cost there); zero if there is no such source.
    function _sourceStatus(bytes32 source, uint256 info) private pure returns (SourceStatus status) {
        // `at` is the only one of `sources` left that may be it: one whose id is not above, the first if there is none. No
        // overflow: there are at most 64. 0x00 to 0x40 is scratch space.
        assembly ("memory-safe") {
            let sources := and(info, 0xffffffff)
            let at := sub(codesize(), add(TRAILER, shl(6, sources)))
            if sources {
                for {} gt(sources, 1) {} {
                    let half := shr(1, sources)
                    codecopy(0x00, add(at, shl(6, half)), 0x20)
                    at := add(at, mul(shl(6, half), iszero(lt(source, mload(0x00)))))
                    sources := sub(sources, half)
                }
                codecopy(0x00, at, 0x40)
                if eq(mload(0x00), source) {
                    status := mload(0x20)
                }
            }
        }
    }

    /// @dev The trailer's keys: the sum of G1, the aggregate of G2, and where the operators are.
    function _keys() private pure returns (G1Point memory sum, G2Point memory aggregate, address operators_) {
        // 0x00 to 0x20 is scratch space.
        assembly ("memory-safe") {
            let at := sub(codesize(), TRAILER)
            codecopy(sum, at, 0x40)
            codecopy(aggregate, add(at, 0x40), 0x80)
            codecopy(0x00, add(at, 0xc0), 0x20)
            operators_ := mload(0x00)
        }
    }

    /// @dev The trailer's id.
    function _id() private pure returns (bytes32 id) {
        // 0x00 to 0x20 is scratch space.
        assembly ("memory-safe") {
            codecopy(0x00, sub(codesize(), 0x60), 0x20)
            id := mload(0x00)
        }
    }

    /// @dev The trailer's last two words.
    function _trailer() private pure returns (uint256 info, uint256 weights) {
        // 0x00 to 0x40 is scratch space.
        assembly ("memory-safe") {
            codecopy(0x00, sub(codesize(), 0x40), 0x40)
            info := mload(0x00)
            weights := mload(0x20)
        }
    }
}
