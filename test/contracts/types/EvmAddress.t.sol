// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {formatEvmAddress, parseEvmAddress} from "../../../contracts/types/EvmAddress.sol";
import {check} from "../../invariants/support/Vm.sol";

/// @notice `parseEvmAddress` against OpenZeppelin's parser: it must accept exactly what that one parses and writes again in the
/// same bytes (R6).
contract EvmAddressTest {
    /// @notice R6: every address in its canonical form is accepted.
    function testFuzz_R6_acceptsTheCanonicalForm(uint256 chainId, uint8 shift, address account) public view {
        chainId >>= shift;
        if (chainId == 0) chainId = 1;
        (uint256 parsedChainId, address parsed) = this.parse(InteroperableAddress.formatEvmV1(chainId, account));
        check(parsedChainId == chainId && parsed == account, "another address was read");
    }

    /// @notice Addresses are written as OpenZeppelin writes them.
    function testFuzz_formatsAsOpenZeppelinDoes(uint256 chainId, uint8 shift, address account) public pure {
        bytes memory expected = InteroperableAddress.formatEvmV1(chainId >> shift, account);
        check(keccak256(formatEvmAddress(chainId >> shift, account)) == keccak256(expected), "another form");
    }

    /// @notice Writing one touches no other memory, and what is allocated behind it does not touch it.
    function testFuzz_formatsInMemoryOfItsOwn(uint256 chainId, address account) public pure {
        bytes memory before = abi.encodePacked(account, chainId, account);
        bytes memory written = formatEvmAddress(chainId, account);
        bytes memory behind = abi.encodePacked(chainId, account);
        check(keccak256(before) == keccak256(abi.encodePacked(account, chainId, account)), "memory before it changed");
        check(keccak256(behind) == keccak256(abi.encodePacked(chainId, account)), "memory behind it changed");
        check(
            keccak256(written) == keccak256(InteroperableAddress.formatEvmV1(chainId, account)),
            "what was written changed"
        );
    }

    /// @notice R6: what is nearly canonical is accepted only if it is canonical after all.
    function testFuzz_R6_acceptsNothingElse(
        uint256 chainId,
        uint8 shift,
        address account,
        uint8 kind,
        uint256 place,
        bytes1 value
    ) public view {
        bytes memory data = InteroperableAddress.formatEvmV1(chainId >> shift, account);
        place %= data.length;
        if (kind % 4 == 0) data[place] ^= value;
        else if (kind % 4 == 1) data = _spliced(data, place, 1, "");
        else if (kind % 4 == 2) data = _spliced(data, place, 0, abi.encodePacked(value));
        else data = _withZeros(chainId >> shift, account, place);
        _compare(data);
    }

    /// @notice R6: no other bytes are accepted.
    function testFuzz_R6_acceptsNoGarbage(bytes calldata data) public view {
        _compare(data);
    }

    function parse(bytes calldata data) external pure returns (uint256, address) {
        return parseEvmAddress(data);
    }

    function _compare(bytes memory data) private view {
        (bool parses, uint256 chainId, address account) = InteroperableAddress.tryParseEvmV1(data);
        bool isCanonical =
            parses && chainId != 0 && keccak256(InteroperableAddress.formatEvmV1(chainId, account)) == keccak256(data);
        try this.parse(data) returns (uint256 parsedChainId, address parsed) {
            check(isCanonical, "bytes that are not canonical were accepted");
            check(parsedChainId == chainId && parsed == account, "another address was read");
        } catch {
            check(!isCanonical, "canonical bytes were refused");
        }
    }

    /// @dev The form with a chain reference that begins with zeros.
    function _withZeros(uint256 chainId, address account, uint256 zeros) private pure returns (bytes memory) {
        bytes memory chainReference = abi.encodePacked(new bytes(zeros % 4), chainId);
        return abi.encodePacked(hex"00010000", uint8(chainReference.length), chainReference, uint8(20), account);
    }

    function _spliced(
        bytes memory data,
        uint256 place,
        uint256 removed,
        bytes memory added
    ) private pure returns (bytes memory result) {
        for (uint256 i = 0; i < place; ++i) result = bytes.concat(result, data[i]);
        result = bytes.concat(result, added);
        for (uint256 i = place + removed; i < data.length; ++i) result = bytes.concat(result, data[i]);
    }
}
