// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Modulus of the field of alt_bn128 (EIP-196): coordinates are below it.
uint256 constant BN254_P = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

/// @dev Order of its groups.
uint256 constant BN254_R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// @notice A point of G1; zeros are the identity.
struct G1Point {
    uint256 x;
    uint256 y;
}

/// @notice A point of G2, its coordinates as EIP-197 has them: imaginary part first; zeros are the identity.
struct G2Point {
    uint256 xImaginary;
    uint256 xReal;
    uint256 yImaginary;
    uint256 yReal;
}

using {isIdentity, isPoint, keyId, add, subtract, multiply} for G1Point global;

/// @notice A precompile refused points that were checked before, or gas is short.
error PrecompileFailed(uint256 precompile);

/// @notice Whether the point is the identity, which is nobody's key.
function isIdentity(G1Point memory self) pure returns (bool) {
    return self.x | self.y == 0;
}

/// @notice Whether it is a point of the curve but the identity, of reduced coordinates; so it is of the group, which is all of
/// the curve.
function isPoint(G1Point memory self) pure returns (bool) {
    (uint256 x, uint256 y) = (self.x, self.y);
    return x < BN254_P && y < BN254_P && mulmod(y, y, BN254_P) == rightHandSide(x);
}

/// @notice What stands for the key of this point where an address stands for an ECDSA key.
function keyId(G1Point memory self) pure returns (address) {
    return address(uint160(uint256(keccak256(abi.encode(self)))));
}

/// @notice `x³ + 3`, the square of the ordinate; never zero, because the group's order is odd.
function rightHandSide(uint256 x) pure returns (uint256) {
    return addmod(mulmod(mulmod(x, x, BN254_P), x, BN254_P), 3, BN254_P);
}

/// @notice Adds a point to this one, in place. Both are points of the curve, or the identity.
function add(G1Point memory self, uint256 x, uint256 y) view {
    bool success;
    // EIP-196's addition. Memory above the free pointer is scratch.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mcopy(buffer, self, 0x40)
        mstore(add(buffer, 0x40), x)
        mstore(add(buffer, 0x60), y)
        success := staticcall(gas(), 6, buffer, 0x80, self, 0x40)
    }
    require(success, PrecompileFailed(6));
}

/// @notice Takes a point away from this one, in place. Both are points of the curve, or the identity.
function subtract(G1Point memory self, G1Point memory other) view {
    if (!other.isIdentity()) self.add(other.x, BN254_P - other.y);
}

/// @notice The multiple of a point of the curve.
function multiply(G1Point memory self, uint256 scalar) view returns (G1Point memory product) {
    bool success;
    // EIP-196's multiplication. Memory above the free pointer is scratch.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mcopy(buffer, self, 0x40)
        mstore(add(buffer, 0x40), scalar)
        success := staticcall(gas(), 7, buffer, 0x60, product, 0x40)
    }
    require(success, PrecompileFailed(7));
}

/// @notice Whether `e(left, −P2) · e(right, key) = 1`, where P2 is the generator of G2: whether `left` is to the generator what
/// `right` is to the key. False if a point is none, or `key` is not of the group of order r: the precompile (EIP-197) looks.
function pairs(G1Point memory left, G1Point memory right, G2Point memory key) view returns (bool result) {
    // Memory above the free pointer is scratch. A call that fails, of which nothing is written, leaves the zero there.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mcopy(buffer, left, 0x40)
        mstore(add(buffer, 0x40), 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2)
        mstore(add(buffer, 0x60), 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed)
        mstore(add(buffer, 0x80), 0x275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec)
        mstore(add(buffer, 0xa0), 0x1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d)
        mcopy(add(buffer, 0xc0), right, 0x40)
        mcopy(add(buffer, 0x100), key, 0x80)
        mstore(0x00, 0)
        let success := staticcall(gas(), 8, buffer, 0x180, 0x00, 0x20)
        result := and(success, eq(mload(0x00), 1))
    }
}

/// @notice Whether a point of G1 and one of G2 are keys of one secret, `e(key1, −P2) · e(P1, key2) = 1`; not if they are the
/// identity.
function areKeysOfOne(G1Point memory key1, G2Point memory key2) view returns (bool) {
    return !key1.isIdentity() && pairs(key1, G1Point(1, 2), key2);
}

/// @notice Whether `signature` is by the secret of both keys over `point`: with one check of both, since `gamma`, which follows from
/// all that is checked, makes what is wrong in one of them never outweigh what is wrong in the other.
function verifiesBound(
    G1Point memory signature,
    G1Point memory point,
    G1Point memory key1,
    G2Point memory key2,
    uint256 gamma
) view returns (bool) {
    G1Point memory left = key1.multiply(gamma);
    left.add(signature.x, signature.y);
    G1Point memory right = G1Point(1, 2).multiply(gamma);
    right.add(point.x, point.y);
    return gamma != 0 && pairs(left, right, key2);
}
