// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBn254OperatorTable} from "../interfaces/IBn254OperatorTable.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {BN254_R, G1Point, G2Point, pairs, verifiesBound} from "./Bn254.sol";
import {hashToG1} from "./Bn254Hash.sol";
import {Bn254Operators} from "./Bn254Operators.sol";

/// @notice A BN254 certificate over a digest (docs/PROTOCOL.md), `signature 64 ‖ n 1 ‖ n roots 32 each ‖ signers' key 128 ‖ absent 1
/// each`, the last two only if somebody is absent. Whoever is not absent has signed.
/// @param signature The signers' signature; a point, not the identity.
/// @param point What the digest stands for.
/// @param encoded All of it.
/// @param absentAt Where the absent begin.
struct Bn254Certificate {
    G1Point signature;
    G1Point point;
    bytes encoded;
    uint256 absentAt;
}

using {hasAbsent, isAbsent, requireSignedByAll, requireSignedByRest} for Bn254Certificate global;

/// @dev Bytes of the signature and of the number of roots.
uint256 constant ROOTS_AT = 65;

/// @dev Most roots. A digest that needs more cannot be signed; one in 2^32 does.
uint256 constant MAX_ROOTS = 32;

/// @dev Bytes of the signers' key.
uint256 constant SIGNERS_KEY_LENGTH = 128;

/// @notice The parts of a certificate over this digest. Says nothing of whose signature it is.
/// Reverts with `MalformedCertificate` if it is cut off, with `InvalidAggregate` if the signature is the identity or no point, and with
/// `WrongRoot`.
function readBn254Certificate(bytes memory encoded, bytes32 digest) pure returns (Bn254Certificate memory certificate) {
    uint256 length = encoded.length;
    require(length > ROOTS_AT, ICertificateVerifier.MalformedCertificate());
    G1Point memory signature = certificate.signature;
    // In bounds: the certificate has more bytes than a signature.
    assembly ("memory-safe") {
        mcopy(signature, add(encoded, 0x20), 0x40)
    }
    require(signature.isPoint(), IBn254OperatorTable.InvalidAggregate());
    uint256 roots = uint8(encoded[ROOTS_AT - 1]);
    uint256 end = ROOTS_AT + 32 * roots;
    uint256 absentAt = length == end ? end : end + SIGNERS_KEY_LENGTH;
    require(
        roots != 0 && roots <= MAX_ROOTS && (length == end || length > absentAt),
        ICertificateVerifier.MalformedCertificate()
    );
    certificate.point = hashToG1(digest, encoded, ROOTS_AT, roots);
    certificate.encoded = encoded;
    certificate.absentAt = absentAt;
}

/// @notice Whether anyone is absent.
function hasAbsent(Bn254Certificate memory self) pure returns (bool) {
    return self.absentAt != self.encoded.length;
}

/// @notice Whether the operator at this position is absent.
function isAbsent(Bn254Certificate memory self, uint256 index) pure returns (bool) {
    for (uint256 place = self.absentAt; place < self.encoded.length; ++place) {
        if (uint8(self.encoded[place]) == index) return true;
    }
    return false;
}

/// @notice Reverts with `InvalidAggregate` unless all operators signed; for a certificate without absent ones.
/// @param aggregate Sum of all operators' keys, which is known to be that.
function requireSignedByAll(Bn254Certificate memory self, G2Point memory aggregate) view {
    require(pairs(self.signature, self.point, aggregate), IBn254OperatorTable.InvalidAggregate());
}

/// @notice Reverts with `MalformedCertificate` or `InvalidAggregate` unless all operators signed that are not absent; for a
/// certificate with absent ones.
/// @param digest The one that it was read with.
/// @param operators All operators.
/// @param signers Sum of all operators' keys; what the absent have is taken from it.
/// @return absentWeight What the absent weigh.
function requireSignedByRest(
    Bn254Certificate memory self,
    bytes32 digest,
    Bn254Operators memory operators,
    G1Point memory signers
) view returns (uint256 absentWeight) {
    absentWeight = _takeAbsent(self, operators, signers);
    // Nobody's key is of nobody, and of keys that cancel each other out.
    require(!signers.isIdentity(), IBn254OperatorTable.InvalidAggregate());
    G2Point memory signersKey = _signersKey(self);
    uint256 gamma = _gammaOf(digest, signers, signersKey, self.signature, self.point);
    require(
        verifiesBound(self.signature, self.point, signers, signersKey, gamma),
        IBn254OperatorTable.InvalidAggregate()
    );
}

/// @dev Takes the keys of the absent from `signers`. Refuses whoever is not in the table, is named twice or out of order, and all.
function _takeAbsent(
    Bn254Certificate memory self,
    Bn254Operators memory operators,
    G1Point memory signers
) view returns (uint256 weight) {
    bytes memory encoded = self.encoded;
    uint256 operatorCount = operators.count();
    uint256 end = encoded.length;
    require(end - self.absentAt < operatorCount, ICertificateVerifier.MalformedCertificate());
    G1Point memory absent;
    uint256 least = 0;
    // No overflow: positions in the certificate, bytes, and at most 256 weights of 96 bits.
    unchecked {
        for (uint256 place = self.absentAt; place < end; ++place) {
            uint256 index;
            // In bounds: before the end.
            assembly ("memory-safe") {
                index := byte(0, mload(add(add(encoded, 0x20), place)))
            }
            if (index < least || index >= operatorCount) revert ICertificateVerifier.MalformedCertificate();
            least = index + 1;
            weight += operators.addTo(absent, index);
        }
    }
    signers.subtract(absent);
}

/// @dev The signers' key, of a certificate with absent operators.
function _signersKey(Bn254Certificate memory self) pure returns (G2Point memory key) {
    bytes memory encoded = self.encoded;
    uint256 end = self.absentAt;
    // In bounds: it ends where the absent begin.
    assembly ("memory-safe") {
        mcopy(key, add(add(encoded, 0x20), sub(end, SIGNERS_KEY_LENGTH)), SIGNERS_KEY_LENGTH)
    }
}

/// @dev What binds signature and key together: it depends on every part of what is checked, and on all its bits.
function _gammaOf(
    bytes32 digest,
    G1Point memory signers,
    G2Point memory signersKey,
    G1Point memory signature,
    G1Point memory point
) pure returns (uint256) {
    return uint256(keccak256(abi.encode(digest, signers, signersKey, signature, point))) % BN254_R;
}
