// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBn254OperatorTable} from "../interfaces/IBn254OperatorTable.sol";
import {BN254_P, G1Point, rightHandSide} from "./Bn254.sol";

/// @dev Domain of the hash: 18 bytes.
bytes32 constant HASH_DOMAIN = "parley.bn254.g1.v1";

/// @notice The point of G1 that a digest stands for (docs/PROTOCOL.md): the first of the abscissas that are tried which has one, with
/// its even ordinate. No root is extracted: that each before it has none is shown by a root of the negated right hand side, since
/// of a number and its negation just one is a square; and that the last has one by its ordinate. Reverts with `WrongRoot`.
/// @param digest What is hashed.
/// @param data Where the roots are, 32 bytes each.
/// @param offset Where the first is; all must be in `data`.
/// @param roots How many: one at least.
function hashToG1(
    bytes32 digest,
    bytes memory data,
    uint256 offset,
    uint256 roots
) pure returns (G1Point memory point) {
    bytes32 domain = HASH_DOMAIN;
    uint256 x = 0;
    uint256 root = 0;
    for (uint256 i = 0; i < roots; ++i) {
        // keccak256(abi.encodePacked("parley.bn254.g1.v1", digest, uint8(i))); memory above the free pointer is scratch. The root is
        // in `data`.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, domain)
            mstore(add(buffer, 18), digest)
            mstore8(add(buffer, 50), i)
            x := mod(keccak256(buffer, 51), BN254_P)
            root := mload(add(add(data, 0x20), add(offset, shl(5, i))))
        }
        uint256 square = rightHandSide(x);
        if (i + 1 < roots) square = BN254_P - square;
        require(
            root < BN254_P && root % 2 == 0 && mulmod(root, root, BN254_P) == square,
            IBn254OperatorTable.WrongRoot(i)
        );
    }
    return G1Point(x, root);
}
