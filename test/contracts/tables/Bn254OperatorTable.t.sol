// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../../../contracts/interfaces/ICertificateVerifier.sol";
import {ITableFactory} from "../../../contracts/interfaces/ITableFactory.sol";
import {BN254_P, G1Point} from "../../../contracts/types/Bn254.sol";
import {TableHeader} from "../../../contracts/types/Table.sol";
import {check, create, vm} from "../../invariants/support/Vm.sol";
import {Bn254Reference} from "../types/Bn254Reference.sol";
import {verifies, verifiesEvidence} from "./Verifies.sol";

/// @notice What a BN254 table takes, against certificates that a reference makes, and its quorum against plain arithmetic. The operators'
/// secrets are 1, 2, 4 and 8, so that whoever signs together has the secret that its bits say.
contract Bn254OperatorTableTest {
    using Bn254Reference for G1Point;

    uint256 private constant ALL = 15;
    ITableFactory private immutable FACTORY = ITableFactory(
        create(vm.getCode("contracts/tables/Bn254TableFactory.sol:Bn254TableFactory"))
    );

    /// @notice R17: strictly more than the quorum, rounded against the signers, whoever is absent; the very weight at the quorum is too
    /// little.
    function testFuzz_R17_invariant_3_strictlyMoreThanTheQuorum(
        uint96[4] calldata given,
        uint8 signers,
        uint16 quorumBps,
        bytes32 digest
    ) public {
        quorumBps = uint16(6_600 + (quorumBps % 3_399));
        uint256 total = 0;
        uint256 signed = 0;
        uint256[4] memory weights;
        bytes memory absent;
        for (uint256 i = 0; i < 4; ++i) {
            weights[i] = 1 + (given[i] % 2 ** (8 + 24 * (digest[0] & 0x03 == 0 ? 0 : 3)));
            // The first two alone hold exactly the quorum.
            if (digest[1] & 0x01 == 0) weights[i] = [quorumBps - 1, 1, 9_999 - quorumBps, 1][i];
            total += weights[i];
            if ((signers >> i) & 1 == 1) signed += weights[i];
            else absent = abi.encodePacked(absent, uint8(i));
        }
        ICertificateVerifier table = _deploy(weights);
        (, , , uint96 totalWeight) = table.table();
        check(totalWeight == total, "another total weight");
        bytes memory certificate = _certificate(digest, absent);
        bool counts = signed * 10_000 > total * quorumBps;
        check(
            verifies(table, digest, certificate, quorumBps) == (counts && quorumBps >= 6_667),
            "not what the quorum says"
        );
        counts = signed * 10_000 > total * 6_667;
        check(verifiesEvidence(table, digest, certificate) == counts, "evidence: not what the quorum says");
        check(!verifies(table, keccak256(abi.encode(digest)), certificate, quorumBps), "another digest");
        vm.warp(type(uint64).max);
        check(!verifies(table, digest, certificate, quorumBps), "an expired table verified");
    }

    /// @notice R17: absent operators out of order, twice or beyond the table are refused, and all of them.
    function testFuzz_R17_takesTheAbsentInOrderOnly(bytes32 digest, uint8[5] calldata order, uint8 length) public {
        length %= 6;
        bytes memory absent;
        bool isTaken = length < 4;
        uint256 missing = 0;
        for (uint256 i = 0; i < length; ++i) {
            uint8 index = digest[31] & 0x01 == 0 ? uint8(i) : order[i] % 6;
            if (index > 3 || (i != 0 && index <= uint8(absent[i - 1]))) isTaken = false;
            if (index < 4) missing |= 1 << index;
            absent = abi.encodePacked(absent, index);
        }
        // Whoever is there is quorum enough, as one that is has all but nothing of the others' weight.
        uint256[4] memory weights = [uint256(1), 1, 1, 1];
        for (uint256 i = 0; i < 4; ++i) {
            if ((missing >> i) & 1 == 1) continue;
            weights[i] = 1_000;
            break;
        }
        ICertificateVerifier table = _deploy(weights);
        check(verifies(table, digest, _certificate(digest, absent), 6_667) == isTaken, "not what the order says");
    }

    /// @notice A certificate has one form: whatever byte of it is changed, added or cut off, it is refused.
    function testFuzz_R17_takesACertificateInOneForm(bytes32 digest, bool isWhole, uint16 place, uint8 change) public {
        ICertificateVerifier table = _deploy([uint256(1), 1, 1, 1]);
        bytes memory certificate = _certificate(digest, isWhole ? bytes("") : bytes(hex"02"));
        check(verifies(table, digest, certificate, 6_667), "it is good as it is");
        check(!verifies(table, digest, bytes.concat(certificate, new bytes(1 + (change % 130))), 6_667), "more");
        bytes memory less = new bytes(certificate.length - 1 - (place % certificate.length));
        for (uint256 i = 0; i < less.length; ++i) less[i] = certificate[i];
        check(!verifies(table, digest, less, 6_667), "less");
        place = uint16(place % certificate.length);
        certificate[place] ^= bytes1(change == 0 ? 1 : change);
        check(!verifies(table, digest, certificate, 6_667), "another byte");
    }

    /// @notice Coordinates that are not reduced stand for no point, in a signature as in a table; nor do zeros or a negation.
    function testFuzz_R17_takesReducedCoordinatesOnly(bytes32 digest, uint8 kind) public {
        uint256[4] memory weights = [uint256(1), 1, 1, 1];
        ICertificateVerifier table = _deploy(weights);
        (G1Point memory point, uint256[] memory roots) = Bn254Reference.hashed(digest);
        G1Point memory signature = point.times(ALL);
        check(
            verifies(table, digest, abi.encodePacked(_pack(signature), uint8(roots.length), roots), 6_667),
            "the signature"
        );
        kind %= 4;
        if (kind == 0) signature.x += BN254_P;
        else if (kind == 1) signature.y += BN254_P;
        else if (kind == 2) signature.y = BN254_P - signature.y;
        else (signature.x, signature.y) = (0, 0);
        check(
            !verifies(table, digest, abi.encodePacked(_pack(signature), uint8(roots.length), roots), 6_667),
            "another form"
        );
        G1Point[4] memory keys = _keys();
        uint256 changed = uint8(digest[0]) % 4;
        if (kind == 0) keys[changed].x += BN254_P;
        else if (kind == 1) keys[changed].y += BN254_P;
        else if (kind == 2) keys[changed].y = BN254_P - keys[changed].y;
        else (keys[changed].x, keys[changed].y) = (0, 0);
        check(address(_deploy(keys, weights)) == address(0), "a table with another form of a key");
    }

    /// @dev The certificate of all but these positions.
    function _certificate(bytes32 digest, bytes memory absent) private view returns (bytes memory) {
        uint256 secret = ALL;
        uint256[4] memory secrets = _secrets();
        for (uint256 i = 0; i < absent.length; ++i) {
            uint8 index = uint8(absent[i]);
            if (index < 4) secret &= ~secrets[index];
        }
        // Nobody signs nothing.
        if (secret == 0) secret = ALL;
        (G1Point memory point, uint256[] memory roots) = Bn254Reference.hashed(digest);
        return
            abi.encodePacked(
                _pack(point.times(secret)),
                uint8(roots.length),
                roots,
                absent.length == 0 ? bytes("") : Bn254Reference.keyInG2(secret),
                absent
            );
    }

    function _deploy(uint256[4] memory weights) private returns (ICertificateVerifier table) {
        table = _deploy(_keys(), weights);
        check(address(table) != address(0), "the table was not deployed");
    }

    function _deploy(G1Point[4] memory keys, uint256[4] memory weights) private returns (ICertificateVerifier) {
        bytes memory operators = Bn254Reference.keyInG2(ALL);
        for (uint256 i = 0; i < 4; ++i) operators = abi.encodePacked(operators, _pack(keys[i]), uint96(weights[i]));
        return FACTORY.deploy(TableHeader("table", 1, type(uint64).max, 1), new bytes32[](0), operators);
    }

    /// @dev In a table's order.
    function _keys() private view returns (G1Point[4] memory keys) {
        uint256[4] memory secrets = _secrets();
        for (uint256 i = 0; i < 4; ++i) keys[i] = G1Point(1, 2).times(secrets[i]);
    }

    /// @dev By their keys' abscissas.
    function _secrets() private view returns (uint256[4] memory secrets) {
        uint256[4] memory abscissas;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 x = G1Point(1, 2).times(1 << i).x;
            uint256 place = i;
            for (; place > 0 && abscissas[place - 1] > x; --place) {
                abscissas[place] = abscissas[place - 1];
                secrets[place] = secrets[place - 1];
            }
            (abscissas[place], secrets[place]) = (x, 1 << i);
        }
    }

    function _pack(G1Point memory point) private pure returns (bytes memory) {
        return abi.encodePacked(point.x, point.y);
    }
}
