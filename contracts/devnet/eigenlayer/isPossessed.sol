// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BN254_P, BN254_R, G1Point, G2Point, rightHandSide, verifiesBound} from "../../types/Bn254.sol";

/// @notice Part of the EigenLayer stand-in: whether a BN254 signature over a digest proves that who made it knows the secret of both
/// keys. Its hash to the curve, and what it does about points that are none, are EigenLayer's: it ends with INVALID, which leaves no
/// gas.
function isPossessed(
    G1Point memory key1,
    G2Point memory key2,
    bytes32 digest,
    G1Point memory signature
) view returns (bool) {
    bool arePoints = key1.isPoint() && (signature.isPoint() || signature.isIdentity());
    if (!arePoints || !_isInGroup(key2)) _runOut();
    uint256 gamma = uint256(keccak256(abi.encode(digest, key1, key2, signature))) % BN254_R;
    return verifiesBound(signature, _hash(digest), key1, key2, gamma);
}

/// @dev The first abscissa from the digest on that has a point, and the root that a power gives.
function _hash(bytes32 digest) view returns (G1Point memory point) {
    for (point.x = uint256(digest) % BN254_P; ; point.x = addmod(point.x, 1, BN254_P)) {
        uint256 square = rightHandSide(point.x);
        point.y = _power(square, (BN254_P + 1) / 4);
        if (mulmod(point.y, point.y, BN254_P) == square) return point;
    }
}

/// @dev By EIP-198's precompile.
function _power(uint256 base, uint256 exponent) view returns (uint256) {
    (, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, base, exponent, BN254_P));
    return abi.decode(result, (uint256));
}

/// @dev Whether the pairing precompile takes the point.
function _isInGroup(G2Point memory key) view returns (bool success) {
    (success, ) = address(8).staticcall{gas: 100_000}(abi.encode(uint256(0), uint256(0), key));
}

function _runOut() pure {
    assembly ("memory-safe") {
        invalid()
    }
}
