// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {MIN_QUORUM_BPS, SourceStatus} from "../types/Table.sol";
import {requireQuorum} from "./requireQuorum.sol";

/// @title Operator table, ECDSA scheme
/// @notice An operator table whose operators sign with secp256k1 keys.
///
/// DATA: the factory appends the table to this contract's code, so that a read costs three gas a word and no cold slot:
///
///     code = this contract ‖ sources ‖ operators ‖ trailer
///     source   = bytes32 id ‖ uint184 0 ‖ uint64 certifiableUntil ‖ uint8 flags      (64 bytes, ids strictly ascending)
///     operator = bytes20 key ‖ uint96 weight                                         (32 bytes, keys strictly ascending)
///     trailer  = bytes32 id ‖ (uint64 snapshot ‖ uint64 expiry ‖ uint64 0 ‖ uint32 operators ‖ uint32 sources)
///                ‖ (uint96 weightFloor ‖ uint160 totalWeight)                        (96 bytes)
///
/// The factory guarantees the order of keys and ids, that neither a key nor the floor is zero, and the sum of the weights. A copy of this
/// contract deployed otherwise has other data and is nobody's table.
contract EcdsaOperatorTable is ICertificateVerifier {
    /// @dev Bytes of one signature: operator index 1, r 32, yParityAndS 32 (EIP-2098).
    uint256 private constant SIGNATURE_LENGTH = 65;

    uint256 private constant TRAILER = 96;
    uint256 private constant SECP256K1_HALF_N = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

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
        uint256 operators = uint32(info >> 32);
        requireQuorum(_signedWeight(digest, certificate, operators), weights, quorumBps);
        return _sourceStatus(source, operators, uint32(info));
    }

    /// @inheritdoc ICertificateVerifier
    function verifyEvidence(bytes32 digest, bytes calldata certificate) external view {
        (uint256 info, uint256 weights) = _trailer();
        requireQuorum(_signedWeight(digest, certificate, uint32(info >> 32)), weights, MIN_QUORUM_BPS);
    }

    /// @inheritdoc ICertificateVerifier
    function sourceStatus(bytes32 source) external pure returns (SourceStatus status) {
        (uint256 info, ) = _trailer();
        return _sourceStatus(source, uint32(info >> 32), uint32(info));
    }

    /// @inheritdoc ICertificateVerifier
    function table() external pure returns (bytes32 id, uint64 snapshot, uint64 expiry, uint96 totalWeight) {
        (uint256 info, uint256 weights) = _trailer();
        // Each cast takes the field's own bits; the factory refuses a sum above 96 bits.
        return (_id(), uint64(info >> 192), uint64(info >> 128), uint96(weights));
    }

    /// @dev Adds up the weights of the signers; reverts at the first signature that is not exactly as it must be.
    function _signedWeight(
        bytes32 digest,
        bytes calldata certificate,
        uint256 operators
    ) private view returns (uint256 weight) {
        bytes4 malformedCertificate = MalformedCertificate.selector;
        bytes4 invalidSignature = InvalidSignature.selector;
        // For each signature the same as
        //     signer = s > HALF_N ? address(0) : ecrecover(digest, 27 + (yParityAndS >> 255), r, s)
        //     require(signer == operator's key, InvalidSignature(index))
        // against a reference in test/contracts/tables/. The certificate holds whole signatures, one at least, so the loop asks
        // for more at its end (which saves 40 gas each). `previous` starts at -1; an index below `operators` names a word of
        // the data. No overflow: at most 256 weights of 96 bits. A failed recovery writes nothing over the zeroed output word,
        // and no key is zero. Memory above the free pointer is scratch.
        assembly ("memory-safe") {
            if or(iszero(certificate.length), mod(certificate.length, SIGNATURE_LENGTH)) {
                mstore(0x00, malformedCertificate)
                revert(0x00, 0x04)
            }
            let buffer := mload(0x40)
            mstore(buffer, digest)
            let firstOperator := sub(codesize(), add(TRAILER, shl(5, operators)))
            let previous := not(0)
            let signature := certificate.offset
            let end := add(signature, certificate.length)
            for {} 1 {} {
                let index := byte(0, calldataload(signature))
                if iszero(and(sgt(index, previous), lt(index, operators))) {
                    mstore(0x00, malformedCertificate)
                    revert(0x00, 0x04)
                }
                previous := index
                // r ‖ yParityAndS to where r ‖ s belong
                calldatacopy(add(buffer, 0x40), add(signature, 1), 0x40)
                let s := mload(add(buffer, 0x60))
                mstore(add(buffer, 0x20), add(27, shr(255, s)))
                s := shr(1, shl(1, s))
                mstore(add(buffer, 0x60), s)
                mstore(0x00, 0)
                pop(staticcall(gas(), 1, buffer, 0x80, 0x00, 0x20))
                codecopy(0x20, add(firstOperator, shl(5, index)), 0x20)
                // The operator's weight alone, if the signer is its key.
                let weightOf := xor(mload(0x20), shl(96, mload(0x00)))
                if or(gt(s, SECP256K1_HALF_N), shr(96, weightOf)) {
                    mstore(0x00, invalidSignature)
                    mstore(0x04, index)
                    revert(0x00, 0x24)
                }
                weight := add(weight, weightOf)
                signature := add(signature, SIGNATURE_LENGTH)
                if iszero(lt(signature, end)) {
                    break
                }
            }
        }
    }

    /// @dev Binary search over the sources, which costs the same for each of them; zero if there is no such source.
    function _sourceStatus(
        bytes32 source,
        uint256 operators,
        uint256 sources
    ) private pure returns (SourceStatus status) {
        // `at` is the only one of `sources` left that may be it: one whose id is not above, the first if there is none. No
        // overflow: counts are at most 256 and 64. 0x00 to 0x40 is scratch space.
        assembly ("memory-safe") {
            let at := sub(codesize(), add(TRAILER, add(shl(5, operators), shl(6, sources))))
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

    /// @dev The trailer's id.
    function _id() private pure returns (bytes32 id) {
        // 0x00 to 0x20 is scratch space.
        assembly ("memory-safe") {
            codecopy(0x00, sub(codesize(), TRAILER), 0x20)
            id := mload(0x00)
        }
    }

    /// @dev The trailer's other two words.
    function _trailer() private pure returns (uint256 info, uint256 weights) {
        // 0x00 to 0x40 is scratch space.
        assembly ("memory-safe") {
            codecopy(0x00, sub(codesize(), 0x40), 0x40)
            info := mload(0x00)
            weights := mload(0x20)
        }
    }
}
