// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Options, parseAttributes} from "../../../contracts/types/Options.sol";
import {check} from "../../invariants/support/Vm.sol";
import {Wire} from "../../invariants/support/Wire.sol";

/// @notice `parseAttributes` accepts the one canonical list of every choice of attributes, and nothing else (R7).
contract OptionsTest {
    /// @notice R7: every choice within the bounds is read as it was written.
    function testFuzz_R7_readsWhatWasWritten(uint256 gasLimit, uint8 minFinality) public view {
        uint64 options = uint64(gasLimit % 8_000_001) | (uint64(minFinality % 4) << 56);
        Options parsed = this.parse(Wire.attributes(options));
        check(Options.unwrap(parsed) == options, "other options");
        check(parsed.gasLimit() == gasLimit % 8_000_001, "another gas limit");
        check(parsed.minFinality() == minFinality % 4, "another minimum finality");
    }

    /// @notice R7: a list with one bit changed, a byte more or less, an attribute twice or in the wrong order is refused,
    /// unless it is the list of another choice.
    function testFuzz_R7_readsNothingElse(uint256 gasLimit, uint8 minFinality, uint8 kind, uint256 place) public view {
        uint64 options = uint64(1 + (gasLimit % 8_000_000)) | (uint64(1 + (minFinality % 3)) << 56);
        bytes[] memory list = Wire.attributes(options);
        uint256 which = place % 2;
        if (kind % 5 == 0) list[which][(place >> 1) % 36] ^= bytes1(uint8(1 << (kind >> 5)));
        else if (kind % 5 == 1) list[which] = bytes.concat(list[which], bytes1(kind));
        else if (kind % 5 == 2) list[which] = _cut(list[which], (place >> 1) % 36);
        else if (kind % 5 == 3) (list[0], list[1]) = (list[1], list[0]);
        else list[which] = list[1 - which];
        _compare(list);
    }

    /// @notice R7: values out of their bounds are refused.
    function testFuzz_R7_refusesValuesOutOfBounds(uint256 value, bool isGasLimit) public view {
        bytes[] memory list = new bytes[](1);
        list[0] =
            isGasLimit
                ? abi.encodeWithSignature("gasLimit(uint256)", value)
                : abi.encodePacked(bytes4(keccak256("minFinality(uint8)")), value);
        _compare(list);
    }

    /// @notice R7: no other attributes are accepted.
    function testFuzz_R7_readsNoGarbage(bytes[] calldata list) public view {
        _compare(list);
    }

    function parse(bytes[] calldata attributes) external pure returns (Options) {
        return parseAttributes(attributes);
    }

    /// @dev Accepted if and only if it is how the accepted options are written.
    function _compare(bytes[] memory list) private view {
        (bool isCanonical, uint64 options) = _read(list);
        try this.parse(list) returns (Options parsed) {
            check(isCanonical && Options.unwrap(parsed) == options, "a list that is not canonical was accepted");
        } catch {
            check(!isCanonical, "a canonical list was refused");
        }
    }

    /// @dev Tries what the list may be the canonical form of: each attribute's value, put together and written again.
    function _read(bytes[] memory list) private pure returns (bool isCanonical, uint64 options) {
        for (uint256 i = 0; i < list.length; ++i) {
            bytes memory attribute = list[i];
            if (attribute.length != 36) return (false, 0);
            uint256 value;
            assembly ("memory-safe") {
                value := mload(add(attribute, 36))
            }
            bool isGasLimit = bytes4(attribute) == bytes4(keccak256("gasLimit(uint256)"));
            if (value == 0 || value > (isGasLimit ? 8_000_000 : 3)) return (false, 0);
            options |= isGasLimit ? uint64(value) : uint64(value) << 56;
        }
        return (keccak256(abi.encode(Wire.attributes(options))) == keccak256(abi.encode(list)), options);
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory) {
        assembly ("memory-safe") {
            mstore(data, length)
        }
        return data;
    }
}
