// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BN254_P, BN254_R, G1Point} from "../../../contracts/types/Bn254.sol";
import {hashToG1} from "../../../contracts/types/Bn254Hash.sol";
import {check} from "../../invariants/support/Vm.sol";
import {Bn254Reference} from "./Bn254Reference.sol";

/// @notice Points and the hash to them against a reference that extracts roots; and that there is one form of each alone.
contract Bn254Test {
    using Bn254Reference for G1Point;

    /// @notice A digest leads to the reference's point by the reference's roots, wherever these lie.
    function testFuzz_hashesToTheReferencesPoint(bytes32 digest, uint8 before) public view {
        (G1Point memory point, uint256[] memory roots) = Bn254Reference.hashed(digest);
        bytes memory data = abi.encodePacked(new bytes(before), roots, "behind");
        _requireSame(this.hash(digest, data, before, roots.length), point);
        check(point.isPoint() && point.y % 2 == 0, "no point with an even ordinate");
    }

    /// @notice A root is taken in one form alone: even, reduced, and of what it is to be the root of; and so many, no more and no less.
    function testFuzz_takesCanonicalRootsAlone(bytes32 digest, uint256 other, uint8 place) public view {
        (, uint256[] memory roots) = Bn254Reference.hashed(digest);
        uint256 count = roots.length;
        place = uint8(place % count);
        uint256 root = roots[place];
        _requireRefused(digest, roots, place, BN254_P - root, "the odd root");
        _requireRefused(digest, roots, place, root + BN254_P, "an unreduced even number of odd sum");
        _requireRefused(digest, roots, place, root + 2 * BN254_P, "an unreduced root");
        if (other != root) _requireRefused(digest, roots, place, other, "another number");
        roots[place] = root;
        if (count > 1) check(!_hashes(digest, roots, count - 1), "one root too few");
        uint256[] memory more = new uint256[](count + 1);
        for (uint256 i = 0; i < count; ++i) more[i] = roots[i];
        more[count] = other;
        check(!_hashes(digest, more, count + 1), "one root too many");
    }

    /// @notice Points are those that satisfy the curve's equation, in reduced coordinates; the identity is none.
    function testFuzz_knowsPoints(uint256 scalar, uint256 x, uint256 y) public view {
        G1Point memory point = G1Point(1, 2).times(1 + (scalar % (BN254_R - 1)));
        check(point.isPoint(), "a multiple of the generator is a point");
        check(G1Point(point.x, BN254_P - point.y).isPoint(), "so is its negation");
        check(!G1Point(point.x + BN254_P, point.y).isPoint(), "an unreduced abscissa");
        check(!G1Point(point.x, point.y + BN254_P).isPoint(), "an unreduced ordinate");
        check(!G1Point(point.x, 0).isPoint() && !G1Point(0, 0).isPoint(), "no ordinate is zero");
        // EIP-196's addition takes points of the curve, and zeros.
        (bool isTaken, ) = address(6).staticcall(abi.encode(x, y, uint256(0), uint256(0)));
        check(G1Point(x, y).isPoint() == (isTaken && x | y != 0), "not what the precompile takes");
        x %= BN254_P;
        (bool isSquare, uint256 root) = Bn254Reference.evenRoot(
            addmod(mulmod(mulmod(x, x, BN254_P), x, BN254_P), 3, BN254_P)
        );
        check(G1Point(x, root).isPoint() == isSquare, "not what the equation says");
    }

    /// @notice Sums, differences and multiples are those of scalars.
    function testFuzz_adds(uint128 a, uint128 b) public view {
        G1Point memory generator = G1Point(1, 2);
        (G1Point memory left, G1Point memory right) = (generator.times(a), generator.times(b));
        G1Point memory sum = generator.times(a);
        sum.add(right.x, right.y);
        _requireSame(sum, generator.multiply(uint256(a) + b));
        sum.subtract(right);
        _requireSame(sum, left);
        sum.subtract(left);
        check(sum.isIdentity(), "a difference of equals");
    }

    /// @notice The hash, for callers that have it fail.
    function hash(
        bytes32 digest,
        bytes memory data,
        uint256 offset,
        uint256 roots
    ) external pure returns (G1Point memory) {
        return hashToG1(digest, data, offset, roots);
    }

    function _requireRefused(
        bytes32 digest,
        uint256[] memory roots,
        uint256 place,
        uint256 other,
        string memory what
    ) private view {
        uint256 root = roots[place];
        roots[place] = other;
        check(!_hashes(digest, roots, roots.length), what);
        roots[place] = root;
    }

    function _hashes(bytes32 digest, uint256[] memory roots, uint256 count) private view returns (bool) {
        try this.hash(digest, abi.encodePacked(roots), 0, count) {
            return true;
        } catch {
            return false;
        }
    }

    function _requireSame(G1Point memory a, G1Point memory b) private pure {
        check(a.x == b.x && a.y == b.y, "another point");
    }
}
