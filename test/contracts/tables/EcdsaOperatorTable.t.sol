// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICertificateVerifier} from "../../../contracts/interfaces/ICertificateVerifier.sol";
import {ITableFactory} from "../../../contracts/interfaces/ITableFactory.sol";
import {TableHeader} from "../../../contracts/types/Table.sol";
import {check, create, vm} from "../../invariants/support/Vm.sol";
import {verifies, verifiesEvidence} from "./Verifies.sol";

/// @notice The table's signatures against OpenZeppelin's ECDSA, and its quorum against plain arithmetic.
contract EcdsaOperatorTableTest {
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    ITableFactory private immutable FACTORY = ITableFactory(create(vm.getCode(_factory())));

    /// @notice Whatever r and yParityAndS are, the table takes the signature if and only if OpenZeppelin recovers the key.
    function testFuzz_R17_recoversWhatOpenZeppelinRecovers(bytes32 digest, bytes32 r, bytes32 yParityAndS) public {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, r, yParityAndS);
        bool recovers = failure == ECDSA.RecoverError.NoError;
        address key = recovers ? signer : address(1);
        _compare(digest, r, yParityAndS, key, recovers);
        _compare(digest, r, yParityAndS, address(uint160(key) ^ 2), false);
    }

    /// @notice R17: a high s is refused though the precompile recovers a key from it. (Few of them fit EIP-2098's 255 bits.)
    function testFuzz_R17_refusesHighS(bytes32 digest, uint128 r, uint128 above, bool parity) public {
        uint256 s = N / 2 + 1 + (uint256(above) % (2 ** 255 - N / 2 - 1));
        address signer = ecrecover(digest, parity ? 28 : 27, bytes32(uint256(r)), bytes32(s));
        if (signer == address(0)) return;
        _compare(digest, bytes32(uint256(r)), bytes32(s | (parity ? 1 << 255 : 0)), signer, false);
    }

    /// @notice R17: strictly more than the quorum, rounded against the signers; the very weight at the quorum is too little.
    function testFuzz_R17_invariant_3_strictlyMoreThanTheQuorum(
        uint96[4] calldata weights,
        uint8 signers,
        uint16 quorumBps,
        bytes32 digest
    ) public {
        // Such that no weight below is zero, of which there is no table.
        quorumBps = uint16(6_600 + (quorumBps % 3_399));
        uint256[4] memory keys = _keys();
        uint256 total = 0;
        uint256 signed = 0;
        bytes memory operators;
        bytes memory certificate;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 weight = 1 + (weights[i] % 2 ** (8 + 24 * (digest[0] & 0x03 == 0 ? 0 : 3)));
            // The first two alone hold exactly the quorum.
            if (digest[1] & 0x01 == 0)
                weight =
                    i == 0
                        ? quorumBps - 1
                        : i == 1
                            ? 1
                            : i == 2
                                ? 9_999 - quorumBps
                                : 1;
            total += weight;
            operators = abi.encodePacked(operators, vm.addr(keys[i]), uint96(weight));
            if ((signers >> i) & 1 == 0) continue;
            signed += weight;
            certificate = bytes.concat(certificate, _signature(uint8(i), keys[i], digest));
        }
        ICertificateVerifier table = _deploy(operators);
        (, , , uint96 totalWeight) = table.table();
        check(totalWeight == total, "another total weight");
        bool counts = quorumBps >= 6_667 && signed * 10_000 > total * quorumBps;
        check(verifies(table, digest, certificate, quorumBps) == counts, "not what the quorum says");
        vm.warp(type(uint64).max);
        check(!verifies(table, digest, certificate, quorumBps), "an expired table verified");
        counts = signed * 10_000 > total * 6_667;
        check(verifiesEvidence(table, digest, certificate) == counts, "evidence: not what the quorum says");
    }

    /// @notice R17: indices out of order, twice or beyond the table, and anything cut off or added, are refused.
    function testFuzz_R17_takesSignaturesInOrderOnly(bytes32 digest, uint8[4] calldata order, uint8 change) public {
        uint256[4] memory keys = _keys();
        bytes memory operators;
        for (uint256 i = 0; i < 4; ++i) operators = abi.encodePacked(operators, vm.addr(keys[i]), uint96(1));
        bool ascends = true;
        bytes memory certificate;
        for (uint256 i = 0; i < 4; ++i) {
            uint8 index = change & 0x10 == 0 ? uint8(i) : order[i] % 5;
            if (i != 0 && index <= uint8(certificate[65 * i - 65])) ascends = false;
            if (index > 3) ascends = false;
            certificate = bytes.concat(certificate, _signature(index, keys[index % 4], digest));
        }
        ICertificateVerifier table = _deploy(operators);
        check(verifies(table, digest, certificate, 6_667) == ascends, "not what the order of the indices says");
        certificate = bytes.concat(certificate, new bytes(1 + (change % 130)));
        check(!verifies(table, digest, certificate, 6_667), "a certificate with something behind it was taken");
    }

    /// @dev Artifact of the factory whose tables are tested.
    function _factory() internal pure virtual returns (string memory) {
        return "contracts/tables/EcdsaTableFactory.sol:EcdsaTableFactory";
    }

    function _compare(bytes32 digest, bytes32 r, bytes32 yParityAndS, address key, bool recovers) private {
        ICertificateVerifier table = _deploy(abi.encodePacked(key, uint96(1)));
        bytes memory certificate = abi.encodePacked(uint8(0), r, yParityAndS);
        check(verifies(table, digest, certificate, 6_667) == recovers, "not what OpenZeppelin recovers");
    }

    function _deploy(bytes memory operators) private returns (ICertificateVerifier table) {
        TableHeader memory header = TableHeader("table", 1, type(uint64).max, 1);
        table = FACTORY.deploy(header, new bytes32[](0), operators);
        check(address(table) != address(0), "the table was not deployed");
    }

    /// @dev Ascending by address.
    function _keys() private pure returns (uint256[4] memory keys) {
        for (uint256 i = 0; i < 4; ++i) {
            uint256 key = 1000 + i;
            uint256 place = i;
            for (; place > 0 && vm.addr(keys[place - 1]) > vm.addr(key); --place) keys[place] = keys[place - 1];
            keys[place] = key;
        }
    }

    function _signature(uint8 index, uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(index, r, (uint256(v - 27) << 255) | uint256(s));
    }
}
