// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBn254OperatorTable} from "../interfaces/IBn254OperatorTable.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {BN254_P, G1Point, rightHandSide} from "./Bn254.sol";

/// @dev Domain of the hash: 18 bytes.
bytes32 constant HASH_DOMAIN = "parley.bn254.g1.v1";

/// @dev Most tries. A digest that needs more cannot be signed; one in 2^32 does.
uint256 constant MAX_TRIES = 32;

/// @notice The point of G1 that a digest stands for (docs/PROTOCOL.md): the first of the abscissas that are tried which has one, with
/// its even ordinate. No root is extracted: that each before it has none is shown by a root of the negated right hand side, since
/// of a number and its negation just one is a square; and that the last has one by its ordinate.
/// Reverts with `WrongRoot`, and `MalformedCertificate` if there are fewer roots than it takes.
/// @param digest What is hashed.
/// @param data Where the roots are, 32 bytes each.
/// @param offset Where the first is.
/// @return point The point.
/// @return end Where in `data` the roots end.
function hashToG1(bytes32 digest, bytes memory data, uint256 offset) pure returns (G1Point memory point, uint256 end) {
    bytes32 domain = HASH_DOMAIN;
    end = offset;
    for (uint256 i = 0; i < MAX_TRIES; ++i) {
        end += 32;
        require(end <= data.length, ICertificateVerifier.MalformedCertificate());
        uint256 x;
        uint256 root;
        // keccak256(abi.encodePacked("parley.bn254.g1.v1", digest, uint8(i))); memory above the free pointer is scratch. The word
        // that ends at `end` is in `data`.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, domain)
            mstore(add(buffer, 18), digest)
            mstore8(add(buffer, 50), i)
            x := mod(keccak256(buffer, 51), BN254_P)
            root := mload(add(data, end))
        }
        uint256 square = mulmod(root, root, BN254_P);
        uint256 expected = rightHandSide(x);
        bool isReducedAndEven = root < BN254_P && root % 2 == 0;
        if (isReducedAndEven && square == expected) return (G1Point(x, root), end);
        require(isReducedAndEven && square == BN254_P - expected, IBn254OperatorTable.WrongRoot(i));
    }
    revert IBn254OperatorTable.NoPoint(digest);
}
